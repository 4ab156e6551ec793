"""Files made to cost time and memory: each ends at a bound, or costs what its size costs."""

from __future__ import annotations

import csv
import zipfile
from functools import partial

import pytest

from ckanext.leszno_ngo.cooperation.sources import results_file
from ckanext.leszno_ngo.harvest import run
from ckanext.leszno_ngo.harvest.budget import Budget
from ckanext.leszno_ngo.harvest.model import RawRow, Refusal, SourceError
from ckanext.leszno_ngo.harvest.sources import table
from ckanext.leszno_ngo.harvest.sources.lines import Limits
from tests import costs
from tests.harvest.test_run import ALPHA, HEADER, THREE
from tests.harvest.test_table import HEAD, error, replace, rows, workbook, write

SHEET = "xl/worksheets/sheet1.xml"
GOOD = [1, "A", 5, ""]


def with_rows(tmp_path, more: str):
    """A good file of one row, and XML of rows behind it."""
    path = workbook(tmp_path, HEAD, GOOD)
    replace(path, SHEET, lambda xml: xml.replace(b"</sheetData>", more.encode() + b"</sheetData>"))
    return path


def cell(place: str, text: str = "x") -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def row(number: int, *cells: str) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def test_a_row_far_down_costs_what_a_row_costs(tmp_path):
    far = with_rows(tmp_path, row(1_000_000, cell("B1000000"), cell("C1000000", "7")))
    assert [r.number for r in rows(far)] == [2, 1_000_000]
    path = str(far)
    far_time = costs.seconds(lambda _: rows(far), path, 3)
    near = with_rows(tmp_path, row(3, cell("B3"), cell("C3", "7")))
    assert far_time < 5 * costs.seconds(lambda _: rows(near), path, 3)


def test_a_row_that_no_spreadsheet_has(tmp_path):
    stop = error(with_rows(tmp_path, row(3_000_000, cell("B3000000"))))
    assert (stop.code, stop.detail) == ("too_many_rows", {"limit": 1_048_576})


def test_more_rows_than_the_bound(tmp_path):
    many = "".join(row(3, cell("B3")) for _ in range(20))  # all of them say that they are row 3
    assert error(with_rows(tmp_path, many), limits=Limits(max_rows=10)).code == "too_many_rows"
    csv = write(tmp_path, "Nazwa;KRS\n" + "A;1\n" * 20)
    assert error(csv, limits=Limits(max_rows=10)).code == "too_many_rows"


def test_cells_in_the_last_column_are_not_padded(tmp_path):
    found = rows(with_rows(tmp_path, "".join(row(n, cell(f"XFD{n}")) for n in range(3, 50))))
    refused = [r for r in found if isinstance(r, Refusal)]
    assert len(refused) == 47
    assert {(r.code, r.detail["cells"]) for r in refused} == {("ragged", 301)}


def with_texts(tmp_path, texts: list[str]):
    """A good file of one row, and one whose name is the first of the shared texts."""
    more = '<row r="3"><c r="B3" t="s"><v>0</v></c><c r="C3"><v>7</v></c></row>'
    path = with_rows(tmp_path, more)
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    relation = f'<Relationship Id="rIdT" Type="{kind}" Target="sharedStrings.xml"/></Relationships>'
    replace(
        path,
        "xl/_rels/workbook.xml.rels",
        lambda xml: xml.replace(b"</Relationships>", relation.encode()),
    )
    table_of_texts = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        + "".join(texts)
        + "</sst>"
    )
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", table_of_texts)
    return path


def test_many_shared_texts(tmp_path):
    read_aloud = (
        '<si><r><t>Ż „x”</t></r><r><t xml:space="preserve"> &amp; y</t></r><rPh><t>z</t></rPh></si>'
    )
    path = with_texts(tmp_path, [read_aloud, *["<si><t/></si>"] * 5_000])
    stop = error(path, limits=Limits(max_strings=4_000))
    assert (stop.code, stop.detail["why"]) == ("bomb", "strings")
    assert [r.values["legal_name"] for r in rows(path)] == ["A", "Ż „x” & y"]


@pytest.mark.parametrize("bound_of_csv", [131_072, 10**9])
def test_a_huge_cell_sets_its_row_aside(tmp_path, bound_of_csv):
    """Also where some library has raised the bound that csv has for the process."""
    before = csv.field_size_limit(bound_of_csv)
    try:
        huge_cells(tmp_path)
    finally:
        csv.field_size_limit(before)


