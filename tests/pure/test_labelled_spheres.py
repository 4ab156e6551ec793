"""How many of the spheres that the rules give are right, and how many of the right ones they give.

`labelled_organisations.yaml` says who labelled what and how; docs/harvest.md has the figures.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import yaml

from ckanext.leszno_ngo import vocabularies
from ckanext.leszno_ngo.cooperation import spheres
from tests.shared_data import shared

LABELS = Path(__file__).parent / "labelled_organisations.yaml"
MOST_WRONG = 0.05
LEAST_FOUND = 0.80


@cache
def organisations():
    return yaml.safe_load(LABELS.read_text(encoding="utf-8"))["organisations"]


@dataclass
class Measure:
    given: int = 0
    wrong: int = 0
    right: int = 0
    found: int = 0

    def add(self, organisation, given):
        right = set(organisation["right"])
        self.given += len(given)
        self.wrong += len(given - right - set(organisation.get("arguable", ())))
        self.right += len(right)
        self.found += len(given & right)


def measure(chosen):
    result = Measure()
    for organisation in chosen:
        result.add(organisation, set(spheres.derive(*known_of(organisation))))
    return result


def known_of(organisation):
    """Name, aims and PKD codes."""
    if "name" in organisation:
        return organisation["name"], "", []
    return extract(organisation["krs"])


def extract(krs):
    data = json.loads(shared(f"krs-extracts/{krs}.json").read_text(encoding="utf-8"))
    parts = data["odpis"]["dane"]
    aims = parts["dzial3"].get("celDzialaniaOrganizacji", {}).get("celDzialania", "")
    return parts["dzial1"]["danePodmiotu"]["nazwa"], aims, list(activities(parts["dzial3"]))


def activities(part):
    if isinstance(part, dict) and "kodDzial" in part:
        codes = (part.get(name) for name in ("kodDzial", "kodKlasa", "kodPodklasa"))
        yield ".".join(filter(None, codes))
    elif isinstance(part, dict | list):
        for value in part.values() if isinstance(part, dict) else part:
            yield from activities(value)


def test_there_are_100_organisations_half_of_them_held_out():
    known = {term.code for term in vocabularies.get("spheres").terms}
    assert len({organisation["krs"] for organisation in organisations()}) == 100
    assert sum(o["half"] == "held_out" for o in organisations()) == 50
    for organisation in organisations():
        right, arguable = set(organisation["right"]), set(organisation.get("arguable", ()))
        assert right | arguable <= known
        assert not right & arguable


@pytest.mark.parametrize("sources", [("opp",), ("extract", "opp")], ids=["names", "all"])
def test_few_spheres_are_wrong_and_most_are_found(sources):
    result = measure([o for o in organisations() if o["source"] in sources])
    assert result.wrong <= MOST_WRONG * result.given, result
    assert result.found >= LEAST_FOUND * result.right, result
