"""The batch writer against CKAN's own actions: the same record, the same outcome."""

import copy
import functools
import json
from unittest import mock

import pytest

from tests import identifiers

pytestmark = pytest.mark.usefixtures("empty")

#: What differs between any two records, however written.
_OWN = {"id", "metadata_created", "metadata_modified", "index_id", "_version_", "indexed_ts"}


# ------------------------------------------------------------------------- helpers
_cleaned = []


@pytest.fixture
def empty(request, with_plugins):
    """A catalogue with nothing in it; after the first test only what is used is emptied."""
    if not _cleaned:
        request.getfixturevalue("clean_catalogue")
        _cleaned.append(True)
    import sqlalchemy as sa
    from ckan import model
    from ckan.lib.search.common import make_connection

    model.Session.rollback()
    model.Session.expunge_all()
    tables = 'package, member, "group", activity, harvest_source, harvest_job, harvest_object'
    model.Session.execute(sa.text(f"TRUNCATE {tables} CASCADE"))
    model.Session.commit()
    make_connection().delete(q="*:*", commit=False, softCommit=True)


@pytest.fixture
def batch():
    from ckanext.leszno_ngo.catalogue import batch

    return batch


@functools.cache
def number(kind, n):
    """Return an identifier: the same one for the same ``n``."""
    return getattr(identifiers, kind)()


def full_record(**changes):
    """Return a record with a value in every kind of field, as a harvest makes it."""
    return {
        "type": "ngo",
        "title": "Fundacja „Żółw” im. Ćwirka w Lesznie",
        "legal_name": 'FUNDACJA "ŻÓŁW" IM. ĆWIRKA W LESZNIE',
        "legal_form": "fundacja",
        "status": "active",
        "krs": number("krs", 1),
        "regon": number("regon", 1),
        "nip": number("nip", 1),
        "spheres": ["1", "2"],
        "spheres_source": "derived",
        "aims": "Pomoc żółwiom\ni ich przyjaciołom \U0001f422 <od 1999>",
        "email": "biuro@zolw.example",
        "website": "zolw.example",
        "town": "Leszno",
        "teryt": "3063011",
        "latitude": "51.8403",
        "longitude": "16.5749",
        "registered_date": "3.02.2001",
        "opp": True,
        "opp_tax_years": ["2024", "2025"],
        "pkd_unpaid": ["9499Z"],
        "sources": [{"id": "opp", "title": "Wykaz OPP", "fields": ["title", "krs"]}],
    } | changes


def stock(action, record, **context):
    """Write a record by CKAN's own action."""
    import ckan.plugins.toolkit as tk
    from ckan.tests import helpers

    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    context = {"leszno_ngo_harvest": True, "user": user, **context}
    return helpers.call_action(action, context, **copy.deepcopy(record))


def show(id_, **context):
    from ckan.tests import helpers

    return helpers.call_action("package_show", context, id=id_)


def from_database(id_):
    return show(id_, use_cache=False)


def index_document(id_):
    """Return everything Solr has on a record."""
    from ckan.lib.search.common import make_connection

    found = make_connection(decode_dates=False).search(f'id:"{id_}"', fl="*", rows=2)
    assert len(found) == 1
    return found.docs[0]


def activities(id_):
    import sqlalchemy as sa
    from ckan import model
    from ckanext.activity.model import Activity

    query = sa.select(Activity).where(Activity.object_id == id_).order_by(Activity.timestamp)
    return [
        {
            "user": found.user_id,
            "type": found.activity_type,
            "data": found.data,
            "labels": found.permission_labels,
        }
        for found in model.Session.scalars(query)
    ]


def members(id_):
    import sqlalchemy as sa
    from ckan import model

    table = model.member_table
    query = sa.select(table.c.group_id, table.c.capacity, table.c.state, table.c.table_name).where(
        table.c.table_id == id_
    )
    return sorted(map(tuple, model.Session.execute(query)))


def row(id_):
    import sqlalchemy as sa
    from ckan import model

    table = model.package_table
    return dict(model.Session.execute(sa.select(table).where(table.c.id == id_)).mappings().one())


