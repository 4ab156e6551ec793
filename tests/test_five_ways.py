"""The five ways of ``docs/architecture.md``, traced: few files each, and no way goes back.

Where a way ends (a statement, a request to Solr, a file that is written), the stack of calls tells
which files of the extension it came through. All stacks of a way have few files together, and none
enters a package again that it has left.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pysolr
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories

import ckanext.leszno_ngo
from ckanext.leszno_ngo.registers import files, job
from tests.cooperation import records
from tests.harvest.conftest import harvest  # noqa: F401  (a fixture)

pytestmark = pytest.mark.usefixtures("clean_catalogue")

ROOT = Path(ckanext.leszno_ngo.__file__).parent
MOST_FILES = 9


class Ways:
    """Collects the ways that lead to one end."""

    def __init__(self) -> None:
        self.all: list[list[str]] = []

    def note(self) -> None:
        """Note how the program came here."""
        passed: list[str] = []
        for frame in traceback.extract_stack():
            path = Path(frame.filename)
            if ROOT in path.parents:
                name = path.relative_to(ROOT).with_suffix("").as_posix()
                if not passed or passed[-1] != name:
                    passed.append(name)
        if passed:
            self.all.append(passed)


@contextmanager
def statements(beginning: str) -> Iterator[Ways]:
    ways = Ways()

    def note(_connection, _cursor, statement, *_rest):
        if statement.lstrip().startswith(beginning):
            ways.note()

    engine = model.meta.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield ways
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def calls(monkeypatch, owner, name: str) -> Ways:
    ways, original = Ways(), getattr(owner, name)

    def noted(*arguments, **keywords):
        ways.note()
        return original(*arguments, **keywords)

    monkeypatch.setattr(owner, name, noted)
    return ways


def is_straight(way: list[str]) -> bool:
    """Whether no package comes again that the way has left."""
    packages = [name.partition("/")[0] for name in way]
    entered = [one for i, one in enumerate(packages) if i == 0 or packages[i - 1] != one]
    return len(entered) == len(set(entered))


def hold(ways: Ways) -> None:
    """Check all stacks of a way."""
    assert ways.all
    for way in ways.all:
        assert is_straight(way), " > ".join(way)
    passed = {name for way in ways.all for name in way}
    assert len(passed) <= MOST_FILES, sorted(passed)


def test_a_row_becomes_a_record(harvest):  # noqa: F811
    source = harvest.source()
    with statements("INSERT INTO package ") as ways:
        harvest.run(source, "Nazwa;KRS\nKlub Żabka;0000031247\n")
    hold(ways)


def test_words_become_an_answer(app, monkeypatch):
    records.create("event")
    ways = calls(monkeypatch, pysolr.Solr, "_send_request")
    app.get("/szukaj?q=klub")
    hold(ways)


def test_a_form_becomes_a_record(app, monkeypatch):
    official = factories.SysadminWithToken()
    unit = factories.Organization(name="wydzial")
    with statements("INSERT INTO package ") as ways:
        app.post(
            "/ngo/new",
            data={"title": "Klub Żabka", "owner_org": unit["id"], "krs": "0000031247", "save": "x"},
            headers={"Authorization": official["token"]},
        )
    hold(ways)


def test_a_search_becomes_a_file(app, monkeypatch):
    records.create("event")
    ways = calls(monkeypatch, pysolr.Solr, "_send_request")
    assert app.get("/event.csv").get_data()
    hold(ways)


@pytest.mark.ckan_config("ckanext.leszno_ngo.registers.delay", "0")
def test_a_change_becomes_a_dataset(monkeypatch):
    records.create("event")
    ways = calls(monkeypatch, files, "write")
    job.run()
    hold(ways)
