"""The files ``/<type>.csv`` and ``/<type>.json``, read back by independent readers."""

import csv
import dataclasses
import io
import json

import pysolr
import pytest
from bs4 import BeautifulSoup
from ckan.lib.search.common import SearchError
from ckan.tests import factories, helpers

from ckanext.leszno_ngo import record_types, vocabularies
from ckanext.leszno_ngo.exports import about, formats, records, rows
from ckanext.leszno_ngo.exports import json as json_format
from ckanext.leszno_ngo.registers import dataset_description
from ckanext.leszno_ngo.search import facets
from tests.exports.full_record import FULL

pytestmark = pytest.mark.usefixtures("clean_catalogue")

SOURCES = [{"id": "x", "title": 'Wykaz; "OPP"', "fields": ["krs"], "missing_since": None}]
ABOUT_COLUMNS = 4


def ngo_type():
    return record_types.get("ngo")


def exported():
    return [column.name for column in rows.columns(ngo_type())]


def read_csv(response, delimiter=","):
    text = response.get_data().decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline=""), delimiter=delimiter))


def read_json(response):
    return json.loads(response.get_data().decode("utf-8"))


def value_of(cell, field, lang):
    """What a cell says, as ``package_show`` gives it: the way back from people to the machine."""
    if field is None or field.display not in {"sources", "json"}:
        cell = cell[1:] if cell[:1] == "'" else cell
    if field is None:
        return cell
    if field.display == "sources":
        return json.loads(cell) if cell else []
    if field.index == "flag":
        return {"tak": True, "yes": True, "nie": False, "no": False}[cell]
    if field.index == "number":
        return float(cell) if cell else None
    if field.is_list:
        return [code_of(entry, field, lang) for entry in cell.split("; ")] if cell else []
    return code_of(cell, field, lang) if cell else None


def code_of(shown, field, lang):
    if not field.vocabulary:
        return shown
    return next(
        term.code for term in vocabularies.get(field.vocabulary).terms if term.label(lang) == shown
    )


@pytest.fixture
def full(ngo_factory):
    """A record with every field filled in, and its provenance."""
    user = factories.Sysadmin()["name"]
    context = {"user": user, "ignore_auth": True, "leszno_ngo_harvest": True}
    return ngo_factory(**FULL, spheres_source="derived", sources=SOURCES, context=context)


@pytest.mark.parametrize("lang", ["pl", "en"])
def test_csv_reads_back_as_package_show(app, full, ngo_factory, lang):
    bare = ngo_factory(nip=None, regon=None, town=None)
    heading, *lines = read_csv(app.get(f"/ngo.csv?lang={lang}"))
    record_type = ngo_type()
    fields = {field.name: field for field in record_type.fields}
    assert len(heading) == len(exported()) + ABOUT_COLUMNS
    for name, shown in zip(exported(), heading, strict=False):
        if name in fields:
            assert shown == fields[name].label[lang]
    assert {row[0] for row in lines} == {full["id"], bare["id"]}
    for row in lines:
        shown = helpers.call_action("package_show", id=row[0])
        for name, cell in zip(exported(), row, strict=False):
            # An empty text and no value are the same cell.
            expected = None if shown.get(name) == "" else shown.get(name)
            assert value_of(cell, fields.get(name), lang) == expected, name


def test_json_reads_back_as_package_show(app, full, ngo_factory):
    bare = ngo_factory(nip=None)
    file = read_json(app.get("/ngo.json?q=&status=active&status=in_liquidation"))
    assert file["count"] == 2
    assert file["type"] == "ngo"
    assert file["query"] == {
        "q": "",
        "status": ["active", "in_liquidation"],
        "sort": "title_string asc",
    }
    assert file["licence"]["url"] == "https://creativecommons.org/licenses/by/4.0/"
    assert file["source"]["publisher"] == "Miasto Leszno"
    assert file["generated"].endswith("Z")
    found = {record["id"]: record for record in file["records"]}
    for record in (full, bare):
        shown = helpers.call_action("package_show", id=record["id"])
        got = found[record["id"]]
        assert got.pop("url").endswith(f"/ngo/{shown['name']}")
        assert got == {name: shown.get(name) for name in exported()}
        assert list(got) == exported()


def test_every_field_of_the_full_record_is_exported(full):
    filled = {field.name for field in ngo_type().fields if full.get(field.name)}
    not_exported = filled - set(exported())
    assert not_exported == {"name"}


