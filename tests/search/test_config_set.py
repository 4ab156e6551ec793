"""The Solr config set: CKAN's schema is whole in it, and its word lists are well-formed."""

import re
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree

import pytest

CONF = Path(__file__).resolve().parents[2] / "solr" / "leszno_ngo" / "conf"
# What is CKAN's and yet changed, and why, is said in schema.xml beside it.
CHANGED = {
    ("field", "title_string"),
    ("dynamicField", "*_date"),
    ("dynamicField", "vocab_*"),
    ("dynamicField", "*"),
}


def parsed(path: Path) -> dict[tuple, str]:
    """Every declaration of a schema: what it is → the whole of it."""
    found = {}
    for element in ElementTree.parse(path).getroot().iter():
        if element.tag in {"field", "dynamicField", "fieldType", "fieldtype", "copyField"}:
            name = element.get("name") or (element.get("source"), element.get("dest"))
            for part in element.iter():
                part.text = part.tail = None
            found[(element.tag, name)] = ElementTree.canonicalize(ElementTree.tostring(element))
    return found


def test_ckans_schema_is_whole_in_ours():
    spec = find_spec("ckan")
    assert spec
    assert spec.submodule_search_locations
    theirs_path = Path(spec.submodule_search_locations[0]) / "config" / "solr" / "schema.xml"
    theirs, ours = parsed(theirs_path), parsed(CONF / "schema.xml")
    different = {key for key, declared in theirs.items() if ours.get(key) != declared}
    assert different == CHANGED


def test_the_name_is_the_one_that_ckan_checks():
    assert ElementTree.parse(CONF / "schema.xml").getroot().get("name") == "ckan-2.12"


def test_every_file_that_the_schema_names_is_there():
    named = re.findall(
        r'(?:words|synonyms|custom|protected)="([^"]+)"', (CONF / "schema.xml").read_text("utf-8")
    )
    assert named
    assert {name for name in named if not (CONF / name).is_file()} == set()


def lines(name: str) -> list[str]:
    texts = (CONF / name).read_text(encoding="utf-8").splitlines()
    return [text for text in texts if text.strip() and not text.startswith("#")]


def test_synonyms_are_single_folded_words_and_each_stands_in_one_group():
    seen: dict[str, str] = {}
    for line in lines("synonyms_pl.txt"):
        group = re.split(r"\s*(?:,|=>)\s*", line)
        assert len(group) > 1, line
        for word in group:
            assert re.fullmatch(r"[a-z0-9]+", word), f"{word!r} in {line!r}"
            assert word not in seen, f"{word!r} stands in {seen.get(word)!r} and in {line!r}"
            seen[word] = line


@pytest.mark.parametrize(
    ("name", "pattern"), [("stopwords_pl.txt", r"\w{2,}"), ("stopletters_pl.txt", r"\w")]
)
def test_words_that_queries_are_cleared_of(name, pattern):
    words = lines(name)
    assert len(words) == len(set(words))
    assert [word for word in words if not re.fullmatch(pattern, word)] == []


def test_the_alphabet_is_in_the_order_of_polish():
    rules = (CONF / "collation_pl.txt").read_text(encoding="utf-8")
    letters = re.findall(r"(?:^|\s)< (\w) , \w", rules)
    assert "".join(letters) == "aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż"
