"""What a person typed, read without CKAN or Solr."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.leszno_ngo.search import words
from ckanext.leszno_ngo.search.words import Kind


@pytest.mark.parametrize("text", [None, "", "   ", "*", "*:*", " *:* ", '""', "''"])
def test_nothing_typed_means_everything(text):
    assert words.parse_query(text).kind is Kind.EVERYTHING


@pytest.mark.parametrize(
    "text",
    ["!!!", "???", "()", '"', "- - -", "///", "\x00", "…", "{!}", "''' '", "&& ||", '"!"', "* *"],
)
def test_signs_without_a_word_find_nothing(text):
    assert words.parse_query(text).kind is Kind.NOTHING


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("klub pływacki", ("klub", "pływacki")),
        ("NASZ DOM - NASZ ŚWIAT", ("NASZ", "DOM", "NASZ", "ŚWIAT")),
        ("„Aktywna Trzynastka”", ("Aktywna", "Trzynastka")),
        ("kto pomaga dzieciom?", ("kto", "pomaga", "dzieciom")),
        ("Uwaga: dzieci", ("Uwaga", "dzieci")),
        ("https://kolory.org/strona", ("https", "kolory.org", "strona")),
        ("ul. Karasia 15/2", ("ul", "Karasia", "15", "2")),
        ("sport + muzyka", ("sport", "muzyka")),
        ("sport & muzyka", ("sport", "muzyka")),
        ("pro-bono", ("pro-bono",)),
        ("biuro@kolory.org", ("biuro@kolory.org",)),
        ('stowarzyszenie "Kolory', ("stowarzyszenie", "Kolory")),
        ("dzieci (młodzież", ("dzieci", "młodzież")),
        ("dzieci) młodzież", ("dzieci", "młodzież")),
        ("OR dzieci", ("or", "dzieci")),
        ("dzieci && || młodzież", ("dzieci", "młodzież")),
        ("dzieci AND OR młodzież", ("dzieci", "and", "or", "młodzież")),
        ("C++", ("C",)),
        ("dzieci AND", ("dzieci", "and")),
        ("{!lucene}dzieci", ("lucene", "dzieci")),
        ("{!func}sum(1,2)", ("func", "sum", "1", "2")),
        ('_query_:"{!lucene}x"', ("query", "lucene", "x")),
        ("a*b*c*d*e*f*", ("a", "b", "c", "d", "e", "f")),
        ("dzieci\x00młodzież", ("dzieci", "młodzież")),
        ("z\u0142oty\u200b", ("złoty",)),
        ("sto\u0301warzyszenie", ("stówarzyszenie",)),
    ],
)
def test_words(text, expected):
    query = words.parse_query(text)
    assert (query.kind, query.words) == (Kind.WORDS, expected)


@pytest.mark.parametrize(
    "text",
    [
        '"Nasz Dom"',
        "+sport -muzyka",
        "sport -muzyka",
        "pływa*",
        "sport OR muzyka",
        "(sport OR muzyka) AND leszno",
        "NOT sport",
    ],
)
def test_operators_are_left_as_typed(text):
    query = words.parse_query(text)
    assert (query.kind, query.text) == (Kind.OPERATORS, text)


@pytest.mark.parametrize(
    "text",
    [
        "title:kolory",
        'title:"Nasz Dom"',
        "vocab_spheres:(17 OR 15)",
        "metadata_modified:[NOW-1DAY TO *]",
        "metadata_created:[2026-01-01T00:00:00Z TO NOW}",
        "-status:removed",
        "id:(a OR b) name:c",
        "*:* -status:active",
        "title:kol*",
        "organization:miasto-leszno",
    ],
)
def test_well_formed_field_queries_are_left_as_typed(text):
    query = words.parse_query(text)
    assert (query.kind, query.text) == (Kind.FIELDS, text)


@pytest.mark.parametrize(
    "text",
    [
        "title:",
        'title:"kolory',
        "title:(a",
        "title:[1 TO",
        "title:a)",
        "title:() x",
        "a:b:c",
        "url:http://x/",
    ],
)
def test_broken_field_queries_are_words(text):
    assert words.parse_query(text).kind is Kind.WORDS


@pytest.mark.parametrize(
    "text",
    [
        "0000031247",
        "31247",
        "KRS 0000031247",
        "krs: 31247",
        "krs:31247",
        "KRS:0000031247",
        "Krs nr 31247",
        "00000 31247",
    ],
)
def test_krs_in_any_spelling(text):
    query = words.parse_query(text)
    assert query.kind is Kind.NUMBER
    assert ("krs", "0000031247") in query.numbers


@pytest.mark.parametrize(
    "text", ["6972051241", "697-205-12-41", "697 205 12 41", "PL6972051241", "NIP: 697-205-12-41"]
)
def test_nip_in_any_spelling(text):
    query = words.parse_query(text)
    assert query.numbers == (("nip", "6972051241"),)
    assert query.words == ()


def test_a_short_number_may_also_be_a_word():
    assert words.parse_query("2000").words == ("2000",)


def test_a_field_query_that_holds_a_number_is_no_number():
    assert words.parse_query("title:0000031247").kind is Kind.FIELDS


def test_a_name_glued_to_its_number_is_read():
    assert words.parse_query("KRS0000133582").numbers == words.parse_query("KRS 133582").numbers


@pytest.mark.parametrize(
    "text",
    [
        " ".join(f"title:slowo{number}~2" for number in range(5)),
        "title:a" + " AND (b" * 30 + ")" * 30,
        "krs:(" + "1 " * 1_001 + ")",
    ],
)
def test_syntax_that_costs_solr_seconds_is_words(text):
    assert words.parse_query(text).kind is words.Kind.WORDS


def test_a_long_text_is_cut():
    query = words.parse_query("słowo " * 5_000)
    assert query.kind is Kind.WORDS
    assert len(query.words) == words.MAX_WORDS


@given(st.text(max_size=200))
def test_words_never_hold_syntax(text):
    query = words.parse_query(text)
    if query.kind is Kind.WORDS:
        assert query.words
        for word in query.words:
            assert re.fullmatch(r"[^\W_]+(?:[.\-'’@_&][^\W_]+)*", word)
            assert word not in {"AND", "OR", "NOT"}


@given(st.text(alphabet='ab:"()[]{}+-!*?~^\\/&|_ ', max_size=40))
def test_what_counts_as_syntax_is_balanced(text):
    query = words.parse_query(text)
    if query.kind in (Kind.FIELDS, Kind.OPERATORS):
        assert query.text.count('"') % 2 == 0
        bare = re.sub(r'"[^"]*"', "", query.text)
        assert bare.count("(") == bare.count(")")
        assert "{!" not in bare


def test_signs_that_stand_for_a_phrase_are_no_words():
    assert words.parse_query("\ufdfa" * 500).kind is words.Kind.NOTHING
    assert words.parse_query("klub \ufdfa żagiel").words == ("klub", "żagiel")
