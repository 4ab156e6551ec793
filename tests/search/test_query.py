"""What queries find, what facets count, and that nothing typed breaks the search."""

import pytest
from ckan.tests.helpers import call_action

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.search import capability, facets, query

HOSTILE = [
    '"',
    '"""',
    "((((",
    "))))",
    "[1 TO",
    "{!",
    "{!lucene}title:a",
    "{!func}strlen(title)",
    "dzieci {!parent which=x}",
    '_query_:"{!lucene}x"',
    "_val_:1",
    "title:",
    'title:"abc',
    "title:(a OR",
    "title:[* TO",
    ":",
    ":::",
    "a:b:c",
    "AND",
    "OR OR OR",
    "NOT",
    "+",
    "-",
    "+-+-",
    "&& ||",
    "a && && b",
    "*" * 50,
    "?" * 50,
    "a*b*c*d*e*f*g*h*i*j*",
    "~~~",
    "a~99999999999",
    "a^b",
    "a^-1",
    "/[/",
    "/(a+)+$/",
    "\\",
    "\\u",
    "\x00",
    "dzieci\x00\x01\x02",
    "\ud7ff\ufffe",
    "😀" * 100,
    "a" * 5_000,
    "dzieci " * 700,
    '"dzieci ' * 700,
    "(" * 5_000,
    "\ufdfa" * 500,
    "\u1e9e\ufb03\u00bd" * 160,
    "<script>alert(1)</script>",
    "'; DROP TABLE package; --",
    "${jndi:ldap://x}",
    "‮dzieci‬",
    "title:a title:b title:c " * 300,
]


@pytest.fixture
def register_and_app(register, app):
    """The 30 records, and the catalogue's web application."""
    return app


def found(**parameters) -> list[str]:
    answer = call_action("package_search", **({"fq": "dataset_type:ngo", "rows": 50} | parameters))
    return [record["krs"] for record in answer["results"]]


def test_nothing_typed_breaks_the_search(register_and_app):
    broken = {}
    for q in HOSTILE:
        answer = register_and_app.get(
            "/api/3/action/package_search", query_string={"q": q, "rows": 1}, status=None
        )
        # A NUL is refused before anything is searched (views.shared.request_validation).
        if answer.status_code != (400 if "\x00" in q else 200):
            broken[q[:40]] = (answer.status_code, answer.body[:200])
    assert broken == {}


def test_pages_stand_hostile_queries_too(register_and_app):
    for path in ("/dataset/", "/ngo/"):
        for q in HOSTILE[::4]:
            answer = register_and_app.get(path, query_string={"q": q}, status=None)
            assert answer.status_code == 200, (path, q[:40])


@pytest.mark.parametrize("q", ["!!!", "???", "{!}", "\x00"])
def test_no_words_find_nothing(register, q):
    assert found(q=q) == []


@pytest.mark.parametrize("q", [None, "", "*:*", "*"])
def test_an_empty_query_finds_all(register, q):
    assert len(found(**({} if q is None else {"q": q}))) == 30


def test_syntax_of_solr_still_works(register):
    assert found(q='krs:"0000031247"') == ["0000031247"]
    assert found(q="title:lions") == ["0000031247"]
    assert found(q='"lions club"') == ["0000031247"]
    assert found(q="club lions") == ["0000031247"]
    assert "0000055622" not in found(q="+klub -pływacki")
    assert "0000034807" in found(q="+klub -pływacki")
    assert set(found(q="amazonka OR lions OR kolory")) == {"0000055194", "0000031247", "0000348075"}
    assert found(q="amazon*") == ["0000055194"]
    assert found(q="krs:0000031247 OR krs:0000034219 OR krs:0000034807 OR krs:1", rows=3)
    assert len(found(q="-status:active")) == 0
    assert len(found(q="status:active")) == 30


def test_a_caller_who_says_how_to_read_the_query_is_left_alone():
    parameters = {"q": "klub", "defType": "dismax", "qf": "title"}
    assert query.build(dict(parameters)) == parameters
    assert query.build({"q": "klub", "qf": "name"}) == {"q": "klub", "qf": "name"}


