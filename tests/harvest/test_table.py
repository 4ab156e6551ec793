from __future__ import annotations

import csv
import io
import tracemalloc
import zipfile
from contextlib import suppress
from datetime import date, datetime
from itertools import islice
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ckanext.leszno_ngo.harvest.model import RawRow, Refusal, SourceError
from ckanext.leszno_ngo.harvest.sources import encoding, headers, table
from ckanext.leszno_ngo.harvest.sources.lines import Limits
from tests.shared_data import shared

POLISH = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"


def write(tmp_path: Path, content: str | bytes, code: str = "utf-8", name: str = "a.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(code))
    return path


def rows(path: Path, **kwargs) -> list:
    return list(table.open_table(path, **kwargs).rows())


def names(path: Path) -> list[str]:
    return [row.values["legal_name"] for row in rows(path)]


def error(path: Path, **kwargs) -> SourceError:
    with pytest.raises(SourceError) as caught:
        rows(path, **kwargs)
    return caught.value


def workbook(tmp_path: Path, *lines: list, title: str = "Arkusz1", change=None) -> Path:
    book = openpyxl.Workbook()
    book.active.title = title
    for line in lines:
        book.active.append(line)
    if change:
        change(book)
    path = tmp_path / "a.xlsx"
    book.save(path)
    return path


# ---------------------------------------------------------------- CSV: what it is written in


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16", "cp1250", "iso-8859-2"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_encoding_and_delimiter_are_found_out(tmp_path, code, delimiter):
    text = delimiter.join(["Nazwa", "Miejscowość"]) + "\r\n"
    text += delimiter.join(["ŚWIĘTY ŹRÓDŁO ĄŻĆ", "Święciechowa"]) + "\r\n"
    path = write(tmp_path, text, code)
    found = table.open_table(path)
    assert found.delimiter == delimiter
    assert found.encoding == ("utf-8" if code == "utf-8" else code)
    assert [row.values for row in found.rows()] == [
        {"legal_name": "ŚWIĘTY ŹRÓDŁO ĄŻĆ", "town": "Święciechowa"}
    ]


@pytest.mark.parametrize("word", ["KÓŁKO", "SZKÓŁKA", "ĘŻ", "ćł"])
def test_words_of_cp1250_that_are_valid_utf_8_by_chance(tmp_path, word):
    assert names(write(tmp_path, f"Nazwa;KRS\n{word};1\n", "cp1250")) == [word]


def test_quotation_marks_of_cp1250(tmp_path):
    assert names(write(tmp_path, "Nazwa;KRS\nKlub „Orzeł” – koło;1\n", "cp1250")) == [
        "Klub „Orzeł” – koło"
    ]


cells = st.text(
    st.characters(
        blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufeff\ufffd\u2028\u2029\x85"
    ),
    max_size=12,
)
polish_cells = st.text(st.sampled_from("abcXYZ 019.,;|\"'\n\t-()" + POLISH), max_size=12)
tables = lambda cell: st.lists(st.tuples(cell, cell, cell), min_size=1, max_size=6)  # noqa: E731
ROUND_TRIP = settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


def round_trip(tmp_path, data, code, delimiter):
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter)
    writer.writerow(["Nazwa", "Miejscowość", "Cele działania"])
    data = [*data, ("ostatnia", "Łódź", "")]
    writer.writerows(data)
    text = buffer.getvalue()
    path = write(tmp_path, text, code)
    expected = [
        dict(zip(["legal_name", "town", "aims"], map(str.strip, line), strict=True))
        for line in data
    ]
    got = [row.values for row in table.open_table(path).rows()]
    # A row whose cells are all empty is no row.
    assert got == [line for line in expected if any(line.values())]


