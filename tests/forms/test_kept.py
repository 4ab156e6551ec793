"""What is typed into a form survives what may come between: sessions, tokens, errors."""

import io
import json
import re

import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.lib.redis import connect_to_redis
from ckan.tests import factories, helpers

from ckanext.leszno_ngo.logic import kept_forms as store
from tests.cooperation import records

pytestmark = pytest.mark.usefixtures("clean_catalogue")
PASSWORD = "haslo-Testowe-1"
RECORD = {
    "title": "Rada Sportu",
    "kind": "advisory_body",
    "parties-0-organisation": "Miasto Leszno",
    "parties-0-sector": "public",
    "parties-1-organisation": "Szkoła nr 3",
    "parties-1-sector": "public",
    "spheres": ["17", "16"],
    "state": "active",
}


@pytest.fixture(autouse=True)
def _nothing_kept():
    redis = connect_to_redis()
    for key in redis.scan_iter("*kept_forms*"):
        redis.delete(key)


@pytest.fixture
def official():
    user = factories.User(password=PASSWORD)
    unit = factories.Organization(users=[{"name": user["name"], "capacity": "admin"}])
    return {**user, "unit": unit["id"]}


@pytest.fixture
def browser(app):
    """``browser(account)`` is a browser in which the account has logged in."""

    def make(account):
        mine = Browser(app.test_client())
        mine.log_in(account)
        return mine

    return make


class Browser:
    """A browser with cookies, without scripts."""

    def __init__(self, client):
        self.client = client

    def open(self, address, status=200):
        answer = self.client.get(address, follow_redirects=True)
        assert answer.status_code == status, answer.status
        return BeautifulSoup(answer.get_data(as_text=True), "html.parser")

    def log_in(self, account, address="/user/login"):
        token = self.open(address).select_one('[name="_csrf_token"][value]')["value"]
        form = {"login": account["name"], "password": PASSWORD, "_csrf_token": token}
        return self.client.post(address, data=form, follow_redirects=False)

    def send(self, page, fields, address="/partnership/new", follow=False, form="#record-form"):
        """Send a form as it was opened, with what is typed into it."""
        own = {
            one["name"]: one["value"]
            for one in page.select(f"{form} > input, {form} .ln-kept > input")
        }
        own |= {k: v for k, v in fields.items() if v is not None}
        return self.client.post(address, data=own, follow_redirects=follow)

    def end_session(self):
        self.client.delete_cookie("ckan", domain="test.ckan.net")

    def keep(self, page, fields, **more):
        return self.send(page, fields, "/panel/szkic", **more)


def typed(page):
    """What a form shows, as it would be sent."""
    form = page.select_one("#record-form")
    found = [(one["name"], one.get("value", "")) for one in form.select("input[type=text][name]")]
    found += [(one["name"], one["value"]) for one in form.select("input[checked]")]
    found += [
        (one["name"], one.select_one("option[selected]")["value"])
        for one in form.select("select[name]")
        if one.select_one("option[selected]")
    ]
    return found


def test_an_expired_session_leads_by_the_login_into_the_filled_form(browser, official):
    mine = browser(official)
    page = mine.open("/partnership/new")
    mine.end_session()
    answer = mine.send(page, {**RECORD, "owner_org": official["unit"]})
    assert answer.status_code == 302
    assert "/user/login?came_from=" in answer.location
    login = mine.open(answer.location)
    assert "nic nie przepadło" in login.get_text()
    answer = mine.log_in(official, answer.location)
    assert answer.location.partition("?")[0].endswith("/partnership/new")
    page = mine.open(answer.location)
    assert "wypełniono niezapisanymi zmianami z" in page.get_text()
    shown = typed(page)
    for name, value in RECORD.items():
        for one in value if isinstance(value, list) else [value] if name != "state" else []:
            assert (name, one) in shown
    mine.send(page, {**RECORD, "owner_org": official["unit"]}, answer.location)
    saved = helpers.call_action("package_show", id="rada-sportu")
    assert [row["organisation"] for row in saved["parties"]] == ["Miasto Leszno", "Szkoła nr 3"]
    assert not mine.open("/partnership/new").select("#unsaved-forms li")