def neutral(value, id_):
    """Return a value with what is one record's own taken out, and JSON texts read."""
    if isinstance(value, dict):
        return {k: neutral(v, id_) for k, v in value.items() if k not in _OWN}
    if isinstance(value, list):
        entries = [neutral(entry, id_) for entry in value]
        if entries and isinstance(entries[0], dict) and entries[0].keys() == {"key", "value"}:
            # CKAN indexes a new record's extras as they came, and later as PostgreSQL has them
            entries.sort(key=lambda extra: extra["key"])
        return entries
    if isinstance(value, str):
        if value.startswith("{") and id_ in value:
            return neutral(json.loads(value), id_)
        return value.replace(id_, "ID")
    return value


@pytest.fixture
def sent():
    """The documents sent to Solr, in order."""
    import pysolr

    documents = []
    add = pysolr.Solr.add

    def note(self, docs, **options):
        documents.extend(copy.deepcopy(docs))
        return add(self, docs, **options)

    with mock.patch.object(pysolr.Solr, "add", note):
        yield documents


def everything(id_, sent):
    """Return all that a record has left behind, comparable with another's."""
    from ckan import model

    model.Session.rollback()
    model.Session.expire_all()
    document = [d for d in sent if d["id"] == id_][-1]
    return {
        "row": neutral(row(id_), id_),
        "database": neutral(from_database(id_), id_),
        "index": neutral(show(id_), id_),
        "solr": neutral(index_document(id_), id_),
        "sent": neutral(document, id_),
        "types in sent": {k: type(v).__name__ for k, v in document.items()},
        "activities": neutral(activities(id_), id_),
        "members": members(id_),
    }


def assert_same(got, expected):
    """Compare part by part: a difference of two whole records cannot be read."""
    assert got.keys() == expected.keys()
    for part in expected:
        if isinstance(expected[part], dict):
            keys = got[part].keys() | expected[part].keys()
            parts = {k: (got[part].get(k), expected[part].get(k)) for k in keys}
            assert {k: v for k, v in parts.items() if v[0] != v[1]} == {}, part
        assert got[part] == expected[part], part


def purge(id_):
    from ckan.tests import helpers

    helpers.call_action("dataset_purge", {}, id=id_)


def both_ways(batch, sent, record, **changed):
    """Create a record by CKAN and by the batch writer; return what each left behind."""
    by_ckan = stock("package_create", record)
    expected = everything(by_ckan["id"], sent)
    purge(by_ckan["id"])
    outcome = batch.write([batch.Write(copy.deepcopy(record) | changed)])[0]
    assert outcome.status == "created", outcome.errors
    assert neutral(outcome.record, outcome.id) == expected["database"]
    return expected, everything(outcome.id, sent)


@pytest.fixture
def organisation():
    from ckan.tests import factories

    return factories.Organization(title="Wydział Edukacji, Sportu i Spraw Społecznych")


# ------------------------------------------------------------------------- create
LEFT_OUT = [
    "title",
    *("legal_name", "legal_form", "regon", "nip", "spheres", "spheres_source", "aims", "email"),
    *("website", "teryt", "latitude", "longitude", "registered_date", "opp", "opp_tax_years"),
    *("pkd_unpaid", "sources", "status"),
]
CREATED = {
    "full": {},
    "least": dict.fromkeys(LEFT_OUT),
    "spellings": {"krs": "31247", "opp": "tak", "nip": "697-00-20-756", "regon": "000 660 995"},
    "form texts": {"spheres": "1", "opp_tax_years": "2023\n2024\n2024", "aims": ""},
    "private": {"private": True},
    "core fields": {
        "notes": "Opis <z> Łodzi",
        "author": "Urząd",
        "author_email": "a@example.com",
        "license_id": "cc-by",
        "url": "https://example.com",
        "version": "1",
    },
    "extra": {"extras": [{"key": "własny", "value": "dodatek"}, {"key": "a", "value": "b"}]},
}


@pytest.mark.parametrize("changes", CREATED.values(), ids=CREATED)
def test_a_created_record_is_as_package_create_makes_it(batch, sent, organisation, changes):
    record = full_record(name="zolw", owner_org=organisation["id"]) | changes
    record = {key: value for key, value in record.items() if value is not None}
    expected, got = both_ways(batch, sent, record)
    assert_same(got, expected)


