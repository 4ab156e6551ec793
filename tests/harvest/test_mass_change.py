"""A file that is wrong as a whole goes nowhere; a sensible change of one goes in."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from ckan.tests.helpers import call_action
from ckanext.harvest.model import HarvestSource

from ckanext.leszno_ngo.harvest import jobs
from ckanext.leszno_ngo.harvest.date_order import DateOrder
from ckanext.leszno_ngo.harvest.garbled import is_garbled
from ckanext.leszno_ngo.harvest.model import RawRow, SourceError
from ckanext.leszno_ngo.harvest.settings import known_options
from ckanext.leszno_ngo.harvest.source_kinds import SOURCE_KINDS
from tests import identifiers
from tests.harvest import fake_server

REGISTER = Path(__file__).parents[2] / "devstack" / "data" / "opp-leszno-2025.csv"
HEADINGS = ("KRS", "NIP", "Nazwa", "Ulica", "Nr domu", "Kod pocztowy", "Miejscowość", "Data wpisu",
            "E-mail", "Cele")  # fmt: skip
STREETS = ("Kazimierza Karasia", "Bolesława Chrobrego", "Słowiańska", "Wróblewskiego", "Łąkowa")
Table = list[dict[str, str]]


def register() -> Table:
    """Return the bundled register with columns of a city's own beside its own."""
    rows = []
    for n, row in enumerate(csv.DictReader(REGISTER.open(encoding="utf-8")), 1):
        day, month = n * 9 % 28 + 1, n % 12 + 1
        own = (STREETS[n % 5], str(n), "64-100", "Leszno", f"{2000 + n % 20}-{month:02}-{day:02}",
               f"biuro@org{n}.pl", f"Działalność społeczna nr {n}")  # fmt: skip
        rows.append(dict(zip(HEADINGS, (row["KRS"], row["NIP"], row["Name"], *own), strict=True)))
    return rows


