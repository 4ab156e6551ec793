"""Every code has a text, and every text can be filled."""

import re
from pathlib import Path

import pytest

from ckanext.leszno_ngo import cooperation, values
from ckanext.leszno_ngo.harvest import messages
from ckanext.leszno_ngo.harvest.merge import Difference
from ckanext.leszno_ngo.harvest.model import Refusal, SourceError
from ckanext.leszno_ngo.harvest.settings import Problem
from ckanext.leszno_ngo.harvest.source_kinds import SOURCE_KINDS
from ckanext.leszno_ngo.harvest.sources import table, xlsx

HARVEST = Path(messages.__file__).parent
VALUES = Path(values.__file__).parent
COOPERATION = Path(cooperation.__file__).parent
#: Texts that kinds of sources bring.
OWN = {code: text for kind in SOURCE_KINDS.values() for code, text in kind.texts.items()}
_STOP = re.compile(r'SourceError\(\s*"(\w+)"')
_REASON = re.compile(r'(?:ValueRefusedError\(\s*|set_aside\([^()]*, |whole\([^()]*, )"(\w+)"')
_REFUSAL = re.compile(r'Refusal\([^()]*?, "(\w+)"(?:, \{|\)|, detail|, whole)')
_PROBLEM = re.compile(r'(?:BadOptionError|Problem)\((?:[^"()\n]*"\w*", )?"(\w+)"')


def codes(pattern):
    found = set()
    of_sources = (*COOPERATION.glob("s*/*.py"), *COOPERATION.glob("*source*.py"))
    results = COOPERATION / "past_results.py"
    for path in (*HARVEST.rglob("*.py"), *VALUES.rglob("*.py"), *of_sources, results):
        found |= set(pattern.findall(path.read_text(encoding="utf-8")))
    return found


def test_every_stop_has_a_text():
    assert len(codes(_STOP)) > 30
    assert codes(_STOP) - set(messages.STOPS) - set(OWN) == set()


def test_every_reason_has_a_text():
    found = codes(_REASON) | codes(_REFUSAL)
    assert len(found) > 15
    assert found - set(messages.REASONS) - set(messages.STOPS) - set(OWN) == set()


def test_every_problem_of_a_setting_has_a_text():
    assert len(codes(_PROBLEM)) > 15
    assert codes(_PROBLEM) - set(messages._PROBLEMS) - set(OWN) == set()


def test_every_problem_of_a_cell_has_a_text():
    assert set(xlsx._PROBLEMS.values()) - set(messages.REASONS) == set()


def test_no_code_is_shown_in_a_text():
    whys = codes(re.compile(r'"bomb", why="(\w+)"'))
    assert whys == set(messages._BOMBS)
    for why in whys:
        assert f": {why}." not in messages.stop(SourceError("bomb", why=why, limit=1))
    formats = {name for _sign, name in table._OTHER_FORMATS} | {"zip"}
    assert formats == set(messages._FORMATS)
    assert "KeyError" not in messages.stop(SourceError("broken", why="KeyError"))


@pytest.mark.parametrize(
    ("size", "text"), [(100_000_000, "100 MB"), (104_857_600, "105 MB"), (2_500_000, "2,5 MB")]
)
def test_bytes_are_told_as_megabytes(size, text):
    assert text in messages.stop(SourceError("too_big", limit=size)).replace("2.5", "2,5")


@pytest.mark.parametrize("code", sorted([*messages.STOPS, "no_call", "answered_other"]))
def test_a_stop_is_told_whatever_its_data(code):
    text = messages.stop(SourceError(code))
    assert text
    assert "%(" not in text
    filled = messages.stop(SourceError(code, **dict.fromkeys(names(code), "evil")))
    assert ("evil" in filled) == bool(names(code))


def names(code):
    return re.findall(r"%\((\w+)\)s", {**OWN, **messages.STOPS}[code])


@pytest.mark.parametrize(
    "code", [*sorted({*messages.REASONS, *OWN}), "date_ambiguous", "timeout", "new 1%"]
)
def test_a_reason_is_told_whatever_its_data(code):
    line = messages.refusal(None, Refusal(7, "krs", "x", code))
    assert "7" in line
    assert "%(" not in line


def test_an_unknown_stop_tells_its_code():
    assert messages.stop(SourceError("novel", what="x")) == "novel (what=x)"


def test_hostile_values_do_not_break_the_text():
    found = SourceError("no_file", name="%s %(x)s \x1b[31m\n{}" + "x" * 500)
    text = messages.stop(found)
    assert "\x1b" not in text
    assert "\n" not in text
    assert len(text) < 250


def test_a_difference_names_both_values():
    text = messages.difference(None, Difference(1, "r", "title", "A", ""))
    assert "title" in text
    assert "A" in text


def test_the_options_there_are_are_told_whole():
    known = ", ".join(f"option_{n}" for n in range(40))
    assert "option_39" in messages.problem(Problem("x", "unknown_key", {"known": known}))


@pytest.mark.usefixtures("with_plugins", "with_request_context")
def test_texts_are_in_the_portals_language(ckan_config):
    assert ckan_config["ckan.locale_default"] == "pl"
    with messages.portal_language():
        assert messages.stop(SourceError("no_rows")).startswith("W źródle")
        assert messages.refusal(None, Refusal(7, "", "x", "empty")).startswith("Wiersz 7")
