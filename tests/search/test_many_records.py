"""What pages ask of the database and of Solr does not grow with the catalogue."""

import operator
from urllib.parse import urlencode

import pytest

from benchmarks import generated, search
from tests import counting

pytestmark = pytest.mark.usefixtures("clean_catalogue")

FEW, MANY = 300, 2_000
#: The largest page sent, uncompressed.
PAGE_BYTES = 300_000


def addresses():
    from ckanext.leszno_ngo import record_types

    pages = [f"/{t.name}/" for t in record_types.all_types()]
    found = [f"/{t.name}/?q=klub&sort={t.sorts[-1].name}" for t in record_types.all_types()]
    narrowed = [f"/{t.name}/?q=klub&{choices(t)}" for t in record_types.all_types()]
    return ["/", *pages, *found, *narrowed, "/szukaj", "/szukaj?q=klub", "/kalendarz", "/program"]


def choices(record_type):
    """Two choices in each facet that has a vocabulary, and a state."""
    from ckanext.leszno_ngo import vocabularies

    coded = [field for field in record_type.facet_fields if field.vocabulary]
    chosen = [(f.name, code) for f in coded for code in vocabularies.get(f.vocabulary).codes[:2]]
    states = [("state", state.code) for state in record_type.states[:1]]
    return urlencode([*chosen, *states])


def fill(count):
    generated.send(generated.documents(generated.mixed(count, search.organisations())))


def most_requests(address):
    """A search is one request to Solr, and two more where it offers other words."""
    few = {"/": 5, "/kalendarz": 4, "/program": 4}
    if address in few:
        return few[address]
    return 3 if "q=" in address else 1


def cost(app, address):
    """(SQL statements, requests to Solr) of a visit, with the page's length kept."""
    with counting.sql_statements() as sql, counting.solr_requests() as solr:
        body = app.get(address, status=200).body
    assert len(body) <= PAGE_BYTES, f"{address} has {len(body)} characters"
    return sql.count, solr.count


def asked(app, few=None):
    """Address → cost of the second visit; of the first one where it is no more than before."""
    costs = {}
    for address in addresses():
        first = cost(app, address)
        is_enough = few is not None and all(map(operator.le, first, few[address]))
        costs[address] = first if is_enough else cost(app, address)
    return costs


def test_pages_of_many_records_of_all_types_cost_what_few_do(app):
    fill(FEW)
    few = asked(app)
    fill(MANY)
    many = asked(app, few)
    assert f"{MANY} " in app.get("/szukaj").body.replace("\u00a0", " ")
    assert {a: (few[a], many[a]) for a in few if many[a] > few[a]} == {}
    assert max(sql for sql, _ in many.values()) <= 6
    assert {a: solr for a, (_, solr) in many.items() if solr > most_requests(a)} == {}
