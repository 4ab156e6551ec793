"""What every answer tells the browser: pages, files, the API, redirects and errors alike."""

from types import SimpleNamespace

import ckan.plugins.toolkit as tk
import pytest
from flask import Response

from ckanext.leszno_ngo.views.shared import response_headers

pytestmark = pytest.mark.usefixtures("clean_catalogue")

HEADERS = {
    "Content-Security-Policy",
    "Permissions-Policy",
    "Referrer-Policy",
    "X-Content-Type-Options",
}
ADDRESSES = {
    "/": 200,
    "/en/": 200,
    "/ngo.csv": 200,
    "/robots.txt": 200,
    "/base/images/ckan.ico": 200,
    "/leszno_ngo/no-scripts.css": 200,
    "/leszno_ngo/site.css": 200,
    "/api/3/action/package_search": 200,
    "/api/leszno-ngo/openapi.json": 200,
    "/id/nie-ma": 404,
    "/ngo/nie-ma": 404,
    "/%00": 404,
    "/?x=%00": 400,
    "/ckan-admin/": 403,
    "/api/3/action/user_list": 403,
    "/user/me": 302,
}


def lacking(answer):
    return HEADERS - set(answer.headers.keys())


def policy():
    said = map(str.split, response_headers.content_security_policy().split(";"))
    return {name: sources for name, *sources in said}


def test_every_answer_has_the_headers(app):
    found = {}
    for address, status in ADDRESSES.items():
        answer = app.get(address, follow_redirects=False)
        if answer.status_code != status or lacking(answer):
            found[address] = (answer.status_code, lacking(answer))
    assert found == {}
    answer = app.get("/ngo.csv")
    again = app.get("/ngo.csv", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, lacking(again)) == (304, set())
    broken = app.post("/api/3/action/package_search", data="{", content_type="application/json")
    assert (broken.status_code, lacking(broken)) == (400, set())


@pytest.mark.parametrize("status", [500, 503])
def test_pages_of_errors_have_them_too(status, app, monkeypatch):
    def fail():
        if status == 503:
            tk.abort(503)
        raise RuntimeError

    monkeypatch.setitem(app.flask_app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setitem(app.flask_app.view_functions, "home.about", fail)
    answer = app.get("/about", status=status)
    assert lacking(answer) == set()


def test_a_view_may_be_stricter(app, monkeypatch):
    stricter = {"Content-Security-Policy": "sandbox", "Referrer-Policy": "no-referrer"}
    monkeypatch.setitem(
        app.flask_app.view_functions, "home.about", lambda: Response("", headers=stricter)
    )
    answer = app.get("/about")
    assert answer.headers.getlist("Content-Security-Policy") == ["sandbox"]
    assert answer.headers.getlist("Referrer-Policy") == ["no-referrer"]
    assert lacking(answer) == set()


def test_hosts_that_other_options_name_are_allowed(ckan_config, monkeypatch):
    assert policy()["img-src"] == ["'self'", "data:", "https://tile.openstreetmap.org"]
    assert policy()["script-src"] == ["'self'"]
    monkeypatch.setitem(
        ckan_config, "ckanext.leszno_ngo.map.tile_url", "https://{s}.mapy.example/{z}/{x}/{y}.png"
    )
    monkeypatch.setitem(ckan_config, "ckan.site_logo", "https://bip.example/herb.svg")
    monkeypatch.setitem(ckan_config, "ckan.gravatar_default", "identicon")
    monkeypatch.setitem(ckan_config, "ckan.recaptcha.publickey", "x")
    monkeypatch.setitem(
        ckan_config, "ckanext.leszno_ngo.content_policy.allow", "script-src https://stats.example"
    )
    said = policy()
    assert said["img-src"][2:] == ["https://*.mapy.example", "https://bip.example", "gravatar.com"]
    assert said["script-src"][1:] == [
        "https://www.google.com/recaptcha/",
        "https://www.gstatic.com/recaptcha/",
        "https://stats.example",
    ]


def test_an_option_that_undoes_the_policy_stops_the_start(ckan_config, monkeypatch):
    monkeypatch.setitem(
        ckan_config, "ckanext.leszno_ngo.content_policy.allow", "script-src 'unsafe-inline'"
    )
    with pytest.raises(ValueError, match=r"content_policy\.allow: 'unsafe-inline' may not stand"):
        response_headers.put_on(SimpleNamespace(wsgi_app=None))  # type: ignore[arg-type]
