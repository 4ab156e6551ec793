"""What programs may ask of a search: nothing tells of what is hidden, or costs too much."""

import time

import pytest
from ckan.lib.search.common import SearchQueryError
from ckan.tests import factories

from ckanext.leszno_ngo.search import request_checks
from tests.cooperation import records

SEARCH = "/api/3/action/package_search"


@pytest.mark.parametrize(
    "asked",
    [
        {"facet.mincount": 0},
        {"facet.mincount": "0"},
        {"facet.mincount": -1},
        {"facet.field": ["{!facet.mincount=0}name"]},
        {"facet.field": "{!key=x}name"},
        {"fl": "id,docfreq(text,'tajne')"},
        {"fl": ["id", "[explain]"]},
        {"fl": "x:idf(text,tajne)"},
        {"sort": "docfreq(text,'tajne') desc"},
        {"boost": "IDF (text,tajne)"},
        {"bf": "sum(ttf(text,tajne),1)"},
        {"fq": "(" * 8000},
        {"fq": "a" * 20_000},
        {"fq_list": ["x:1", "(" * 600]},
    ],
)
def test_what_no_search_is_for_is_refused(asked):
    with pytest.raises(SearchQueryError):
        request_checks.check(dict(asked))


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"fl": "id data_dict"},
        {"fl": ["name", "extras_*", "score", "res-name:res_name"]},
        {"facet.field": ["vocab_spheres", "extras_kind"], "facet.mincount": 2},
        {"sort": "score desc, metadata_modified desc"},
        {"bf": "recip(ms(NOW,metadata_modified),3.16e-11,1,1)", "fq": '+type:ngo -title:"a  (b)"'},
        {"q": "idf(x)"},
    ],
)
def test_what_searches_are_for_is_left_as_it_is(asked):
    given = dict(asked)
    request_checks.check(given)
    assert given == asked


@pytest.mark.parametrize("sign", [" ", "\n", "\t", "\u00a0"])
@pytest.mark.parametrize("name", ["fq", "fq_list", "sort"])
def test_long_spaces_are_short(name, sign):
    value = "title:a" + sign * 9000 + "b"
    given = {name: [value] if name == "fq_list" else value}
    request_checks.check(given)
    assert given[name] in ("title:a b", ["title:a b"])


@pytest.mark.usefixtures("clean_catalogue")
def test_no_search_tells_words_of_what_is_hidden(app):
    unit = factories.Organization()["id"]
    records.create("event", title="Jawny Festyn", owner_org=unit)
    records.create("event", title="Tajemny Zlot", name="tajemny-zlot", owner_org=unit, private=True)
    for asked in (
        "facet.mincount=0",
        "facet.mincount=1",
        "fl=id,docfreq(text,'tajemny')",
        "fl=id,[explain]",
        "fq=" + " " * 6000,
        "fq=" + "(" * 4000,
    ):
        query = f'?rows=1&facet.field=["name","text","title"]&facet.limit=-1&{asked}'
        began = time.process_time()
        answer = app.get(SEARCH + query)
        assert answer.status_code in (200, 400, 409), asked
        assert "tajemn" not in answer.body.lower().replace(asked, ""), asked
        assert time.process_time() - began < 5
    # other roads to the same search
    for address in (
        "/catalog.ttl?fq=_query_:%22x%22",
        "/dataset/?_x=1&ext_a=1",
        "/catalog.rdf?fq=((((",
    ):
        assert app.get(address).status_code < 500, address
