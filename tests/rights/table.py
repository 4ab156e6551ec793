"""The table of rights, ``matrix.yaml``: compared with what is, or written anew."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import yaml

from tests.rights import portal as portals

FILE = Path(__file__).with_name("matrix.yaml")
HEAD = """# Who may do what, by every action and every page. See test_matrix.py; rows are written by
# WRITE_MATRIX=1 and looked at by a person.
# Actions: a anonymous, f fresh account, e editor of the record's department, d its administrator,
# o editor of another department, s sysadmin; "." may not, "!" the rule cannot be asked like that.
# Pages: the statuses of a GET by the roles in the order above, or the one that all get; "-" who has
# not asked. Posts: the statuses of a form, sent with the token of a session; "+" where it has
# changed something in CKAN's database or in queues (not: in the DataStore). What is about a record,
# a file or a table has a row for each state that matters, or one where all are the same.
"""
#: What stands in the table where a record in a state has nothing that could be asked for.
NOTHING = "nothing"
WRITES = bool(os.environ.get("WRITE_MATRIX"))


def hold(part: str, found: dict[str, Any]) -> None:
    """Compare a part of the table with what was found, or write it."""
    table = yaml.safe_load(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    if WRITES:
        written = yaml.safe_dump({**table, part: found}, allow_unicode=True, width=200)
        FILE.write_text(HEAD + written, encoding="utf-8")
        return
    known = table.get(part, {})
    assert sorted(set(found) - set(known)) == [], "no row: see the module's docstring"
    assert sorted(set(known) - set(found)) == [], "a row of nothing"
    changed = {name for name, row in found.items() if known[name] != row}
    assert {name: found[name] for name in changed} == {name: known[name] for name in changed}


def in_short(rows: dict[str, str]) -> dict[str, str] | str:
    """Give the rows of all states, or the one row that all of them have."""
    return rows if len(set(rows.values())) > 1 else next(iter(rows.values()))


def given_away(answer: Any) -> str:
    """Say how an answer to somebody may come to others: by caches, or by scripts of their sites."""
    cached = answer.headers.get("Cache-Control", "")
    if "public" in cached or not re.search("private|no-store|no-cache", cached):
        return f"Cache-Control: {cached}"
    return "for every site" if answer.headers.get("Access-Control-Allow-Origin") == "*" else ""


def rules(app: Any, *methods: str) -> dict[str, Any]:
    """Every route that answers one of the methods, one of each that all record types have.

    :returns: address without the record type's name → the rule
    """
    from ckanext.leszno_ngo import record_types

    types = [t.name for t in record_types.all_types()]
    seen = {}
    for rule in app.flask_app.url_map.iter_rules():
        if not rule.methods & set(methods) or rule.endpoint in ("static", "webassets.index"):
            continue
        name = portals.folded(rule.rule, types)
        if name not in seen or rule.rule.startswith(f"/{portals.TYPE}"):
            seen[name] = rule
    return seen
