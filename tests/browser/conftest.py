"""A real server and a real browser.

Chromium is Debian's (``apt-get install chromium``); ``CHROMIUM`` names another one. Where there is
none, these tests are skipped with a message, and fail in CI.
"""

import os
import shutil
import threading
import time
from pathlib import Path

import pytest

WIDE, PHONE, NARROW = 1280, 360, 320
# How often a server looks whether it is to end (seconds).
_POLL = 0.02
#: Has every violation of the portal's policy in the console, frames and early ones included.
_SAY_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) => console.error(
  "Content Security Policy", event.effectiveDirective, event.blockedURI,
  event.sourceFile + ":" + event.lineNumber, event.sample));
"""
EU = "http://publications.europa.eu/resource/authority/"
_OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def pytest_collection_modifyitems(items):
    """Mark everything in this folder."""
    here = Path(__file__).parent
    for item in items:
        if here in Path(item.path).parents:
            item.add_marker(pytest.mark.browser)


def _chromium():
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if found and Path(found).exists():
        return found
    said = "there is no Chromium: apt-get install chromium, or set CHROMIUM to one"
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        pytest.fail(said)
    return pytest.skip(said)


@pytest.fixture(scope="session")
def chromium():
    """One browser for the session."""
    path = _chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def server(clean_catalogue, make_app, ckan_config, monkeypatch):
    """The address of a server that serves the catalogue of the test."""
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        def log(self, *_args, **_kwargs):
            """Say nothing."""

    application = make_app().app
    running = make_server("127.0.0.1", 0, application, threaded=True, request_handler=Quiet)
    # the end of a test waits for requests under way: the next one empties the database
    running.daemon_threads = False
    address = f"http://127.0.0.1:{running.server_port}"
    monkeypatch.setitem(ckan_config, "ckan.site_url", address)
    thread = threading.Thread(target=running.serve_forever, args=[_POLL], daemon=True)
    thread.start()
    yield address
    running.shutdown()
    thread.join()
    running.server_close()


@pytest.fixture
def open_tab(chromium, server):
    """``open_tab(width=1280, javascript=True)`` opens a tab.

    Errors of scripts, requests to other hosts and whatever the portal's Content-Security-Policy
    forbids fail the test at its end.
    """
    contexts, faults = [], []

    def note_request(request):
        if not request.url.startswith((server, "data:")):
            faults.append(f"request to another host: {request.url}")

    def note_console(message):
        if "Content Security Policy" in message.text:
            faults.append(f"{message.page.url if message.page else ''}: {message.text}")

    def make(width=WIDE, javascript=True):
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            base_url=server,
            locale="pl-PL",
            java_script_enabled=javascript,
        )
        contexts.append(context)
        context.add_init_script(_SAY_VIOLATIONS)
        context.on("console", note_console)
        tab = context.new_page()
        tab.on("pageerror", lambda error: faults.append(f"script: {error}"))
        tab.on("request", note_request)
        return tab

    yield make
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def portal(server):
    """A portal with a few entries, a dataset and an editor; returns the editor's name."""
    from ckan.tests import factories
    from ckan.tests.helpers import call_action

    from tests.pages import FULL, SOURCES

    # the factories' pictures are on other hosts
    editor = factories.User(name="redaktor", password="haslo12345", fullname="Redaktor")
    sysadmin = factories.Sysadmin()
    unit = factories.Organization(
        name="biuro",
        title="Biuro",
        image_url="",
        users=[{"name": editor["name"], "capacity": "admin"}],
    )
    harvested = {"user": sysadmin["name"], "leszno_ngo_harvest": True}
    call_action("package_create", harvested, **FULL, sources=SOURCES, owner_org=unit["id"])
    others = [
        {"title": "Klub Pływacki Żabka", "krs": "0000031247", "status": "in_liquidation"},
        {"title": "Fundacja Ćwierkanie", "krs": "0000034807", "legal_form": "fundacja"},
    ]
    for other in others:
        call_action(
            "package_create", {"user": sysadmin["name"]}, type="ngo", owner_org=unit["id"], **other
        )
    factories.Dataset(
        name="zbior",
        title="Zbiór",
        owner_org=unit["id"],
        license_id="cc-by",
        theme=[f"{EU}data-theme/SOCI", f"{EU}data-theme/NIEZNANA"],
        frequency=f"{EU}frequency/DAILY",
        language=[f"{EU}language/POL"],
        access_rights=f"{EU}access-right/PUBLIC",
        url="https://example.org/" + "dlugi-adres/" * 12,
        publisher=[{"name": "Miasto", "email": "um@example.org", "url": "https://example.org"}],
        spatial_coverage=[{"text": "Leszno", "teryt": "3063011"}],
        temporal_coverage=[{"start": "2004-01-01"}],
        resources=[{"name": "Plik", "url": "https://example.org/a.csv", "format": "CSV"}],
    )
    return editor["name"]


@pytest.fixture
def log_in(portal):
    """``log_in(tab)`` signs the editor in."""

    def sign_in(tab):
        tab.goto("/user/login")
        tab.fill("#field-login", portal)
        tab.fill("#field-password", "haslo12345")
        tab.press("#field-password", "Enter")
        tab.wait_for_selector(".ln-account")

    return sign_in


def until(tab, condition, argument=None, seconds=15):
    """Wait until a condition holds on a page.

    Playwright's own ``wait_for_function`` compiles it in the page, which the portal's
    Content-Security-Policy forbids once it does not hold at the first look.

    :param condition: a function of JavaScript, as text
    :param argument: what it is called with
    """
    from playwright.sync_api import Error

    def holds():
        try:
            return tab.evaluate(condition, argument)
        except Error as error:  # the page goes to another one meanwhile
            if "context was destroyed" not in str(error):
                raise
            return False

    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, condition
        tab.wait_for_timeout(50)
