"""One reader of JSON that somebody sends: within bounds, and the only one."""

import ast
import json
from pathlib import Path

import pytest

import ckanext.leszno_ngo
from ckanext.leszno_ngo import sent_json

ROOT = Path(ckanext.leszno_ngo.__file__).parent
#: Modules that read with ``json.loads`` what the portal itself has written: its tables, its index,
#: its queue and files, texts that validators have brought to their form; ``privacy.in_json`` reads
#: one text of it at a time.
OF_OUR_OWN = {
    "catalogue/batch.py",
    "cooperation/ledger.py",
    "cooperation/threesixtygiving/files.py",
    "cooperation/threesixtygiving/mapping.py",
    "cooperation/validators.py",
    "exports/records.py",
    "features/dcat/profile.py",
    "harvest/abandoned.py",
    "harvest/clear.py",
    "harvest/compare.py",
    "harvest/disagreements.py",
    "harvest/edited.py",
    "harvest/moved_secrets.py",
    "harvest/snapshot.py",
    "harvest/store.py",
    "harvest/waiting.py",
    "logic/kept_forms.py",
    "logic/record_validators.py",
    "logic/validators.py",
    "privacy/in_json.py",
    "registers/condition.py",
    "registers/content.py",
    "search/backlinks.py",
    "search/did_you_mean.py",
    "search/index.py",
    "search/suggest.py",
    "views/pages/calendar_entries.py",
    # Options after settings.parse has taken them:
    "harvest/command.py",
    "harvest/harvesters/base.py",
    "harvest/rights.py",
    # The reader, and the door, which leaves it to CKAN to say what is no JSON:
    "sent_json.py",
    "views/shared/request_validation.py",
}


@pytest.mark.parametrize(
    "odd",
    [
        "[" * 2_000,
        "[" * 200 + "]" * 200,
        "1" * 5_000,
        "[" + "1" * 5_000 + "]",
        "NaN",
        "[-Infinity]",
        '"\\ud800"',
        '["a\\u0000b"]',
        '{"\\u0000": 1}',
        "[" + "1," * 200_000 + "1]",
        "",
        "{",
    ],
    ids=lambda odd: odd[:12],
)
def test_what_passes_a_bound_is_refused(odd):
    with pytest.raises(ValueError, match=r".") as caught:
        sent_json.read(odd)
    assert isinstance(caught.value, (sent_json.SentJsonError, json.JSONDecodeError))
    with pytest.raises(ValueError, match=r"."):
        sent_json.listed(odd)


@pytest.mark.parametrize("good", [{"a": [1, 2.5, None, True, "ż😀"]}, [], [[[1]]] * 30, 10**300])
def test_json_is_read_as_it_is(good):
    assert sent_json.read(json.dumps(good)) == good
    assert sent_json.read(json.dumps(good).encode()) == good


def test_no_other_reader_reads_what_somebody_sends():
    def reads(path):
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        return any(
            isinstance(node, ast.Attribute)
            and node.attr in ("loads", "load")
            and isinstance(node.value, ast.Name)
            and node.value.id == "json"
            for node in nodes
        )

    found = {path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.py") if reads(path)}
    assert found == OF_OUR_OWN