def test_a_record_of_no_organisation(batch, sent):
    expected, got = both_ways(batch, sent, full_record(name="zolw"))
    assert_same(got, expected)


def test_the_organisation_may_be_given_by_name(batch, sent, organisation):
    record = full_record(name="zolw", owner_org=organisation["name"])
    expected, got = both_ways(batch, sent, record)
    assert_same(got, expected)


def test_another_type_than_a_record_type(batch, sent):
    expected, got = both_ways(
        batch, sent, {"type": "dataset", "name": "zbior", "title": "Zbiór", "notes": "opis"}
    )
    assert_same(got, expected)


def test_the_activity_is_of_the_user_named(batch):
    from ckan.tests import factories

    user = factories.Sysadmin()
    outcome = batch.write([batch.Write(full_record())], user=user["name"])[0]
    assert [a["user"] for a in activities(outcome.id)] == [user["id"]]
    assert row(outcome.id)["creator_user_id"] == user["id"]


# ------------------------------------------------------------------------- update
UPDATED = {
    "a field": {"phone": "+48 65 529 81 00"},
    "title and name": {"title": "Fundacja Nowa", "name": "fundacja-nowa"},
    "a field emptied": {"aims": "", "email": "", "opp": False},
    "identifiers": {"nip": "", "krs": "0000031247"},
    "private": {"private": True},
    "core fields": {"notes": "nowy opis", "license_id": "cc-zero"},
    "deleted": {"state": "deleted"},
}


@pytest.mark.parametrize("changes", UPDATED.values(), ids=UPDATED)
def test_an_updated_record_is_as_package_update_makes_it(batch, sent, organisation, changes):
    def make():
        return stock("package_create", full_record(name="zolw", owner_org=organisation["id"]))

    def changed(created):
        whole = from_database(created["id"]) | changes
        # package_update by a sysadmin keeps a metadata_modified that it is given
        return {key: value for key, value in whole.items() if key != "metadata_modified"}

    def left_behind(created):
        if changes.get("state") == "deleted":
            return neutral(
                {"row": row(created["id"]), "a": activities(created["id"])}, created["id"]
            )
        return everything(created["id"], sent)

    first = make()
    stock("package_update", changed(first))
    expected = left_behind(first)
    purge(first["id"])
    second = make()
    outcome = batch.write([batch.Write(changed(second))])[0]
    assert (outcome.status, outcome.id) == ("updated", second["id"]), outcome.errors
    assert_same(left_behind(second), expected)
    assert row(second["id"])["metadata_modified"] > row(second["id"])["metadata_created"]


def test_a_deleted_record_leaves_the_index(batch):
    created = batch.write([batch.Write(full_record())])[0]
    batch.write([batch.Write(from_database(created.id) | {"state": "deleted"})])
    from ckan.tests import helpers

    assert helpers.call_action("package_search", q="*:*")["count"] == 0


def test_a_move_to_another_organisation(batch, sent, organisation):
    from ckan.tests import factories

    other = factories.Organization()
    results = []
    for write in (
        lambda whole: stock("package_update", whole),
        lambda whole: batch.write([batch.Write(whole)]),
    ):
        created = stock("package_create", full_record(name="zolw", owner_org=organisation["id"]))
        whole = from_database(created["id"]) | {"owner_org": other["id"]}
        whole.pop("metadata_modified")
        write(whole)
        results.append(everything(created["id"], sent))
        purge(created["id"])
    assert_same(results[1], results[0])
    assert {m[0]: m[2] for m in results[1]["members"]} == {
        organisation["id"]: "deleted",
        other["id"]: "active",
    }


def test_an_update_finds_its_harvest_object_in_the_index(batch, sent):
    """The index adds the harvest's extras; both roads must add the same."""
    results = []
    for write in (
        lambda whole: stock("package_update", whole),
        lambda whole: batch.write([batch.Write(whole)]),
    ):
        created = stock("package_create", full_record(name="zolw"))
        add_harvest_object(created["id"])
        whole = from_database(created["id"]) | {"phone": "65 529 81 00"}
        whole.pop("metadata_modified")
        write(whole)
        results.append(everything(created["id"], sent))
        remove_harvest_objects()
        purge(created["id"])
    assert_same(results[1], results[0])
    assert results[1]["sent"]["harvest_source_title"] == "Wykaz"
    assert {e["key"] for e in results[1]["index"]["extras"]} >= {"harvest_object_id"}