@pytest.mark.parametrize("token", ["", "nieprawdziwy"])
def test_a_wrong_token_leads_back_into_the_filled_form(browser, official, token):
    record = records.create("partnership", owner_org=official["unit"], spheres=["17"])
    address = f"/partnership/edit/{record['name']}"
    mine = browser(official)
    page = mine.open(address)
    answer = mine.send(page, {**RECORD, "spheres": [], "_csrf_token": token}, address)
    assert answer.status_code == 302
    page = mine.open(answer.location)
    assert "otwarty zbyt długo" in page.get_text()
    shown = dict(typed(page))
    assert shown["title"] == "Rada Sportu"
    # the box that was ticked in the record and is not any more
    assert "spheres" not in shown
    assert helpers.call_action("package_show", id=record["id"])["title"] == record["title"]


def test_what_was_unticked_stays_so_when_a_mistake_is_shown(browser, official):
    record = records.create("partnership", owner_org=official["unit"], spheres=["17"])
    address = f"/partnership/edit/{record['name']}"
    mine = browser(official)
    answer = mine.send(mine.open(address), {**RECORD, "title": "", "spheres": None}, address)
    page = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
    assert page.select_one("#field-title[aria-invalid]")
    assert ("spheres", "17") not in typed(page)


@pytest.mark.parametrize("code", [409, 500, 503])
def test_an_error_keeps_the_text_and_leads_back(browser, official, code, monkeypatch):
    from flask import abort

    from ckanext.leszno_ngo.views.routes.forms import New

    mine = browser(official)
    page = mine.open("/partnership/new")
    monkeypatch.setattr(New, "post", lambda *_args, **_more: abort(code))
    answer = mine.send(page, RECORD)
    assert answer.status_code == code
    page = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
    back = next(a["href"] for a in page.select("a") if a.get_text() == "Wróć do formularza")
    assert ("parties-1-organisation", "Szkoła nr 3") in typed(mine.open(back))


def test_too_large_a_form_is_said_to_be_kept_by_the_browser(browser, official, app, monkeypatch):
    mine = browser(official)
    page = mine.open("/partnership/new")
    monkeypatch.setitem(app.flask_app.config, "MAX_CONTENT_LENGTH", 1000)
    answer = mine.send(page, {**RECORD, "notes": "długi tekst " * 1000})
    assert answer.status_code == 413
    page = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
    assert "Wysłano za dużo naraz" in page.get_text()
    assert page.find("a", string="Wróć do formularza")["href"].endswith(
        "/partnership/new?filled=latest"
    )


FORMS = {
    "document": ("#document-form", {"name": "Regulamin", "description": "Zasady", "url": ""}),
    "results": (
        "#results-form",
        {
            "row": ["1"],
            "organisation-1": "Klub Żabka",
            "task-1": "Obóz",
            "remarks-1": "nad morzem",
            "choice-1": "outside",
            "left_out-1": "1",
        },
    ),
    "source": ("#source-new", {"title": "Rejestr", "url": "https://przyklad.pl/a.csv"}),
    "new source": ("#source-new", {"title": "Rejestr", "notes": "Nowy"}),
    "dataset": ("#dataset-edit", {"title": "Zbiór danych", "notes": "Opis zbioru"}),
    "department": ("#organization-edit-form", {"title": "Biuro", "description": "Opis biura"}),
    "new department": ("#organization-edit-form", {"title": "Biuro", "description": "Nowe"}),
    "group": ("#group-edit", {"title": "Sport", "description": "Opis"}),
    "account": ("#user-edit-form", {"fullname": "Jan Kowal", "about": "O mnie"}),
    "file": ("#resource-edit", {"name": "Wykaz", "description": "Opis pliku"}),
    "new file": ("#resource-edit", {"name": "Wykaz", "description": "Nowy plik"}),
    "configuration": (
        "#admin-config-form",
        {"ckan.site_title": "Leszno", "ckan.site_about": "Opis"},
    ),
}


