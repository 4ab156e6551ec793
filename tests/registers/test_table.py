"""The register in the DataStore (the plugin is loaded for these tests only)."""

import os
import threading
from unittest import mock

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import helpers
from sqlalchemy.exc import OperationalError

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.exports import rows
from tests.cooperation import records
from tests.registers import shown

if "CKAN_DATASTORE_WRITE_URL" not in os.environ:
    pytest.skip("needs a DataStore: run by `make test`", allow_module_level=True)

pytestmark = [pytest.mark.with_plugins("datastore"), pytest.mark.usefixtures("clean_catalogue")]


def search(**options):
    csv = shown.resources()["csv"]
    return helpers.call_action("datastore_search", resource_id=csv["id"], **options)


@pytest.fixture
def tables(clean_catalogue):
    """Tables that are left by another test are thrown away."""
    from ckanext.datastore.backend.postgres import get_write_engine

    with get_write_engine().begin() as connection:
        found = connection.scalars(
            sa.text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        )
        for name in [one for one in found if one != "_table_stats"]:
            connection.execute(sa.text(f'DROP TABLE "{name}" CASCADE'))
    return get_write_engine()


def test_the_table_has_the_records_with_types(tables, publish, grant):
    record = grant(title="Turniej", granted_amount="12 500,50", granted_date="2026-03-03")
    assert publish().table
    found = search()
    types = {field["id"]: field["type"] for field in found["fields"]}
    assert types["granted_amount"] == "numeric"
    assert types["granted_date"] == "date"
    assert types["metadata_modified"] == "timestamp"
    assert types["title"] == "text"
    (row,) = found["records"]
    assert row["id"] == record["id"]
    assert float(row["granted_amount"]) == 12500.5
    assert row["granted_date"] == "2026-03-03"
    assert row["mode"] == "otwarty konkurs ofert"
    assert row["settled_date"] is None


def test_columns_have_the_headings_of_the_file(tables, publish, grant):
    grant()
    publish()
    csv = shown.resources()["csv"]
    fields = helpers.call_action("datastore_info", id=csv["id"])["fields"]
    labels = {field["id"]: field["info"]["label"] for field in fields}
    columns = rows.columns(record_types.get("grant"))
    assert labels == {column.name: column.heading("pl") for column in columns}


def test_rows_that_are_gone_leave_and_new_ones_come(tables, publish, grant):
    old = grant(title="Stara")
    publish()
    context = {"ignore_auth": True, "user": records.site_user()}
    helpers.call_action("package_delete", context, id=old["id"])
    grant(title="Nowa")
    publish()
    found = search()
    assert [row["title"] for row in found["records"]] == ["Nowa"]
    assert found["total"] == 1


def test_words_are_found_and_the_resource_says_it_has_a_table(tables, publish, grant):
    grant(title="Turniej szachowy")
    grant(title="Obóz")
    publish()
    assert shown.resources()["csv"]["datastore_active"] is True
    assert [row["title"] for row in search(q="szachowy")["records"]] == ["Turniej szachowy"]


def test_an_unchanged_register_does_not_touch_the_table(tables, publish, grant):
    grant()
    publish()
    name = shown.resources()["csv"]["id"]

    def place():
        with tables.connect() as connection:
            return connection.scalar(sa.text("SELECT to_regclass(:n)::oid"), {"n": f'"{name}"'})

    before, dataset = place(), shown.dataset()
    assert publish().status == "unchanged"
    assert (place(), shown.dataset()) == (before, dataset)


def test_a_reader_never_sees_half(tables, publish, grant):
    for number in range(3):
        grant(title=f"Stara {number}")
    publish()
    name = shown.resources()["csv"]["id"]
    for number in range(30):
        grant(title=f"Nowa {number}")
    seen, stop = set(), threading.Event()

    def read():
        with tables.connect() as connection:
            while not stop.is_set():
                seen.add(connection.scalar(sa.text(f'SELECT count(*) FROM "{name}"')))
                connection.rollback()

    reader = threading.Thread(target=read)
    reader.start()
    with mock.patch("ckanext.leszno_ngo.registers.table._CHUNK", 1):
        publish()
    stop.set()
    reader.join()
    assert seen <= {3, 33}
    assert search()["total"] == 33


def test_a_datastore_that_is_away_does_not_keep_the_files(tables, publish, grant):
    grant(title="Turniej")
    away = OperationalError("SELECT 1", {}, Exception("away"))
    with mock.patch("ckanext.leszno_ngo.registers.table._insert", side_effect=away):
        outcome = publish()
    assert (outcome.status, outcome.table) == ("created", False)
    assert shown.titles(shown.resources()["csv"]) == ["Turniej"]
    assert not shown.resources()["csv"].get("datastore_active")
    model.Session.rollback()
    assert publish().table
    assert search()["total"] == 1


def test_what_a_killed_run_left_is_removed(tables, publish, grant):
    class Killed(BaseException):
        pass

    grant(title="Turniej")
    with (
        mock.patch("ckanext.leszno_ngo.registers.table._insert", side_effect=Killed),
        pytest.raises(Killed),
    ):
        publish()
    model.Session.rollback()
    publish()
    with tables.connect() as connection:
        names = connection.scalars(sa.text("SELECT tablename FROM pg_tables")).all()
    assert not [name for name in names if name.startswith("_new_")]
    assert search()["total"] == 1


def test_a_withdrawn_register_has_an_empty_table(tables, publish, grant):
    record = grant()
    publish()
    context = {"ignore_auth": True, "user": records.site_user()}
    helpers.call_action("package_delete", context, id=record["id"])
    publish()
    assert search()["total"] == 0


@pytest.mark.with_plugins("datatables_view")
@pytest.mark.ckan_config("ckan.views.default_views", "datatables_view")
def test_the_table_has_one_preview(tables, publish, grant, app):
    record = grant(title="Turniej")
    publish()
    csv = shown.resources()["csv"]
    (view,) = helpers.call_action("resource_view_list", id=csv["id"])
    assert (view["view_type"], view["title"]) == ("datatables_view", "Podgląd")
    records.update(record, title="Inny turniej")
    publish()
    assert helpers.call_action("resource_view_list", id=csv["id"]) == [view]
    page = app.get(f"/dataset/{csv['package_id']}/resource/{csv['id']}", status=200)
    assert "Podgląd" in page.get_data(as_text=True)
