"""Every type's calendar and feed by the letter of RFC 5545 and RFC 4287."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

import feedparser
import icalendar
import pytest
from lxml import etree

from tests.cooperation import loaded, records
from tests.cooperation.records import ahead

pytestmark = pytest.mark.usefixtures("clean_catalogue")

ATOM = "{http://www.w3.org/2005/Atom}"
# RFC 3339, as Atom demands it: with a zone.
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
# RFC 5545, 3.1: a name, parameters whose values hold no control character, a value.
LINE = re.compile(
    r"[A-Z0-9-]+(;[A-Z0-9-]+=(\"[^\x00-\x08\x0a-\x1f\x7f\"]*\"|[^\x00-\x08\x0a-\x1f\x7f\";:,]*))*:"
    r"[^\x00-\x08\x0a-\x1f\x7f]*"
)
TITLE = 'Zażółć „gęślą" <jaźń> & inne; a, b\\c ' + "ąęśćżźółń " * 20
TYPES = (*loaded.TYPES, "ngo")


@pytest.fixture
def filled(ngo_factory):
    """A record of each type, with a long title full of what both formats escape."""
    made = {name: records.create(name, title=f"{TITLE}{name}") for name in loaded.TYPES}
    made["ngo"] = ngo_factory(title=f"{TITLE}ngo")
    times = {"start_date": ahead(days=20), "end_date": ahead(days=21)}
    records.create("event", title="Dwudniowe", **times)
    return made


def suffix(name):
    return "?state=all" if name != "ngo" and loaded.read(name)["record_type"].get("states") else ""


# ----------------------------------------------------------------------------------- iCalendar
def content_lines(body):
    """Unfold a file (3.1): lines end with CRLF, none of them is longer than 75 octets."""
    assert body.endswith(b"\r\n")
    physical = body[:-2].split(b"\r\n")
    assert all(b"\r" not in line and b"\n" not in line for line in physical)
    assert all(0 < len(line) <= 75 for line in physical)
    # Folding between octets of one character is allowed, but breaks readers: each line is UTF-8.
    for line in physical:
        line.decode("utf-8")
    return body[:-2].replace(b"\r\n ", b"").decode("utf-8").split("\r\n")


def check_calendar(body):
    lines = content_lines(body)
    assert all(LINE.fullmatch(line) for line in lines)
    names = [re.split("[;:]", line)[0] for line in lines]
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert names.count("VERSION") == names.count("PRODID") == 1
    assert "VERSION:2.0" in lines
    calendar = icalendar.Calendar.from_ical(body)
    events = list(calendar.walk("VEVENT"))
    assert calendar.errors == []
    assert len(calendar.subcomponents) == len(events)
    for event in events:
        check_event(event)
    uids = [str(event["uid"]) for event in events]
    assert len(uids) == len(set(uids))
    # Whoever names a time zone has to describe it (3.6.5); ours are in UTC, or days.
    zones = {str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")}
    named = {match[1] for line in lines if (match := re.search(r";TZID=([^:;]+)", line))}
    assert named == zones
    return events


def check_event(event):
    assert event.errors == []
    for name in ("uid", "dtstamp", "dtstart", "summary"):
        assert name in event
        assert not isinstance(event[name], list)
    for name in ("dtstamp", "last-modified"):
        # 3.8.7.2: in UTC.
        assert event[name].dt.tzinfo is not None
        assert event[name].to_ical().endswith(b"Z")
    start, end = event["dtstart"].dt, event["dtend"].dt
    assert type(start) is type(end)
    if isinstance(start, dt.datetime):
        assert start.utcoffset() == dt.timedelta(0)
        assert start <= end
    else:
        assert start < end
    assert event["status"] in {"CONFIRMED", "CANCELLED", "TENTATIVE"}
    assert event["transp"] in {"OPAQUE", "TRANSPARENT"}


def test_every_calendar_is_valid(filled, app):
    for name in TYPES:
        record_type = None if name == "ngo" else loaded.record_type(name)
        if record_type is None or not record_type.dates:
            continue
        events = check_calendar(app.get(f"/{name}.ics{suffix(name)}").get_data())
        assert all(
            str(event["url"]).startswith(f"http://test.ckan.net/{name}/") for event in events
        )
        one = app.get(f"/{name}/{filled[name]['name']}.ics").get_data()
        own = check_calendar(one)
        # A record's own file and the calendar of all know the entry by one identifier.
        assert {e["uid"] for e in own} <= {e["uid"] for e in events}
    assert check_calendar(app.get("/szukaj.ics").get_data())


def test_what_is_escaped_comes_back(filled, app):
    event = filled["event"]
    (entry,) = check_calendar(app.get(f"/event/{event['name']}.ics").get_data())
    assert str(entry["summary"]) == event["title"].strip()
    assert event["title"].startswith('Zażółć „gęślą"')


def test_an_entry_keeps_its_identifier_and_says_that_it_changed(filled, app):
    (before,) = check_calendar(app.get(f"/event/{filled['event']['name']}.ics").get_data())
    changed = records.update(
        filled["event"],
        title="Inna nazwa",
        name="inny-adres",
        start_date="2026-05-11T18:00",
        end_date="2026-05-11T20:00",
    )
    (after,) = check_calendar(app.get(f"/event/{changed['name']}.ics").get_data())
    assert after["uid"] == before["uid"]
    assert after["dtstamp"].dt >= before["dtstamp"].dt
    assert after["dtstart"].dt > before["dtstart"].dt


def test_hours_are_those_of_poland_in_summer_and_in_winter(app):
    for title, start in (("lato", "2026-07-10T17:00"), ("zima", "2026-12-10T17:00")):
        made = records.create("event", title=title, start_date=start)
        (event,) = check_calendar(app.get(f"/event/{made['name']}.ics").get_data())
        local = event["dtstart"].dt.astimezone(ZoneInfo("Europe/Warsaw"))
        assert local.strftime("%Y-%m-%dT%H:%M") == start


# ---------------------------------------------------------------------------------------- Atom
def only(element, name):
    """The text of an element that must be there once."""
    found = element.findall(f"{ATOM}{name}")
    assert len(found) == 1, name
    return (found[0].text or "").strip()


def check_feed(body, address):
    root = etree.fromstring(body)
    assert root.tag == f"{ATOM}feed"
    for element in (root, *root.findall(f"{ATOM}entry")):
        assert only(element, "title")
        assert MOMENT.fullmatch(only(element, "updated"))
        # 4.2.6: an IRI, absolute.
        assert re.match(r"(urn|https?):\S+$", only(element, "id"))
    assert root.find(f"{ATOM}author/{ATOM}name").text.strip()
    links = [
        (link.get("rel", "alternate"), link.get("href")) for link in root.findall(f"{ATOM}link")
    ]
    assert [href for rel, href in links if rel == "self"] == [f"http://test.ckan.net{address}"]
    for entry in root.findall(f"{ATOM}entry"):
        # 4.1.2: without content, an alternate link.
        rels = [link.get("rel", "alternate") for link in entry.findall(f"{ATOM}link")]
        assert rels.count("alternate") == 1
        assert MOMENT.fullmatch(only(entry, "published"))
        assert only(entry, "published") <= only(entry, "updated")
    ids = [only(entry, "id") for entry in root.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    updated = [only(entry, "updated") for entry in root.findall(f"{ATOM}entry")]
    assert updated == sorted(updated, reverse=True)
    assert not updated or only(root, "updated") == updated[0]
    parsed = feedparser.parse(body)
    assert not parsed.bozo
    assert parsed.version == "atom10"
    assert len(parsed.entries) == len(ids)
    return {entry.title: entry for entry in parsed.entries}


def test_every_feed_is_valid(filled, app):
    for name in TYPES:
        address = f"/{name}.atom{suffix(name)}"
        found = check_feed(app.get(address).get_data(), address)
        entry = found[filled[name]["title"].strip()]
        assert entry.id == f"urn:uuid:{filled[name]['id']}"
        assert entry.link == f"http://test.ckan.net/{name}/{filled[name]['name']}"
    assert len(check_feed(app.get("/szukaj.atom").get_data(), "/szukaj.atom")) > 1


def test_a_feed_of_nothing_is_valid_too(app):
    assert check_feed(app.get("/grant.atom").get_data(), "/grant.atom") == {}


def test_an_entry_keeps_its_id_when_name_title_and_dates_change(filled, app):
    def entry():
        return check_feed(app.get("/guide.atom").get_data(), "/guide.atom").popitem()[1]

    before = entry()
    # CKAN keeps a time of change that a sysadmin gives back.
    changes = {"title": "Nowa nazwa", "name": "nowy-adres", "metadata_modified": None}
    records.update(filled["guide"], **changes)
    after = entry()
    assert after.id == before.id
    assert after.published == before.published
    assert after.updated > before.updated
    assert after.link.endswith("/guide/nowy-adres")


def test_a_feed_keeps_its_id_whatever_is_in_it(filled, app):
    def identifier(address):
        return only(etree.fromstring(app.get(address).get_data()), "id")

    first = identifier("/grant.atom?q=sport&spheres=17")
    records.create("grant", title="Sport", spheres=["17"])
    assert identifier("/grant.atom?q=sport&spheres=17") == first
    assert identifier("/grant.atom?q=inne") != first


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (rb"(?m)^UID:.*\r\n", b""),
        (rb"(?m)^DTSTAMP:(.*)Z\r\n", rb"DTSTAMP:\1\r\n"),
        (rb"\r\n", b"\n"),
        (rb"(?m)^SUMMARY:", b"SUMMARY;X=\x01:"),
        (rb"(?m)^VERSION:2.0\r\n", b""),
    ],
)
def test_a_broken_calendar_would_be_seen(filled, app, old, new):
    body = app.get("/event.ics").get_data()
    assert check_calendar(body)
    with pytest.raises((AssertionError, KeyError)):
        check_calendar(re.sub(old, new, body, count=1))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (rb"<id>urn:[^<]*</id>", b""),
        (rb"<updated>[^<]*</updated>", b"<updated>2026-11-25</updated>"),
        (rb'rel="self"', b'rel="related"'),
        (rb"</entry>", b"</entrance>"),
        (rb"<author>.*?</author>", b""),
    ],
)
def test_a_broken_feed_would_be_seen(filled, app, old, new):
    body = app.get("/event.atom").get_data()
    broken = re.sub(old, new, body, count=1, flags=re.DOTALL)
    assert broken != body
    with pytest.raises((AssertionError, AttributeError, etree.XMLSyntaxError)):
        check_feed(broken, "/event.atom")