def test_the_origin_stands_in_every_row(app, full):
    heading, row = read_csv(app.get("/ngo.csv?lang=en"))
    origin = dict(zip(heading[-ABOUT_COLUMNS:], row[-ABOUT_COLUMNS:], strict=True))
    assert origin.pop("Retrieved (UTC)").endswith("Z")
    assert origin == {
        "Page in the catalogue": "http://test.ckan.net/ngo/zyc-lepiej",
        "Data publisher": "Miasto Leszno",
        "Licence": "CC BY 4.0",
    }


def test_semicolons_for_a_polish_spreadsheet(app, full):
    _heading, row = read_csv(app.get("/ngo.csv?separator=semicolon"), delimiter=";")
    assert row[0] == full["id"]
    assert row[exported().index("notes")] == full["notes"].replace("\r\n", "\n")


FORMULAS = [
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://zly.example";"Leszno")',
    "+48+1",
    "-2+3+cmd",
    "@SUM(A1:A9)",
    "\uff1d1+1",
    "\t=1+1",
    "%0A=1",
]


def test_no_cell_is_a_formula(app, ngo_factory):
    made = [
        ngo_factory(title=title, town=title, aims=title, notes=title, register_number=title)
        for title in FORMULAS
    ]
    _heading, *lines = read_csv(app.get("/ngo.csv"))
    titles = {row[0]: row[exported().index("title")] for row in lines}
    for record in made:
        assert titles[record["id"]] == f"'{record['title']}"
    for row in lines:
        for cell in row:
            assert cell.lstrip()[:1] not in set("=+-@\uff1d|%")


@pytest.fixture
def several(ngo_factory):
    ngo_factory(title="Żuraw", spheres=["1"], status="active", opp="true", notes="pomoc")
    ngo_factory(title="Ćma", spheres=["1", "17"], status="active", notes="pomoc i sport")
    ngo_factory(title="Zebra", spheres=["17"], status="suspended", opp="true", notes="sport")
    ngo_factory(title="Łoś", spheres=["16"], status="removed", notes="kultura")
    factories.Dataset(title="Pomoc", notes="pomoc sport")


QUERIES = [
    "",
    "q=pomoc",
    "q=sport",
    "spheres=1",
    "spheres=1&spheres=16",
    "spheres=1&spheres=17&opp=true",
    "q=pomoc&spheres=17",
    "sort=title-desc",
    "sort=newest",
    "q=nie+ma+takiej",
    "status=nonsense",
    'town="%3A%28',
]


def test_the_file_holds_what_the_page_shows_in_its_order(app, several):
    record_type = ngo_type()
    for query in QUERIES:
        arguments = app.flask_app.test_request_context(f"/ngo/?{query}").request.args
        on_page = facets.search(
            {"user": ""},
            record_type,
            facets.selections(record_type, arguments),
            "pl",
            q=arguments.get("q", ""),
            sort=record_type.sort_for(arguments.get("sort"), arguments.get("q")).sort,
            rows=100,
        )
        expected = [record["id"] for record in on_page.results]
        assert [r["id"] for r in read_json(app.get(f"/ngo.json?{query}"))["records"]] == expected, (
            query
        )
        assert [row[0] for row in read_csv(app.get(f"/ngo.csv?{query}"))[1:]] == expected


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_links_of_the_page_lead_to_what_it_shows(app, several, language):
    query = "q=pomoc&spheres=1&spheres=17&sort=title-desc"
    page = BeautifulSoup(app.get(f"{language}/ngo/?{query}").get_data(as_text=True), "html.parser")
    shown = [link["href"].rpartition("/")[2] for link in page.select(".ln-cards h3 a")]
    links = {
        link["href"].partition("?")[0][-4:]: link["href"] for link in page.select(".ln-downloads a")
    }
    assert len(shown) == 2
    file = read_json(app.get(links["json"]))
    assert [record["url"].rpartition("/")[2] for record in file["records"]] == shown
    heading, *lines = read_csv(app.get(links[".csv"]))
    assert [row[-ABOUT_COLUMNS].rpartition("/")[2] for row in lines] == shown
    assert heading[1] == ("Name" if language else "Nazwa")