@pytest.fixture
def boss():
    return factories.Sysadmin(password=PASSWORD)


@pytest.fixture
def addresses(official, ngo_factory):
    call = records.create("call-for-offers", owner_org=official["unit"])
    made = factories.Dataset(owner_org=official["unit"])
    file = factories.Resource(package_id=made["id"], format="CSV", url="http://127.0.0.1/a.csv")
    context = {"user": records.site_user(), "ignore_auth": True}
    source = helpers.call_action(
        "harvest_source_create",
        context,
        name="zrodlo",
        title="Źródło",
        url="https://przyklad.pl/x.csv",
        source_type="leszno_ngo_opp",
        owner_org=official["unit"],
    )
    return {
        "document": f"/call-for-offers/documents/{call['name']}",
        "results": f"/call-for-offers/results/{call['name']}",
        "source": f"/harvest/edit/{source['id']}",
        "new source": "/harvest/new",
        "dataset": f"/dataset/edit/{made['name']}",
        "department": f"/organization/edit/{official['unit']}",
        "new department": "/organization/new",
        "group": f"/group/edit/{factories.Group()['name']}",
        "account": f"/user/edit/{official['name']}",
        "file": f"/dataset/{made['name']}/resource/{file['id']}/edit",
        "new file": f"/dataset/{made['name']}/resource/new",
        "configuration": "/ckan-admin/config",
    }


def test_every_form_is_kept_and_opens_as_it_was_filled_in(browser, boss, addresses):
    mine = browser(boss)
    for name, (form, fields) in FORMS.items():
        address = addresses[name]
        page = mine.open(address)
        if name == "results":  # rows come of a file
            rows = {"file": (io.BytesIO("organizacja;zadanie\nKlub;Obóz\n".encode()), "a.csv")}
            token = page.select_one(".ln-form [name=_csrf_token]")["value"]
            rows |= {"_csrf_token": token, "do": "check", "day": "2026-11-01", "seen": ""}
            answer = mine.client.post(address, data=rows)
            page = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
        assert mine.keep(page, fields, form=form).status_code == 204, name
        offered = mine.open(address).select("#unsaved-forms li")
        assert len(offered) == 1, name
        back = offered[0].select_one("a")["href"]
        shown = mine.open(back)
        text = {one["name"]: one.get("value") for one in shown.select(f"{form} input[name]")}
        text |= {one["name"]: one.get_text().strip() for one in shown.select(f"{form} textarea")}
        for control, value in fields.items():
            if control.startswith(("choice", "left")):
                assert shown.select_one(f'[name="{control}"][value="{value}"][checked]'), control
            elif control != "row":
                assert text[control] == value, (name, control)
        assert shown.select_one(".ln-kept[data-typed=true]"), name


def test_a_department_is_saved_after_its_session_has_ended(browser, boss, addresses):
    mine, address = browser(boss), addresses["department"]
    form = "#organization-edit-form"
    page = mine.open(address)
    mine.end_session()
    name = page.select_one("#field-url")["value"]
    fields = {"title": "Biuro", "name": name, "description": "Nowy opis", "save": ""}
    answer = mine.send(page, fields, address, form=form)
    assert "/user/login?came_from=" in answer.location
    answer = mine.log_in(boss, answer.location)
    page = mine.open(answer.location)
    assert page.select_one(f"{form} textarea").get_text().strip() == "Nowy opis"
    assert mine.send(page, fields, address, form=form).status_code == 302
    assert helpers.call_action("organization_show", id=name)["description"] == "Nowy opis"
    assert not mine.open(address).select("#unsaved-forms li")


