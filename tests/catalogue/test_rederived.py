"""What rules derived is worked out again for stored records; what people chose stays."""

import pytest

from ckanext.leszno_ngo.catalogue import derived
from ckanext.leszno_ngo.cli import leszno_ngo
from tests import counting
from tests.harvest.conftest import Harvest

REGISTER = """KRS;Nazwa
0000000168;KLUB SPORTOWY STARY
0000000291;KLUB SPORTOWY WYBRANY
0000000525;KLUB SPORTOWY OPRÓŻNIONY
"""
WRONG = "2"


@pytest.fixture
def catalogue(clean_catalogue, tmp_path, monkeypatch):
    """Records as the rules of an earlier release left them; one has the choice of a person."""
    from ckan.tests import factories

    harvest = Harvest(tmp_path, factories.Sysadmin()["name"])
    with monkeypatch.context() as before:
        wrong = {"KLUB SPORTOWY OPRÓŻNIONY": []}
        rules = derived.RULES._entries
        before.setitem(rules, "spheres", lambda name, **_: wrong.get(name[0], [WRONG]))
        harvest.run(harvest.source(), REGISTER)
    harvest.edit(harvest.records()["0000000291"], spheres=["5"])
    return harvest


def spheres(harvest):
    return {krs: record.get("spheres") or [] for krs, record in harvest.records().items()}


def test_nothing_is_written_without_being_asked(catalogue, cli):
    before = spheres(catalogue)
    done = cli.invoke(leszno_ngo, ["derive", "--list"])
    assert done.exit_code == 1, done.output
    assert "looked at: 3" in done.output
    assert "left as they are: 1" in done.output
    assert "otherwise today: 2" in done.output
    assert "Left to do: 2" in done.output
    assert "Klub Sportowy Stary (/ngo/klub-sportowy-stary): " in done.output
    assert "Wybrany" not in done.output
    assert spheres(catalogue) == before


def test_derived_values_are_those_of_today_and_chosen_ones_stay(catalogue, cli):
    done = cli.invoke(leszno_ngo, ["derive", "--write"])
    assert done.exit_code == 0, done.output
    assert "Written: 2" in done.output
    after = spheres(catalogue)
    assert WRONG not in after["0000000168"]
    assert "17" in after["0000000168"]
    assert after["0000000525"] == after["0000000168"]
    assert after["0000000291"] == ["5"]
    assert catalogue.records()["0000000168"]["spheres_source"] == "derived"
    with counting.sql_statements() as seen:
        again = cli.invoke(leszno_ngo, ["derive", "--write"])
    assert "otherwise today: 0" in again.output
    assert not seen.writes
