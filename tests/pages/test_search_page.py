"""The search page of a record type."""

from urllib.parse import parse_qs, urlsplit

import pytest

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.exports import formats

pytestmark = pytest.mark.usefixtures("clean_catalogue")


@pytest.fixture
def three(ngo_factory):
    """Three organisations with different facets."""
    return [
        ngo_factory(title="Żabki – klub pływacki", spheres=["17", "15"], opp=True),
        ngo_factory(title="Ćwierkanie", spheres=["16"], legal_form="fundacja"),
        ngo_factory(title="Amatorski Teatr", spheres=["16", "14"], town="Święciechowa"),
    ]


def titles(soup):
    return [link.get_text() for link in soup.select(".ln-card h3 a")]


def option(soup, facet, code):
    return soup.select_one(f'#ln-facets input[name="{facet}"][value="{code}"]')


def counted(soup, facet, code, said):
    return said(soup.find("label", {"for": option(soup, facet, code)["id"]}))


def test_results_are_in_the_order_of_the_polish_alphabet(three, page, said):
    soup = page("/ngo/")
    assert titles(soup) == ["Amatorski Teatr", "Ćwierkanie", "Żabki – klub pływacki"]
    assert said(soup.select_one("#ln-count")) == "3 organizacje"
    assert said(soup.h1) == "Organizacje pozarządowe"
    assert soup.html["lang"] == "pl"


def test_counts_are_in_the_right_form_and_language(three, page, said):
    assert said(page("/ngo/?spheres=17").select_one("#ln-count")) == "1 organizacja"
    assert said(page("/en/ngo/").select_one("#ln-count")) == "3 organisations"
    assert said(page("/ngo/?town=Kraków").select_one("#ln-count")) == "0 organizacji"


def test_facets_are_alternatives_and_keep_their_counts(three, page, said):
    soup = page("/ngo/?spheres=17&spheres=14")
    assert titles(soup) == ["Amatorski Teatr", "Żabki – klub pływacki"]
    assert counted(soup, "spheres", "16", said).endswith("(2)")
    assert option(soup, "spheres", "17").has_attr("checked")
    assert not option(soup, "spheres", "16").has_attr("checked")
    assert [said(c) for c in soup.select(".ln-chosen li a")][-1] == "Usuń wszystkie filtry"


def test_facets_of_two_fields_are_both_demanded(three, page):
    assert titles(page("/ngo/?spheres=16&legal_form=fundacja")) == ["Ćwierkanie"]


def test_taking_a_choice_back_keeps_the_rest_of_the_search(three, page):
    soup = page("/ngo/?q=klub&spheres=17&spheres=15&sort=newest&page=1")
    chip = next(a for a in soup.select(".ln-chosen li a") if "sport" in a.get_text())
    left = parse_qs(urlsplit(chip["href"]).query)
    assert left == {"q": ["klub"], "spheres": ["15"], "sort": ["newest"]}


def test_the_facet_form_keeps_words_and_order(three, page):
    form = page("/ngo/?q=klub&sort=newest").select_one("#ln-facets")
    hidden = {i["name"]: i["value"] for i in form.select("input[type=hidden]")}
    assert hidden == {"q": "klub", "sort": "newest"}
    assert form["method"] == "get"


def test_a_facet_that_says_the_same_of_all_is_left_out(three, page):
    assert option(page("/ngo/"), "status", "active") is None
    assert option(page("/ngo/?status=active"), "status", "active").has_attr("checked")
    assert option(page("/ngo/"), "opp", "true") is not None


def test_a_new_search_keeps_the_chosen_facets(three, page):
    form = page("/ngo/?spheres=17").select_one("form[role=search]")
    assert form.select_one('input[type=hidden][name="spheres"]')["value"] == "17"


def test_nothing_found_helps_and_a_mistyped_word_is_found(three, page, said):
    soup = page("/ngo/?q=xyzzy klb")
    nothing = soup.select_one(".ln-nothing")
    assert "Nic nie znaleziono" in said(nothing)
    assert titles(page("/ngo/?q=plywzcki")) == ["Żabki – klub pływacki"]


