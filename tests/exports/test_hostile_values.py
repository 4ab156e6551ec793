"""Texts that nobody should have let in, in every format: files stay whole and nothing runs."""

import csv
import io
import json
import re
import zipfile

import icalendar
import openpyxl
import pytest
from ckan.tests import helpers
from lxml import etree

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.exports import about, formats, jsonld_mapping, notations, sheet
from ckanext.leszno_ngo.registers import dataset_description
from tests import identifiers
from tests.cooperation.records import create
from tests.exports.full_record import full

HOSTILE = {
    "formula": "=HYPERLINK(A1)",
    "plus": "+48 655 000 000",
    "minus": "-2+3+cmd|' /C calc'!A0",
    "at": "@SUM(A1)",
    "tab": "\t=1+1",
    "return": "\r=1+1",
    "wide": "\uff1d1+1",
    "script": "</script><script>alert(1)</script><!--\"'>]]>&amp;",
    "no markup": "kwota < 500 zł i > 100 zł, Jan <jan@x.pl>, x<y i y>z",
    "control": "a\x00b\x0bc\x1f\x7f\x85d\u2028e",
    "surrogate": "a\ud800b\udfffc",
    "no character": "a\ufffeb\uffffc",
    "turned": "a\u202eb\u2066c",
    "long": "ż" * 40_000,
    "long and wide": "\U0001f921" * 20_000,
}
TYPES = ("ngo", "grant", "call-for-offers", "event")
# Whose values are codes, numbers, days or names of things: no person types them freely.
_KEPT = {"id", "name", "type", "owner_org", "state", "metadata_modified", "metadata_created"}


@pytest.fixture(scope="module")
def shown_once():
    return {}


@pytest.fixture(params=TYPES)
def shown(request, with_plugins, shown_once):
    if not shown_once:
        request.getfixturevalue("clean_catalogue")
        made = {"ngo": [create("ngo", krs=identifiers.krs(), latitude="51.84", longitude="16.57")]}
        for name in TYPES[1:]:
            made[name] = [full(name, made) if name != "grant" else create("grant")]
        for name, records in made.items():
            shown_once[name] = helpers.call_action("package_show", id=records[0]["id"])
    return shown_once[request.param]


def spoiled(shown, text):
    """The record with a text in the place of everything that is a text."""
    record_type = record_types.get(shown["type"])
    free = {"title", "notes", *(f.name for f in record_type.fields if f.index in (None, "text"))}
    free = {
        field.name
        for field in record_type.fields
        if field.name in free - _KEPT
        and not field.vocabulary
        and not field.link
        and field.display not in {"date", "datetime", "json", "number", "money", "flag", "table"}
        and isinstance(shown.get(field.name, ""), str)
    }
    assert len(free) > 3
    return {**shown, **dict.fromkeys(free, text)}


def written(shown, suffix, text):
    record_type = record_types.get(shown["type"])
    origin = about.about(
        {"q": text},
        "http://test.ckan.net/x",
        about.page_address(),
        "http://test.ckan.net/y",
    )
    stream = formats.formats_for(record_type)[suffix].stream
    return b"".join(stream([spoiled(shown, text)], record_type, lang="pl", about=origin))


def clean(text):
    """No character that XML 1.0 forbids."""
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", text)


def read_csv(data):
    for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
        for cell in row:
            assert cell[:1] not in set("=@\t\r\uff1d")
            assert cell[:1] not in set("+-") or re.fullmatch(r"-?\d+(\.\d+)?", cell)
            clean(cell)


def read_xlsx(data):
    book = openpyxl.load_workbook(io.BytesIO(data))
    for cell in (cell for page in book for row in page.iter_rows() for cell in row):
        assert cell.data_type != "f"
        if isinstance(cell.value, str):
            clean(cell.value)
            assert len(cell.value.encode("utf-16-le")) // 2 <= sheet.LONGEST_TEXT
    for name in zipfile.ZipFile(io.BytesIO(data)).namelist():
        assert b"<f>" not in zipfile.ZipFile(io.BytesIO(data)).read(name)


def read_ods(data):
    content = zipfile.ZipFile(io.BytesIO(data)).read("content.xml")
    found = etree.fromstring(content, etree.XMLParser(huge_tree=True, resolve_entities=False))
    assert not found.xpath("//@*[local-name()='formula']")


def read_json(data):
    json.loads(data.decode("utf-8"))


def read_lines(data):
    for line in data.split(b"\n")[:-1]:
        read_json(line)


def read_xml(data):
    etree.fromstring(data, etree.XMLParser(huge_tree=True, resolve_entities=False))


def read_calendar(data):
    icalendar.Calendar.from_ical(data)
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))


READERS = {
    "csv": read_csv,
    "360giving.csv": read_csv,
    "xlsx": read_xlsx,
    "ods": read_ods,
    "json": read_json,
    "360giving.json": read_json,
    "geojson": read_json,
    "jsonld": read_json,
    "jsonl": read_lines,
    "atom": read_xml,
    "ics": read_calendar,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_file_stays_whole_and_says_nothing_that_runs(test_request_context, shown, kind):
    with test_request_context():
        for suffix in formats.formats_for(record_types.get(shown["type"])):
            # No database and no address has half a character, and JSON has a way to write it.
            if kind == "surrogate" and READERS[suffix] in (read_json, read_lines):
                continue
            READERS[suffix](written(shown, suffix, HOSTILE[kind]))


@pytest.mark.parametrize("kind", [kind for kind in HOSTILE if kind != "surrogate"])
def test_linked_data_stay_whole(test_request_context, shown, kind):
    with test_request_context():
        record_type = record_types.get(shown["type"])
        record = spoiled(shown, HOSTILE[kind])
        writer = jsonld_mapping.writer(record_type, jsonld_mapping.Addresses(about.page_address()))
        document = jsonld_mapping.document(writer, [writer.node(record)])
        for notation in notations.NOTATIONS.values():
            body = notation.write(document)
            body.decode("utf-8")
            if notation.media_type.endswith("xml"):
                read_xml(body)
        assert "</script" not in str(notations.for_script(document)).lower()


@pytest.mark.parametrize("name", ["ngo", "event"])
def test_what_was_asked_for_is_no_formula_in_the_sheet_about_the_file(app, shown, name):
    for q in ("=1+1", "@x", "+1", "\t=1+1"):
        read_xlsx(app.get(f"/{name}.xlsx", query_string={"q": q}, status=200).get_data())
        read_ods(app.get(f"/{name}.ods", query_string={"q": q}, status=200).get_data())


def test_a_day_before_those_that_excel_counts_is_a_text(test_request_context, shown_once, shown):
    with test_request_context():
        record_type = record_types.get("ngo")
        record = {**shown_once["ngo"], "registered_date": "1889-05-03"}
        origin = dataset_description.about(record_type)
        data = b"".join(formats.FORMATS["xlsx"].stream([record], record_type, "pl", origin))
        page = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
        assert "1889-05-03" in [cell.value for cell in page[2]]