@pytest.mark.parametrize("name", ["account", "file", "new file", "configuration"])
def test_forms_of_ckan_lose_nothing_at_the_end_of_a_session(browser, boss, addresses, name):
    mine, address = browser(boss), addresses[name]
    form, fields = FORMS[name]
    page = mine.open(address)
    mine.end_session()
    answer = mine.send(page, fields, address, form=form)
    assert "/user/login?came_from=" in answer.location
    page = mine.open(mine.log_in(boss, answer.location).location)
    text = {one["name"]: one.get("value") for one in page.select(f"{form} input[name]")}
    text |= {one["name"]: one.get_text().strip() for one in page.select(f"{form} textarea")}
    assert fields.items() <= text.items()


@pytest.mark.with_plugins("datastore")
def test_the_data_dictionary_loses_nothing(browser, official):
    made = factories.Dataset(owner_org=official["unit"])
    context = {"user": records.site_user(), "ignore_auth": True}
    table = helpers.call_action(
        "datastore_create",
        context,
        resource={"package_id": made["id"]},
        fields=[{"id": "nr", "type": "int"}, {"id": "kwota", "type": "numeric"}],
    )
    address = f"/dataset/{made['id']}/dictionary/{table['resource_id']}"
    mine, form = browser(official), f"form[action$='{table['resource_id']}']"
    page = mine.open(address)
    fields = {"info__1__label": "Numer", "info__2__label": "Kwota", "info__2__notes": "W złotych"}
    assert mine.keep(page, fields, form=form).status_code == 204
    (offered,) = mine.open(address).select("#unsaved-forms li a")
    mine.end_session()
    answer = mine.send(page, {**fields, "info__1__label": "Lp."}, address, form=form)
    page = mine.open(mine.log_in(official, answer.location).location)
    assert page.select_one("[name=info__1__label]")["value"] == "Lp."
    assert page.select_one("[name=info__2__notes]").get_text().strip() == "W złotych"
    assert mine.send(page, fields, address, form=form).status_code == 302
    assert not mine.open(address).select("#unsaved-forms li")
    # a second official, whose form is older
    fields["info__1__label"] = "Nr"
    assert mine.send(page, fields, address, form=form).status_code == 200
    stored = helpers.call_action("datastore_info", context, id=table["resource_id"])["fields"]
    assert [one["info"]["label"] for one in stored] == ["Numer", "Kwota"]


def test_scripts_keep_and_the_form_offers_it(browser, official):
    mine = browser(official)
    page = mine.open("/partnership/new")
    assert mine.keep(page, RECORD).status_code == 204
    again = mine.open("/partnership/new")
    entry = again.select_one("#unsaved-forms li")
    assert "Rada Sportu" in entry.get_text()
    assert re.search(r"\d{4}, godz. \d\d:\d\d", entry.get_text())
    # another text in another tab takes nothing away
    mine.keep(again, {**RECORD, "title": "Rada Seniorów"})
    page = mine.open("/partnership/new")
    assert len(page.select("#unsaved-forms li")) == 2
    form = page.select("#unsaved-forms li form")[0]
    fields = {one["name"]: one["value"] for one in form.select("input")}
    mine.client.post(form["action"], data=fields)
    (left,) = mine.open("/partnership/new").select("#unsaved-forms li")
    assert "Rada Sportu" in left.get_text()


def test_what_is_kept_is_its_accounts_alone(browser, official):
    other = factories.User(password=PASSWORD)
    factories.Organization(users=[{"name": other["name"], "capacity": "editor"}])
    mine, theirs = browser(official), browser(other)
    page = mine.open("/partnership/new")
    mine.keep(page, RECORD)
    number = page.select_one(".ln-kept")["data-number"]
    assert not theirs.open("/partnership/new").select("#unsaved-forms li")
    assert ("title", "Rada Sportu") not in typed(theirs.open(f"/partnership/new?filled={number}"))
    # my form, sent by another's session: kept for me
    opening = page.select_one(f"[name={store.CONTROL}]")["value"]
    foreign = theirs.open("/partnership/new")
    assert theirs.keep(foreign, {**RECORD, store.CONTROL: opening}).status_code == 403
    # and by nobody, with a mark that the portal has not made
    theirs.end_session()
    assert theirs.send(foreign, {**RECORD, store.CONTROL: "wymyślone"}).status_code in (400, 403)


