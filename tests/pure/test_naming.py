"""Marks of records in the lines of reports."""

import pytest

from ckanext.leszno_ngo.harvest import naming
from ckanext.leszno_ngo.harvest.model import Refusal


@pytest.mark.parametrize("stands", ["12|2024", "⟦12⟧", "a⟦0|b⟧c", "zwykła"])
@pytest.mark.parametrize("id_", ["0f8c2d1e-1111-4222-8333-444455556666", "Wlasne_id-7"])
def test_a_value_does_not_break_its_mark(id_, stands):
    detail = naming.marked(Refusal(1, "", "", "taken", {"record": id_, "stands": stands})).detail
    found = naming._MARK.fullmatch(detail["stands"])
    assert found, detail
    assert found[1] == id_
    assert found[2].split() == stands.translate(dict.fromkeys(map(ord, "⟦⟧|"), " ")).split()
    assert naming._MARK.fullmatch(detail["record"])
