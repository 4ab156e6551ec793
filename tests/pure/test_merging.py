"""Versions of a record compared: the same thing written in other ways is the same."""

import pytest

from ckanext.leszno_ngo.catalogue import merging


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1234.50", 1234.5),
        ("45000", 45000.0),
        ('["17", "4"]', ["17", "4"]),
        (None, ""),
        ([], None),
        ("[]", ""),
        (False, "false"),
        (False, None),
        (True, "true"),
        ("a\r\nb", "a\nb"),
        ([{"role": "x", "name": ""}], '[{"role": "x"}]'),
        ([{"role": ""}], []),
    ],
)
def test_the_same_value_written_otherwise_is_the_same(one, other):
    assert merging.plain(one) == merging.plain(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("0000031247", "31247"),
        ("0000031247", 31247),
        (["17", "4"], ["4", "17"]),
        ("[uwaga", ["uwaga"]),
        ("tak", True),
        ("x", "y"),
    ],
)
def test_other_values_are_others(one, other):
    assert merging.plain(one) != merging.plain(other)


def test_who_changed_a_field_is_told_by_the_common_version():
    base = {"aims": "a", "phone": "1", "email": "e", "www": "w"}
    mine = {**base, "aims": "b", "email": "f", "www": "v"}
    theirs = {**base, "phone": "2", "email": "g", "www": "v"}
    found = merging.differences(base, mine, theirs, base)
    assert [(one.field, one.by) for one in found] == [
        ("aims", "mine"),
        ("phone", "theirs"),
        ("email", "both"),
    ]
    assert {one.by for one in merging.differences(base, mine, theirs)} == {"both"}


def test_hostile_json_is_a_text():
    assert merging.loaded("[" * 100_000) == "[" * 100_000
