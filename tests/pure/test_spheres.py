"""Spheres derived from names, aims and PKD codes of real organisations."""

import json
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.leszno_ngo import spheres, vocabularies
from tests.shared_data import shared

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
    ],
)
def test_what_a_name_does_not_say(name, wrong):
    assert wrong not in spheres.derive(name)


# Read by eye against the aims: the strongest first.
EXTRACTS = {
    "0000096794": ["20"],  # poprawa bezpieczeństwa
    "0000131935": ["17"],  # karate
    "0000151051": ["17", "15"],  # FKS Stal Mielec
    "0000155746": ["6", "23", "15", "7", "31"],  # Pierwsza Pomoc
    "0000162641": ["7"],  # sprawni inaczej
    "0000175882": ["15", "16", "13", "19", "14"],  # Aktywna Młodzież
    "0000234234": ["13", "16", "9", "4"],  # koło gospodyń
    "0000251069": ["13"],  # lokalna grupa działania
    "0000312488": ["17"],  # miejski klub sportowy
    "0000431452": ["32", "14", "22", "7", "2"],  # mediatorzy
    "0000432290": ["32", "14", "1", "15", "2"],  # Nadzieja
    "0000466506": ["17", "13", "6"],  # Biegomania
    "0000497368": ["12", "14", "11"],  # elektronika
    "0000509762": ["17"],  # akademia sportu
    "0000681447": ["6"],  # optometria
    "0000733609": ["6", "14"],  # zdrowie psychiczne
    "0000763858": ["26", "4", "22"],  # Europa Tradycja
    "0000960152": ["12", "14", "15", "11"],  # Brick Technology
    "0000981190": ["15", "1a", "14", "16", "3", "1"],  # domy dziecka
}


def extract(krs):
    data = json.loads(shared(f"krs-extracts/{krs}.json").read_text(encoding="utf-8"))
    parts = data["odpis"]["dane"]
    aims = parts["dzial3"].get("celDzialaniaOrganizacji", {}).get("celDzialania", "")
    return parts["dzial1"]["danePodmiotu"]["nazwa"], aims


@pytest.mark.parametrize(("krs", "codes"), EXTRACTS.items())
def test_aims_in_the_extracts(krs, codes):
    assert spheres.derive(*extract(krs)) == codes


@pytest.mark.parametrize(
    ("aims", "codes"),
    [
        ("UPOWSZECHNIANIE KULTURY FIZYCZNEJ I SPORTU WŚRÓD DZIECI I MŁODZIEŻY", ["17", "15"]),
        ("OCHRONA ZWIERZĄT; OCHRONA PRZYRODY; EDUKACJA EKOLOGICZNA", ["18", "14"]),
        ("PROMOCJA I ORGANIZACJA WOLONTARIATU", ["27"]),
        ("REALIZACJA CELÓW STATUTOWYCH", []),
        ("", []),
    ],
)
def test_aims(aims, codes):
    assert spheres.derive("FUNDACJA X", aims) == codes


@pytest.mark.parametrize("term", vocabularies.get("spheres").terms, ids=lambda term: term.code)
def test_a_sphere_is_known_by_its_own_wording(term):
    """Statutes often quote the act: each point's wording must be taken for that point."""
    assert term.code in spheres.derive("", term.extra["statute"].upper())


@pytest.mark.parametrize(
    ("pkd", "code"),
    [("93.12.Z", "17"), ("86.90.E", "6"), ("84.25.Z", "23"), ("90.01.Z", "16"), ("94.99.Z", None)],
)
def test_pkd(pkd, code):
    assert spheres.derive("X", "", [pkd]) == ([code] if code else [])


def test_a_name_outweighs_a_passing_mention():
    aims = "SPORT, SPORT, SPORT I SPORT. " + "OCHRONA ZDROWIA. "
    assert spheres.derive("KLUB SPORTOWY", aims) == ["17"]


def test_aims_that_name_everything_give_few_spheres():
    everything = " ".join(term.extra["statute"] for term in vocabularies.get("spheres").terms)
    found = spheres.derive("Stowarzyszenie", everything * 2)
    assert 0 < len(found) <= spheres.MOST_SPHERES


def test_case_and_diacritics_do_not_matter():
    assert spheres.derive("Ośrodek dla niepełnosprawnych") == ["7"]
    assert spheres.derive("OSRODEK DLA NIEPELNOSPRAWNYCH") == ["7"]


def test_rules_begin_words_and_are_folded():
    for term in vocabularies.get("spheres").terms:
        for name, rules in term.extra["rules"].items():
            assert name in {"text", "name", "aims", "pkd"}
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
    assert len(found) == len(set(found)) <= spheres.MOST_SPHERES
    assert set(found) <= set(vocabularies.get("spheres").codes)
