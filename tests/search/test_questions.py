"""Everyday questions put to the search page of the catalogue that ``make run`` shows.

The questions were written from the public pages alone, before any of this search was; one half was
tuned on, nobody has looked at the other. Figures: docs/search.md, "How good it is".
"""

import datetime as dt
from types import SimpleNamespace

import pytest

from devstack import demo
from tests import example_portal
from tests.search import scoring

# The questions name days of this year.
ASKED_ON = dt.date(2026, 11, 30)


@pytest.fixture
def portal(clean_catalogue, app, cli, ckan_config, monkeypatch):
    """The register, the examples and names of the registers' datasets; gives pages."""
    from ckan.cli.cli import ckan as ckan_command
    from ckan.lib.search import commit
    from ckan.tests import factories

    from ckanext.leszno_ngo import record_types

    city = example_portal.add_editor()
    with monkeypatch.context() as one_commit:
        one_commit.setitem(ckan_config, "ckan.search.solr_commit", False)
        options = ["--format=opp", f"--owner-org={city}", *demo.SOURCE]
        cli.invoke(ckan_command, ["leszno-ngo", "harvest", demo.REGISTER, *options])
        example_portal.load(ASKED_ON)
        for kind in record_types.all_types():
            if kind.register:
                title = record_types.localised(kind.register.title, "pl")
                notes = record_types.localised(kind.register.notes, "pl")
                factories.Dataset(name=kind.register.name, title=title, notes=notes)
    commit()
    return SimpleNamespace(fetch=lambda address: app.get(address, status=200).body)


#: Questions that were tuned on: those of the first search, of an outsider (``fresh``), and of
#: whoever enriched the words (``own``), written before either looked at what is found.
TUNED = ("{}_tune", "fresh_{}_tune", "own_{}_tune")
#: Files of questions that nobody tuned to → percent: least right, most found nothing, most wrong.
UNSEEN = {"needs_held_out": (85, 5, 6), "ordinary_needs_held_out": (97, 1, 2)}
#: Files of unseen nonsense → percent that shows no entries; one of thirty does (docs/search.md).
UNSEEN_NONSENSE = {"nonsense_held_out": 96, "ordinary_nonsense_held_out": 100}


def test_questions_are_answered(portal):
    for name in TUNED:
        needs = scoring.score(scoring.questions(name.format("needs")), portal.fetch)
        assert needs.share(needs.right) >= 97, needs.faults
        assert needs.share(needs.nothing) <= 1, needs.faults
        nonsense = scoring.score(scoring.questions(name.format("nonsense")), portal.fetch)
        assert nonsense.right == nonsense.asked, nonsense.faults
    unseen_questions_are_answered(portal)


def unseen_questions_are_answered(portal):
    """Figures alone are told: whoever reads the questions could tune to them."""
    for name, (least, most_empty, most_wrong) in UNSEEN.items():
        right, nothing, wrong = scoring.figures(name, portal.fetch)
        assert (right >= least, nothing <= most_empty, wrong <= most_wrong) == (True, True, True)
    for name, least in UNSEEN_NONSENSE.items():
        right, _nothing, _wrong = scoring.figures(name, portal.fetch)
        assert (right >= least) is True
