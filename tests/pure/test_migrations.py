"""Migrations stand in one row, whichever of them was written first."""

import re

from tests.shared_data import ROOT

VERSIONS = ROOT / "ckanext" / "leszno_ngo" / "migration" / "leszno_ngo" / "versions"


def test_migrations_have_one_beginning_and_one_end():
    after = {}
    for file in VERSIONS.glob("*.py"):
        text = file.read_text(encoding="utf-8")
        own = re.search(r'^revision = "(\w+)"', text, re.M)
        before = re.search(r'^down_revision = (?:"(\w+)"|None)', text, re.M)
        assert own, file.name
        assert before, file.name
        after[own[1]] = before[1]
    assert len(set(after.values())) == len(after), "two migrations follow the same one"
    assert list(after.values()).count(None) == 1