@ROUND_TRIP
@given(
    data=tables(cells),
    delimiter=st.sampled_from(";,\t|"),
    code=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_any_text_comes_back_through_unicode(tmp_path, data, delimiter, code):
    round_trip(tmp_path, data, code, delimiter)


@ROUND_TRIP
@given(
    data=tables(polish_cells),
    delimiter=st.sampled_from(";,\t|"),
    code=st.sampled_from(["cp1250", "iso-8859-2", "utf-8"]),
)
def test_any_polish_text_comes_back_through_8_bits(tmp_path, data, delimiter, code):
    round_trip(tmp_path, data, code, delimiter)


@settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(content=st.binary(max_size=400))
def test_rubbish_is_a_clear_error_and_never_a_crash(tmp_path, content):
    write(tmp_path, content)
    write(tmp_path, b"Nazwa;KRS\n" + content, name="b.csv")
    write(tmp_path, b"PK\x03\x04" + content, name="c.xlsx")
    for name in ("a.csv", "b.csv", "c.xlsx"):
        with suppress(SourceError):
            assert all(isinstance(row, (RawRow, Refusal)) for row in rows(tmp_path / name))


# ---------------------------------------------------------------- CSV: rows


def test_titles_above_the_header_and_empty_rows(tmp_path):
    text = "Ewidencja klubów sportowych;;\nstan na dzień 1.1.2026;;\n;;\n"
    text += "Lp.;Nazwa klubu;Nr wpisu\n1;A;7\n;;\n\n2;B;8\n"
    found = table.open_table(write(tmp_path, text))
    assert found.header_row == 4
    assert list(found.rows()) == [
        RawRow(5, {"legal_name": "A", "register_number": "7"}),
        RawRow(8, {"legal_name": "B", "register_number": "8"}),
    ]


def test_numbers_of_rows_count_records_not_lines(tmp_path):
    found = rows(write(tmp_path, 'Nazwa;KRS\n"A\nB";1\nC;2\n'))
    assert [(row.number, row.values["legal_name"]) for row in found] == [(2, "A\nB"), (3, "C")]


def test_a_ragged_row_is_refused_and_the_rest_goes_on(tmp_path):
    found = rows(write(tmp_path, "Nazwa;KRS\nA;1\nB\nC;3;więcej\nD;4;;\nE;5\n"))
    assert [row.number for row in found if isinstance(row, RawRow)] == [2, 5, 6]
    assert [(row.number if isinstance(row, RawRow) else row.row) for row in found] == [
        2,
        3,
        4,
        5,
        6,
    ]
    assert {row.code for row in found if isinstance(row, Refusal)} == {"ragged"}
    assert found[1].detail == {"cells": 1, "expected": 2}


def test_broken_quotation_marks_refuse_the_lines_they_span(tmp_path):
    found = rows(write(tmp_path, 'Nazwa;KRS\nA;1\n"B" w Lesznie;2\nC;3\n'))
    assert [row.values["legal_name"] for row in found if isinstance(row, RawRow)] == ["A", "C"]
    assert [(row.code, row.detail) for row in found if isinstance(row, Refusal)] == [
        ("quotes", {"first_line": 3, "last_line": 3})
    ]


def test_a_cell_too_long_is_refused(tmp_path):
    found = rows(write(tmp_path, "Nazwa;KRS\n" + "x" * 200_000 + ";1\nB;2\n"))
    assert [getattr(row, "code", "") for row in found] == ["cell_too_long", ""]


def test_a_line_without_end_stops_the_run(tmp_path):
    assert error(write(tmp_path, "Nazwa;KRS\n" + "x;" * 600_000)).code == "line_too_long"


def test_a_file_cut_inside_quotation_marks(tmp_path):
    assert error(write(tmp_path, 'Nazwa;KRS\nA;1\n"B')).code == "truncated"


def test_a_file_cut_inside_a_character(tmp_path):
    whole = "Nazwa;Miejscowość\nA;Święciechowa\nB;Łódź".encode()
    assert error(write(tmp_path, whole[:-1])).code == "truncated"


def test_a_file_cut_inside_a_row(tmp_path):
    assert error(write(tmp_path, "Nazwa;KRS;NIP\nA;1;2\nB;1")).code == "truncated"
    assert len(rows(write(tmp_path, "Nazwa;KRS;NIP\nA;1;2\nB;1;2"))) == 2


def test_a_broken_character_refuses_its_row_only(tmp_path):
    content = "Nazwa;Miejscowość\nKółko;Święciechowa\nŻółw;Łódź\n".encode()
    content += b"A\xff;Leszno\n" + "Źdźbło;Łódź\n".encode()
    found = rows(write(tmp_path, content))
    assert [getattr(row, "code", "") for row in found] == ["", "", "encoding", ""]
    assert found[2].field == "legal_name"


def test_a_nul_does_no_harm(tmp_path):
    assert names(write(tmp_path, "Nazwa;KRS\nA\0B" + "x" * 200 + ";1\n")) == ["AB" + "x" * 200]


def test_the_header_again_is_no_row(tmp_path):
    assert names(write(tmp_path, "Nazwa;KRS\nA;1\nNAZWA ; krs\nB;2\n")) == ["A", "B"]


def test_a_header_and_nothing_below(tmp_path):
    assert error(write(tmp_path, "Nazwa;KRS\n;\n")).code == "no_rows"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html>\n<html><body>Nazwa;KRS</body></html>", "html"),
        (b"\xef\xbb\xbf  <html>", "html"),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">', "html"),
        (b"<table><tr><td>Nazwa</td><td>KRS</td></tr></table>", "html"),
        (b'<?xml version="1.0"?><a/>', "format"),
        (b'{"nazwa": 1}', "format"),
        (b"%PDF-1.7", "format"),
        (b"\x1f\x8b\x08\x00", "format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "xls"),
        (b"N\0a\0z\0w\0a\0;\0" * 40, "binary"),
        (b"ala;ma;kota\n1;2;3\n", "header"),
        (b"Nazwa\nA\n", "header"),
        (b"Nazwa;KRS;Nazwa organizacji\nA;1;B\n", "header_duplicate"),
    ],
)
def test_what_is_no_table_stops_the_run(tmp_path, content, code):
    assert error(write(tmp_path, content)).code == code