def test_only_who_may_save_keeps(browser, official):
    record = records.create("partnership", owner_org=official["unit"])
    stranger = factories.User(password=PASSWORD)
    theirs = browser(stranger)
    page = theirs.open("/user/edit")
    token = page.select_one("[name=_csrf_token][value]")["value"]
    for id_ in (store.NEW, record["id"]):
        form = store.Opening(stranger["id"], "partnership", id_)
        fields = {"_csrf_token": token, store.CONTROL: form.signed, "title": "x"}
        assert theirs.client.post("/panel/szkic", data=fields).status_code == 403
    assert browser(stranger).client.post("/panel/szkic", data={}).status_code == 400


def test_no_secret_is_kept_and_no_more_than_so_much(official):
    form = store.Opening(official["id"], "partnership", store.NEW)
    assert not store.keep(form, [("title", "x" * store.MOST_BYTES)])
    for _ in range(store.MOST_FORMS + 2):
        store.keep(store.Opening(official["id"], "partnership", store.NEW), [("title", "Łąka")])
    assert len(store.kept_of(official["id"], "partnership", store.NEW)) == store.MOST_FORMS
    redis = connect_to_redis()
    keys = [k for k in redis.scan_iter("*kept_forms*") if redis.type(k) == b"string"]
    assert all(0 < redis.ttl(key) <= store.kept_for() for key in keys)
    assert "Łąka" in redis.get(keys[0]).decode()


def test_the_token_and_passwords_are_not_kept(browser, official):
    mine = browser(official)
    page = mine.open("/partnership/new")
    mine.keep(page, {**RECORD, "password": "tajne"})
    (kept,) = store.kept_of(official["id"], "partnership", store.NEW)
    names = {name for name, _ in kept.fields}
    assert {"title", "parties-0-sector"} <= names
    assert not names & {"_csrf_token", store.CONTROL, "password", "state", "save"}
    assert "tajne" not in json.dumps(kept.fields)


SECRET_OPTIONS = '{"tax_year": 2025, "api_key": "klucz-abc"}'


@pytest.mark.parametrize(
    ("url", "config", "kept_url", "kept_config"),
    [
        (
            "https://jan:tajne@przyklad.pl/a.csv",
            SECRET_OPTIONS,
            "https://przyklad.pl/a.csv",
            {"tax_year": 2025, "api_key": "********"},
        ),
        ("https://przyklad.pl/a.csv?token=tajne", "", "https://przyklad.pl/a.csv", None),
        # what cannot be read may be anything
        ("jan:tajne@przyklad.pl", SECRET_OPTIONS[:-1], None, None),
        ("https://przyklad.pl/a.csv", '"klucz-abc"', "https://przyklad.pl/a.csv", None),
    ],
)
def test_no_secret_of_a_source_is_kept(browser, boss, url, config, kept_url, kept_config):
    mine = browser(boss)
    fields = {"title": "Rejestr", "source_type": "ckan", "url": url, "config": config}
    page = mine.open("/harvest/new")
    assert page.select_one(".ln-kept[data-secrets='url config']")
    assert mine.keep(page, fields, form="#source-new").status_code == 204
    refused = mine.send(page, fields, "/harvest/new", form="#source-new")
    assert refused.status_code == 200
    assert not {"klucz-abc", "tajne"} & _words_in_redis()
    (kept,) = store.kept_of(boss["id"], "harvest", store.NEW)
    values = dict(kept.fields)
    assert values["title"] == "Rejestr"
    assert values.get("url") == kept_url
    assert (json.loads(values["config"]) if values.get("config") else None) == kept_config
    # what a browser sends of its own copy, which is without them, takes nothing away
    assert mine.keep(page, {"title": "Inny"}, form="#source-new").status_code == 204
    (kept,) = store.kept_of(boss["id"], "harvest", store.NEW)
    assert kept.value("title") == "Inny"
    assert (kept.value("url"), kept.value("config")) == (
        values.get("url", ""),
        values.get("config", ""),
    )


