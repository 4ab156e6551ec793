"""The search page where no entry has all the words, and what its box suggests."""

import pytest

pytestmark = pytest.mark.usefixtures("clean_catalogue")


@pytest.fixture
def catalogue(ngo_factory):
    for title in ("Teatr na Podwórku", "Orkiestra Miejska", "Chór i orkiestra dęta Lutnia"):
        ngo_factory(title=title)


def test_pages_and_files_have_the_same(catalogue, page, app, said):
    soup = page("/ngo/?q=teatr+kosmitów")
    cards = [link.get_text() for link in soup.select(".ln-card h3 a")]
    assert cards == ["Teatr na Podwórku"]
    assert "Nie ma wpisu ze wszystkimi słowami" in said(soup.select_one(".ln-relaxed"))
    assert "kosmitów" in said(soup.select_one(".ln-relaxed"))
    file = app.get("/ngo.csv?q=teatr+kosmitów").body
    assert "Teatr na Podwórku" in file
    assert "Klub Abstynentów" not in file


def test_a_mistake_is_mended_on_the_page(catalogue, page, said):
    soup = page("/ngo/?q=orkeistra")
    assert said(soup.select_one(".ln-offer")).startswith("Czy chodziło o orkiestra")
    assert len(soup.select(".ln-card")) == 2
    assert "q=orkiestra" in soup.select_one(".ln-downloads a")["href"]


def test_a_mistake_of_an_everyday_word_is_said_on_every_search(ngo_factory, page, said):
    ngo_factory(title="Miejski Klub Pływacki")
    for address in ("/ngo/?q=plywzcki", "/szukaj?q=plywzcki"):
        soup = page(address)
        assert said(soup.select_one(".ln-card h3")) == "Miejski Klub Pływacki"
        assert said(soup.select_one(".ln-relaxed")) == (
            "Nie ma tu wpisu ze słowem „plywzcki”; pokazujemy wpisy na temat: pływanie."
        )
    assert "are about: swimming" in said(page("/en/ngo/?q=plywzcki").select_one(".ln-relaxed"))
    for address in ("/ngo/?q=pływacki", "/ngo/?q=plywacki+klub", "/ngo/?q=klub", "/ngo/"):
        assert page(address).select_one(".ln-relaxed") is None


def test_nothing_offers_needs_kinds_and_a_contact(catalogue, page, said):
    nothing = page("/szukaj?q=rozkład+jazdy").select_one(".ln-nothing")
    assert "Tego nie ma w katalogu: rozkłady jazdy i komunikacja" in said(nothing)
    links = {link["href"] for link in nothing.select("a")}
    assert "/about" in links
    assert "/ngo/" in links
    assert any("q=uzale" in link for link in links)


def test_suggestions_know_needs_kinds_mistakes_and_groups(catalogue, app):
    def suggested(q, **more):
        found = app.get("/szukaj/podpowiedzi", query_string={"q": q, **more}).json
        return [(one["group"], one["title"]) for one in found]

    assert ("Przejdź do", "uzależnienie") in suggested("uzal")
    assert ("Przejdź do", "wolontariat") in suggested("wolont")
    assert ("Organizacje pozarządowe", "Orkiestra Miejska") in suggested("orkeistra")
    assert suggested("orkiestra m", type="ngo") == [
        ("Organizacje pozarządowe", "Orkiestra Miejska")
    ]
    assert suggested("{!lucene}") == []