def add_harvest_object(package_id, **values):
    from ckan import model
    from ckanext.harvest.model import HarvestJob, HarvestObject, HarvestSource

    source = model.Session.get(HarvestSource, "source") or HarvestSource(
        id="source", url="https://example.com", title="Wykaz", type="opp"
    )
    job = model.Session.get(HarvestJob, "job") or HarvestJob(id="job", source=source)
    model.Session.add_all([source, job])
    model.Session.add(
        HarvestObject(
            id=f"object-{len(values)}",
            guid="krs:1",
            current=True,
            source=source,
            job=job,
            package_id=package_id,
            content="{}",
            **values,
        )
    )
    model.Session.commit()


def remove_harvest_objects():
    from ckan import model
    from ckanext.harvest.model import HarvestObject

    model.Session.query(HarvestObject).delete()
    model.Session.commit()


def test_nothing_is_written_for_an_unchanged_record(batch, sql_budget, solr_budget):
    outcomes = batch.write(
        [batch.Write(full_record()), batch.Write(other_record(2)), batch.Write(other_record(3))]
    )
    wholes = [from_database(outcome.id) for outcome in outcomes]
    before = [row(outcome.id) for outcome in outcomes]
    with sql_budget(25) as seen, solr_budget(0):
        again = batch.write([batch.Write(whole) for whole in wholes])
    assert {outcome.status for outcome in again} == {"unchanged"}
    assert seen.writes == []
    assert [row(outcome.id) for outcome in outcomes] == before
    assert [len(activities(outcome.id)) for outcome in outcomes] == [1, 1, 1]


def test_an_edit_since_the_record_was_read_is_not_overwritten(batch):
    created = batch.write([batch.Write(full_record())])[0]
    seen = from_database(created.id)
    stock("package_update", {**seen, "phone": "+48 65 511 11 11", "metadata_modified": None})
    outcome = batch.write(
        [batch.Write({**seen, "phone": "+48 65 522 22 22"}, seen=seen["metadata_modified"])]
    )
    assert outcome[0].status == "refused"
    assert list(outcome[0].errors) == ["metadata_modified"]
    assert from_database(created.id)["phone"] == "+48 65 511 11 11"


def test_resources_and_tags_of_a_record_stay(batch, sent):
    record = full_record(name="zolw", resources=[{"url": "https://example.com/statut.pdf"}])
    results = []
    for write in (
        lambda whole: stock("package_update", whole),
        lambda whole: batch.write([batch.Write(whole)]),
    ):
        created = stock("package_create", record)
        whole = from_database(created["id"]) | {"phone": "65 529 81 00"}
        whole.pop("metadata_modified")
        write(whole)
        got = everything(created["id"], sent)
        resource_id = created["resources"][0]["id"]
        results.append(json.loads(json.dumps(got, default=str).replace(resource_id, "RESOURCE")))
        purge(created["id"])
    for result in results:
        for shown in (result["database"], result["index"], *result["activities"]):
            resources = shown.get("resources") or shown["data"]["package"]["resources"]
            resources[0].pop("created")
        result["solr"].pop("data_dict")
        result["solr"].pop("validated_data_dict")
        result["sent"].pop("data_dict")
        result["sent"].pop("validated_data_dict")
    assert_same(results[1], results[0])


def test_changes_of_resources_are_not_for_the_batch_writer(batch):
    with pytest.raises(ValueError, match="resources"):
        batch.write([batch.Write(full_record(resources=[{"url": "https://example.com"}]))])
    record = full_record(name="zolw", resources=[{"url": "https://example.com"}])
    created = stock("package_create", record)
    with pytest.raises(ValueError, match="resources"):
        batch.write([batch.Write(from_database(created["id"]) | {"resources": []})])


