"""Names of persons in texts, and names after which bodies, streets and prizes are called."""

import csv
import time

import pytest

from ckanext.leszno_ngo import personal_data, polish
from ckanext.leszno_ngo.polish import persons
from tests.shared_data import shared


@pytest.mark.parametrize(
    "text",
    ["Kontakt: Jan Kowalski", "prezes Anna Nowak-Wiśniewska", "rozmowa z Janem Kowalskim",
     "zbiórka na leczenie Jana Kowalskiego", "PREZES JAN KOWALSKI", "Kowalska Maria", "J. Kowalski",
     "pani Kowalska", "pomoc Annie Nowak", "Zdzisława Brzęczyszczykiewicz"],
)  # fmt: skip
def test_a_person_in_a_text_is_found(text):
    assert len(persons.find(text)) == 1


@pytest.mark.parametrize(
    "text",
    ["", "Szkoła im. Jana Kowalskiego", "imienia Józefa Piłsudskiego", "idee Jana Pawła II",
     "ul. Jana Kowalskiego", "św. Jan Bosko", "Maria i Józef", "Rada Rodziców w Lesznie",
     "Fundacja Anny Nowak", "Prezydent Miasta Leszna", "pomoc dzieciom", "SPORT DZIECI I MŁODZIEŻY",
     "twórczość Jana Kowalskiego", "Memoriał Jana Kowalskiego"],
)  # fmt: skip
def test_a_patron_is_none(text):
    assert persons.find(text) == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Jan Kowalski, ul. Sekretna 1", True),
        ("u Jana Kowalskiego, Rynek 1", True),
        ("c/o Anna Nowak", True),
        ("Kowalski Jan, Rynek 2", True),
        ("Stanisława Kowalska", True),
        ("ul. Jana Pawła II 5", False),
        ("STANISŁAWA MONIUSZKI", False),
        ("Władysława Nowaka", False),
        ("KS. H.ARCZEWSKIEGO", False),
        ("dr. Jana Metziga", False),
        ("Marii Skłodowskiej-Curie", False),
        ("Kazimierza Karasia", False),
    ],
)
def test_a_person_in_an_address_is_found_and_no_patron_of_a_street(line, expected):
    assert persons.named_in_line(line) is expected


@pytest.mark.parametrize(
    "name",
    ["Jan Kowalski", "JAN KOWALSKI", "jan kowalski", "Anna i Jan Kowalscy", "dr Jan Kowalski",
     "Jan Kowalski i Anna Nowak", "Jan Kowalski, Anna Nowak", "A. Nowak", "p. Kowalska",
     "Jan Kowalski (osoba fizyczna)", "Grupa nieformalna: Jan Kowalski", "Firma Jan Kowalski"],
)  # fmt: skip
def test_a_name_of_one_person_or_more(name):
    assert persons.may_be(name)
    assert persons.may_be(name, registered=True)


@pytest.mark.parametrize(
    "name",
    ["Fundacja im. Jana Kowalskiego", "Szkoła Podstawowa nr 2 im. Jana Kowalskiego", "UKS Dwójka",
     "Fundacja Anny Nowak", "Towarzystwo im. Marii Skłodowskiej", "Miasto Leszno", "Fundacja"],
)  # fmt: skip
def test_a_name_of_a_body(name):
    assert not persons.may_be(name)


def test_of_the_real_list_hardly_a_body_is_held_back():
    with shared("opp/opp-list-2025.csv").open(encoding="utf-8-sig") as file:
        names = [row["Name"] for row in csv.DictReader(file)]
    said = [(name, polish.readable_name(name)) for name in names]
    held = [pair for pair in said if any(persons.may_be(n, registered=True) for n in pair)]
    vague = [pair for pair in said if any(map(persons.may_be, pair))]
    # 10 and 257 of 9181 as this is written.
    assert len(held) < 0.003 * len(names)
    assert len(vague) < 0.04 * len(names)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("tel. kom. +48 601-234-567", "tel. kom. […]"),
        ("0048601234567", "[…]"),
        ("(601) 234 567", "[…]"),
        ("601 23 45 67", "[…]"),
        ("60 123 45 67", "[…]"),
        ("601.234.567", "[…]"),
        ("tel. 65 529 81 00", "tel. 65 529 81 00"),
        ("REGON 601234567", "REGON 601234567"),
        ("501 234 567 zł", "501 234 567 zł"),
        ("61 1090 1014 0000 0712 1981 2874", "61 1090 1014 0000 0712 1981 2874"),
        ("zam. w Lesznie, Słowiańska 5/3", "zam. […]"),
        ("Adres zamieszkania: Wilkowice, ul. Leśna 4", "Adres zamieszkania: […]"),
        ("przy ul. 3 Maja 5/7, 64-100 Leszno", "przy […]"),
        ("Anna Nowak, ul. Leśna 12", "[…], […]"),
        ("siedziba: ul. Karasia 15", "siedziba: ul. Karasia 15"),
        (
            "dzieci zamieszkałych w Lesznie w 2023 roku",
            "dzieci zamieszkałych w Lesznie w 2023 roku",
        ),
        ("Stowarzyszenie Alfa, tel. 601 234 567", "Stowarzyszenie Alfa, tel. […]"),
        ("Ziemek Ćwikła tel. 601234567", "[…] tel. […]"),
        ("Jan Nowak, Anna Nowak, 601234567", "[…], […], […]"),
    ],
)
def test_what_is_masked(text, masked):
    assert personal_data.redact(text) == masked


@pytest.mark.parametrize(
    "unit",
    ["6", "60 ", "ul. a ", "Jan Kowalski ", "Ab ", "zam. ", "ul. Ab 5/", "601 234 567 ", "x@", "1-",
     "Jan Nowak 601234567 ", "zam A "],
)  # fmt: skip
def test_twice_the_length_costs_twice(unit):
    def cost(length):
        text = (unit * length)[:length]
        times = []
        for _ in range(3):
            begun = time.process_time()
            personal_data.find(text)
            times.append(time.process_time() - begun)
        return min(times)

    assert cost(6_000) < 3.5 * cost(3_000) + 0.02
