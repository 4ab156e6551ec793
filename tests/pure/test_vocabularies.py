"""The vocabularies' reader and the files themselves."""

import datetime as dt
import re

import pytest

from ckanext.leszno_ngo import vocabularies

GOOD = """
name: colours
label: {pl: Kolory, en: Colours}
source: own list
note: kept
terms:
  - {code: "1", label: {pl: czerwony, en: red}, valid_from: 2003-06-29, valid_to: 2020-01-31}
  - {code: b, label: {pl: niebieski, en: blue}, hue: 240}
"""


def test_a_good_file_is_read_whole():
    colours = vocabularies.parse(GOOD, "colours")
    assert colours.codes == ("1", "b")
    assert colours.label("b", "pl") == "niebieski"
    assert colours.label("b", "en_GB") == "blue"
    assert colours.label("b", "de") == "niebieski"
    assert colours.label("no-such", "pl") == "no-such"
    assert colours.get("no-such") is None
    assert colours.get("b").extra == {"hue": 240}
    assert colours.extra == {"note": "kept"}


def test_a_label_may_have_more_languages():
    colours = vocabularies.parse(
        GOOD.replace("en: blue", "en: blue, de: blau, pt_BR: azul"), "colours"
    )
    assert colours.label("b", "de") == "blau"
    assert colours.label("b", "fr") == "niebieski"


def test_a_term_may_have_a_shorter_name():
    text = GOOD.replace("hue: 240", "short_label: {pl: nieb., en: bl.}")
    colours = vocabularies.parse(text, "colours")
    assert [colours.short(code, "pl") for code in ("1", "b", "x")] == ["czerwony", "nieb.", "x"]
    assert colours.get("b").short("en_GB") == "bl."
    with pytest.raises(vocabularies.VocabularyError, match="short_label"):
        vocabularies.parse(GOOD.replace("hue: 240", "short_label: nieb."), "colours")


@pytest.mark.parametrize("name", ["programme_forms", "programme_goals"])
def test_goals_and_forms_have_names_that_fit_into_a_line(name):
    terms = vocabularies.get(name).terms
    for lang in ("pl", "en"):
        names = [term.short(lang) for term in terms]
        assert max(map(len, names)) <= 55
        assert len(set(names)) == len(names)


def test_validity_includes_both_its_days():
    colours = vocabularies.parse(GOOD, "colours")

    def codes(*day):
        return [term.code for term in colours.valid_on(dt.date(*day))]

    assert codes(2003, 6, 28) == ["b"]
    assert codes(2003, 6, 29) == codes(2020, 1, 31) == ["1", "b"]
    assert codes(2020, 2, 1) == ["b"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("name: colours", "name: other", "name: colours"),
        ('code: "1"', "code: 1", "without outer spaces, not 1"),
        ('code: "1"', "code: b", "repeats"),
        ("pl: czerwony, en: red", "pl: czerwony", "label.en"),
        ("pl: niebieski, en: blue", 'pl: "", en: blue', "label.pl"),
        ("pl: niebieski, en", "pl: niebieski, modry, en", "unknown languages ['modry']"),
        ("pl: niebieski, en", "pl: niebieski, de: 1, en", "label.de"),
        ("pl: niebieski, en", "pl: niebieski, dom, en", "label.dom"),
        ("2020-01-31", "2001-01-31", "ends before"),
        ("2020-01-31", "soon", "valid_to"),
        ("terms:", "terms: [", "not YAML"),
        ("terms:", "words:", "terms must be"),
        ("source: own list", "", "source"),
    ],
)
def test_a_bad_file_is_refused_with_its_place(old, new, says):
    assert old in GOOD
    with pytest.raises(vocabularies.VocabularyError, match=re.escape(says)):
        vocabularies.parse(GOOD.replace(old, new, 1), "colours")


@pytest.mark.parametrize("name", ["no_such", "../secret", "", "Spheres"])
def test_an_unknown_name_is_refused(name):
    with pytest.raises(vocabularies.VocabularyError):
        vocabularies.get(name)


def test_terms_cannot_be_changed():
    term = vocabularies.get("ngo_status").get("active")
    with pytest.raises(AttributeError):
        term.code = "x"
    with pytest.raises(TypeError):
        term.labels["pl"] = "x"


@pytest.mark.parametrize("name", vocabularies.names())
def test_every_file_of_the_package_keeps_the_contract(name):
    assert vocabularies.get(name).terms
    assert vocabularies.get(name) is vocabularies.get(name)


def test_all_vocabularies_are_there():
    assert set(vocabularies.names()) >= {
        "spheres",
        "legal_form",
        "ngo_status",
        "programme_goals",
        "programme_forms",
        "spheres_source",
        "social_service",
        "source_kind",
        "voivodeship",
        "licences",
    }


def test_spheres_are_the_41_points_in_order():
    codes = vocabularies.get("spheres").codes
    assert len(codes) == 41
    assert all(re.fullmatch(r"\d{1,2}[a-z]{0,2}", code) for code in codes)

    def point(code):
        number, letters = re.fullmatch(r"(\d+)([a-z]*)", code).groups()
        return int(number), letters

    assert list(codes) == sorted(codes, key=point)
    assert {"1aa", "5a", "22a", "29a", "32a", "34"} <= set(codes)


def test_spheres_carry_the_statute():
    for term in vocabularies.get("spheres").terms:
        assert len(term.extra["statute"]) >= len("rewitalizacji")
        assert len(term.label("pl")) <= 60


def test_forms_point_to_goals_that_exist_and_every_goal_has_a_form():
    goals = set(vocabularies.get("programme_goals").codes)
    forms = vocabularies.get("programme_forms").terms
    assert [form.code for form in forms] == [f"F{n:02}" for n in range(1, 32)]
    assert {goal for form in forms for goal in form.extra["goals"]} == goals


def test_voivodeships_have_their_teryt_codes():
    teryt = [term.extra["teryt"] for term in vocabularies.get("voivodeship").terms]
    assert teryt == [f"{n:02}" for n in range(2, 33, 2)]


@pytest.mark.parametrize("name", ["legal_form", "ngo_status"])
def test_no_wording_of_a_register_means_two_things(name):
    seen = {}
    for term in vocabularies.get(name).terms:
        for wording in {*term.extra.get("synonyms", ()), *term.extra.get("krs", ())}:
            key = wording.casefold()
            assert seen.setdefault(key, term.code) == term.code, wording


@pytest.mark.parametrize(
    ("address", "label"),
    [
        ("http://publications.europa.eu/resource/authority/frequency/DAILY", "codziennie"),
        ("http://publications.europa.eu/resource/authority/access-right/PUBLIC", "publiczny"),
        ("http://purl.org/adms/publishertype/LocalAuthority", "samorząd gminy lub powiatu"),
        ("http://publications.europa.eu/resource/authority/frequency/SOMETIMES", None),
        ("http://publications.europa.eu/resource/authority/nothing/X", None),
        ("http://example.org/spheres/17", None),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_terms_of_european_vocabularies_by_their_addresses(address, label):
    term = vocabularies.term_at(address)
    assert (term.label("pl") if term else None) == label
