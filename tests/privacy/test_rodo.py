"""The data protection officer reads the same retention as the options say."""

import re

import yaml

from tests.shared_data import ROOT

PAGE = (ROOT / "docs" / "rodo.md").read_text(encoding="utf-8")


def test_the_table_says_every_option_with_its_default():
    declared = yaml.safe_load(
        (ROOT / "ckanext" / "leszno_ngo" / "config_declaration.yaml").read_text(encoding="utf-8")
    )
    options = {o["key"]: o.get("default") for group in declared["groups"] for o in group["options"]}
    kept = {k: v for k, v in options.items() if ".retention." in k or k.endswith(".undo_days")}
    rows = [[c.strip() for c in r.split("|")[1:-1]] for r in PAGE.splitlines() if r.startswith("|")]
    said = {row[3].strip("`"): row[2] for row in rows if len(row) == 4 and row[3].startswith("`")}
    assert kept.keys() <= said.keys()
    for key, days in kept.items():
        assert re.match(rf"{days}\b", said[key]), key


def test_what_the_city_fills_in_is_marked():
    assert PAGE.count("⟦UZUPEŁNIJ") == PAGE.count("⟧") > 10