def huge_cells(tmp_path):
    long = "".join(map(str, range(200_000)))  # of many signs: it packs as texts do
    assert len(long) > 1_000_000
    found = rows(
        with_rows(tmp_path, row(3, cell("B3", long)) + row(4, cell("B4"), cell("C4", "1")))
    )
    assert [getattr(r, "code", r.__class__) for r in found] == [RawRow, "cell_too_long", RawRow]
    assert found[1].field == "legal_name"
    for text in (f"Nazwa;KRS\nA;1\n{long};2\nB;3\n", f'Nazwa;KRS\nA;1\n"{long}";2\nB;3\n'):
        found = rows(write(tmp_path, text))
        codes = [getattr(r, "code", r.__class__) for r in found]
        assert codes == [RawRow, "cell_too_long", RawRow]
        assert found[2].values["legal_name"] == "B"


def test_a_part_that_is_read_at_once_is_bounded(tmp_path):
    path = workbook(tmp_path, HEAD, GOOD)
    stop = error(path, limits=Limits(max_part=100))
    assert (stop.code, stop.detail["why"]) == ("bomb", "part")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_budget_ends_the_reading(tmp_path, kind):
    text = "Nazwa;KRS\n" + "A;1\n" * 300
    path = write(tmp_path, text) if kind == "csv" else workbook(tmp_path, HEAD, *[GOOD] * 300)
    clock = iter(range(10_000))
    timed = Limits(budget=Budget(seconds=3, clock=lambda: next(clock)))
    assert (stop := error(path, limits=timed)).code == "time_limit"
    assert stop.detail == {"limit": 3}
    memory = iter([0, *[20 << 20] * 10_000])
    full = Limits(budget=Budget(megabytes=10, memory=lambda: next(memory)))
    assert (stop := error(path, limits=full)).code == "memory_limit"
    assert stop.detail == {"limit": 10}


def test_no_budget_is_no_limit(tmp_path):
    Budget().check()
    assert rows(write(tmp_path, "Nazwa;KRS\nA;1\n"))


def test_an_uploaded_table_has_smaller_bounds():
    uploaded = results_file.uploaded()
    whole = Limits()
    for name in ("max_bytes", "max_unpacked", "max_part", "max_columns", "max_rows", "max_strings"):
        assert getattr(uploaded, name) < getattr(whole, name), name


def test_other_sheets_are_named(tmp_path):
    def change(book):
        book.create_sheet("2024").append(HEAD)
        book.create_sheet("pusty")
        hidden = book.create_sheet("ukryty")
        hidden.append(HEAD)
        hidden.sheet_state = "hidden"

    assert table.open_table(workbook(tmp_path, HEAD, GOOD, change=change)).other_sheets == ("2024",)


def test_a_run_out_of_time_leaves_what_was(harvest, monkeypatch):
    source = harvest.source()
    harvest.run(source, THREE)
    before = harvest.records()
    clock = iter(range(0, 1_000_000, 10))
    late = Budget(seconds=5, clock=lambda: next(clock))
    monkeypatch.setattr(run, "Budget", lambda *_limits: late)
    report = harvest.run(source, HEADER + ALPHA)
    assert report.stop.code == "time_limit"
    assert harvest.records() == before
    assert "ckanext.leszno_ngo.harvest.max_seconds" in str(harvest.job()["gather_error_summary"])


@pytest.mark.parametrize("code", ["time_limit", "memory_limit"])
def test_a_run_past_its_bounds_while_saving_stops_between_batches(
    harvest, ckan_config, monkeypatch, code
):
    """The memory is that of the process, and really grows."""
    written, now, held = run.batch.write, [0], []

    def grown(*args, **keywords):
        written(*args, **keywords)
        if code == "time_limit":
            now[0] = 100
        else:
            held.append(bytearray(b"x") * (80 << 20))

    bounds = {"batch_size": 1, "max_seconds": 60, "max_memory": 64}
    source = harvest.source()
    with monkeypatch.context() as patch:
        for name, value in bounds.items():
            patch.setitem(ckan_config, f"ckanext.leszno_ngo.harvest.{name}", value)
        patch.setattr(run, "Budget", partial(Budget, clock=lambda: now[0]))
        patch.setattr(run.batch, "write", grown)
        report = harvest.run(source, THREE)
    assert (report.stop.code, report.added) == (code, 1)
    report = harvest.run(source, THREE)
    assert (report.stop, report.added) == (None, 2)


def test_a_process_that_grows_by_a_megabyte_is_told():
    budget = Budget(megabytes=1)
    # More than what the C library takes from what the process has already (32 MB at most).
    held = bytearray(b"x") * (48 << 20)
    with pytest.raises(SourceError) as stop:
        budget.check_batch()
    assert (stop.value.code, len(held)) == ("memory_limit", 48 << 20)
