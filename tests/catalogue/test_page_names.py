"""Ends of page addresses: one rule for forms, harvests and the batch writer."""

from itertools import islice

import pytest

from ckanext.leszno_ngo.catalogue import page_names


@pytest.mark.parametrize(
    ("wanted", "number", "expected"),
    [
        ("klub", "", ["klub", "klub-2", "klub-3"]),
        ("klub", "31247", ["klub", "klub-31247", "klub-31247-2"]),
        ("a" * 120, "", ["a" * 100, "a" * 98 + "-2", "a" * 98 + "-3"]),
        (
            "a" * 95 + "-bcdefgh",
            "123",
            ["a" * 95 + "-bcde", "a" * 95 + "-123", "a" * 94 + "-123-2"],
        ),
    ],
)
def test_names_are_numbered_and_fit(wanted, number, expected):
    assert list(islice(page_names.candidates(wanted, number), 3)) == expected
