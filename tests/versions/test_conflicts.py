"""Two people change one record: the second is told, and nothing is overwritten."""

import threading

import pytest
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories, helpers

from ckanext.leszno_ngo.catalogue import batch, identity
from tests.cooperation import records

pytestmark = pytest.mark.usefixtures("clean_catalogue")


@pytest.fixture
def official():
    return factories.User()["name"]


@pytest.fixture
def record(ngo_factory, official):
    unit = factories.Organization(users=[{"name": official, "capacity": "admin"}])
    return ngo_factory(aims="Cele", phone="+48 65 520 11 11", owner_org=unit["id"])


OLD = {"metadata_modified": "2020-01-01T00:00:00"}


def act(action, user, **data):
    return tk.get_action(action)({"user": user, "ignore_auth": False}, data)


def test_the_second_save_does_not_win_silently(record, official):
    act("package_patch", official, id=record["id"], aims="Nowe cele")
    with pytest.raises(tk.ValidationError) as refused:
        act("package_update", official, **{**record, "phone": "+48 65 520 22 22"})
    errors = refused.value.error_dict
    assert set(errors["differing_fields"]) == {"aims", "phone"}
    assert errors["changed_fields"] == ["aims"]
    now = helpers.call_action("package_show", id=record["id"])
    assert (now["aims"], now["phone"]) == ("Nowe cele", "+48 65 520 11 11")


def test_a_patch_that_says_its_version_is_refused_when_it_is_old(record, official):
    seen = record["metadata_modified"]
    act("package_patch", official, id=record["id"], metadata_modified=seen, aims="Nowe cele")
    with pytest.raises(tk.ValidationError) as refused:
        act("package_patch", official, id=record["id"], metadata_modified=seen, phone="65 5202222")
    assert refused.value.error_dict["differing_fields"] == ["phone"]
    assert refused.value.error_dict["changed_fields"] == ["aims"]


def test_saving_on_the_version_that_is_stored_makes_a_new_one_for_sysadmins_too(record):
    boss = factories.Sysadmin()["name"]
    saved = act("package_update", boss, **{**record, "aims": "Nowe cele"})
    assert saved["metadata_modified"] > record["metadata_modified"]


def test_the_version_may_be_given_as_the_index_has_it(record, official):
    found = records.search(fq=f"id:{record['id']}", fl="metadata_modified")["results"][0]
    act("package_patch", official, id=record["id"], **found, aims="Nowe cele")
    with pytest.raises(tk.ValidationError):
        act("package_patch", official, id=record["id"], **found, aims="Inne cele")


@pytest.mark.parametrize("seen", ["wczoraj", 5, ["2026-01-01T00:00:00"], "2026-01-01"])
def test_what_tells_no_version_is_said(record, official, seen):
    with pytest.raises(tk.ValidationError, match="package_show"):
        act("package_patch", official, id=record["id"], metadata_modified=seen, aims="x")


def test_the_api_answers_409(app, record, official):
    token = helpers.call_action("api_token_create", user=official, name="t")["token"]
    act("package_patch", official, id=record["id"], aims="Nowe cele")
    answer = app.post(
        "/api/3/action/package_patch",
        json={"id": record["id"], "metadata_modified": record["metadata_modified"], "aims": "x"},
        headers={"Authorization": token},
        status=409,
    )
    assert answer.json["error"]["differing_fields"] == ["aims"]


def test_a_stranger_is_not_told_what_differs(record):
    with pytest.raises(tk.NotAuthorized):
        act("package_update", factories.User()["name"], **{**record, **OLD})


@pytest.mark.parametrize("says_version", [True, False])
def test_what_was_changed_while_one_waited_for_the_lock_counts(app, record, official, says_version):
    outcome = []
    fields = {"metadata_modified": record["metadata_modified"]} if says_version else {}

    def late():
        with app.flask_app.test_request_context():
            assert model.Package.get(record["id"]).title == record["title"]  # read before its turn
            try:
                act("package_patch", official, id=record["id"], phone="+48 65 520 22 22", **fields)
            except tk.ValidationError as error:
                outcome.append(error.error_dict)
            model.Session.remove()

    identity.lock()
    waiting = threading.Thread(target=late)
    waiting.start()
    wait_for_a_waiter()
    act("package_patch", official, id=record["id"], aims="Nowe cele")
    waiting.join(30)
    now = helpers.call_action("package_show", {"use_cache": False}, id=record["id"])
    assert now["aims"] == "Nowe cele"
    if says_version:
        assert outcome[0]["differing_fields"] == ["phone"]
    else:
        assert now["phone"] == "+48 65 520 22 22"


def wait_for_a_waiter():
    import time

    import sqlalchemy as sa

    asked = sa.text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    end = time.monotonic() + 20
    with model.meta.engine.connect() as connection:
        while not connection.execute(asked).scalar():
            assert time.monotonic() < end
            time.sleep(0.02)


def test_the_batch_writer_refuses_what_was_seen_before(record, official):
    act("package_patch", official, id=record["id"], aims="Nowe cele")
    late = batch.Write({**record, "phone": "+48 65 520 22 22"}, record["metadata_modified"])
    (outcome,) = batch.write([late])
    assert outcome.status == "refused"


def test_a_file_that_was_described_meanwhile_is_not_overwritten(record, official):
    file = act("resource_create", official, package_id=record["id"], url="https://a.pl/a", name="A")
    act("resource_patch", official, id=file["id"], name="B")
    with pytest.raises(tk.ValidationError) as refused:
        act("resource_update", official, **{**file, "description": "Opis"})
    assert set(refused.value.error_dict["differing_fields"]) == {"name", "description"}
    fresh = act("resource_show", official, id=file["id"])
    act("resource_update", official, **{**fresh, "description": "Opis"})