# ------------------------------------------------------------------------- refusals
REFUSED = {
    "bad identifiers": {"krs": "1" * 11, "nip": "6970020757", "regon": "12"},
    "no identifier": {"krs": "", "nip": "", "regon": ""},
    "bad choice": {"legal_form": "spółka", "spheres": ["999"]},
    "bad dates and numbers": {"registered_date": "wczoraj", "latitude": "99", "opp": "może"},
    "one coordinate": {"latitude": ""},
    "organisation": {"owner_org": "nie-ma-takiej"},
    "private without organisation": {"private": True},
    "bad name": {"name": "Ą B"},
    "short name": {"name": "a"},
    "long name": {"name": "a" * 101},
    "bad extras": {"extras": [{"key": "a", "value": "1"}, {"key": "a", "value": "2"}]},
    "extra named as a field": {"extras": [{"key": "krs", "value": "1"}]},
    "not a text": {"title": ["a"]},
    "pesel": {"aims": "Prezes 44051401359"},
    "version": {"version": "1" * 101},
    "author's address": {"author_email": "nie adres"},
}


@pytest.mark.parametrize("changes", REFUSED.values(), ids=REFUSED)
def test_a_refused_record_has_the_same_errors(batch, changes, solr_budget):
    import ckan.plugins.toolkit as tk

    record = full_record(name="zolw") | changes
    record = {key: value for key, value in record.items() if value is not None}
    with pytest.raises(tk.ValidationError) as error:
        stock("package_create", record)
    with solr_budget(0):
        outcome = batch.write([batch.Write(record)])[0]
    assert outcome.status == "refused"
    assert outcome.errors == error.value.error_dict
    assert outcome.id is None


def test_a_taken_name_or_identifier_is_refused_with_the_same_errors(batch):
    import ckan.plugins.toolkit as tk

    stock("package_create", full_record(name="zolw"))
    with pytest.raises(tk.ValidationError) as error:
        stock("package_create", full_record(name="zolw"))
    outcome = batch.write([batch.Write(full_record(name="zolw"))])[0]
    assert outcome.errors == error.value.error_dict
    assert set(outcome.errors) == {"name", "krs", "regon", "nip"}


def test_a_bad_update_has_the_same_errors(batch):
    import ckan.plugins.toolkit as tk

    created = stock("package_create", full_record(name="zolw"))
    stock("package_create", other_record(2) | {"name": "inny"})
    whole = from_database(created["id"]) | {
        "name": "inny",
        "krs": other_record(2)["krs"],
        "opp": "x",
    }
    with pytest.raises(tk.ValidationError) as error:
        stock("package_update", whole)
    outcome = batch.write([batch.Write(whole)])[0]
    assert outcome.status == "refused"
    assert outcome.id == created["id"]
    assert outcome.errors == error.value.error_dict


def test_bad_records_do_not_keep_good_ones_out(batch):
    writes = [
        batch.Write(other_record(1)),
        batch.Write(other_record(2) | {"krs": "x"}),
        batch.Write(other_record(3) | {"aims": "zero\0bajt"}),
        batch.Write(other_record(4) | {"extras": [{"key": "a", "value": "\ud800"}]}),
        batch.Write(other_record(1)),
        batch.Write(other_record(5)),
    ]
    outcomes = batch.write(writes)
    assert [o.status for o in outcomes] == [
        "created",
        "refused",
        "created",
        "refused",
        "refused",
        "created",
    ]
    assert list(outcomes[3].errors) == ["a"]
    assert "krs" in outcomes[4].errors  # the first of the batch has the number


def test_a_text_too_long_for_an_index_is_refused_alone(batch):
    """PostgreSQL's B-trees hold 2704 bytes: one such title would undo the batch."""
    hostile = "".join(chr(0x1F300 + n * 37 % 1000) for n in range(1000))
    outcomes = batch.write(
        [
            batch.Write(other_record(1, title=hostile, name="a1")),
            batch.Write(other_record(2, register_number=hostile)),
            batch.Write(other_record(3, title="Ż" * 1000)),
        ]
    )
    assert [o.status for o in outcomes] == ["refused", "refused", "created"]
    assert [list(o.errors) for o in outcomes] == [["title"], ["register_number"], []]


def test_an_identifier_given_up_in_the_batch_is_free(batch):
    first = batch.write([batch.Write(other_record(1))])[0]
    whole = from_database(first.id) | {"krs": number("krs", 7)}
    outcomes = batch.write(
        [batch.Write(whole), batch.Write(other_record(2) | {"krs": other_record(1)["krs"]})]
    )
    assert [o.status for o in outcomes] == ["updated", "created"]