def test_only_public_records_whoever_asks(app, ngo_factory):
    organisation = factories.Organization()
    public = ngo_factory()
    ngo_factory(private=True, owner_org=organisation["id"])
    ngo_factory(state="draft")
    sysadmin = factories.SysadminWithToken()
    context = {"user": sysadmin["name"]}
    helpers.call_action("package_delete", context, id=ngo_factory()["id"])
    file = read_json(app.get("/ngo.json", headers={"Authorization": sysadmin["token"]}))
    assert [record["id"] for record in file["records"]] == [public["id"]]


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("/ngo.csv?lang=de", "lang"),
        ("/ngo.csv?separator=tab", "separator"),
        ("/ngo.json?sort=colour", "sort"),
        ("/ngo.json?sfera=17", "sfera"),
        ("/ngo.json?separator=comma", "separator"),
    ],
)
def test_a_wrong_parameter_is_named(app, address, named):
    response = app.get(address, status=400)
    assert named in response.get_data(as_text=True)
    assert response.content_type == "text/plain; charset=utf-8"


def test_a_query_that_solr_refuses_is_no_server_error(app):
    app.get("/ngo.csv?q=metadata_modified:nonsense", status=400)


def test_solr_away_is_said_before_anything_is_sent(app, full, monkeypatch):
    def away(*args, **kwargs):
        raise pysolr.SolrError("Failed to connect to server at …")

    monkeypatch.setattr(pysolr.Solr, "_send_request", away)
    response = app.get("/ngo.csv", status=503)
    assert response.content_type == "text/plain; charset=utf-8"


def test_solr_that_goes_away_in_the_middle_breaks_the_file_off(ngo_factory, monkeypatch):
    monkeypatch.setattr(records, "CHUNK", 2)
    for _ in range(3):
        ngo_factory()
    found = records.find(records.Search(ngo_type()))

    def away(*args, **kwargs):
        raise pysolr.SolrError("gone")

    monkeypatch.setattr(pysolr.Solr, "_send_request", away)
    origin = about.about({}, "http://x", "http://x/{name}")
    sent = []
    with pytest.raises(SearchError):
        sent.extend(json_format.stream(found.records, ngo_type(), "pl", origin))
    assert b"count" not in b"".join(sent)


@pytest.mark.parametrize("suffix", ["csv", "json"])
def test_headers(app, full, suffix):
    response = app.get(f"/ngo.{suffix}")
    kind = {"csv": "text/csv", "json": "application/json"}[suffix]
    assert response.content_type == f"{kind}; charset=utf-8"
    disposition = response.headers["Content-Disposition"]
    assert disposition.startswith('attachment; filename="ngo-')
    assert disposition.endswith(f'.{suffix}"')
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert 'rel="license"' in response.headers["Link"]
    assert response.headers["X-Total-Count"] == "1"
    assert response.is_streamed


def test_head_has_the_headers_and_no_body(app, full):
    response = app.test_client().head("/ngo.csv")
    assert response.headers["X-Total-Count"] == "1"
    assert response.get_data() == b""


def test_an_english_address_gives_english_headings(app, full):
    assert read_csv(app.get("/en/ngo.csv"))[0][1] == "Name"
    assert read_csv(app.get("/ngo.csv"))[0][1] == "Nazwa"


def test_there_is_a_file_for_every_record_type_and_none_for_others(app):
    for record_type in record_types.all_types():
        app.get(f"/{record_type.name}.csv", status=200)
        app.get(f"/{record_type.name}.json", status=200)
    app.get("/dataset.csv", status=404)


def test_no_database_and_two_requests_for_a_short_file(ngo_factory, sql_budget, solr_budget):
    ngo_factory()
    record_type = ngo_type()
    with sql_budget(0), solr_budget(2):
        assert len(list(records.find(records.Search(record_type)).records)) == 1


def test_a_file_is_made_outside_a_request_too(ngo_factory):
    record = ngo_factory()
    for wanted in formats.formats_for(ngo_type()).values():
        origin = dataset_description.about(ngo_type())
        found = records.find(records.Search(ngo_type())).records
        body = b"".join(wanted.stream(found, ngo_type(), lang="pl", about=origin))
        assert origin.address == "http://test.ckan.net/ngo/"
        if not wanted.is_feed and not wanted.is_packed:
            assert f"http://test.ckan.net/ngo/{record['name']}" in body.decode("utf-8")


def test_a_format_with_a_limit_says_so_and_names_another(app, ngo_factory, monkeypatch):
    monkeypatch.setitem(
        formats.FORMATS._entries, "ods", dataclasses.replace(formats.FORMATS["ods"], largest=1)
    )
    ngo_factory()
    app.get("/ngo.ods", status=200)
    ngo_factory()
    assert "CSV" in app.get("/ngo.ods", status=413).get_data(as_text=True)
