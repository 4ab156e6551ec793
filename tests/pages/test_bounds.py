"""Addresses that ask for more than anybody chooses."""

import pysolr
import pytest

from ckanext.leszno_ngo import bounds

pytestmark = pytest.mark.usefixtures("clean_catalogue")


def asked(count: int) -> str:
    return "&".join(f"spheres={number}" for number in range(count))


def test_many_filters_are_refused_in_words(app):
    for address in ("/ngo/", "/szukaj", "/ngo.csv", "/dataset/"):
        answer = app.get(f"{address}?{asked(bounds.PARAMETERS + 1)}", status=400)
        assert f"Wybierz najwyżej {bounds.PARAMETERS} filtrów" in answer.body
    answer = app.get(f"/api/3/action/package_search?{asked(250)}", status=400)
    assert "filtrów" in answer.json


def test_the_most_filters_make_a_page_of_a_usual_size(app):
    page = app.get(f"/ngo/?{asked(bounds.PARAMETERS)}", status=200)
    assert len(page.data) < 10 * len(app.get("/ngo/").data)


def test_words_longer_than_an_address(app):
    app.get("/ngo/?q=" + "a-" * bounds.QUERY_STRING, status=400)


LONG = ("a-", "a ", "klub-", '"a" ', "a OR ", "(", "(a) ", "a*b ", "title:abcde~2 ", "1-", "KRS 1 ")
#: How many characters and parts Solr is asked for at most, and signs that look through all words.
MOST, MOST_PARTS, MOST_COSTLY = 10_000, 1_000, 4


def test_what_solr_is_asked_does_not_grow_with_what_is_typed(app, monkeypatch):
    sent, search = [], pysolr.Solr.search

    def note(solr, q, **more):
        sent.append(q)
        return search(solr, q, **more)

    monkeypatch.setattr(pysolr.Solr, "search", note)
    for part in LONG:
        text = part * (bounds.QUERY // len(part))
        for typed in (text, f"title:a {text}"[: bounds.QUERY]):
            app.get("/ngo/", query_string={"q": typed})
    assert max(map(len, sent)) <= MOST
    assert max(len(q.split()) for q in sent) <= MOST_PARTS
    assert max(q.count("~") for q in sent) <= MOST_COSTLY


def test_a_query_of_too_many_clauses_is_refused_as_one(app):
    """Solr answers 500 to it, which does not say that it is away."""
    many = " ".join(["title:a", *(f"k{number}" for number in range(900))])
    for address in ("/ngo/", "/api/3/action/package_search"):
        assert app.get(address, query_string={"q": many}).status_code in (400, 409), address
