"""What is shown where no entry has all the words: less and less of them, and said so."""

import pytest
from ckan.tests.helpers import call_action

from ckanext.leszno_ngo.search import query, spelling

pytestmark = pytest.mark.usefixtures("clean_catalogue")


@pytest.fixture
def catalogue(ngo_factory):
    for title in (
        "Klub Abstynentów",
        "Teatr na Podwórku",
        "Orkiestra Miejska",
        "Bank Żywności",
        "Pozytywka",
        "Chór i orkiestra dęta Lutnia",
    ):
        ngo_factory(title=title, spheres=["16"])


def search(q, **parameters):
    found = call_action("package_search", q=q, **parameters)
    return [record["title"] for record in found["results"]], found.get("relaxed")


def test_what_has_all_the_words_is_not_relaxed(catalogue):
    assert search("chór orkiestra") == (["Chór i orkiestra dęta Lutnia"], None)


def test_one_of_three_words_may_be_missing(catalogue):
    titles, relaxed = search("chór lutnia kosmiczna")
    assert titles == ["Chór i orkiestra dęta Lutnia"]
    assert (relaxed["step"], relaxed["left_out"]) == ("most", ("kosmiczna",))


def test_a_word_that_is_nowhere_is_left_out(catalogue):
    titles, relaxed = search("teatr kosmitów")
    assert titles == ["Teatr na Podwórku"]
    assert (relaxed["step"], relaxed["left_out"]) == ("any", ("kosmitów",))


def test_beginnings_of_words_come_last_and_only_near_ones(catalogue):
    assert search("pozytyfka") == (
        ["Pozytywka"],
        {"step": "beginnings", "left_out": (), "instead": ""},
    )
    assert search("pozytron")[0] == []


def test_a_mistake_has_another_spelling(catalogue):
    titles, relaxed = search("orkeistra")
    assert titles == []
    assert relaxed["instead"] == "orkiestra"
    assert search("chór orkeistra")[1]["instead"] == "chór orkiestra"


def test_what_is_not_of_the_catalogue_shows_nothing(catalogue):
    assert search("bilety do teatru")[0] == []
    assert search("bank kredyt hipoteczny")[0] == []


@pytest.mark.parametrize(
    ("q", "shown"),
    [
        # A word of a title alone says little beside a word that is nowhere.
        ("pozytywka kosmitów", False),
        ("lutnia dęta kosmitów", True),
        # A need of the lexicon bears one such word, a person's distress three.
        ("teatr kosmitów marsjan", False),
        ("wódka kosmitów marsjan jowisza", True),
        ("wódka kosmitów marsjan jowisza saturna", False),
        # What is not of the catalogue is as good as two.
        ("kabaret bilety", False),
        ("wódka bilety", True),
    ],
)
def test_unknown_words_weigh_against_known_ones(catalogue, q, shown):
    assert bool(search(q)[0]) is shown


def test_distress_goes_before_other_words(catalogue):
    titles, _relaxed = search("orkiestra bank wódka")
    assert titles[0] == "Klub Abstynentów"


def test_beginnings_count_for_each_word(ngo_factory, clean_catalogue):
    ngo_factory(title="Ochotnicza Straż Ratownicza", spheres=["23"])
    ngo_factory(title="Astromal")
    assert search("strażacy ochotnicy")[0] == ["Ochotnicza Straż Ratownicza"]
    assert search("astromalowi")[0] == ["Astromal"]


@pytest.mark.parametrize(
    ("wrong", "instead"),
    [
        ("chlanei", "abstynent"),
        ("cókrzyyca", "diabetyk"),
        ("kąkurs", "konkurs"),
        ("rzegluga", ""),
        ("lodowiec", ""),
        ("guzik", ""),
    ],
)
def test_misspelt_words_of_the_lexicon_are_mended(wrong, instead):
    assert spelling.meant(query.read(wrong), [wrong]) == instead


def test_filters_of_the_search_count(catalogue):
    assert search("teatr kosmitów", fq="+vocab_spheres:17")[0] == []


def test_requests_to_solr(catalogue, app, solr_budget):
    app.get("/szukaj?q=teatr")
    with solr_budget(1):
        app.get("/szukaj?q=teatr")
    for q in ("teatr kosmitów", "orkeistra", "xyzzy"):
        with solr_budget(3):
            app.get(f"/szukaj?q={q}")


def test_kinds_rank_first_and_what_is_over_last(ngo_factory, clean_catalogue):
    ngo_factory(title="Chór Dawny", status="removed")
    ngo_factory(title="Chór Obecny")
    assert search("chór")[0] == ["Chór Obecny", "Chór Dawny"]


@pytest.mark.parametrize(
    ("wrong", "right", "near"),
    [
        ("wolentariat", "wolontariat", True),
        ("ljons", "lions", True),
        ("dobrse", "dobrze", True),
        ("londn", "london", True),
        ("rzagiel", "zagiel", True),
        ("hala", "hula", False),
        ("halla", "hala", True),
        ("robak", "rodak", False),
        ("zywnsoci", "zywnosci", True),
        ("metro", "metra", False),
        ("brak", "from", False),
        ("kurs", "kursy", False),
        ("dentysta", "kadencja", False),
        ("curling", "bowling", False),
        ("12345", "12346", False),
    ],
)
def test_only_near_spellings_are_offered(wrong, right, near):
    assert spelling.is_near(wrong, right) is near
