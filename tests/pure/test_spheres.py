"""Spheres derived from names, aims and PKD codes of real organisations."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.leszno_ngo import vocabularies
from ckanext.leszno_ngo.cooperation import spheres

LESZNO = {
    '"LIONS CLUB LESZNO 2000"': ["3"],
    "STOWARZYSZENIE LESZCZYŃSKI BANK ŻYWNOŚCI": ["1", "3"],
    'LESZCZYŃSKIE STOWARZYSZENIE "KLUB ABSTYNENTÓW" W LESZNIE': ["32"],
    "TERENOWY KOMITET OCHRONY PRAW DZIECKA W LESZNIE": ["15", "31"],
    'LESZCZYŃSKIE STOWARZYSZENIE REHABILITACYJNE "AMAZONKA"': ["6"],
    "MIEJSKI KLUB PŁYWACKI ASTROMAL-LESZNO": ["17"],
    "STOWARZYSZENIE DZIECIOM NIEPEŁNOSPRAWNYM": ["7", "15"],
    "FUNDACJA ROZWOJU UROLOGII LESZCZYŃSKIEJ": ["6"],
    "TOWARZYSTWO PRZYJACIÓŁ II LICEUM OGÓLNOKSZTAŁCĄCEGO IM. MIKOŁAJA KOPERNIKA W LESZNIE": ["14"],
    "FUNDACJA EDUKACYJNA PRO MUSICA": ["14", "16"],
    "STOWARZYSZENIE PRZYJACIÓŁ PAŃSTWOWEJ SZKOŁY MUZYCZNEJ I I II STOPNIA": ["14", "16"],
    'LESZCZYŃSKIE STOWARZYSZENIE "RAZEM Z NAMI" NA RZECZ DZIECI I MŁODZIEŻY Z '
    "NIEPEŁNOSPRAWNOŚCIĄ INTELEKTUALNĄ": ["7", "15"],
    'FUNDACJA CHORYCH NA ZESPÓŁ DANDY - WALKERA "PODAJ DALEJ"': ["6", "7"],
    "STOWARZYSZENIE OFICERÓW REZERWY 69 LESZCZYŃSKIEGO PUŁKU PRZECIWLOTNICZEGO": ["4", "21"],
    "TOWARZYSTWO PRZYJACIÓŁ ZESPOŁU SZKÓŁ NR 4 W LESZNIE": ["14"],
    "STOWARZYSZENIE PRZYJACIÓŁ I LICEUM OGÓLNOKSZTAŁCĄCEGO W LESZNIE": ["14"],
    "POLSKIE STOWARZYSZENIE NA RZECZ OSÓB Z NIEPEŁNOSPRAWNOŚCIĄ INTELEKTUALNĄ KOŁO W LESZNIE": [
        "7"
    ],
    "STOWARZYSZENIE PRZYJACIÓŁ LESZCZYŃSKIEJ SZKOŁY ROLNICZO - BUDOWLANEJ": ["14"],
    'STOWARZYSZENIE "AKTYWNA TRZYNASTKA"': ["14"],
    "POLSKIE STOWARZYSZENIE DIABETYKÓW ODDZIAŁ REJONOWY W LESZNIE": ["6"],
    "FUNDACJA JESIENNY UŚMIECH": ["10"],
    "STOWARZYSZENIE PRZYJACIÓŁ HARCERSTWA HUFCA ZHP LESZNO": ["4", "15"],
    "LESZCZYŃSKIE STOWARZYSZENIE ARTYSTYCZNE IM. FRYDERYKA CHOPINA": ["16"],
    "FUNDACJA LONDON POLISH SOCIETY": ["26", "28", "30"],
    'STOWARZYSZENIE NA RZECZ OSÓB NIEPEŁNOSPRAWNYCH "NASZ DOM - NASZ ŚWIAT"': ["7"],
    # These names say nothing of what the organisation does.
    'FUNDACJA "ODZEW"': [],
    'STOWARZYSZENIE "KOLORY"': [],
    "STOWARZYSZENIE WYGRAJ SIEBIE": [],
    'KATOLICKA FUNDACJA "ROZRADUJ SIĘ W PANU"': [],
    'STOWARZYSZENIE "POZYTYWKA"': [],
}


@pytest.mark.parametrize(("name", "codes"), LESZNO.items())
def test_names_of_leszno(name, codes):
    assert sorted(spheres.derive(name)) == sorted(codes)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("ROTARY CLUB ZIELONA GÓRA", "18"),
        ("FUNDACJA ADOPCJE KAUKAZÓW", "1a"),
        ("FUNDACJA NA RZECZ ROZWOJU SZPITALA", "13"),
        ("WOJSKOWY KLUB SPORTOWY", "21"),
        ("STOWARZYSZENIE INNOWACJI SPOŁECZNYCH", "12"),
        ("POMOC DLA BEZDOMNYCH ZWIERZĄT", "1"),
        ("TOWARZYSTWO KRZEWIENIA KULTURY FIZYCZNEJ", "16"),
        ("HOSPICJUM DOMOWE DLA DZIECI", "1a"),
        ("BYŁYCH WIĘŹNIÓW POLITYCZNYCH", "2"),
        ("KLUB POLONIA 1912 LESZNO", "28"),
        ("DRZEWO ŻYCIA", "18"),
        ("SIEDZIBA W LESZNIE", "18"),
        # Who they are is not what they do.
        ("ZWIĄZEK KOMBATANTÓW RP", "21"),
        ("KOŁO ŻOŁNIERZY ARMII KRAJOWEJ", "21"),
        ("WOJSKOWE KOŁO ŁOWIECKIE", "21"),
        ("STOWARZYSZENIE EMERYTÓW STRAŻY MIEJSKIEJ", "20"),
        ("FUNDACJA POMOCY WDOWOM I SIEROTOM PO POLICJANTACH", "20"),
        # Surnames, patrons, quoted names.
        ("FUNDACJA RODZINY KOWALSKICH", "31"),
        ("FUNDACJA RODZINY NOWAKÓW", "31"),
        ("STOWARZYSZENIE RODZIN PATULSKICH", "31"),
        ("FUNDACJA JANA RODZIŃSKIEGO", "31"),
        ('PARAFIALNY KLUB SPORTOWY "RODZINA"', "31"),
        ("TOWARZYSTWO ŚWIĘTEJ RODZINY", "31"),
        ("RODZINNY OGRÓD DZIAŁKOWY KOLEJARZ", "31"),
        ("STOWARZYSZENIE IM. MATKI TERESY Z KALKUTY", "31"),
        ("STOWARZYSZENIE OJCOWIZNA", "31"),
        ("FUNDACJA IM. KS. JANA KACZKOWSKIEGO", "17"),
        ("STOWARZYSZENIE REKS", "17"),
        ('HOSPICJUM "DAR SERCA"', "3"),
        ("CZCICIELE MIŁOSIERDZIA BOŻEGO", "3"),
        ("LICEUM IM. ARMII KRAJOWEJ", "29"),
        ("SZKOŁA IM. DZIECI ZJEDNOCZONEJ EUROPY", "26"),
        # Animals that help people, people who are named by animals or places.
        ("FUNDACJA HIPOTERAPII - KONIE DZIECIOM", "18"),
        ("TERAPIA Z UDZIAŁEM ZWIERZĄT", "18"),
        ("OPOLSKIE PSY RATOWNICZE", "18"),
        ("PIES PRZEWODNIK", "19"),
        ("KOBIETY KOCIEWIA", "18"),
        ("SCHRONISKO DLA BEZDOMNIAKÓW", "1"),
        ("PRZYJACIELE SZKOŁY W GŁUCHOŁAZACH", "7"),
        ("KASZUBSKA FUNDACJA REHABILITACJI", "5"),
        # Words that only look alike.
        ("SZKÓŁKA PIŁKARSKA", "14"),
        ("POLSKA FUNDACJA WYCHOWANIA FIZYCZNEGO", "14"),
        ("KLUB SZTUK WALKI", "16"),
        ("INTEGRACJA SPOŁECZNOŚCI OSIEDLA", "2"),
        ("POMOC SPOŁECZNOŚCIOM WIEJSKIM", "1"),
    ],
)
def test_what_a_name_does_not_say(name, wrong):
    assert wrong not in spheres.derive(name)


@pytest.mark.parametrize(
    ("aims", "codes"),
    [
        ("UPOWSZECHNIANIE KULTURY FIZYCZNEJ I SPORTU WŚRÓD DZIECI I MŁODZIEŻY", ["17", "15"]),
        ("OCHRONA ZWIERZĄT; OCHRONA PRZYRODY; EDUKACJA EKOLOGICZNA", ["18", "14"]),
        ("PROMOCJA I ORGANIZACJA WOLONTARIATU", ["27"]),
        ("POMOC RODZINOM I OSOBOM W TRUDNEJ SYTUACJI ŻYCIOWEJ", ["1"]),
        ("SZKOLENIA SPORTOWE", ["17"]),
        ("POPRAWA BEZPIECZEŃSTWA I HIGIENY PRACY", []),
        ("WSPÓŁPRACA Z ORGANIZACJAMI POZARZĄDOWYMI, POLICJĄ I STRAŻĄ MIEJSKĄ", []),
        ("WSPIERANIE ORGANIZACJI POZARZĄDOWYCH", ["33"]),
        ("HUMANITARNE TRAKTOWANIE ZWIERZĄT", ["18"]),
        ("TWORZENIE PRZYJAZNEGO KLIMATU DLA SPORTU", ["17"]),
        ("REALIZACJA CELÓW STATUTOWYCH", []),
        ("", []),
    ],
)
def test_aims(aims, codes):
    assert spheres.derive("FUNDACJA X", aims) == codes


@pytest.mark.parametrize("term", vocabularies.get("spheres").terms, ids=lambda term: term.code)
def test_a_sphere_is_known_by_its_own_wording(term):
    """Statutes often quote the act: each point's wording must be taken for that point alone."""
    # Point 31 names the rights of the child: a task for children as well.
    also = {"31": ["15"]}.get(term.code, [])
    assert spheres.derive("", term.extra["statute"].upper()) == [term.code, *also]