def _words_in_redis():
    redis = connect_to_redis()
    keys = [k for k in redis.scan_iter("*kept_forms*") if redis.type(k) == b"string"]
    texts = " ".join(redis.get(key).decode() for key in keys)
    return {word for word in ("klucz-abc", "tajne") if word in texts}


def test_options_that_are_not_kept_stay_as_they_are_stored(browser, boss, addresses):
    id_ = addresses["source"].rpartition("/")[2]
    context = {"user": records.site_user(), "ignore_auth": True}
    stored = helpers.call_action("package_show", dict(context), id=id_)
    mine = browser(boss)
    page = mine.open(addresses["source"])
    fields = {"title": "Nowy tytuł", "url": "jan:tajne@x", "config": "{"}
    assert mine.keep(page, fields, form="#source-new").status_code == 204
    back = mine.open(addresses["source"]).select_one("#unsaved-forms li a")["href"]
    shown = mine.open(back)
    assert shown.select_one("#field-title")["value"] == "Nowy tytuł"
    assert shown.select_one("#field-url")["value"] == stored["url"]


def test_a_deleted_account_keeps_nothing(official):
    form = store.Opening(official["id"], "partnership", store.NEW)
    assert store.keep(form, [("title", "x")])
    helpers.call_action("user_delete", {"user": records.site_user()}, id=official["name"])
    assert not store.kept_of(official["id"], "partnership", store.NEW)
    assert not store.keep(form, [("title", "x")])


def test_what_a_saved_form_sends_late_is_not_kept(official):
    form = store.Opening(official["id"], "partnership", store.NEW)
    store.keep(form, [("title", "x")])
    store.saved(form)
    assert not store.keep(form, [("title", "x")])
    assert store.find_kept_form(form) is None


def test_what_is_typed_after_a_form_was_saved_is_kept(browser, official):
    mine = browser(official)
    page = mine.open("/partnership/new")
    opening = page.select_one(f"[name={store.CONTROL}]")["value"]
    sent = {"owner_org": official["unit"], store.CONTROL: f"{opening}~1000"}
    assert mine.send(page, {**RECORD, **sent}).status_code == 302
    number = store.opening(opening).number
    assert (
        f"{number}~1000" in mine.open("/partnership/new").select_one("[data-saved]")["data-saved"]
    )
    # sent before it was saved; after it; and what says no moment
    for at, status in (("~999", 409), ("~1000", 409), ("~1001", 204), ("", 409), ("~x", 409)):
        late = {**RECORD, store.CONTROL: f"{opening}{at}"}
        assert mine.keep(page, late).status_code == status, at


def test_a_form_is_not_opened_by_who_is_not_logged_in(app):
    answer = app.get("/partnership/new?copy=x", follow_redirects=False)
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("came_from=/partnership/new?copy%3Dx")


def test_keeping_makes_no_activity_and_no_record(browser, official):
    from ckanext.activity.model import Activity

    mine = browser(official)
    before = model.Session.query(Activity).count(), model.Session.query(model.Package).count()
    mine.keep(mine.open("/partnership/new"), RECORD)
    now = model.Session.query(Activity).count(), model.Session.query(model.Package).count()
    assert now == before


def test_the_page_of_who_may_not_has_no_search_boxes(browser):
    mine = browser(factories.User(password=PASSWORD))
    page = mine.open("/partnership/new", status=403)
    assert not page.select("#error-content form")
