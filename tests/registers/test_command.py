"""``ckan leszno-ngo publish``."""

import pytest

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.cli import leszno_ngo
from ckanext.leszno_ngo.registers import lock
from tests.cooperation import records
from tests.registers import shown

pytestmark = pytest.mark.usefixtures("city")


def test_every_type_is_published_and_told_of(cli, grant):
    grant()
    records.create("event")
    done = cli.invoke(leszno_ngo, ["publish"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert "grant: published for the first time (1)" in done.output
    assert "premises: no records yet (0)" in done.output
    again = cli.invoke(leszno_ngo, ["publish"], catch_exceptions=False)
    assert "event: nothing has changed (1)" in again.output


def test_one_type_with_the_state_of_today(cli, grant):
    grant()
    done = cli.invoke(leszno_ngo, ["publish", "grant", "--snapshot"], catch_exceptions=False)
    assert "+ Stan na" in done.output
    assert "event" not in done.output
    assert len(shown.dataset()["resources"]) == len(shown.resources())


def test_a_type_that_is_not_there_is_refused(cli):
    done = cli.invoke(leszno_ngo, ["publish", "dataset"])
    assert done.exit_code == 2
    assert "dataset" in done.output


def test_a_failure_is_told_and_is_the_exit_code(cli, grant):
    grant()
    with lock.register_lock("grant"):
        done = cli.invoke(leszno_ngo, ["publish", "grant"])
    assert done.exit_code == 1
    assert "another run is publishing it now" in done.output


def test_every_type_declares_its_register():
    declared = [t.register for t in record_types.all_types()]
    assert all(declared)
    assert len({one.name for one in declared}) == len(declared)
    for one in declared:
        assert set(one.title) == set(one.notes) == {"pl", "en"}
        assert max(map(len, one.notes.values())) <= 1000  # the limit of dane.gov.pl
        assert one.theme
        assert one.tags
