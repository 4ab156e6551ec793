"""The programme's page, its files and the yearly report."""

import csv
import io
import json

import docx
import pytest
from bs4 import BeautifulSoup
from ckan.lib.redis import connect_to_redis
from ckan.lib.search.common import SearchError

from ckanext.leszno_ngo.cooperation.report import charts
from ckanext.leszno_ngo.cooperation.report import docx as docx_file
from ckanext.leszno_ngo.search import solr
from tests import counting
from tests.cooperation import records

pytestmark = pytest.mark.usefixtures("clean_catalogue")


def soup(app, address, status=200):
    return BeautifulSoup(app.get(address, status=status).get_data(as_text=True), "html.parser")


def text(node):
    return " ".join(node.get_text(" ").replace("\xa0", " ").split())


@pytest.fixture
def year(ngo_factory):
    """A year with a programme, a call, its grants, a small grant and the rest."""
    club = ngo_factory(title="Klub Alfa", name="klub-alfa")
    records.create(
        "programme",
        year="2026",
        planned_amount="100 000",
        resolution="Uchwała nr 1",
        priorities="Sport dzieci",
        planned_by_sphere=[{"sphere": "17", "task": "Sport", "amount": "60000"}],
    )
    call = records.create(
        "call-for-offers",
        title="Sport 2026",
        name="sport-2026",
        resolved_date="2026-03-01",
        offers_number="5",
        formal_errors_number="1",
        refused_offers=[{"organisation": "Klub B", "asked_amount": "500", "outcome": "refused"}],
    )
    records.create(
        "grant",
        title="Liga",
        recipient=club["id"],
        recipient_name="",
        call=call["id"],
        mode="other_act",
        asked_amount="40000",
        granted_amount="30000",
        returned_amount="1000",
        contract_number="1/2026",
        status="settled",
    )
    records.create(
        "grant", title="=Piknik", mode="small_grant", granted_amount="5000", outside_call="true"
    )
    records.create(
        "grant", title="Unia", mode="outside_funder", granted_amount="90000", outside_call="true"
    )
    records.create(
        "partnership",
        start_date="2026-02-01",
        total_amount="7000",
        city_amount="2000",
        outside_amount="5000",
    )
    records.create("consultation", comments_number="4", comments_accepted_number="2")
    records.create("event", reached_number="30")
    return call


def test_the_page_shows_every_goal_and_form_with_zero(app):
    page = soup(app, "/program")
    assert len(page.select(".ln-goal")) == 9
    forms = {code.get_text() for code in page.select(".ln-form-of .ln-code")}
    assert forms == {f"F{n:02d}" for n in range(1, 32)}
    assert not page.select(".ln-goal .ln-counted")
    assert {bar["width"] for bar in page.select(".ln-goal rect")} == {"0.0%"}


def test_terms_have_short_names_and_the_wording_on_demand(app):
    page = soup(app, "/program")
    assert text(page.select_one("#G6 h3")) == "G6 Dobra komunikacja i promocja organizacji"
    assert not page.select("details[open]")
    wording = page.select_one("#G6 .ln-wording p")
    assert text(wording).startswith("stałe usprawnianie wzajemnej komunikacji")
    assert wording["lang"] == "pl"
    for heading in page.select(".ln-goal h3, .ln-goal h4"):
        assert len(text(heading)) < 70


def test_the_page_shows_the_year_with_links(app, year):
    page = soup(app, "/program?rok=2026")
    assert text(page.h1).endswith("2026")
    plan = text(page.find(id="plan").parent)
    assert "100 000 zł" in plan
    assert "Sport dzieci" in plan
    assert "Uchwała nr 1" in plan
    small = next(form for form in page.select("#G1 .ln-form-of") if "F02" in text(form))
    assert "1 dotacja" in text(small)
    assert "5000 zł" in text(small)
    assert small.a["href"] == "/grant/?programme_forms=F02&year=2026"
    current = page.select_one(".ln-years [aria-current]")
    assert current.get_text() == "2026"


def test_a_wrong_year_says_what_is_right(app):
    assert soup(app, "/program?rok=latem", status=400).select_one(".alert-danger")


def test_without_solr_the_pages_say_so(app, monkeypatch):
    def away(*args, **parameters):
        raise SearchError("away")

    monkeypatch.setattr(solr, "ask", away)
    assert soup(app, "/program", status=503).select_one(".alert-danger")
    assert soup(app, "/program/raport/2026", status=503).select_one(".alert-danger")
    app.get("/program.csv", status=503)
    app.get("/program/raport/2026.docx", status=503)