def test_the_callers_identity_is_brought_up_to_date(batch):
    from ckanext.leszno_ngo.catalogue.identity import PreloadedIdentity

    known = PreloadedIdentity("ngo", ("krs", "regon", "nip", "register_number"))
    # another writer, after the caller has read the identifiers
    stock("package_create", other_record(1) | {"name": "pierwszy"})
    outcomes = batch.write(
        [batch.Write(other_record(1)), batch.Write(other_record(2))], identity=known
    )
    assert [o.status for o in outcomes] == ["refused", "created"]
    owners = known.owners("ngo", "krs", other_record(2)["krs"])
    assert [o.id for o in owners] == [outcomes[1].id]


# ------------------------------------------------------------------------- plugins
class Recorder:
    """A plugin that notes what it is told."""

    def __init__(self):
        self.calls = []

    def before_dataset_index(self, pkg_dict):
        return {**pkg_dict, "extras_noted": "yes"}

    def notify(self, entity, operation):
        self.calls.append(("notify", type(entity).__name__, operation, entity.id))

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *arguments: self.calls.append((name, self._subject(arguments[-1])))

    @staticmethod
    def _subject(argument):
        return argument["id"] if isinstance(argument, dict) else argument.id


@pytest.fixture
def recorder():
    import ckan.plugins as p

    recorder = Recorder()
    real = p.PluginImplementations

    def implementations(interface):
        told = interface in (p.IPackageController, p.IDomainObjectModification)
        return [*real(interface), *([recorder] if told else [])]

    with mock.patch.object(p, "PluginImplementations", implementations):
        yield recorder


def test_plugins_are_told_what_ckan_tells_them(batch, recorder, sent):
    def told(write):
        recorder.calls.clear()
        id_ = write()
        return id_, {(*call[:-1], call[-1].replace(id_, "ID")) for call in recorder.calls}

    by_ckan, created = told(lambda: stock("package_create", full_record(name="zolw"))["id"])
    whole = from_database(by_ckan) | {"phone": "65 529 81 00"}
    _, updated = told(lambda: stock("package_update", whole)["id"])
    purge(by_ckan)

    ours, got = told(lambda: batch.write([batch.Write(full_record(name="zolw"))])[0].id)
    assert got == created
    assert {call[0] for call in created} >= {"create", "after_dataset_create", "notify"}
    whole = from_database(ours) | {"phone": "65 529 81 00"}
    _, got = told(lambda: batch.write([batch.Write(whole)])[0].id)
    assert got == updated
    assert {call[0] for call in updated} >= {"edit", "after_dataset_update", "notify"}
    assert sent[-1]["extras_noted"] == "yes"


# ------------------------------------------------------------------------- names
def other_record(n, **changes):
    """Return a small record with identifiers of its own."""
    return {
        "type": "ngo",
        "title": f"Klub nr {n}",
        "legal_form": "stowarzyszenie_rejestrowe",
        "krs": number("krs", n + 100),
        "regon": number("regon", n + 100),
        "town": "Leszno",
    } | changes


def test_names_come_from_titles_and_stay_apart(batch):
    stock("package_create", other_record(1) | {"name": "zolta-lodz", "title": "Żółta Łódź"})
    outcomes = batch.write(
        [batch.Write(other_record(n, title="Żółta Łódź")) for n in (2, 3)]
        + [
            batch.Write(other_record(4, title="Ł" * 150)),
            batch.Write(other_record(5, title="東京")),
        ]
    )
    assert {o.status for o in outcomes} == {"created"}
    names = [o.name for o in outcomes]
    assert names[:2] == [f"zolta-lodz-{other_record(n)['krs']}" for n in (2, 3)]
    assert all(2 <= len(name) <= 100 for name in names)
    assert len(set(names)) == 4


def test_a_deleted_records_name_can_be_taken(batch):
    old = stock("package_create", other_record(1) | {"name": "klub"})
    stock("package_delete", {"id": old["id"]})
    outcome = batch.write([batch.Write(other_record(2, name="klub"))])[0]
    assert outcome.status == "created"
    assert row(old["id"])["name"] == old["id"]
    assert from_database(outcome.id)["name"] == "klub"


