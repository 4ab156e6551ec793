"""The words of the search as data: each entry is found by what people type, and leads on."""

import datetime as dt
import time

import pytest

from ckanext.leszno_ngo import record_types, vocabularies
from ckanext.leszno_ngo.search import lexicon, query, reading
from ckanext.leszno_ngo.vocabularies import Term, VocabularyError

pytestmark = pytest.mark.usefixtures("with_plugins")

NOW = dt.datetime(2026, 11, 30, 12, tzinfo=dt.timezone.utc)


def every():
    return lexicon.get().entries


def read(*words):
    return reading.read(words, NOW)


def codes(group):
    return {entry.code for entry in group.entries}


def typed_as(phrase):
    return [word.replace("*", "") for word in phrase]


def test_each_phrase_of_each_entry_leads_to_it():
    lost = {}
    for entry in every():
        for phrase in entry.phrases:
            found = lexicon.get().matches(typed_as(phrase))
            if not any(entry in match.entries for match in found):
                lost[entry.code] = (phrase, [e.code for match in found for e in match.entries])
    assert lost == {}


def test_each_entry_leads_somewhere():
    nowhere = [
        entry.code
        for entry in every()
        if entry.role not in (lexicon.ELSEWHERE, lexicon.NUMBERS)
        and not (entry.find or entry.where or entry.page)
    ]
    assert nowhere == []


def test_codes_and_fields_of_entries_exist():
    wrong = {}
    for entry in every():
        for name, wanted in entry.where.items():
            known = set(known_codes(name))
            if not set(wanted) <= known:
                wrong[entry.code] = (name, set(wanted) - known)
    assert wrong == {}


def known_codes(name):
    if name == "type":
        return [kind.name for kind in record_types.all_types()]
    fields = [f for kind in record_types.all_types() for f in kind.fields if f.name == name]
    return [code for f in fields if f.vocabulary for code in vocabularies.get(f.vocabulary).codes]


def test_abbreviations_and_numbers_have_sources():
    bare = [e.code for e in every() if e.role == "abbreviations" and not e.details.get("source")]
    assert bare == []
    assert [n.code for n in every() if n.role == "numbers"] == [str(n) for n in range(1, 21)]


def test_needs_are_in_three_languages():
    """A word of a need in Ukrainian letters, and a label in English."""
    needs = [e for e in every() if e.role == lexicon.NEEDS]
    lacking = [
        entry.code
        for entry in needs
        if not any("\u0400" <= letter <= "\u04ff" for p in entry.phrases for w in p for letter in w)
    ]
    assert len(needs) > 100
    assert lacking == ["results"] or len(lacking) <= 5, lacking


def test_what_answers_without_an_entry_has_a_page(app):
    from ckanext.leszno_ngo.views.pages import answer_pages

    pages = [entry for entry in every() if entry.role == lexicon.ANSWERS]
    with app.flask_app.test_request_context():
        addresses = {entry.code: answer_pages._address(entry) for entry in pages}
    assert addresses["tax"] == "/przekaz-1-5-procent"
    assert addresses["most_money"] == "/grant/?sort=amount"
    for address in filter(None, addresses.values()):
        app.get(address, status=200)


def test_the_longest_phrase_counts():
    assert codes(read("rak", "piersi").groups[0]) == {"breast_cancer"}
    assert codes(read("bank", "żywności").groups[0]) == {"food"}
    assert [e.code for e in read("konto", "w", "banku").elsewhere] == ["finance"]


def test_words_that_carry_nothing_do_not_count():
    assert [g.words for g in read("jak", "mogę", "zostać", "wolontariuszem").groups] == [
        ("wolontariuszem",)
    ]
    assert [g.words for g in read("co", "to", "jest").groups] == [("co",), ("to",), ("jest",)]


def test_weak_words_rank_only():
    found = read("pomoc", "diabetykom")
    assert [g.words for g in found.needed] == [("diabetykom",)]
    assert [g.words for g in read("pomoc").needed] == [("pomoc",)]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("papierami", "settling"),
        ("kolonią", "holidays_for_children"),
        ("jachcie", "sailing"),
        ("piłce", "football"),
        ("drzewek", "trees"),
        ("chleje", "addiction"),
        ("wolo", "volunteering"),
        ("matmy", "education"),
        ("kasiorę", "call"),
        ("горілку", "addiction"),
        ("Zatorzu", "zatorze"),
        ("wkładu własnego", "own_share"),
        ("ile punktów", "criteria"),
    ],
)
def test_everyday_words_in_any_form_lead_to_an_entry(typed, code):
    assert code in codes(read(*typed.split()).groups[0])


def test_an_exact_word_goes_before_forms_of_others():
    assert codes(read("chemia").groups[0]) == {"cancer"}
    assert codes(read("piątek").groups[0]) == set()


def test_distress_is_marked():
    [group] = read("mąż", "chleje", "co", "robić").needed
    assert group.is_urgent
    assert not read("żagle").groups[0].is_urgent


def test_numbers_of_schools_are_the_same_in_every_spelling():
    for words in (("SP", "13"), ("szkoła", "podstawowa", "nr", "13"), ("SP", "XIII")):
        [group] = read(*words).groups
        assert "text_fold:trzynastk*" in group.clauses
    [group] = read("I", "LO").groups
    assert 'text_fold:"liceum I"~3' in group.clauses
    assert read("trzynastka").groups[0].entries == ()


def test_days_months_years_and_sums():
    def clauses(*words):
        return " ".join(c for group in read(*words).groups for c in group.clauses)

    assert "2026-12-11T23\\:00" in clauses("szkolenie", "12.12")
    assert "2027-01-31T23\\:00" in clauses("festyn", "w", "styczniu")
    assert "2026-12-11T23\\:00" in clauses("12", "grudnia")
    assert 'vocab_year:"2025"' in clauses("w", "zeszłym", "roku")
    assert "granted_amount:180000^" in clauses("180", "000", "zł")
    assert "granted_amount:500000^" in clauses("pół", "miliona")
    assert clauses("45.99", "99999999999999", "zł") == ""
    assert "granted_amount:10000^" in clauses("dycha", "tysiaków")
    assert "2026-12-10T23\\:00" in clauses("szkolenie", "za", "dwa", "tygodnie")


def test_a_long_text_is_read_in_time():
    started = time.perf_counter()
    read(*("papierami" * 50 for _number in range(32)))
    read(*("wolontariuszkami",) * 32)
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    "extra",
    [{}, {"words": "pies"}, {"words": []}, {"words": ["!"]}, {"words": ["a"], "find": [1]}],
)
def test_what_is_no_entry_is_refused(extra):
    term = Term("x", {"pl": "X", "en": "X"}, extra=extra)
    with pytest.raises(VocabularyError):
        lexicon.entry(lexicon.NEEDS, term, "here")


def test_hostile_words_make_no_syntax():
    for text in ('") OR *:*', "{!lucene}x", "a:b", "x" * 400, "(((", "\\", "ten AND tamten"):
        found = query.read(text)
        if found:
            assert "{!" not in query.every(found)