def test_query_parsers_that_the_portal_allows_are_left_alone(ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckan.search.solr_allowed_query_parsers", ["lucene"])
    assert query.build({"q": "{!lucene}klub"}) == {"q": "{!lucene}klub"}


def test_a_title_comes_before_a_description(clean_catalogue, ngo_factory):
    ngo_factory(title="Inne stowarzyszenie", notes="Prowadzimy teatr, teatr i jeszcze raz teatr")
    ngo_factory(title="Teatr na wolnym powietrzu i inne sprawy", notes="")
    titles = [r["title"] for r in call_action("package_search", q="teatry")["results"]]
    assert titles == ["Teatr na wolnym powietrzu i inne sprawy", "Inne stowarzyszenie"]


# ---------------------------------------------------------------- CKAN's own schema
@pytest.fixture
def warnings(monkeypatch):
    """What the log is told about Solr's fields."""
    said: list[str] = []
    monkeypatch.setattr(capability.log, "warning", lambda text, *_: said.append(text))
    return said


def test_on_a_stock_solr(warnings, stock_solr):
    assert found(q="diabetyków") == ["0000385915"]
    assert found(q="lions club") == ["0000031247"]
    for number in ("31247", "KRS 0000031247", "697-205-12-41", "PL6972051241"):
        assert found(q=number) == ["0000031247"], number
    assert len(found(q="")) == 30
    assert len(warnings) == 1
    assert "lacks the fields" in warnings[0]


def test_hostile_queries_on_a_stock_solr(stock_solr, app):
    for q in HOSTILE[::3]:
        answer = app.get("/api/3/action/package_search", query_string={"q": q}, status=None)
        assert answer.status_code == 200, (q[:40], answer.body[:200])


def test_a_solr_that_is_away_is_asked_again(ckan_config, monkeypatch, warnings):
    monkeypatch.setitem(ckan_config, "solr_url", "http://127.0.0.1:9/solr/none")
    assert capability.has_polish() is False
    assert capability.has_polish() is False
    assert [text.split(":")[0] for text in warnings] == ["Solr was not asked for its fields"] * 2


# ---------------------------------------------------------------- facets
@pytest.fixture
def clubs(clean_catalogue, ngo_factory):
    """Five records with spheres, forms and statuses."""
    for spheres, form, status in (
        (["17"], "klub_sportowy", "active"),
        (["17", "15"], "uks", "active"),
        (["15"], "fundacja", "active"),
        (["16"], "fundacja", "removed"),
        (["16", "15"], "stowarzyszenie_rejestrowe", "active"),
    ):
        ngo_factory(spheres=spheres, legal_form=form, status=status)


def search(chosen: dict[str, list[str]], **parameters):
    return facets.search({}, record_types.get("ngo"), chosen, "pl", **parameters)


def counts(result: facets.Found, name: str) -> dict[str, int]:
    [facet] = [f for f in result.facets if f.name == name]
    return {item.code: item.count for item in facet.items}


def test_one_choice_filters(clubs):
    assert search({}).count == 5
    assert search({"spheres": ["17"]}).count == 2


def test_choices_of_one_facet_add_results(clubs):
    assert search({"spheres": ["17", "15"]}).count == 4


def test_choices_of_two_facets_narrow(clubs):
    assert search({"spheres": ["16", "17"], "status": ["active"]}).count == 3


def test_a_facet_does_not_count_its_own_choice(clubs):
    result = search({"spheres": ["17"]})
    assert counts(result, "spheres") == {"15": 3, "16": 2, "17": 2}
    assert counts(result, "legal_form") == {"klub_sportowy": 1, "uks": 1}


def test_a_facet_counts_what_others_chose(clubs):
    result = search({"spheres": ["16"], "status": ["active"]})
    assert counts(result, "spheres") == {"15": 3, "16": 1, "17": 2}
    assert counts(result, "status") == {"active": 1, "removed": 1}
    assert counts(result, "legal_form") == {"stowarzyszenie_rejestrowe": 1}


def test_a_choice_that_nothing_has_is_still_shown(clubs):
    result = search({"spheres": ["27"]})
    assert result.count == 0
    assert counts(result, "spheres")["27"] == 0
    [facet] = [f for f in result.facets if f.name == "spheres"]
    assert [item.code for item in facet.selected] == ["27"]


def test_a_search_costs_one_request_and_one_more_a_facet_with_a_choice(clubs, solr_budget):
    search({})
    with solr_budget(1):
        search({})
    with solr_budget(2):
        search({"spheres": ["17", "15"]})
    with solr_budget(3):
        search({"spheres": ["17"], "status": ["active"]})


def test_labels_are_polish_and_in_polish_order(clubs):
    [form] = [f for f in search({}).facets if f.name == "legal_form"]
    assert form.label == "Forma prawna"
    labels = [item.label for item in form.items]
    assert labels[0] == "fundacja"
    assert labels == sorted(labels, key=str.lower)


@pytest.mark.parametrize(
    "code", ['"', "\\", '17" OR "15', "*", "[* TO *]", "\x00", "{!x}", "_query_:x", "a" * 3_000]
)
def test_hostile_choices(clubs, code):
    assert search({"spheres": [code], "town": [code]}).count == 0


def test_selections_are_read_from_an_address(with_plugins):
    from werkzeug.datastructures import MultiDict

    arguments = MultiDict(
        [("spheres", "17"), ("spheres", "15"), ("spheres", "17"), ("town", " "), ("q", "x")]
    )
    assert facets.selections(record_types.get("ngo"), arguments) == {"spheres": ["17", "15"]}