# ------------------------------------------------------------------------- numbers
@pytest.mark.parametrize("count", [1, 10, 1000])
def test_the_number_of_statements_is_constant(batch, sql_budget, solr_budget, organisation, count):
    records = [other_record(n, owner_org=organisation["id"]) for n in range(count)]
    batch.write([batch.Write(other_record(9999))])  # the site user, caches
    with sql_budget(25), solr_budget(1) as solr:
        outcomes = batch.write([batch.Write(record) for record in records])
    assert len(outcomes) == count
    assert {o.status for o in outcomes} == {"created"}
    assert "ommit=true" in solr.calls[0]  # soft in tests


def test_updates_take_a_constant_number_of_statements(batch, sql_budget, solr_budget):
    outcomes = batch.write([batch.Write(other_record(n)) for n in range(50)])
    wholes = [from_database(o.id) | {"phone": "65 529 81 00"} for o in outcomes]
    with sql_budget(25), solr_budget(1):
        again = batch.write([batch.Write(whole) for whole in wholes])
    assert {o.status for o in again} == {"updated"}
    assert {from_database(o.id)["phone"] for o in again} == {"+48 65 529 81 00"}


def test_no_records_cost_nothing(batch, sql_budget, solr_budget):
    with sql_budget(0), solr_budget(0):
        assert batch.write([]) == []


def test_a_call_is_for_one_type(batch):
    with pytest.raises(ValueError, match="one type"):
        batch.write([batch.Write(other_record(1)), batch.Write({"type": "dataset", "name": "ab"})])
    created = batch.write([batch.Write(other_record(1))])[0]
    with pytest.raises(ValueError, match="once"):
        batch.write([batch.Write(from_database(created.id)) for _ in range(2)])
    with pytest.raises(ValueError, match="no record"):
        batch.write([batch.Write({"id": "nie-ma", "type": "ngo"})])


def test_the_user_must_be_there(batch):
    with pytest.raises(ValueError, match="no user"):
        batch.write([batch.Write(other_record(1))], user="nikt")


def test_a_record_that_is_no_record_is_refused_alone(batch):
    outcomes = batch.write(
        [batch.Write(other_record(1)), batch.Write(other_record(2, extras="tekst"))]
    )
    assert [o.status for o in outcomes] == ["created", "refused"]


@pytest.mark.parametrize(
    ("record", "names"),
    [
        ({"title": "Klub", "krs": "0000000001"}, ["klub", "klub-0000000001"]),
        ({"legal_name": "KLUB"}, ["klub"]),
        ({"title": "東京", "nip": "6970020756", "type": "ngo"}, ["ngo-6970020756"]),
        ({"title": ["x"]}, []),
        ({}, []),
    ],
)
def test_candidates_for_a_name(record, names):
    from ckanext.leszno_ngo.catalogue import uniqueness

    assert uniqueness.name_candidates(record, ("krs", "nip")) == names


def test_a_name_is_found_even_when_all_candidates_are_taken(batch):
    from ckanext.leszno_ngo.catalogue import uniqueness

    taken = batch.write([batch.Write(other_record(1, name="klub"))])[0]
    names = uniqueness.Names(["klub"])
    assert not names.is_free("klub", None)
    assert names.is_free("klub", taken.id)
    assert names.choose(["klub"]).startswith("klub-")
    assert names.choose([]) is None


# ------------------------------------------------------------------------- failures
def packages():
    from ckan import model

    model.Session.rollback()
    return model.Session.query(model.Package).count()


def test_before_commit_is_in_the_transaction(batch, sent):
    seen = []

    def note(outcomes):
        seen.extend(o.id for o in outcomes)
        add = {"id": "source", "url": "u", "title": "Wykaz", "type": "opp"}
        from ckan import model
        from ckanext.harvest.model import HarvestJob, HarvestObject, HarvestSource

        source = HarvestSource(**add)
        job = HarvestJob(source=source)
        model.Session.add_all([source, job])
        model.Session.add(
            HarvestObject(
                guid="krs:1", current=True, source=source, job=job, package_id=outcomes[0].id
            )
        )

    outcome = batch.write([batch.Write(other_record(1))], before_commit=note)[0]
    assert seen == [outcome.id]
    assert sent[-1]["harvest_source_title"] == "Wykaz"