@pytest.mark.parametrize(
    ("pkd", "code"),
    [("93.12.Z", "17"), ("86.90.E", "6"), ("84.25.Z", "23"), ("90.01.Z", "16"), ("94.99.Z", None)]
    + [("85", "14"), ("93", "17"), ("86", "6"), ("85.5", None)],
)
def test_pkd(pkd, code):
    assert spheres.derive("X", "", [pkd]) == ([code] if code else [])


def test_a_name_comes_before_a_mention_that_is_kept():
    aims = "SPORT, SPORT, SPORT I SPORT. OCHRONA ZDROWIA."
    assert spheres.derive("KLUB SPORTOWY", aims) == ["17", "6"]


def test_aims_that_name_every_task_give_every_sphere():
    """A statute may take over the whole article: none of its points is dropped."""
    everything = ". ".join(term.extra["statute"] for term in vocabularies.get("spheres").terms)
    assert set(spheres.derive("Stowarzyszenie", everything)) == set(
        vocabularies.get("spheres").codes
    )


def test_codes_of_pkd_alone_do_not_outweigh_the_name():
    assert spheres.derive("KLUB SPORTOWY", "SPORT", ["85.59.B"]) == ["17"]


def test_case_and_diacritics_do_not_matter():
    assert spheres.derive("Ośrodek dla niepełnosprawnych") == ["7"]
    assert spheres.derive("OSRODEK DLA NIEPELNOSPRAWNYCH") == ["7"]


def test_rules_begin_words_and_are_folded():
    for term in vocabularies.get("spheres").terms:
        for name, rules in term.extra["rules"].items():
            assert name in {"text", "name", "aims", "pkd", "division"}
            assert len(set(rules)) == len(rules), term.code
            for rule in rules:
                re.compile(rule)
                assert rule == rule.strip()
                assert rule.isascii(), rule


def test_a_hostile_text_takes_no_time():
    start = time.perf_counter()
    spheres.derive("A" * 10_000, "dzieci sport " * 100_000)
    assert time.perf_counter() - start < 5


@given(st.text(), st.text(), st.lists(st.text(max_size=8)))
def test_any_text_gives_known_codes_once(name, aims, pkd):
    found = spheres.derive(name, aims, pkd)
    assert len(found) == len(set(found))
    assert set(found) <= set(vocabularies.get("spheres").codes)
