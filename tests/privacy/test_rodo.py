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


def test_every_table_and_every_key_of_redis_has_a_row():
    """Tables by the migrations that make them, keys by the code that names them."""
    package = ROOT / "ckanext" / "leszno_ngo"
    made = "".join(p.read_text("utf-8") for p in package.glob("migration/*/versions/*.py"))
    kept = set(re.findall(r"CREATE TABLE (?:IF NOT EXISTS )?(\w+)", made))
    assert len(kept) > 8
    families = set()
    for file in package.rglob("*.py"):
        code = file.read_text("utf-8")
        found = re.findall(r"f\"ckan:\{tk\.config\['ckan\.site_id'\]\}:leszno_ngo:(\w+)", code)
        families |= set(found)
        only_looks = file.parent.name == "privacy" or file.name == "services.py"
        assert found or only_looks or "connect_to_redis(" not in code, file
    assert {"login", "kept_forms"} <= families
    places = " ".join(row.split("|")[2] for row in PAGE.splitlines() if row.count("|") == 5)
    said = set(re.findall(r"`(\w+)`", places))
    assert kept | families <= said


def test_cookies_are_said():
    from ckanext.leszno_ngo.logic import attempts
    from ckanext.leszno_ngo.views.shared import login_sessions

    row = next(r for r in PAGE.splitlines() if f"`{login_sessions._DEVICE}`" in r)
    assert row.split("|")[3].strip() == str(attempts.KNOWN_FOR // (24 * 60 * 60))