def test_the_files_have_the_figures_of_the_page(app, year):
    answer = json.loads(app.get("/program.json?rok=2026").get_data())
    assert answer["total"]["count"] == 8  # the organisation too
    assert answer["licence"]["name"]
    raw = app.get("/program.csv?rok=2026&separator=semicolon&lang=pl").get_data(as_text=True)
    rows = list(csv.reader(io.StringIO(raw.removeprefix("\ufeff")), delimiter=";"))
    assert {len(row) for row in rows} == {19}
    codes = {row[2] for row in rows[1:]}
    assert len(codes) == 40
    small = next(row for row in rows if row[2] == "F02")
    assert small[6] == "1"
    assert float(small[8]) == 5000
    outside = next(row for row in rows if row[2] == "F24" and row[5] == "Dotacje")
    assert [float(cell) for cell in outside[12:15]] == [0, 90000, 0]
    partnership = next(row for row in rows if row[5] == "Partnerstwa")
    assert [float(partnership[n] or 0) for n in (8, 12, 13)] == [7000, 2000, 5000]
    empty = next(row for row in rows if row[2] == "F30")
    assert empty[6] == "0"


@pytest.mark.parametrize("query", ["rok=dwa", "separator=kropka", "lang=de"])
def test_files_refuse_wrong_values(app, query):
    app.get(f"/program.csv?{query}", status=400)


def rows_of(page, caption):
    table = next(t for t in page.select("table") if t.caption and text(t.caption) == caption)
    return {text(row.th): [text(td) for td in row.select("td")] for row in table.select("tbody tr")}


def test_the_report_adds_up(app, year):
    page = soup(app, "/en/program/raport/2026")
    money = text(page.find(id="money").parent)
    assert "Planned: PLN 100,000. Granted: 35.0% of the plan." in money
    assert rows_of(page, "Grants by whose money it is") == {
        "the City's money": [
            *("2", "1", "PLN 40,000 (from 1 of 2 grants)", "PLN 35,000"),
            *("PLN 30,000", "–", "PLN 1,000", "–"),
        ],
        "other funders' money": ["1", "0", "–", "PLN 90,000", "–", "–", "–", "–"],
        "passed on by an operator": ["0", "0", *["PLN 0"] * 6],
    }
    modes = rows_of(page, "Grants by mode")
    assert modes["mode of another act"] == [
        "1", "1", "1", "PLN 40,000", "PLN 30,000", "PLN 30,000", "–", "PLN 1,000", "–",
    ]  # fmt: skip
    assert modes["the City's money"][:2] == ["1", "2"]
    calls = rows_of(page, "Calls and their results")
    assert calls["Sport 2026"][:6] == ["5", "1", "1", "1", "PLN 40,500", "PLN 30,000"]
    assert rows_of(page, "Grants by stage")["settled"] == [
        "1", "PLN 30,000", "PLN 0", "PLN 0",
    ]  # fmt: skip
    small = text(page.find(id="small_grant").parent)
    assert "Small grants took 5.0% of the planned money; the law allows 20%" in small
    trend = rows_of(page, "Calls and grants by year")
    assert list(trend) == ["2022", "2023", "2024", "2025", "2026"]
    assert trend["2026"] == [
        "1", "5", "20.0%", "3", "2",
        "PLN 40,000 (from 1 of 2)", "PLN 35,000", "PLN 1,000", "PLN 90,000",
    ]  # fmt: skip
    assert rows_of(page, "Consultations and their results").popitem()[1] == ["4", "2"]
    assert "training 1 30" in text(page.find(id="without-money").parent)


def test_every_count_of_the_report_is_what_its_search_finds(app, year):
    page = soup(app, "/en/program/raport/2026")
    counts = {}
    for table in page.select("table"):
        headings = [text(heading) for heading in table.select("thead th")]
        for row in table.select("tbody tr"):
            for heading, cell in zip(headings, row.select("th, td"), strict=True):
                if heading in {"Records", "Grants", "Calls"} and cell.a and "?" in cell.a["href"]:
                    counts[cell.a["href"].removeprefix("http://test.ckan.net")] = text(cell)
    assert len(counts) > 25
    for address, count in counts.items():
        heading = soup(app, address).find(id="ln-count")
        assert text(heading).split(" ")[0] == count, address


#: Rows of no records and of nothing planned have no search.
WITHOUT_LINK = {"0", "–", "PLN 0", "0 zł"}


def test_every_number_of_the_report_has_a_link(app, year):
    page = soup(app, "/en/program/raport/2026")
    bare = [
        (text(table.caption), text(row.th), text(cell))
        for table in page.select("table")
        for row in table.select("tbody tr")
        for cell in row.select("td.ln-number")
        if not cell.a and text(cell) not in WITHOUT_LINK
    ]
    assert bare == []


def granted_at(app, address):
    """The sum of what an address of the report finds, from the file of the same search."""
    path, _mark, query = address.partition("?")
    found = json.loads(app.get(f"{path.rstrip('/')}.json?{query}").get_data())
    return sum(float(record["granted_amount"]) for record in found["records"])


