"""Atom feeds and calendars, read back as feed readers and calendar programs read them."""

import datetime as dt

import icalendar
import pytest
from bs4 import BeautifulSoup
from lxml import etree

from tests.cooperation import loaded, records
from tests.cooperation.records import ago, ahead

pytestmark = pytest.mark.usefixtures("clean_catalogue")

ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = 'Nabór „A&B" < C\\n;,BEGIN:VEVENT'


def feed(app, address):
    answer = app.get(address, status=200)
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    return etree.fromstring(answer.get_data())


def entry_titles(root):
    return [e.findtext(f"{ATOM}title") for e in root.iter(f"{ATOM}entry")]


def calendar(app, address):
    answer = app.get(address, status=200)
    assert answer.content_type == "text/calendar; charset=utf-8"
    body = answer.get_data()
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    return icalendar.Calendar.from_ical(body)


def events(parsed):
    return {str(e["summary"]): e for e in parsed.walk("VEVENT")}


@pytest.fixture
def calls():
    opened = {"open_date": ago(days=3), "offers_deadline_date": "2099-12-20 15:30"}
    records.create("call-for-offers", title="Sport", spheres=["17"], **opened)
    records.create("call-for-offers", title=HOSTILE, spheres=["16"], **opened)
    records.create(
        "call-for-offers",
        title="Dawny",
        open_date=ago(days=40),
        offers_deadline_date=ago(days=10),
    )


def test_a_feed_has_what_the_page_shows_last_changed_first(calls, app):
    root = feed(app, "/call-for-offers.atom")
    assert entry_titles(root) == [HOSTILE, "Sport"]
    assert entry_titles(feed(app, "/call-for-offers.atom?spheres=17")) == ["Sport"]
    assert len(entry_titles(feed(app, "/call-for-offers.atom?state=all"))) == 3


def test_a_feed_has_what_the_standard_demands(calls, app):
    root = feed(app, "/call-for-offers.atom?spheres=17")
    assert root.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):
        assert root.findtext(f"{ATOM}{name}")
    assert root.find(f"{ATOM}author/{ATOM}name").text
    own = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert own["self"].endswith("/call-for-offers.atom?spheres=17")
    assert own["alternate"].endswith("/call-for-offers/?spheres=17")
    entry = root.find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id").startswith("urn:uuid:")
    assert dt.datetime.fromisoformat(entry.findtext(f"{ATOM}updated")).tzinfo
    assert app.get(entry.find(f"{ATOM}link").get("href").replace("http://test.ckan.net", ""))
    assert "45 000 zł" in entry.findtext(f"{ATOM}summary").replace("\u00a0", " ")


def test_a_call_is_its_deadline_in_a_calendar(calls, app):
    found = events(calendar(app, "/call-for-offers.ics?spheres=17"))
    event = found["Termin składania ofert: Sport"]
    assert event["dtstart"].dt == dt.datetime(2099, 12, 20, 14, 30, tzinfo=dt.timezone.utc)
    assert event["url"].startswith("http://test.ckan.net/call-for-offers/")
    assert len(found) == 1


def test_hostile_titles_stay_one_entry(calls, app):
    found = events(calendar(app, "/call-for-offers.ics?spheres=16"))
    assert list(found) == [f"Termin składania ofert: {HOSTILE}"]


def test_every_entry_has_an_identifier_of_its_own_that_stays(calls, app):
    def identifiers():
        parsed = calendar(app, "/call-for-offers.ics?state=all")
        return sorted(str(e["uid"]) for e in parsed.walk("VEVENT"))

    first = identifiers()
    assert len(set(first)) == 3
    assert identifiers() == first


def test_every_type_has_a_feed_and_a_calendar(app):
    for name in loaded.TYPES:
        records.create(name, title=f"Przykład {name}")
        state = "?state=all" if loaded.read(name)["record_type"].get("states") else ""
        assert f"Przykład {name}" in entry_titles(feed(app, f"/{name}.atom{state}"))
        calendar(app, f"/{name}.ics")
    assert len(entry_titles(feed(app, "/szukaj.atom"))) == len(loaded.TYPES)
    assert any("Przykład event" in title for title in events(calendar(app, "/szukaj.ics")))


def test_a_days_long_event_and_its_deadline_are_two_entries(app):
    records.create(
        "event",
        title="Targi",
        start_date=ahead(days=20),
        end_date=ahead(days=21),
        sign_up_deadline_date=ahead(days=10),
    )
    found = events(calendar(app, "/event.ics"))
    assert len(found) == 2
    fair = found["Targi"]
    assert fair["dtend"].dt - fair["dtstart"].dt == dt.timedelta(days=1)


def test_a_whole_day_is_a_day(app):
    records.create("recognition", title="Patronat", granted_date="2099-03-01")
    (ours,) = events(calendar(app, "/recognition.ics")).values()
    assert ours["dtstart"].dt == dt.date(2099, 3, 1)
    assert ours["dtend"].dt == dt.date(2099, 3, 2)


def test_a_record_is_added_to_a_calendar_from_its_page(calls, app):
    (call,) = records.search(fq="dataset_type:call-for-offers title:Sport")["results"]
    page = BeautifulSoup(app.get(f"/call-for-offers/{call['name']}").body, "html.parser")
    button = page.select_one("a.ln-add-date")
    assert len(events(calendar(app, button["href"]))) == 1


def test_a_cancelled_event_says_so(app):
    event = records.create(
        "event", title="Piknik", start_date=ahead(days=5), cancelled_date=ago(days=1)
    )
    found = events(calendar(app, f"/event/{event['name']}.ics"))
    assert found["Piknik"]["status"] == "CANCELLED"


def test_nobody_else_reads_a_private_record(app):
    event = records.create("event", title="Tajne", start_date=ahead(days=5), private=True)
    app.get(f"/event/{event['name']}.ics", status=404)
    app.get("/event/nie-ma.ics", status=404)
    app.get(f"/grant/{event['name']}.ics", status=404)
    assert entry_titles(feed(app, "/event.atom")) == []
    assert not events(calendar(app, "/szukaj.ics"))


@pytest.mark.parametrize(
    "query", ["spheers=17", "state=otwarte", "from=kiedyś", "lang=de", "sort=x"]
)
def test_a_wrong_parameter_is_refused_and_named(calls, app, query):
    answer = app.get(f"/call-for-offers.ics?{query}", status=400)
    assert query.split("=")[0] in answer.get_data(as_text=True)


def test_the_search_page_offers_both_with_its_filters(calls, app):
    soup = BeautifulSoup(app.get("/call-for-offers/?spheres=17&q=sport").body, "html.parser")
    addresses = [a["href"] for a in soup.select(".ln-subscribe a")]
    assert addresses[0].startswith("webcal://test.ckan.net/call-for-offers.ics?q=sport&")
    assert all("spheres=17" in a and "state=open" in a for a in addresses)
    assert soup.select_one('link[rel=alternate][type="application/atom+xml"]')
    assert entry_titles(feed(app, addresses[2])) == ["Sport"]


def test_a_feed_asks_solr_twice_and_the_database_little(calls, app, sql_budget, solr_budget):
    app.get("/szukaj.ics")
    with sql_budget(2), solr_budget(2):
        app.get("/szukaj.ics")
    with sql_budget(2), solr_budget(2):
        app.get("/call-for-offers.atom?q=sport&state=all")
