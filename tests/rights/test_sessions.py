"""Sessions: kept by the server, ended by logout, time and a new password, never forged."""

import re

import pytest
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories, helpers
from flask_login import encode_cookie

from ckanext.leszno_ngo.views import login_sessions

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


def test_a_new_password_ends_the_other_sessions(browser, official):
    mine, other = browser(), browser()
    mine.log_in(official)
    other.log_in(official)
    changed = mine.post(
        f"/user/edit/{official['name']}",
        {
            "name": official["name"],
            "fullname": official["fullname"],
            "email": official["email"],
            "save": "1",
            "old_password": PASSWORD,
            "password1": "nowe-Haslo-22",
            "password2": "nowe-Haslo-22",
        },
    )
    assert changed.status_code == 302, changed.get_data(as_text=True)
    assert mine.is_logged_in()
    assert not other.is_logged_in()


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


def test_another_site_logs_nobody_in(browser, official):
    form = {"login": official["name"], "password": PASSWORD}
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert browser().post("/user/login", form, headers=headers).status_code == 403
    same = {"Origin": tk.config["ckan.site_url"], "Sec-Fetch-Site": "same-origin"}
    assert browser().post("/user/login", form, headers=same).status_code == 302
