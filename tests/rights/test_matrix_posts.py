"""Every route that takes POST: who may, by really sending its form, with the token of a session.

The rows are the part ``posts`` of ``matrix.yaml``; a new route without a row fails.
"""

import logging
import re

import pytest
from ckan.lib import base
from werkzeug.routing import BuildError

from tests.rights import forms, table, taking_back
from tests.rights import portal as portals

METHODS = ("POST", "PUT", "DELETE", "PATCH")
SERVER_ERROR = 500
#: Addresses of records beside those of their types.
OF_RECORDS = ("/panel/szkic", "/obserwuj", "/nie-obserwuj")
#: Routes to which it matters what state a record is in.
OF_STATES = (
    *("/panel/kosz", "/panel/publish", "/{type}/edit/", "/{type}/delete/"),
    *("/{type}/versions/<id>/<version>/restore", "/datatables/"),
)
#: Arguments that are one of a few words.
FIXED = ("package_type", "lang", "logic_function")
pytestmark = portals.AS_RUN
NUL = "zero"
#: Values of arguments of which there is nothing, and which no database takes.
ODD = {"none": "nie-ma", "nul": f"a{NUL}b", "long": "a" * 5000}
#: What is sent with them: nothing, and controls with values of which there is nothing.
_NAMES = (
    "id",
    "name",
    "user",
    "username",
    "url",
    "object",
    "group_added",
    "save",
    "title",
    "email",
)
FORM = {
    "none": dict.fromkeys(_NAMES, "nie-ma"),
    "nul": {},
    "long": dict.fromkeys(_NAMES, "a" * 5000),
}


@pytest.fixture
def browsers(app, portal):
    """A browser in which each role has logged in, with the token of its session."""
    return {role: _logged_in(app.test_client(), name) for role, name in portal.users.items()}


def _logged_in(client, name):
    if name:
        token = {"_csrf_token": _token(client, "/user/login")}
        form = {"login": name, "password": portals.PASSWORD, **token}
        answer = client.post("/user/login", data=form, follow_redirects=False)
        assert answer.status_code == 302, answer.get_data(as_text=True)
    return client, _token(client, "/panel" if name else "/user/login")


def _token(client, page):
    text = client.get(page, follow_redirects=True).get_data(as_text=True)
    return re.search(r'name="_csrf_token"[^>]*(?:value|content)="([^"]+)"', text)[1]


def send(browser, address, form):
    client, token = browser
    data = {"_csrf_token": token, **form.form}
    try:
        answer = client.post(address, data=data, query_string=form.query, follow_redirects=False)
    except Exception as error:  # noqa: BLE001  (what a portal that is no test answers with 500)
        logging.getLogger(__name__).error("%s: %r", address[:100], error)
        return SERVER_ERROR
    return answer.status_code


def address(app, rule, given):
    with app.flask_app.test_request_context():
        adapter = app.flask_app.url_map.bind("test.ckan.net")
        method = next(iter(set(METHODS) & rule.methods))
        return adapter.build(rule.endpoint, {**(rule.defaults or {}), **given}, method)


def _logout_last(row):
    return "logout" in row[0], row[0]


def states(name, rule):
    if name.startswith(OF_STATES):
        return portals.STATES
    is_of_record = (name.startswith("/{type}/") and rule.arguments) or name.startswith(OF_RECORDS)
    return ("public", "private") if is_of_record and "results" not in name else ("public",)


@pytest.fixture
def few_pages(monkeypatch, request):
    """Render no refusal and, of the pages of CKAN, what ``request.param`` says: they cost time."""
    render, wanted = base.render, request.param

    def rendered(template, *args, **more):
        is_refusal = template == "error_document_template.html"
        return "" if is_refusal or not wanted else render(template, *args, **more)

    monkeypatch.setattr(base, "render", rendered)


@pytest.mark.parametrize("few_pages", [False], indirect=True)
def test_every_form_is_for_those_whom_the_table_names(app, portal, browsers, few_pages):
    found = {}
    with taking_back.everything() as changes:
        for name, rule in sorted(table.rules(app, *METHODS).items(), key=_logout_last):
            rows = {}
            for state in states(name, rule):
                given = portals.arguments(portal, rule, state)
                if None in given.values():
                    rows[state] = table.NOTHING
                    continue
                where = address(app, rule, given)
                answers = [
                    answer(changes, portal, browsers, where, rule, name, role, state)
                    for role in portals.ROLES
                ]
                rows[state] = " ".join(answers)
            found[name] = table.in_short(rows)
    table.hold("posts", found)


def answer(changes, portal, browsers, where, rule, name, role, state):
    """The status, and a sign where something has changed."""
    form = forms.sent(portal, rule, name, role, state)
    with changes.attempt(form.prepare) as seen:
        status = send(browsers[role], where, form)
    return f"{status}{'+' * seen.changed}"


@pytest.mark.parametrize("few_pages", [True], indirect=True)
def test_no_form_of_nobody_and_about_nothing_is_a_server_error(app, portal, browsers, few_pages):
    broken = []
    with taking_back.everything() as changes:
        for name, rule in sorted(table.rules(app, *METHODS).items(), key=_logout_last):
            real = portals.arguments(portal, rule, "public")
            texts = [key for key, value in real.items() if isinstance(value, str)]
            for kind, value in ODD.items() if texts else ():
                # Fixed parts of addresses stay: another one is another route.
                given = {**real, **{key: value for key in texts if key not in FIXED}}
                try:
                    where = address(app, rule, given)
                except BuildError:
                    continue
                where = where.replace(NUL, "%00")
                for role in ("anonymous", "fresh", "sysadmin"):
                    with changes.attempt():
                        status = send(browsers[role], where, forms.Sent(FORM[kind]))
                    if status >= SERVER_ERROR:
                        broken.append((name, kind, role))
    assert broken == []
