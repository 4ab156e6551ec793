"""Sessions: kept by the server, ended by logout, time and a new password, never forged."""

import itertools
import re

import pytest
from ckan import model
from ckan.lib import mailer
from ckan.plugins import toolkit as tk
from ckan.tests import factories, helpers
from flask_login import encode_cookie

from ckanext.leszno_ngo.logic import passwords
from ckanext.leszno_ngo.views.shared import login_sessions

pytestmark = pytest.mark.usefixtures("clean_catalogue")
PASSWORD = "haslo-Testowe-1"


@pytest.fixture
def official():
    return factories.User(password=PASSWORD)


@pytest.fixture
def browser(app):
    """``browser()`` is a browser with cookies of its own."""

    def make():
        return Browser(app.test_client())

    return make


class Browser:
    """A browser with cookies."""

    def __init__(self, client):
        self.client = client

    def get(self, address, **options):
        return self.client.get(address, follow_redirects=False, **options)

    def post(self, address, form=None, token=True, **options):
        data = dict(form or {})
        if token:
            data["_csrf_token"] = self.token()
        return self.client.post(address, data=data, follow_redirects=False, **options)

    def token(self, page="/user/login"):
        text = self.client.get(page, follow_redirects=True).get_data(as_text=True)
        return re.search(r'name="_csrf_token"[^>]*(?:value|content)="([^"]+)"', text)[1]

    def log_in(self, user, **more):
        form = {"login": user["name"], "password": PASSWORD, **more}
        return self.post("/user/login", form)

    def is_logged_in(self):
        return self.get("/panel").status_code == 200

    @property
    def cookie(self):
        return self.client.get_cookie("ckan", domain="test.ckan.net")

    def with_cookie(self, value, name="ckan"):
        self.client.set_cookie(name, value, domain="test.ckan.net")
        return self


def test_a_login_gets_a_new_session_which_a_logout_ends_for_good(browser, official):
    mine = browser()
    mine.token()
    before = mine.cookie.value
    mine.log_in(official)
    stolen = mine.cookie.value
    assert mine.is_logged_in()
    assert stolen != before
    assert not browser().with_cookie(before).is_logged_in()
    assert browser().with_cookie(stolen).is_logged_in()
    mine.post("/user/_logout")
    assert not mine.is_logged_in()
    assert not browser().with_cookie(stolen).is_logged_in()


def test_a_session_ends_after_its_time_though_it_is_used(browser, official, monkeypatch):
    mine = browser()
    mine.log_in(official)
    now = login_sessions.time.time()
    for hours, is_there in ((4, True), (7.9, True), (8.1, False)):
        monkeypatch.setattr(login_sessions.time, "time", lambda h=hours: now + h * 3600)
        assert mine.is_logged_in() is is_there


def test_nothing_is_remembered_beyond_the_session(browser, official):
    mine = browser()
    mine.log_in(official, remember="63072000")
    assert mine.is_logged_in()
    assert mine.client.get_cookie("remember_token", domain="test.ckan.net") is None
    text = browser().get("/user/login").get_data(as_text=True)
    assert "remember" not in text


def test_a_remembered_login_of_before_is_no_login(browser, official, app):
    with app.flask_app.test_request_context():
        value = encode_cookie(official["id"])
    assert not browser().with_cookie(value, "remember_token").is_logged_in()


def program_of(official):
    """A program's token, and whether it is taken."""
    made = helpers.call_action("api_token_create", user=official["name"], name="program")
    return {"Authorization": made["token"]}


def is_taken(browser, program):
    answer = browser().get("/api/3/action/dashboard_new_activities_count", headers=program)
    return answer.status_code == 200


NEW = "nowe-Haslo-22"


def by_the_form(mine, official):
    names = ("name", "fullname", "email")
    form = {**{name: official[name] for name in names}, "old_password": PASSWORD, "save": "1"}
    return mine.post(f"/user/edit/{official['name']}", {**form, "password1": NEW, "password2": NEW})


def by_the_api(mine, official):
    given = {"id": official["id"], "password": NEW, "old_password": PASSWORD}
    token = {"X-CSRFToken": mine.token("/panel")}
    return mine.client.post("/api/3/action/user_patch", json=given, headers=token)


def by_a_letter(mine, official):
    mailer.create_reset_key(model.User.get(official["id"]))
    key = model.User.get(official["id"]).reset_key
    address = f"/user/reset/{official['id']}?key={key}"
    data = {"password1": NEW, "password2": NEW, "_csrf_token": mine.token("/panel")}
    return mine.post(address, data, token=False)


@pytest.mark.parametrize("way", [by_the_form, by_the_api, by_a_letter])
def test_a_new_password_ends_sessions_tokens_and_letters(browser, official, way):
    mine, other, program = browser(), browser(), program_of(official)
    mailer.create_reset_key(model.User.get(official["id"]))
    letter = model.User.get(official["id"]).reset_key
    mine.log_in(official)
    other.log_in(official)
    assert is_taken(browser, program)
    changed = way(mine, official)
    assert changed.status_code in (200, 302), changed.get_data(as_text=True)
    assert mine.is_logged_in()
    assert not other.is_logged_in()
    assert not is_taken(browser, program)
    assert model.Session.query(model.ApiToken).count() == 0
    model.Session.expire_all()
    assert model.User.get(official["id"]).reset_key != letter


def test_what_is_no_new_password_keeps_tokens(browser, official):
    program = program_of(official)
    helpers.call_action("user_patch", id=official["id"], fullname="Anna Nowak")
    mine = browser()
    mine.log_in(official)
    assert is_taken(browser, program)


