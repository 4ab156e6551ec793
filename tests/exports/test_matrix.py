"""Every record type in every format: exported, read back by another library, and compared with
what ``package_show`` says."""

import csv
import datetime as dt
import io
import json
import zipfile
from xml.etree import ElementTree

import feedparser
import icalendar
import openpyxl
import pytest
from ckan import model
from ckan.tests import helpers

from ckanext.leszno_ngo import datetimes, record_types, vocabularies
from ckanext.leszno_ngo.exports import formats, rows
from tests import identifiers
from tests.cooperation.records import SMALL, create
from tests.exports.full_record import FULL, full

TYPES = ["ngo", *SMALL]
HOSTILE = {"title": "=1+1 „Żółć”", "notes": "-2+3\ndrugi  wiersz;\t@x i końcówka"}
_made = {}


@pytest.fixture
def catalogue(request, with_plugins):
    """Type → id → record: of each type one with everything in it and one with little.

    Made once for the tests that only read it, and again after others have emptied the database.
    """
    if not _made or model.Package.get(next(iter(_made["ngo"]))) is None:
        request.getfixturevalue("clean_catalogue")
        _made.update(full_catalogue())
    return _made


def full_catalogue():
    numbers = {name: getattr(identifiers, name)() for name in ("krs", "regon", "nip")}
    one = create("ngo", **FULL, **numbers)
    made = {"ngo": [one, create("ngo", title="Bez niczego", krs=identifiers.krs())]}
    # Grants point at other records, and nothing but a grant at them.
    for name in sorted(SMALL, key=lambda name: name == "grant"):
        made[name] = [full(name, made), create(name, title=f"Drugi: {name}", year="2027")]
    return {
        name: {r["id"]: helpers.call_action("package_show", id=r["id"]) for r in records}
        for name, records in made.items()
    }


@pytest.fixture(params=TYPES)
def name(request):
    return request.param


def expected(name, shown):
    """Machine name → value, as the record itself says it (links without their titles)."""
    columns = [c for c in rows.columns(record_types.get(name)) if not c.name.endswith("_title")]
    values = {c.name: c.value(shown) for c in columns if not c.name.endswith("_ngo")}
    return {key: value for key, value in values.items() if value not in (None, "", [])}


def filled(row):
    return {key: value for key, value in row.items() if value not in (None, "", [])}


def titles(name, catalogue, row):
    """The names of what a row points at, against the catalogue."""
    title_of = {i: r["title"] for records in catalogue.values() for i, r in records.items()}
    for column in rows.columns(record_types.get(name)):
        if column.identifies:
            told, ids = row[f"{column.name}_title"], row[column.name]
            listed = isinstance(ids, list)
            assert told == ([title_of[i] for i in ids] if listed else title_of.get(ids))


def same(got, want):
    """Whether what was read is what the record says; titles of links are looked at apart."""
    for key, value in want.items():
        assert got.get(key) == value, key


def test_json(app, catalogue, name):
    file = json.loads(app.get(f"/{name}.json?state=all" if _states(name) else f"/{name}.json").data)
    assert_rows(name, catalogue, file["records"])


def test_json_lines(app, catalogue, name):
    lines = app.get(f"/{name}.jsonl").data.decode().splitlines()
    found = [json.loads(line) for line in lines]
    assert all(row["licence"] == "CC BY 4.0" for row in found)
    assert_rows(name, catalogue, found)


def assert_rows(name, catalogue, found):
    assert {row["id"] for row in found} == set(catalogue[name])
    for row in found:
        shown = catalogue[name][row["id"]]
        same(row, expected(name, shown))
        titles(name, catalogue, row)
        assert row["url"].endswith(f"/{name}/{shown['name']}")


def _states(name):
    return bool(record_types.get(name).states)


