"""Legal forms and statuses from registers' wordings and from names."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.leszno_ngo import vocabularies
from ckanext.leszno_ngo.cooperation import legal_forms
from tests.shared_data import shared


@pytest.mark.parametrize(
    ("form", "name", "code"),
    [
        ("FUNDACJA", "FUNDACJA ODZEW", "fundacja"),
        ("STOWARZYSZENIE", "X", "stowarzyszenie_rejestrowe"),
        ("STOWARZYSZENIE KULTURY FIZYCZNEJ", "FKS STAL", "stowarzyszenie_rejestrowe"),
        ("  Stowarzyszenie  Kultury Fizycznej ", "X", "stowarzyszenie_rejestrowe"),
        ("STOWARZYSZENIE", "OCHOTNICZA STRAŻ POŻARNA W LESZNIE", "osp"),
        ("FUNDACJA", "FUNDACJA OSP CHOCZNIA", "fundacja"),
        ("STOWARZYSZENIE", "KOŁO GOSPODYŃ WIEJSKICH", "stowarzyszenie_rejestrowe"),
        ("ZWIĄZEK STOWARZYSZEŃ", "X", "zwiazek_stowarzyszen"),
        ("UCZNIOWSKI KLUB SPORTOWY", "X", "uks"),
        ("SPÓŁDZIELNIA SOCJALNA", "X", "spoldzielnia_socjalna"),
        ("IZBA GOSPODARCZA", "X", "inna"),
        ("NIEZNANA FORMA", "FUNDACJA", None),
    ],
)
def test_forms_of_krs(form, name, code):
    assert legal_forms.from_krs(form, name) == code


@pytest.mark.parametrize(
    ("wording", "code"),
    [
        ("stowarzyszenie zwykłe", "stowarzyszenie_zwykle"),
        ("Stow. zwykłe", "stowarzyszenie_zwykle"),
        ("UKS", "uks"),
        ("KS", "klub_sportowy"),
        ("OSP", "osp"),
        ("KGW", "kgw"),
        ("sp. z o.o.", "spolka_non_profit"),
        ("stowarzyszenie_zwykle", "stowarzyszenie_zwykle"),
        ("foundation", "fundacja"),
        ("spółka jawna", None),
        ("", None),
    ],
)
def test_wordings_of_registers(wording, code):
    assert legal_forms.from_wording(wording) == code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ('FUNDACJA "ODZEW"', "fundacja"),
        ("Katolicka Fundacja Rozraduj się", "fundacja"),
        ('"LIONS CLUB LESZNO 2000"', "stowarzyszenie_rejestrowe"),
        ("MIEJSKI KLUB PŁYWACKI ASTROMAL-LESZNO", "klub_sportowy"),
        ("UKS TRÓJKA LESZNO", "uks"),
        ("UCZNIOWSKI KLUB SPORTOWY DYCHA", "uks"),
        ("OCHOTNICZA STRAŻ POŻARNA W LESZNIE", "osp"),
        ("TOWARZYSTWO PRZYJACIÓŁ SZKOŁY", "stowarzyszenie_rejestrowe"),
        ("POLSKIE STOWARZYSZENIE DIABETYKÓW ODDZIAŁ REJONOWY W LESZNIE", "oddzial_terenowy"),
        ("KOŁO GOSPODYŃ WIEJSKICH W LESZNIE", "kgw"),
        ("CARITAS DIECEZJI KALISKIEJ", "koscielna_osoba_prawna"),
        ("SPÓŁDZIELNIA SOCJALNA TRÓJKA", "spoldzielnia_socjalna"),
        ("INSPE SPÓŁKA Z OGRANICZONĄ ODPOWIEDZIALNOŚCIĄ", "spolka_non_profit"),
        ("STOWARZYSZENIE GMIN POLSKICH", "stowarzyszenie_jst"),
        ("NOWY AZYMUT", None),
        ("", None),
    ],
)
def test_what_a_name_tells(name, code):
    assert legal_forms.from_name(name) == code


def test_the_source_wins_over_the_name():
    assert legal_forms.derive("STOWARZYSZENIE", "FUNDACJA X") == "stowarzyszenie_rejestrowe"
    assert legal_forms.derive("", "FUNDACJA X") == "fundacja"
    assert legal_forms.derive(None, "FUNDACJA X") == "fundacja"
    assert legal_forms.derive("NIEZNANA FORMA", "FUNDACJA X") == "fundacja"


@pytest.mark.parametrize(
    ("wording", "code"),
    [("W LIKWIDACJI", "in_liquidation"), ("aktywna", "active"), ("Wykreślona", "removed"),
     ("zawieszona", "suspended"), ("w upadłości", "in_bankruptcy"), ("removed", "removed"),
     ("brak danych", "unknown"), ("cokolwiek", None)],
)  # fmt: skip
def test_statuses(wording, code):
    assert legal_forms.status_from_wording(wording) == code


def test_a_name_carries_a_status():
    assert legal_forms.status_from_name("KLUB X W LIKWIDACJI") == "in_liquidation"
    assert legal_forms.status_from_name("FUNDACJA X W UPADŁOŚCI") == "in_bankruptcy"
    assert legal_forms.status_from_name("KLUB X") is None


@pytest.mark.parametrize("vocabulary", ["legal_form"])
def test_every_wording_of_the_vocabulary_leads_to_its_term(vocabulary):
    for term in vocabularies.get(vocabulary).terms:
        for wording in term.extra["synonyms"]:
            assert legal_forms.from_wording(wording.upper()) == term.code
        for form in term.extra["krs"]:
            assert legal_forms.from_krs(form) == term.code


def test_every_form_in_the_extracts_is_known():
    forms = set()
    for path in sorted(shared("krs-extracts").glob("*.json")):
        text = path.read_text(encoding="utf-8")
        if text:
            entity = json.loads(text)["odpis"]["dane"]["dzial1"]["danePodmiotu"]
            forms.add(entity["formaPrawna"])
    assert forms
    assert all(legal_forms.from_krs(form) for form in forms)


@given(st.text())
def test_any_text_is_a_known_code_or_nothing(text):
    known = {*vocabularies.get("legal_form").codes, None}
    assert {legal_forms.from_krs(text, text), legal_forms.from_name(text)} <= known