def test_a_fault_leaves_the_password_and_the_tokens(browser, official, monkeypatch):
    program = program_of(official)

    def broken(_account):
        raise RuntimeError

    monkeypatch.setattr(passwords, "_end", broken)
    with pytest.raises(RuntimeError):
        helpers.call_action("user_patch", id=official["id"], password=NEW)
    model.Session.rollback()
    monkeypatch.undo()
    assert model.User.get(official["id"]).validate_password(PASSWORD)
    assert is_taken(browser, program)


def test_an_account_is_not_taken_over_without_its_password(official):
    changes = ({"password": NEW}, {"password_hash": "x"}, {"email": "inny@example.org"})
    olds = ({}, {"old_password": "zle"}, {"old_password": ["a"]})
    for action, change, old in itertools.product(("user_patch", "user_update"), changes, olds):
        rest = official if action == "user_update" else {"id": official["id"]}
        context, given = {"user": official["name"]}, {**rest, **change, **old}
        with pytest.raises(tk.ValidationError) as raised:
            tk.get_action(action)(context, given)
        assert "old_password" in raised.value.error_dict
        model.Session.rollback()


def test_a_form_with_a_password_of_its_own_is_refused(browser, official):
    mine = browser()
    mine.log_in(official)
    names = ("name", "fullname", "email")
    form = {**{name: official[name] for name in names}, "save": "1", "password": NEW}
    mine.post(f"/user/edit/{official['name']}", form)
    model.Session.expire_all()
    assert model.User.get(official["id"]).validate_password(PASSWORD)


def test_a_sysadmin_sets_passwords_of_others_as_before(official):
    boss = factories.Sysadmin()
    tk.get_action("user_patch")({"user": boss["name"]}, {"id": official["id"], "password": NEW})
    assert model.User.get(official["id"]).validate_password(NEW)


def test_a_link_logs_nobody_out(browser, official):
    mine = browser()
    mine.log_in(official)
    answer = mine.get("/user/_logout?came_from=/panel")
    assert answer.status_code == 200
    assert mine.is_logged_in()
    text = answer.get_data(as_text=True)
    assert re.search(r'<form[^>]*method="post"[^>]*action="/user/_logout"', text)
    assert 'href="/user/_logout"' not in text + mine.get("/user/login").get_data(as_text=True)
    assert mine.post("/user/_logout", token=False).status_code == 400
    assert mine.is_logged_in()
    mine.post("/user/_logout", {"_csrf_token": mine.token("/panel")}, token=False)
    assert not mine.is_logged_in()


def test_a_deleted_account_is_out(browser, official):
    mine = browser()
    mine.log_in(official)
    model.User.get(official["id"]).delete()
    model.Session.commit()
    assert not mine.is_logged_in()


def test_the_cookie_is_for_the_server_alone(browser, official, app, monkeypatch):
    monkeypatch.setitem(app.flask_app.config, "SESSION_COOKIE_SECURE", True)
    answer = browser().log_in(official)
    cookies = answer.headers.getlist("Set-Cookie")
    assert {c.partition("=")[0] for c in cookies} == {"ckan", "leszno_ngo_device"}
    for cookie in cookies:
        assert {"HttpOnly", "Secure", "SameSite=Lax"} <= set(cookie.split("; "))


def test_visitors_have_no_session(browser):
    for address in ("/", "/ngo/", "/szukaj", "/program"):
        assert "Set-Cookie" not in browser().get(address).headers


def test_a_write_by_cookie_needs_the_token_of_the_session(browser, official, app):
    """CKAN drops the check of a view for all once somebody has opened it without a session."""
    unit = factories.Organization(users=[{"name": official["name"], "capacity": "admin"}])
    record = helpers.call_action(
        "package_create", {"user": official["name"]}, name="zbior", owner_org=unit["id"]
    )
    writes = {
        "/api/3/action/package_patch": {"id": record["id"], "title": "x"},
        "/dataset/delete/zbior": {},
    }
    for address in writes:
        app.post(address)
    mine = browser()
    mine.log_in(official)
    for address, given in writes.items():
        assert mine.post(address, given, token=False).status_code == 400
        assert mine.post(address, {**given, "_csrf_token": "x"}, token=False).status_code == 400
    assert mine.client.post("/api/3/action/package_patch", json={}).status_code == 400
    stored = model.Package.get(record["id"])
    assert (stored.title, stored.state) == (record["title"], "active")
    token = {"X-CSRFToken": mine.token("/panel")}
    patched = mine.client.post(
        "/api/3/action/package_patch", json=writes["/api/3/action/package_patch"], headers=token
    )
    assert patched.status_code == 200


def test_a_login_without_a_name_is_refused(browser):
    assert browser().post("/user/login").status_code == 400
    assert browser().post("/user/login", {"login": ""}).status_code == 200


def test_a_login_needs_the_token_of_its_page(browser, official):
    form = {"login": official["name"], "password": PASSWORD}
    for given in (form, {**form, "_csrf_token": "x"}):
        visitor = browser()
        visitor.token()
        answer = visitor.post("/user/login?next=/panel", given, token=False)
        assert answer.status_code == 302
        assert answer.headers["Location"].endswith("/user/login?next=/panel")
        assert not visitor.is_logged_in()
        assert "zbyt długo" in visitor.get("/user/login").get_data(as_text=True)


def test_another_site_logs_nobody_in(browser, official):
    form = {"login": official["name"], "password": PASSWORD}
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert browser().post("/user/login", form, headers=headers).status_code == 403
    same = {"Origin": tk.config["ckan.site_url"], "Sec-Fetch-Site": "same-origin"}
    assert browser().post("/user/login", form, headers=same).status_code == 302
