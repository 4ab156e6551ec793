"""A source's configuration, without CKAN."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.leszno_ngo.harvest.settings import OPTIONS, SettingsError, parse
from ckanext.leszno_ngo.harvest.source_kinds import SOURCE_KINDS

#: What JSON has: a NUL, NaN and the like are refused with the whole text (``sent_json``).
words = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=5)
numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
anything = st.recursive(
    st.none() | st.booleans() | numbers | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner),
    max_leaves=5,
)
keys = st.sampled_from(sorted({*OPTIONS, *(o for k in SOURCE_KINDS.values() for o in k.own)}))


def attempt(kind, text):
    try:
        return parse(kind, text), []
    except SettingsError as error:
        return None, error.problems


@pytest.mark.parametrize("kind", SOURCE_KINDS)
@pytest.mark.parametrize("text", ["", "  ", None, "{}"])
def test_nothing_is_required(kind, text):
    assert parse(kind, text).priority == SOURCE_KINDS[kind].priority


@given(st.sampled_from(list(SOURCE_KINDS)), st.dictionaries(keys | words, anything))
def test_any_options_are_taken_whole_or_every_problem_is_named(kind, options):
    found, problems = attempt(kind, json.dumps(options))
    known = set(SOURCE_KINDS[kind].all_options)
    if problems:
        named = {problem.key for problem in problems}
        assert set(options) - known <= named <= set(options)
    else:
        assert set(options) <= known
        assert found.kind == kind


@given(st.text())
def test_any_text_is_settings_or_a_named_problem(text):
    found, problems = attempt("opp", text)
    assert bool(found) != bool(problems)


@pytest.mark.parametrize("text", ['{"a": NaN}', '{"a": "\\u0000"}', "[" * 2_000, "1" * 5_000])
def test_what_is_no_json_is_refused_as_a_whole(text):
    assert [(p.key, p.code) for p in attempt("opp", text)[1]] == [("", "json")]


def test_all_problems_are_told_at_once():
    with pytest.raises(SettingsError) as error:
        parse("opp", '{"tax_year": 1, "title": 2, "national": 3}')
    assert [(p.key, p.code) for p in error.value.problems] == [
        ("tax_year", "year"),
        ("title", "text"),
        ("national", "flag"),
    ]


def test_a_bad_line_of_json_is_named():
    with pytest.raises(SettingsError) as error:
        parse("opp", '{\n"tax_year": 2024,\n}')
    assert error.value.problems[0].detail == {"line": 3}