def written(rows: Table, headings=HEADINGS, encoding: str = "utf-8", columns=None) -> bytes:
    """Return a CSV file; ``columns`` are the keys of the values, where not the headings."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(headings)
    for row in rows:
        writer.writerow([row.get(name, "") for name in columns or headings])
    return out.getvalue().encode(encoding, "replace")


def alone_sorted(name: str) -> Callable[[Table], bytes]:
    def change(rows: Table) -> bytes:
        values = sorted((row[name] for row in rows), reverse=name == "KRS")
        return written([{**row, name: v} for row, v in zip(rows, values, strict=True)])

    return change


def shifted(name: str, by: int = 1) -> Callable[[Table], bytes]:
    """One column one row too low."""

    def change(rows: Table) -> bytes:
        values = [row[name] for row in rows]
        moved = values[-by:] + values[:-by]
        return written([{**row, name: v} for row, v in zip(rows, moved, strict=True)])

    return change


def swapped(one: str, other: str) -> Callable[[Table], bytes]:
    def change(rows: Table) -> bytes:
        columns = [{one: other, other: one}.get(name, name) for name in HEADINGS]
        return written(rows, columns=columns)

    return change


def each(name: str, convert: Callable[[str], str], where: Callable[[int], bool] = lambda _n: True):
    def change(rows: Table) -> bytes:
        return written(
            [{**r, name: convert(r[name])} if where(n) else r for n, r in enumerate(rows)]
        )

    return change


def reread(encoding: str, times: int = 1) -> Callable[[Table], bytes]:
    """UTF-8 opened as an 8-bit encoding and saved as UTF-8 again."""

    def change(rows: Table) -> bytes:
        text = written(rows).decode()
        for _ in range(times):
            text = text.encode().decode(encoding, "replace")
        return text.encode()

    return change


def mixed(first: str, second: str) -> Callable[[Table], bytes]:
    """Half of the rows in one encoding, half in the other."""

    def change(rows: Table) -> bytes:
        lines = written(rows).decode().splitlines(keepends=True)
        half = len(lines) // 2
        return "".join(lines[:half]).encode(first) + "".join(lines[half:]).encode(second)

    return change


def american(value: str) -> str:
    year, month, day = value.split("-")
    return f"{month}/{day}/{year}"


def no_diacritics(value: str) -> str:
    return value.translate(str.maketrans("ĄĆĘŁŃÓŚŹŻąćęłńóśźż", "ACELNOSZZacelnoszz"))


#: Change of the register → it must not go in.
HOSTILE: dict[str, Callable[[Table], bytes]] = {
    "names sorted alone": alone_sorted("Nazwa"),
    "KRS sorted alone": alone_sorted("KRS"),
    "NIP sorted alone": alone_sorted("NIP"),
    "streets sorted alone": alone_sorted("Ulica"),
    "dates sorted alone": alone_sorted("Data wpisu"),
    "names one row down": shifted("Nazwa"),
    "KRS one row down": shifted("KRS"),
    "NIP one row down": shifted("NIP"),
    "e-mails one row down": shifted("E-mail"),
    "aims five rows down": shifted("Cele", 5),
    "KRS and NIP swapped": swapped("KRS", "NIP"),
    "name and street swapped": swapped("Nazwa", "Ulica"),
    "name and aims swapped": swapped("Nazwa", "Cele"),
    "street and town swapped": swapped("Ulica", "Miejscowość"),
    "headings sorted alone": lambda rows: written(rows, sorted(HEADINGS), columns=HEADINGS),
    "every column one to the right": lambda rows: written(
        rows, columns=(HEADINGS[-1], *HEADINGS[:-1])
    ),
    "? for Polish letters": lambda rows: written(rows, encoding="ascii"),
    "? in the streets alone": each("Ulica", lambda v: v.encode("ascii", "replace").decode()),
    "? in one new row": lambda rows: written(
        [*rows, {"KRS": "0000000168", "Nazwa": "STOWARZYSZENIE „?WI?TE S?OWO”"}]
    ),
    "UTF-8 read as Windows-1250": reread("cp1250"),
    "UTF-8 read as Windows-1252": reread("cp1252"),
    "UTF-8 read as ISO-8859-1": reread("latin-1"),
    "UTF-8 read as ISO-8859-2": reread("iso-8859-2"),
    "UTF-8 read as Windows-1250, twice": reread("cp1250", 2),
    "UTF-8, then Windows-1250": mixed("utf-8", "cp1250"),
    "Windows-1250, then UTF-8": mixed("cp1250", "utf-8"),
    "ISO-8859-2, then UTF-8": mixed("iso-8859-2", "utf-8"),
    "Windows-1250 read as ISO-8859-1": each(
        "Ulica", lambda v: v.encode("cp1250").decode("latin-1")
    ),
    "U+FFFD in a third of the names": each("Nazwa", lambda v: v + " \ufffd", lambda n: n % 3 == 0),
    "names without diacritics": each("Nazwa", no_diacritics),
    "names cleared": each("Nazwa", lambda _v: ""),
    "KRS cleared": each("KRS", lambda _v: ""),
    "NIP cleared": each("NIP", lambda _v: ""),
    "e-mails cleared": each("E-mail", lambda _v: ""),
    "towns and streets cleared": lambda rows: written(
        [{**row, "Ulica": "", "Miejscowość": ""} for row in rows]
    ),
    "American dates": each("Data wpisu", american),
    "American dates in ten rows": each("Data wpisu", american, lambda n: n < 10),
    "two thirds of the rows gone": lambda rows: written(rows[:10]),
    "a quarter of the names are others": each("Nazwa", lambda v: f"INNA {v}", lambda n: n % 4 == 0),
}


def changed_rows(rows: Table, numbers: range, **values: str) -> bytes:
    return written([{**r, **values} if n in numbers else r for n, r in enumerate(rows)])


#: Change of the register → records that it adds and changes.
SENSIBLE: dict[str, tuple[Callable[[Table], bytes], tuple[int, int]]] = {
    "the rows in another order": (lambda rows: written(rows[::-1]), (0, 0)),
    "the columns in another order": (lambda rows: written(rows, HEADINGS[::-1]), (0, 0)),
    "saved as Windows-1250": (lambda rows: written(rows, encoding="cp1250"), (0, 0)),
    "saved with a byte-order mark": (lambda rows: written(rows, encoding="utf-8-sig"), (0, 0)),
    "a column is not there any more": (lambda rows: written(rows, HEADINGS[:-1]), (0, 0)),
    "dates as Poles write them": (
        each("Data wpisu", lambda v: ".".join(reversed(v.split("-")))),
        (0, 0),
    ),
    "entities of a web page in the place of letters": (
        each("Nazwa", lambda v: v.encode("ascii", "xmlcharrefreplace").decode()),
        (0, 0),
    ),
    "one row renamed": (
        lambda rows: changed_rows(rows, range(1), Nazwa="STOWARZYSZENIE NOWE"),
        (0, 1),
    ),
    "five addresses changed": (
        lambda rows: changed_rows(rows, range(1, 6), Ulica="Rynek", **{"Nr domu": "7"}),
        (0, 6),  # and the name of before is back
    ),
    "four rows gone": (lambda rows: changed_rows(rows[:26], range(0)), (0, 5)),
    "new rows": (
        lambda rows: written(
            [*rows, {"KRS": "0000000168", "Nazwa": "KTO TAM? STOWARZYSZENIE „ŻÓŁĆ”",
                     "Data wpisu": "2024-05-03"}]
        ),
        (1, 0),
    ),
}  # fmt: skip


def test_no_hostile_variant_of_the_register_goes_in(harvest):
    rows = register()
    source = harvest.source("register")
    assert run(harvest, source, written(rows)).added == 30
    before = harvest.records()
    gone_in = []
    for name, change in HOSTILE.items():
        report = run(harvest, source, change(rows), dry_run=True)
        if report.stop is None:
            gone_in.append((name, report.changed, report.added))
    assert gone_in == []
    assert run(harvest, source, HOSTILE["names sorted alone"](rows)).stop
    assert harvest.records() == before
    for name, (change, expected) in SENSIBLE.items():
        report = run(harvest, source, change(rows))
        assert report.stop is None, (name, report.stop)
        assert (report.added, report.changed) == expected, name


def run(harvest, source, content: bytes, **keywords):
    file = harvest.folder / "source.csv"
    file.write_bytes(content)
    if "dry_run" in keywords:
        return jobs.perform(HarvestSource.get(source), "", file=file, **keywords)
    return harvest.run(source, None, file=file, **keywords)


def test_the_bundled_list_itself_is_guarded(harvest):
    source = harvest.source("opp", tax_year=2025)
    good = REGISTER.read_text(encoding="utf-8")
    assert run(harvest, source, good.encode()).added == 30
    header, *lines = good.splitlines(keepends=True)
    rows = list(csv.reader(lines))
    names = sorted(row[3] for row in rows)
    out = io.StringIO()
    csv.writer(out).writerows([*r[:3], n, *r[4:]] for r, n in zip(rows, names, strict=True))
    assert run(harvest, source, (header + out.getvalue()).encode()).stop.code == "names_share"
    garbled = good.encode().decode("cp1250", "replace").encode()
    assert run(harvest, source, garbled).stop.code in ("refused_share", "names_share")
    assert run(harvest, source, good.encode(), changes={"tax_year": 2026}).changed == 30


def test_a_person_confirms_that_plan_and_no_other(harvest):
    rows = register()
    source = harvest.source("register")
    run(harvest, source, written(rows))
    renamed = each("Nazwa", lambda v: f"{v} W LESZNIE")(rows)
    asked = run(harvest, source, renamed)
    assert [doubt.code for doubt in asked.stop.doubts] == ["names_share", "field_share"]
    messages = [one["message"] for one in harvest.job()["gather_error_summary"]]
    assert any(asked.stop.plan in message for message in messages), "the report says how"
    other = each("Nazwa", lambda v: f"{v} W GOSTYNIU")(rows)
    assert run(harvest, source, other, confirmed=asked.stop.plan).stop.plan != asked.stop.plan
    assert run(harvest, source, renamed, confirmed="").stop.plan == asked.stop.plan
    report = run(harvest, source, renamed, confirmed=asked.stop.plan)
    assert (report.stop, report.changed) == (None, 30)
    assert run(harvest, source, renamed).unchanged == 30


def test_a_catalogue_changed_meanwhile_asks_again(harvest):
    rows = register()
    source = harvest.source("register")
    run(harvest, source, written(rows))
    renamed = each("Nazwa", lambda v: f"{v} W LESZNIE")(rows)
    asked = run(harvest, source, renamed)
    run(harvest, source, changed_rows(rows, range(1), Ulica="Rynek"))
    assert run(harvest, source, renamed, confirmed=asked.stop.plan).stop is not None


def test_american_dates_are_read_when_the_source_says_so(harvest):
    rows = register()
    source = harvest.source("register", date_order="month_first")
    report = run(harvest, source, each("Data wpisu", american)(rows))
    assert (report.stop, report.added, report.set_aside) == (None, 30, [])
    wanted = {row["KRS"]: row["Data wpisu"] for row in rows}
    assert {k: r["registered_date"] for k, r in harvest.records().items()} == wanted


# ---------------------------------------------------------------------------------- other kinds
BIRDS = [
    "ŻURAWIE",
    "BOCIANY",
    "GŁUSZCE",
    "DROPIE",
    "ŁABĘDZIE",
    "SOKOŁY",
    "KRUKI",
    "SÓJKI",
    "WRÓBLE",
    "CZAPLE",
]
Names = dict[tuple[str, str], str]


def serve_extracts(server, names: Names) -> None:
    for (krs, nip), name in names.items():
        extract = fake_server.invented_extract(krs)
        body = extract["odpis"]["dane"]["dzial1"]["danePodmiotu"]
        body |= {"nazwa": name, "identyfikatory": {"nip": nip}}
        server.add_extract(extract)


def serve_catalogue(server, names: Names) -> None:
    """This catalogue's own records, served as another's."""
    found = call_action("package_search", fq="dataset_type:ngo", rows=100)
    for record in found["results"]:
        record["title"] = record["legal_name"] = names[record["krs"], record["nip"]]
    body = json.dumps({"success": True, "result": found}).encode()
    served = fake_server.answer(body, content_type="application/json")
    server.files["/api/3/action/package_search"] = served


def with_names(names: Names, others: list[str]) -> Names:
    return dict(zip(names, others, strict=True))


@pytest.mark.parametrize(("kind", "serve"), [("krs", serve_extracts), ("ckan", serve_catalogue)])
def test_sources_that_are_no_files_are_guarded_too(harvest, server, open_network, kind, serve):
    names = {(identifiers.krs(), identifiers.nip()): f"STOWARZYSZENIE {bird}" for bird in BIRDS}
    rows = [f"{krs};{nip};{name}\n" for (krs, nip), name in names.items()]
    harvest.run(harvest.source(), "KRS;NIP;Nazwa\n" + "".join(rows))
    source = harvest.source(kind, url=server.url, priority=50)
    serve(server, names)
    assert harvest.run(source).stop is None
    before, said = harvest.records(), list(names.values())
    hostile = {
        "garbled": with_names(names, [n.encode().decode("cp1250", "replace") for n in said]),
        "names_share": with_names(names, said[1:] + said[:1]),
    }
    for code, changed in hostile.items():
        serve(server, changed)
        asked = harvest.run(source)
        assert asked.stop, code
        assert code in [doubt.code for doubt in asked.stop.doubts]
        assert harvest.records() == before
    report = harvest.run(source, confirmed=asked.stop.plan)
    assert (report.stop, report.changed) == (None, len(BIRDS))
    serve(server, with_names(names, [*said[1:], "STOWARZYSZENIE DZIĘCIOŁY"]))
    assert (report := harvest.run(source)).stop is None
    assert report.changed == 1


def test_every_kind_of_source_has_the_limit():
    without = [
        k for k in SOURCE_KINDS if "max_changed_share" not in known_options(f"leszno_ngo_{k}")
    ]
    assert without == []


# ---------------------------------------------------------------------------------- dates
def dates(*texts: str) -> DateOrder:
    order = DateOrder()
    for number, text in enumerate(texts, 2):
        order.see(RawRow(number, {"registered_date": text, "legal_name": "1/2/2024"}))
    return order


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        (("12/31/2024", "03/04/2025"), "american_dates"),
        (("03/04/2025", "05/06/2025", "01/02/2025"), "either_dates"),
        (("31/12/2024", "12/31/2024"), "american_dates"),
    ],
)
def test_american_dates_are_told(texts, code):
    with pytest.raises(SourceError) as error:
        dates(*texts).check()
    assert error.value.code == code


@pytest.mark.parametrize(
    "texts",
    [
        ("2024-12-31", "2024-03-04"),
        ("31.12.2024", "03.04.2025"),
        ("03.04.2025", "05.06.2025", "01.02.2025"),
        ("31/12/2024", "03/04/2025"),
        ("03/04/2025",),
        ("12.31.2024", *("31.12.2024",) * 9),
        ("", "brak", "45292"),
    ],
)
def test_dates_that_are_no_american_ones(texts):
    dates(*texts).check()


# ---------------------------------------------------------------------------------- letters
@pytest.mark.parametrize(
    "text",
    ["Kto tam? Fundacja", "https://x.pl/?id=3", "R&D; S&P", "sala 30 m³", "Škoda", "Café", "§ 3",
     "Fundacja „Świat” – dla dzieci…", "Zażółć gęślą jaźń", "„Czy można?”", "10×20", "5 °C"],
)  # fmt: skip
def test_texts_that_lost_nothing(text):
    assert not is_garbled(text)


@pytest.mark.parametrize(
    "text",
    ["Le?no", "?ódź", "KO?O", "Å‚ódka", "Ä…", "ZaÅ¼Ã³Å‚Ä‡", "Ĺ‚", "Le¶na", "Zespó³", "S³owo",
     "£ódzki ¦wiat", "\\u0142", "=C5=82", "\ufffd", "Åšwiat"],
)  # fmt: skip
def test_texts_that_lost_letters(text):
    assert is_garbled(text)