def test_csv_for_programs(app, catalogue, name):
    text = app.get(f"/{name}.csv?values=codes").data.decode("utf-8-sig")
    found = list(csv.DictReader(io.StringIO(text, newline="")))
    assert_texts(name, catalogue, {row["id"]: row for row in found}, lambda c, v: _code(v), "'")


def test_csv_for_people(app, catalogue, name):
    text = app.get(f"/{name}.csv?lang=pl").data.decode("utf-8-sig")
    heading, *lines = csv.reader(io.StringIO(text, newline=""))
    names = [column.name for column in rows.columns(record_types.get(name))]
    found = {line[0]: dict(zip(names, line, strict=False)) for line in lines}
    assert_texts(name, catalogue, found, _shown, "'")


def assert_texts(name, catalogue, found, written, quote=""):
    assert set(found) == set(catalogue[name])
    columns = {c.name: c for c in rows.columns(record_types.get(name))}
    for id_, row in found.items():
        for key, value in expected(name, catalogue[name][id_]).items():
            want = written(columns[key], value)
            got = row[key]
            if isinstance(want, str) and want.lstrip()[:1] in set("=+-@"):
                assert got == f"{quote}{want}", key
            else:
                assert got == want, key


def _code(value):
    if isinstance(value, list) and value and isinstance(value[0], str):
        return "; ".join(value)
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _shown(column, value):
    if isinstance(value, bool):
        return "tak" if value else "nie"
    if column.vocabulary and column.kind != rows.JSON:
        terms = vocabularies.get(column.vocabulary)
        if isinstance(value, list):
            return "; ".join(terms.get(code).label("pl") for code in value)
        return terms.get(value).label("pl")
    return _code(value)


def _typed(column, value):
    if column.kind == rows.NUMBER:
        return value
    if column.kind in (rows.DATE, rows.DATETIME):
        moment = dt.datetime.fromisoformat(value.replace("Z", "+00:00"))
        local = moment.astimezone(datetimes.WARSAW) if moment.tzinfo else moment
        return local.replace(tzinfo=None, microsecond=0)
    return _shown(column, value)


def test_xlsx(app, catalogue, name):
    book = openpyxl.load_workbook(io.BytesIO(app.get(f"/{name}.xlsx").data))
    data, about = book.worksheets
    assert (data.title, about.title, data.freeze_panes) == ("Dane", "O pliku", "A2")
    _heading, *lines = data.iter_rows()
    assert not [c for line in lines for c in line if c.data_type in ("f", "e")]
    names = [column.name for column in rows.columns(record_types.get(name))]
    found = {
        line[0].value: dict(zip(names, [c.value for c in line], strict=False)) for line in lines
    }
    assert_texts(name, catalogue, found, _typed)
    origin = {line[0].value: line[1].value for line in about.iter_rows()}
    assert origin["Licencja"] == "CC BY 4.0"
    assert origin["Wydawca danych"] == "Miasto Leszno"
    assert origin["Adres tego pliku"].endswith(f"/{name}.xlsx")
    assert origin["Zapytanie: sort"]


def test_ods(app, catalogue, name):
    data, about = read_ods(app.get(f"/{name}.ods").data)
    names = [column.name for column in rows.columns(record_types.get(name))]
    found = {line[0]: dict(zip(names, line, strict=False)) for line in data[1:]}
    assert_texts(name, catalogue, found, _typed)
    assert dict(line[:2] for line in about)["Licencja"] == "CC BY 4.0"


OFFICE, TABLE, TEXT = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{part}:1.0}}" for part in ("office", "table", "text")
)