def test_relevance_is_offered_only_for_words(three, page, said):
    without = [said(a) for a in page("/ngo/").select(".ln-sorts a")]
    with_words = [said(a) for a in page("/ngo/?q=a*").select(".ln-sorts a")]
    assert "trafność" not in without
    assert "trafność" in with_words or not with_words


def test_downloads_are_of_the_same_search(three, page):
    soup = page("/ngo/?spheres=16&sort=newest&page=1")
    links = [a["href"] for a in soup.select(".ln-downloads a")]
    offered = [s for s, f in formats.formats_for(record_types.get("ngo")).items() if not f.is_feed]
    assert links == [f"/ngo.{suffix}?spheres=16&sort=newest" for suffix in offered]
    csv = next(link for link in links if ".csv" in link)
    assert titles(soup)[0] in page(csv).get_text()


def test_badges_are_seen_on_the_card(ngo_factory, page, said):
    ngo_factory(title="A", opp=True)
    ngo_factory(title="B", status="in_liquidation")
    ngo_factory(title="C")
    badges = [said(card.select_one(".ln-badges")) for card in page("/ngo/").select(".ln-card")]
    assert badges == ["Organizacja pożytku publicznego (OPP)", "w likwidacji", None]


@pytest.mark.ckan_config("ckan.datasets_per_page", 2)
def test_pages_of_results(three, page, said):
    first = page("/ngo/?sort=title")
    assert len(titles(first)) == 2
    assert said(first.select_one('.ln-pager a[aria-current="page"]')) == "Strona 1"
    second = page(first.select_one(".ln-pager a[rel=next]")["href"])
    assert titles(second) == ["Żabki – klub pływacki"]
    beyond = page("/ngo/?page=9")
    assert "Nie ma takiej strony wyników" in beyond.get_text()


@pytest.mark.parametrize(
    "query",
    [
        "q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "q=title:[* TO",
        "q={!func}1",
        "q=%00%01",
        "spheres=%22)+OR+(*:*",
        "spheres=%22%3E%3Cscript%3E",
        "sort=score+desc;drop",
        "page=-5",
        "page=99999999999999999999",
        "nonsense=1",
    ],
)
def test_hostile_addresses_do_no_harm(query, three, app):
    response = app.get(f"/ngo/?{query}")
    body = response.get_data(as_text=True)
    assert response.status_code in (200, 400)
    assert "<script>alert" not in body
    assert '"><script>' not in body


def test_datasets_and_records_have_pages_of_their_own(three, page):
    from ckan.tests import factories

    factories.Dataset(title="Zbiór pierwszy")
    datasets = page("/dataset/").get_text()
    assert "Zbiór pierwszy" in datasets
    assert "Ćwierkanie" not in datasets
    assert "Zbiór pierwszy" not in page("/ngo/").get_text()


def test_a_private_record_is_seen_by_its_department_only(department, ngo_factory, page):
    ngo_factory(title="Tajna", owner_org=department["id"], private=True)
    assert titles(page("/ngo/")) == []


def test_the_page_asks_solr_and_the_database_little(three, app, sql_budget, solr_budget):
    app.get("/ngo/")
    with sql_budget(2), solr_budget(1):
        app.get("/ngo/")
    # one more request for each facet with a choice: its own counts without the choice
    with sql_budget(3), solr_budget(2):
        app.get("/ngo/?q=teatr&spheres=16")


def test_solr_away_is_said_politely(three, app, monkeypatch):
    from ckan.lib.search.common import SearchError

    from ckanext.leszno_ngo.search import facets

    def away(*_args, **_kwargs):
        raise SearchError("away")

    monkeypatch.setattr(facets, "search", away)
    response = app.get("/ngo/", status=503)
    assert "Wyszukiwarka teraz nie działa" in response.get_data(as_text=True)
    app.get("/", status=200)
