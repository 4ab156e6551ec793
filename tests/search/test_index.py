"""What a record puts into the index."""

import json

import pytest
from ckan import model
from ckan.lib import search
from ckan.lib.search.common import make_connection
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.leszno_ngo.catalogue import index_documents, stored
from tests.search import leszno

LONG = "Ćwiczenia, zajęcia i łąki. " * 700  # 18 900 characters, more than 20 000 bytes
FULL = {
    "legal_form": "stowarzyszenie_rejestrowe",
    "spheres": ["15", "17"],
    "pkd_unpaid": ["94.99.Z"],
    "registered_date": "2001-02-03",
    "opp": "true",
    "opp_tax_years": ["2023", "2024"],
    "aims": LONG,
    "postal_code": "64-100",
    "phone": "655298100",
    "register_number": "KS/12/2020",
}


@pytest.fixture
def indexed(clean_catalogue, ngo_factory):
    """The Solr document of a record with every kind of field."""
    record = ngo_factory(**(leszno.record(leszno.rows()[0]) | FULL | {"title": "„Złota” jesień"}))
    fields = "*,krs,nip,status,town,opp,legal_form,registered_date_year,phone"
    [document] = make_connection(decode_dates=False).search(f"id:{record['id']}", fl=fields).docs
    return document


def test_kinds_of_fields(indexed):
    assert indexed["vocab_spheres"] == ["15", "17"]
    assert indexed["vocab_opp_tax_years"] == ["2023", "2024"]
    assert indexed["legal_form"] == "stowarzyszenie_rejestrowe"
    assert indexed["krs"] == "0000031247"
    assert indexed["opp"] == "true"
    assert indexed["registered_date"] == "2001-02-03T00:00:00Z"
    assert indexed["registered_date_year"] == "2001"
    assert indexed["extras_aims"].startswith("Ćwiczenia, zajęcia")
    assert {"0000031247", "6972051241", "KS/12/2020"} <= set(indexed["vocab_identifiers"])
    assert json.loads(indexed["validated_data_dict"])["phone"] == "+48 65 529 81 00"


def test_what_is_only_stored_is_not_in_the_index(indexed):
    assert "phone" not in indexed
    assert {key for key in indexed if key.startswith("extras_")} == {
        "extras_aims",
        "extras_legal_name",
    }


@pytest.mark.parametrize(
    "q",
    [
        "kultura fizyczna",  # a sphere's label
        "stowarzyszenie",  # the legal form's
        "association",  # the same in English
        "organizacja pożytku publicznego",  # a flag's label
        "KS/12/2020",  # a register number that is not digits only
        "64-100",  # a value without a vocabulary
        "łąka",  # the aims
    ],
)
def test_words_that_find_the_record(indexed, q):
    assert call_action("package_search", q=q, fq="dataset_type:ngo")["count"] == 1


def test_labels_of_status_and_of_a_false_flag_are_not_searched(clean_catalogue, ngo_factory):
    ngo_factory(title="Kolory", opp="false")
    for q in ("aktywna", "pożytku publicznego"):
        assert call_action("package_search", q=q, fq="dataset_type:ngo")["count"] == 0, q


def test_other_types_are_indexed_as_ckan_does(clean_catalogue):
    from ckanext.leszno_ngo.search import index

    document = {"dataset_type": "dataset", "extras_a": "b", "validated_data_dict": "{"}
    assert index.before_dataset_index(dict(document)) == document
    factories.Dataset(title="Wydatki miasta", extras=[{"key": "temat", "value": "kluby"}])
    assert call_action("package_search", q="klub wydatek")["count"] == 1


def test_indexing_asks_the_database_nothing(clean_catalogue, ngo_factory, sql_budget):
    from ckanext.leszno_ngo.search import index

    record = ngo_factory(**FULL)
    document = {"dataset_type": "ngo", "validated_data_dict": json.dumps(record)}
    with sql_budget(0):
        index.before_dataset_index(document)
    assert document["vocab_spheres"] == ["15", "17"]


TITLES = [
    "Łąka",
    "Lew",
    "Ćma",
    "Cud",
    "Żuraw",
    "Zebra",
    "„Ósmy dzień”",
    "Oaza",
    "Świt",
    "Sto",
    "lis",
]
IN_ORDER = [
    "Cud",
    "Ćma",
    "Lew",
    "lis",
    "Łąka",
    "Oaza",
    "„Ósmy dzień”",
    "Sto",
    "Świt",
    "Zebra",
    "Żuraw",
]


def test_titles_sort_in_the_order_of_the_polish_alphabet(clean_catalogue, ngo_factory):
    for title in TITLES:
        ngo_factory(title=title)
    for direction, expected in (("asc", IN_ORDER), ("desc", IN_ORDER[::-1])):
        found = tk.get_action("package_search")(
            {}, {"sort": f"title_string {direction}", "rows": 20}
        )
        assert [record["title"] for record in found["results"]] == expected


@pytest.mark.parametrize("make", ["record", "dataset"])
def test_a_relationship_of_ckan_is_refused_and_stops_nothing(clean_catalogue, ngo_factory, make):
    of_ckan = {"subject": "first", "object": "second", "type": "depends_on"}
    for name in ("first", "second"):
        ngo_factory(name=name, title=name) if make == "record" else factories.Dataset(name=name)
    with pytest.raises(tk.ValidationError):
        call_action("package_relationship_create", **of_ckan)
    first, second = map(model.Package.get, ("first", "second"))
    first.add_relationship("depends_on", second, "made before")
    model.repo.commit_and_remove()
    search.rebuild()
    documents = index_documents.documents(stored.load_many([first.id, second.id]))
    assert len(documents) == 2
    boss = {"user": factories.Sysadmin()["name"]}
    call_action("package_patch", boss, id="first", notes="Opis")
    assert call_action("package_search", fq="name:first")["count"] == 1