def read_ods(content):
    """The sheets of an OpenDocument file, read without the library that wrote it."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.namelist()[0] == "mimetype"
        assert packed.read("mimetype").decode() == formats.FORMATS["ods"].content_type
        root = ElementTree.fromstring(packed.read("content.xml"))
    return [
        [list(_cells(row)) for row in page.iter(f"{TABLE}table-row")]
        for page in root.iter(f"{TABLE}table")
    ]


def _cells(row):
    for cell in row.iter(f"{TABLE}table-cell"):
        repeated = int(cell.get(f"{TABLE}number-columns-repeated", 1))
        yield from [_cell(cell)] * repeated


def _cell(cell):
    kind = cell.get(f"{OFFICE}value-type")
    assert not cell.get(f"{TABLE}formula")
    if kind == "float":
        return float(cell.get(f"{OFFICE}value"))
    if kind == "date":
        return dt.datetime.fromisoformat(cell.get(f"{OFFICE}date-value"))
    return "\n".join(map(_line, cell.iter(f"{TEXT}p"))) if kind else None


def _line(paragraph):
    parts = [paragraph.text or ""]
    for child in paragraph:
        parts.append("\t" if child.tag == f"{TEXT}tab" else " " * int(child.get(f"{TEXT}c", 1)))
        parts.append(child.tail or "")
    return "".join(parts)


def test_geojson(app, catalogue, name):
    record_type = record_types.get(name)
    if not record_type.place:
        app.get(f"/{name}.geojson", status=404)
        return
    file = json.loads(app.get(f"/{name}.geojson").data)
    assert file["type"] == "FeatureCollection"
    assert "crs" not in file
    assert file["licence"]["name"] == "CC BY 4.0"
    assert_rows(name, catalogue, [feature["properties"] for feature in file["features"]])
    for feature in file["features"]:
        shown = catalogue[name][feature["id"]]
        latitude, longitude = (shown.get(record_type.place[k]) for k in ("latitude", "longitude"))
        if latitude is None:
            assert feature["geometry"] is None
        else:
            point = {"type": "Point", "coordinates": [longitude, latitude]}
            assert feature["geometry"] == point


def test_atom(app, catalogue, name):
    state = "?state=all" if _states(name) else ""
    feed = feedparser.parse(app.get(f"/{name}.atom{state}").data)
    assert not feed.bozo
    assert {entry.id.removeprefix("urn:uuid:") for entry in feed.entries} == set(catalogue[name])
    for entry in feed.entries:
        shown = catalogue[name][entry.id.removeprefix("urn:uuid:")]
        assert entry.title == shown["title"]
        assert entry.updated.startswith(shown["metadata_modified"][:19])


def test_icalendar(app, catalogue, name):
    record_type = record_types.get(name)
    if not formats.FORMATS["ics"].fits(record_type):
        app.get(f"/{name}.ics", status=404)
        return
    state = "?state=all" if _states(name) else ""
    calendar = icalendar.Calendar.from_ical(app.get(f"/{name}.ics{state}").data)
    dates = record_type.calendar or record_type.dates
    for event in calendar.walk("VEVENT"):
        assert dates
        shown = next(r for i, r in catalogue[name].items() if event["UID"].startswith(i))
        assert shown["title"] in event["SUMMARY"]
        field = event["UID"].removeprefix(f"{shown['id']}-").partition("@")[0]
        moment = event["DTSTART"].dt
        day = (
            moment.astimezone(datetimes.WARSAW).date()
            if isinstance(moment, dt.datetime)
            else moment
        )
        assert day == datetimes.day(shown[field])


def test_every_format_is_compared_here():
    """A format of a new kind wants its test here; linked data and 360Giving have their own."""
    compared = {"json", "jsonl", "csv", "xlsx", "ods", "geojson", "atom", "ics"}
    assert set(formats.FORMATS) - {"jsonld", "360giving.json", "360giving.csv"} == compared


def test_the_full_record_has_a_value_in_every_column(catalogue, name):
    """Otherwise the tests above would compare nothing with nothing."""
    columns = {c.name for c in rows.columns(record_types.get(name)) if "title" not in c.name}
    fullest = max((expected(name, shown) for shown in catalogue[name].values()), key=len)
    empty = {c for c in columns - set(fullest) if not c.endswith("_ngo")}
    assert empty <= {"sources", "regrant_of"}