def test_every_sum_granted_is_what_its_search_sums(app, year):
    page = soup(app, "/en/program/raport/2026")
    checked = 0
    for table in page.select("table"):
        headings = [text(heading) for heading in table.select("thead th")]
        for row in table.select("tbody tr"):
            for heading, cell in zip(headings, row.select("th, td"), strict=True):
                href = cell.a["href"] if cell.a else ""
                if heading.startswith("Granted") and "/grant/?" in href:
                    said = float(text(cell).removeprefix("PLN ").replace(",", ""))
                    assert granted_at(app, href.partition("ckan.net")[2]) == said, href
                    checked += 1
    assert checked > 40


def test_a_chart_has_its_table(app, year):
    page = soup(app, "/program/raport/2026")
    charts = page.select("svg.ln-bars")
    assert len(charts) == 4
    for chart in charts:
        assert chart["aria-label"]
        assert chart.find_parent("figure").table
        assert all(0 <= float(bar["width"]) <= 290 for bar in chart.select("rect"))


def test_links_inside_the_report_lead_somewhere(app, year):
    page = soup(app, "/program/raport/2026")
    inside = [link["href"][1:] for link in page.select(".ln-report a[href^='#']")]
    assert len(inside) == 14 + 9
    assert all(page.find(id=name) for name in inside)


def test_the_report_of_an_empty_year_opens(app):
    page = soup(app, "/program/raport/2020")
    assert len(page.select(".ln-report section")) == 14
    app.get("/program/raport/rok", status=404)
    app.get("/program/raport/rok.docx", status=404)


def test_the_document_says_what_the_page_says(app, year):
    answer = app.get("/en/program/raport/2026.docx")
    document = docx.Document(io.BytesIO(answer.get_data()))
    page = soup(app, "/en/program/raport/2026")
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert headings == [text(h).split(". ", 1)[1] for h in page.select(".ln-report section h2")]
    cells = [
        [cell.text.replace("\xa0", " ") for cell in row.cells]
        for table in document.tables
        for row in table.rows[1:]
    ]
    shown = [[text(c) for c in row.select("th, td")] for row in page.select("tbody tr")]
    assert [[" ".join(c.split()) for c in row] for row in cells] == shown
    links = {r.target_ref for r in document.part.rels.values() if r.is_external}
    assert any("/grant/?mode=small_grant&year=2026" in link for link in links)


def test_the_document_is_written_once_and_may_be_kept(app, year, monkeypatch):
    address, written, write = "/en/program/raport/2026.docx", [], docx_file.write
    connect_to_redis().delete(*connect_to_redis().keys("*:leszno_ngo:written:report:*"), "x")
    monkeypatch.setattr(docx_file, "write", lambda *made: written.append(made) or write(*made))
    first = app.get(address)
    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert app.get(f"{address}?x=1").data == first.data
    with counting.solr_requests() as asked:
        known = {"If-None-Match": first.headers["ETag"]}
        assert app.client.get(address, headers=known).status_code == 304
    asked.assert_at_most(0)
    assert len(written) == 1
    records.create("event", title="Festyn o zadaniach programu", start_date="2026-05-05")
    assert app.client.get(address, headers=known).status_code == 200
    assert app.get("/program/raport/2026").headers["ETag"].startswith('W/"ln-')


def test_charts_of_the_document_stand_over_their_tables(app, year):
    document = docx.Document(io.BytesIO(app.get("/program/raport/2026.docx").get_data()))
    page = soup(app, "/program/raport/2026")
    captions = [text(c.find_parent("figure").caption) for c in page.select("svg.ln-bars")]
    pictures = document.element.body.xpath(".//wp:docPr")
    assert [one.get("title") for one in pictures] == captions
    for one in pictures:
        assert one.get("title") in one.get("descr")
        assert one.get("descr").startswith("Wykres: ")
        # The next thing after the picture's paragraph is the table of the same figures.
        paragraph = one.xpath("ancestor::w:p")[0]
        assert paragraph.getnext().tag.endswith("}tbl")
    for shape in document.inline_shapes:
        assert shape.width < document.sections[0].page_width
        assert shape.height < document.sections[0].page_height
    answer = json.loads(app.get("/program.json?rok=2026").get_data())
    tables = [table for table in document.tables if table.rows[0].cells[0].text == "Cel"]
    counts = [row.cells[1].text for row in tables[0].rows[1:]]
    assert counts == [str(goal["count"]) for goal in answer["goals"]]


def test_the_same_figures_make_the_same_picture():
    bars = [("ochrona zwierząt i środowiska $x$ " * 5, "1 234,50 zł", 1.0), ("nic", "0 zł", 0.0)]
    assert charts.png(bars) == charts.png(bars)
    assert charts.png(bars) != charts.png(bars[:1])


def test_budget_of_the_pages(app, year, solr_budget, sql_budget):
    for address in ("/program?rok=2026", "/program/raport/2026", "/program/raport/2026.docx"):
        app.get(address)
        with solr_budget(5), sql_budget(6):
            app.get(address)