def test_a_missing_column_is_named(tmp_path):
    stop = error(write(tmp_path, "Nazwa;NIP\nA;1\n"), needed=("krs", "nip"))
    assert (stop.code, stop.detail) == ("header_missing", {"fields": ["krs"]})


def test_a_file_too_big(tmp_path):
    assert error(write(tmp_path, "Nazwa;KRS\nA;1\n"), limits=Limits(max_bytes=5)).code == "too_big"


# ---------------------------------------------------------------- people


def test_columns_of_people_never_leave_the_reader(tmp_path):
    text = (
        "Nazwa;Nr wpisu;Przedstawiciel;Skład zarządu;Prezes;PESEL;Osoba do kontaktu;"
        "Imię i nazwisko;Adres zamieszkania;Telefon;Ulubiony kolor\n"
        "A;1;SEKRET;SEKRET;SEKRET;SEKRET;SEKRET;SEKRET;SEKRET;65 529 81 00;SEKRET\n"
    )
    found = table.open_table(write(tmp_path, text))
    assert "SEKRET" not in repr(list(found.rows()))
    assert len(found.dropped) == 7
    assert found.unknown == ["Ulubiony kolor"]


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Nr wpisu", "register_number"),
        ("NUMER W EWIDENCJI", "register_number"),
        ("L.p.", ""),
        ("Województwo ", "voivodeship"),
        ("Data wykreślenia", "removed_date"),
        ("E-mail", "email"),
        ("Adres  e-mail:", "email"),
        ("Nr  KRS*", "krs"),
        ("Nazwa\norganizacji", "legal_name"),
        ("legal_name", "legal_name"),
        ("Siedziba/adres", "address"),
        ("Telefon", "phone"),
        ("Telefon prezesa", ""),
        ("Organizacja pożytku publicznego", "opp"),
    ],
)
def test_headings(heading, field):
    assert headers.load().column(heading).field == field


def test_headings_of_a_source_of_its_own(tmp_path):
    path = write(tmp_path, "Jak się zwie;Osobowość;KRS\nA;B;1\n")
    own = {"jak się zwie": "legal_name", "OSOBOWOŚĆ": "legal_form"}
    assert [row.values for row in rows(path, columns=own)] == [
        {"legal_name": "A", "legal_form": "B", "krs": "1"}
    ]
    assert error(path, columns={"Osobowość": "sources"}).code == "columns"


# ---------------------------------------------------------------- XLSX


HEAD = ["Lp.", "Nazwa", "Nr KRS", "Data wpisu"]


def test_an_excel_file(tmp_path):
    path = workbook(
        tmp_path,
        ["Ewidencja"],
        [],
        HEAD,
        [1, "Kółko „Ż”", 31247.0, datetime(2004, 2, 3)],
        [],
        [2, "B", "0000031248", date(2020, 12, 31)],
        [3, "C", 6970020756, "3.2.2004"],
        [4, "D"],
    )
    found = table.open_table(path)
    assert (found.format, found.sheet, found.header_row) == ("xlsx", "Arkusz1", 3)
    assert list(found.rows()) == [
        RawRow(4, {"legal_name": "Kółko „Ż”", "krs": "31247", "registered_date": "2004-02-03"}),
        RawRow(6, {"legal_name": "B", "krs": "0000031248", "registered_date": "2020-12-31"}),
        RawRow(7, {"legal_name": "C", "krs": "6970020756", "registered_date": "3.2.2004"}),
        RawRow(8, {"legal_name": "D", "krs": "", "registered_date": ""}),
    ]


def test_hidden_and_merged(tmp_path):
    def change(book):
        hidden = book.create_sheet("ukryty", 0)
        hidden.append(HEAD)
        hidden.append([1, "UKRYTA", 1, ""])
        hidden.sheet_state = "hidden"
        book.create_sheet("opis", 1).append(["Objaśnienia do ewidencji"])
        book["Arkusz1"].merge_cells("A1:D1")

    path = workbook(tmp_path, ["Ewidencja"], HEAD, [1, "A", 5, ""], change=change)
    assert names(path) == ["A"]


