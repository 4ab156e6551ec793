"""Search quality: Polish queries with right answers on the 30 organisations of Leszno."""

import pytest
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action

from tests.search import leszno

pytestmark = pytest.mark.usefixtures("register")

# What CKAN alone does with a query, for the comparison.
_CKAN_ALONE = {"defType": "dismax", "qf": "name^4 title^4 tags^2 groups^2 text"}


def search(q: str, **parameters):
    """KRS numbers of the results, best first, and the count of all."""
    found = call_action("package_search", q=q, fq="dataset_type:ngo", rows=30, **parameters)
    return [record["krs"] for record in found["results"]], found["count"]


def test_every_query_of_the_table_has_its_right_answer():
    wrong = {}
    for entry in leszno.queries():
        found, count = search(entry["q"])
        if not leszno.is_right(entry, found, count):
            wrong[entry["q"]] = (count, found[:4])
    assert wrong == {}


def test_ckan_alone_answers_fewer(stock_solr):
    """The table is a real test: CKAN's own schema and parameters fail most of it."""
    right = 0
    for entry in leszno.queries():
        try:
            found, count = search(entry["q"], **({} if ":" in entry["q"] else _CKAN_ALONE))
        except tk.ValidationError:
            continue
        right += leszno.is_right(entry, found, count)
    assert right < len(leszno.queries()) / 2
