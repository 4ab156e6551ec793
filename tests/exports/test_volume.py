"""Many records: nothing left out or repeated, and memory that does not grow with them."""

import itertools
import json
import tracemalloc

import ckan.plugins.toolkit as tk
import pytest
from ckan.lib.search.common import make_connection

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.exports import about, csv, records
from ckanext.leszno_ngo.exports import json as json_format
from tests.exports.full_record import FULL

RECORDS = 5_000
MEGABYTE = 1024 * 1024


def fill(number):
    """Put documents into Solr without the database: an export asks Solr alone."""
    connection = make_connection()
    documents = []
    for n in range(number):
        # Two records in three share a title with another: the order must be stable all the same.
        record = {**FULL, "id": f"id-{n:05}", "name": f"n-{n}", "title": f"Klub {n // 3:05}"}
        documents.append(
            {
                "index_id": f"index-{n}",
                "id": record["id"],
                "name": record["name"],
                "title": record["title"],
                "title_string": record["title"],
                "entity_type": "package",
                "dataset_type": "ngo",
                "state": "active",
                "capacity": "public",
                "permission_labels": ["public"],
                "site_id": tk.config["ckan.site_id"],
                "validated_data_dict": json.dumps(record),
            }
        )
    connection.add(documents, commit=True)


@pytest.mark.usefixtures("clean_catalogue")
def test_every_record_comes_once_and_in_constant_memory(solr_budget):
    fill(RECORDS)
    search = records.Search(record_types.get("ngo"))
    with solr_budget(2 + RECORDS // records.CHUNK):
        first = [record["id"] for record in records.find(search).records]
    assert len(first) == len(set(first)) == RECORDS
    for format_ in (csv, json_format):
        assert_memory_does_not_grow(format_, search)


def assert_memory_does_not_grow(format_, search):
    peaks, sizes = {}, {}
    origin = about.about({}, "http://x", "http://x/{name}")
    for share in (2, 1):
        found = records.find(search)
        part = itertools.islice(found.records, RECORDS // share)
        tracemalloc.start()
        sizes[share] = sum(map(len, format_.stream(part, search.record_type, "pl", origin)))
        peaks[share] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert sizes[1] > 1.8 * sizes[2] > MEGABYTE
    assert peaks[1] < 12 * MEGABYTE
    assert peaks[1] < 1.2 * peaks[2] + MEGABYTE


@pytest.mark.usefixtures("clean_catalogue")
def test_records_added_and_removed_meanwhile_move_no_other():
    fill(1_200)
    before = [r["id"] for r in records.find(records.Search(record_types.get("ngo"))).records]
    found = records.find(records.Search(record_types.get("ngo")))
    seen = [next(found.records)["id"]]
    make_connection().delete(q='id:"id-00010" OR id:"id-01190"', commit=True)
    seen += [record["id"] for record in found.records]
    gone = {"id-00010", "id-01190"}
    assert [i for i in seen if i not in gone] == [i for i in before if i not in gone]
    assert len(seen) == len(set(seen))