def test_a_formula_without_a_result_and_an_excel_error(tmp_path):
    path = workbook(
        tmp_path,
        HEAD,
        [1, "A", "=B2", ""],
        [2, "B", 7, ""],
        [3, "C", "#N/A", ""],
        [4, "D", 8, "=1/0"],
    )
    found = rows(path)
    assert [(row.row, row.field, row.code) for row in found if isinstance(row, Refusal)] == [
        (2, "krs", "formula"),
        (4, "krs", "cell_error"),
        (5, "registered_date", "formula"),
    ]
    assert [row.number for row in found if isinstance(row, RawRow)] == [3]


def test_a_formula_with_a_saved_result(tmp_path):
    path = workbook(tmp_path, HEAD, [1, "=B9", 5, ""])
    replace(
        path,
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"<v></v>", b"<v>12</v>").replace(b"<v />", b"<v>12</v>"),
    )
    assert names(path) == ["12"]


def replace(path: Path, member: str, change) -> None:
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    content[member] = change(content[member])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in content.items():
            archive.writestr(name, body)


@pytest.mark.parametrize(
    "member", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml"]
)
@pytest.mark.parametrize("code", ["utf-8", "utf-16"])
def test_an_xml_bomb_is_refused_before_it_is_parsed(tmp_path, member, code):
    path = workbook(tmp_path, HEAD, [1, "A", 5, ""])
    entities = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
    start = f'<?xml version="1.0" encoding="{code}"?>{entities}'
    replace(path, member, lambda xml: start.encode(code) + xml)
    stop = error(path)
    assert (stop.code, stop.detail) == ("bomb", {"why": "doctype"})


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = workbook(tmp_path, HEAD, [1, "A", 5, ""])
    replace(path, "xl/worksheets/sheet1.xml", lambda xml: xml + b" " * (20 << 20))
    assert error(path).detail["why"] == "ratio"
    assert error(path, limits=Limits(max_unpacked=1 << 20)).detail["why"] == "size"
    assert error(path, limits=Limits(max_entries=3)).detail["why"] == "entries"


def test_an_encrypted_member(tmp_path):
    path = workbook(tmp_path, HEAD, [1, "A", 5, ""])
    content = bytearray(path.read_bytes())
    # Bit 0 of the flags in every record of the zip's directory: encrypted.
    start = 0
    while (start := content.find(b"PK\x01\x02", start)) >= 0:
        content[start + 8] |= 1
        start += 4
    path.write_bytes(content)
    assert error(path).code == "encrypted"


def test_other_kinds_of_cell(tmp_path):
    line = [1, True, 5.25, datetime(2020, 1, 2, 8, 30)]
    assert rows(workbook(tmp_path, HEAD, line)) == [
        RawRow(2, {"legal_name": "true", "krs": "5.25", "registered_date": "2020-01-02T08:30:00"})
    ]


def test_a_cut_excel_file(tmp_path):
    path = workbook(tmp_path, HEAD, *[[n, f"Nazwa {n}", n, ""] for n in range(1, 200)])
    path.write_bytes(path.read_bytes()[:-400])
    assert error(path).code == "truncated"


def test_a_damaged_member(tmp_path):
    path = workbook(tmp_path, HEAD, [1, "A", 5, ""])
    replace(path, "xl/worksheets/sheet1.xml", lambda xml: xml[: len(xml) // 2])
    assert error(path).code == "broken"


def test_another_zip_is_no_excel_file(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    stop = error(path)
    assert (stop.code, stop.detail) == ("format", {"found": "zip"})


def test_an_excel_file_without_a_header(tmp_path):
    assert error(workbook(tmp_path, ["a", "b"], [1, 2])).code == "header"


# ---------------------------------------------------------------- size and the real list


def test_a_long_file_streams_in_constant_memory(tmp_path):
    path = tmp_path / "long.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("Lp;Nazwa;KRS;Miejscowość\n")
        for number in range(100_000):
            file.write(f"{number};STOWARZYSZENIE ŻÓŁTY {number};{number:010};LESZNO\n")
    tracemalloc.start()
    count = sum(1 for _ in table.open_table(path).rows())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 100_000
    assert peak < 12_000_000


def test_rows_come_before_the_end_of_the_file_is_seen(tmp_path):
    path = write(tmp_path, 'Nazwa;KRS\nA;1\nB;2\n"C')
    assert [row.number for row in islice(table.open_table(path).rows(), 2)] == [2, 3]


def test_the_national_list():
    found = table.open_table(shared("opp/opp-list-2025.csv"))
    read = list(found.rows())
    assert len(read) == 9181
    assert all(isinstance(row, RawRow) for row in read)
    assert (found.encoding, found.delimiter, found.unknown, found.dropped) == ("utf-8", ",", [], [])


def test_ascii_is_utf_8(tmp_path):
    assert encoding.find(write(tmp_path, "abc")) == "utf-8"
