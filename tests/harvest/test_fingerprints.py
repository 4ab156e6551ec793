"""Raw rows recognised, without CKAN."""

from hypothesis import given
from hypothesis import strategies as st

from ckanext.leszno_ngo.harvest.fingerprints import Fingerprints
from ckanext.leszno_ngo.harvest.model import RawRow

rows = st.dictionaries(st.text(max_size=4), st.text(max_size=4), max_size=4)


@given(rows, rows)
def test_only_the_same_row_has_the_same_fingerprint(one, two):
    prints = Fingerprints("settings")
    assert (prints.of(RawRow(1, one)) == prints.of(RawRow(9, two))) == (one == two)


def test_texts_that_only_together_are_the_same_are_told_apart():
    prints = Fingerprints("settings")
    assert prints.of(RawRow(1, {"a": "1\0b"})) != prints.of(RawRow(1, {"a": "1", "b": ""}))


def test_other_settings_are_another_row():
    row = RawRow(1, {"krs": "1"})
    assert Fingerprints(("opp", 2024)).of(row) != Fingerprints(("opp", 2025)).of(row)
