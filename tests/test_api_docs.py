"""Every example of docs/api.md and docs/open-data.md is asked for, and its answer compared."""

import json
import re
import sys
from types import SimpleNamespace

import pytest

from tests.api.documents import python_block
from tests.shared_data import ROOT

TEXT = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"```http\n(?P<request>.*?)```\n(?:```json\n(?P<answer>.*?)```)?", re.DOTALL)
REQUEST = re.compile(
    r"(?P<method>GET|POST) (?P<address>\S+)\n(?P<body>.*?)\n*HTTP/1\.1 (?P<status>\d{3})\n$",
    re.DOTALL,
)


@pytest.fixture
def catalogue(clean_catalogue, ngo_factory):
    """The two organisations that the examples speak of."""
    ngo_factory(
        title="Klub Przykład",
        name="klub-przyklad",
        notes="Uczymy sportu.",
        krs="0000031247",
        nip="6970020756",
        spheres=["17"],
        opp="true",
        opp_tax_years=["2025"],
        registered_date="2001-02-03",
        latitude="51.8403",
        longitude="16.5749",
    )
    ngo_factory(title="Fundacja Wzór", name="fundacja-wzor", legal_form="fundacja", spheres=["16"])


def test_there_are_examples_of_every_action_and_file():
    asked = " ".join(example["request"] for example in EXAMPLE.finditer(TEXT))
    from ckanext.leszno_ngo.logic.api_actions import API_ACTIONS

    for name in ("package_search", "package_show", *API_ACTIONS, "/ngo.csv", "/ngo.json"):
        assert name in asked, name


@pytest.mark.parametrize("page", ["api.md", "open-data.md", "linked-data.md"])
def test_examples_give_what_the_page_says(app, catalogue, page):
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    examples = list(EXAMPLE.finditer(text))
    assert len(examples) == text.count("```http")
    for example in examples:
        request = REQUEST.fullmatch(example["request"])
        assert request, example["request"]
        status = int(request["status"])
        if request["method"] == "GET":
            answer = app.get(request["address"], status=status)
        else:
            answer = app.post(request["address"], json=json.loads(request["body"]), status=status)
        if example["answer"]:
            assert_holds(json.loads(example["answer"]), json.loads(answer.get_data()), request[0])


def assert_holds(expected, actual, where):
    """Everything shown is in the answer, in its order; the answer may have more."""
    if isinstance(expected, dict):
        for key, value in expected.items():
            assert key in actual, f"{where}: no {key} in {actual}"
            assert_holds(value, actual[key], f"{where} {key}")
    elif isinstance(expected, list) and expected and isinstance(expected[0], dict):
        remaining = iter(actual)
        for item in expected:
            assert any(holds(item, other) for other in remaining), f"{where}: no {item}"
    else:
        assert expected == actual, where


def holds(expected, actual):
    try:
        assert_holds(expected, actual, "")
    except AssertionError:
        return False
    return True


def test_the_program_runs(app, catalogue, monkeypatch, capsys):
    portal = "http://127.0.0.1:5000"

    def get(address, params, timeout):
        answer = app.get(address.removeprefix(portal), query_string=params, status=200)
        return SimpleNamespace(
            json=lambda: json.loads(answer.get_data()), raise_for_status=lambda: None
        )

    monkeypatch.setitem(sys.modules, "requests", SimpleNamespace(get=get))
    program = python_block("api.md", "print(record[")
    exec(compile(program, "docs/api.md", "exec"), {})
    assert "0000031247 Klub Przykład" in capsys.readouterr().out