def test_an_exception_in_before_commit_leaves_nothing(batch, solr_budget):
    from ckanext.leszno_ngo.catalogue.identity import PreloadedIdentity

    known = PreloadedIdentity("ngo", ("krs",))

    def fail(_outcomes):
        raise RuntimeError("harvest object")

    with solr_budget(0), pytest.raises(RuntimeError):
        batch.write([batch.Write(other_record(1))], before_commit=fail, identity=known)
    assert packages() == 0
    assert known.owners("ngo", "krs", other_record(1)["krs"]) == []


def test_an_error_of_postgresql_leaves_nothing(batch, solr_budget):
    import sqlalchemy as sa
    from ckan import model

    def fail(_outcomes):
        model.Session.execute(sa.text("SELECT 1/0"))

    with solr_budget(0), pytest.raises(sa.exc.DBAPIError):
        batch.write([batch.Write(other_record(1))], before_commit=fail)
    assert packages() == 0
    assert batch.write([batch.Write(other_record(1))])[0].status == "created"


@pytest.fixture
def solr_away():
    """Solr's address leads nowhere."""
    from ckan.common import config

    right = config["solr_url"]
    config["solr_url"] = "http://127.0.0.1:1/solr/ckan"
    yield lambda: config.__setitem__("solr_url", right)
    config["solr_url"] = right


def test_records_wait_for_solr(batch, solr_away):
    from ckan.tests import helpers

    with pytest.raises(batch.NotIndexed) as error:
        batch.write([batch.Write(other_record(n)) for n in (1, 2)])
    ids = error.value.ids
    assert [o.id for o in error.value.outcomes] == ids
    assert packages() == 2
    with pytest.raises(batch.NotIndexed) as again:
        batch.index(ids)
    assert again.value.ids == ids
    solr_away()
    assert helpers.call_action("package_search", q="*:*")["count"] == 0
    batch.index(ids)
    assert helpers.call_action("package_search", q="*:*")["count"] == 2


def test_a_deleted_record_stays_to_be_removed_from_the_index(batch, solr_away):
    from ckan.common import config

    right, away = solr_away, config["solr_url"]
    right()
    created = batch.write([batch.Write(other_record(1))])[0]
    config["solr_url"] = away
    with pytest.raises(batch.NotIndexed) as error:
        batch.write([batch.Write(from_database(created.id) | {"state": "deleted"})])
    assert error.value.ids == [created.id]
    right()
    batch.index(error.value.ids)
    from ckan.tests import helpers

    assert helpers.call_action("package_search", q="*:*")["count"] == 0


def test_index_gives_the_document_that_ckan_gives(batch, sent, organisation):
    import ckan.lib.search as search

    created = stock(
        "package_create", full_record(owner_org=organisation["id"], private=True, name="zolw")
    )
    add_harvest_object(created["id"])
    search.rebuild(created["id"])
    batch.index([created["id"]])
    assert sent[-1] == sent[-2]
    assert neutral(sent[-1], created["id"])["permission_labels"] == [f"member-{organisation['id']}"]


def test_index_removes_what_is_gone(batch):
    import sqlalchemy as sa
    from ckan import model
    from ckan.tests import helpers

    ids = [o.id for o in batch.write([batch.Write(other_record(n)) for n in (1, 2, 3)])]
    model.Session.execute(
        sa.update(model.package_table)
        .where(model.package_table.c.id == ids[0])
        .values(state="deleted")
    )
    model.Session.commit()
    batch.index([*ids, "never-there"])
    found = helpers.call_action("package_search", q="*:*")["results"]
    assert {r["id"] for r in found} == set(ids[1:])


def test_a_document_that_solr_refuses_does_not_keep_the_others_out(batch):
    from ckan.tests import helpers

    from ckanext.leszno_ngo.catalogue import index_documents

    make = index_documents.documents

    def spoilt(shown):
        made = make(shown)
        made[1]["metadata_created"] = "no date"
        return made

    with (
        mock.patch.object(index_documents, "documents", spoilt),
        pytest.raises(batch.NotIndexed) as error,
    ):
        batch.write([batch.Write(other_record(n)) for n in range(4)])
    assert error.value.ids == [error.value.outcomes[1].id]
    assert helpers.call_action("package_search", q="*:*")["count"] == 3
