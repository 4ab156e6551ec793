"""What a copy of the register is kept up by: nothing is missed, nothing private is said."""

import base64
import datetime as dt
import json

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import helpers

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.catalogue import changes
from tests.cooperation.records import create, site_user, update

pytestmark = pytest.mark.usefixtures("clean_catalogue")


def ask(**parameters):
    return helpers.call_action("leszno_ngo_changes", **parameters)


def act(action, **parameters):
    context = {"ignore_auth": True, "user": site_user()}
    return helpers.call_action(action, context, **parameters)


def now():
    """A cursor after everything that there is."""
    answer = ask()
    assert not answer["more"]
    return answer["cursor"]


def since(cursor):
    answer = ask(cursor=cursor)
    assert not answer["more"]
    return {change["id"]: change for change in answer["changes"]}


def test_a_new_and_a_changed_record_come_whole():
    start = now()
    grant = create("grant")
    (change,) = since(start).values()
    assert change["type"] == "grant"
    shown = helpers.call_action("package_show", id=grant["id"])
    for field in record_types.get("grant").fields:
        assert change["record"].get(field.name) == shown.get(field.name), field.name
    assert "organization" not in change["record"]
    assert "computed" not in change["record"]
    start = now()
    update(grant, title="Inny tytuł")
    assert since(start)[grant["id"]]["record"]["title"] == "Inny tytuł"
    assert since(now()) == {}


ROADS_OUT = {
    "deleted": lambda r: act("package_delete", id=r["id"]),
    "purged": lambda r: act("dataset_purge", id=r["id"]),
    "private": lambda r: act("package_patch", id=r["id"], private=True),
    "draft": lambda r: act("package_patch", id=r["id"], state="draft"),
    "private in bulk": lambda r: act(
        "bulk_update_private", datasets=[r["id"]], org_id=r["owner_org"]
    ),
    "deleted in bulk": lambda r: act(
        "bulk_update_delete", datasets=[r["id"]], org_id=r["owner_org"]
    ),
}


@pytest.mark.parametrize("road", ROADS_OUT)
def test_what_is_taken_out_leaves_a_sign_and_nothing_else(road):
    record = create("event")
    start = now()
    ROADS_OUT[road](record)
    (change,) = since(start).values()
    assert change.pop("changed")
    assert change == {"id": record["id"], "type": "event", "deleted": True}


@pytest.mark.parametrize("road", ["deleted", "private", "private in bulk"])
def test_what_is_put_back_comes_again(road):
    record = create("event")
    ROADS_OUT[road](record)
    start = now()
    if road == "deleted":
        act("package_patch", id=record["id"], state="active")
    else:
        act("bulk_update_public", datasets=[record["id"]], org_id=record["owner_org"])
    assert since(start)[record["id"]]["record"]["title"] == record["title"]


def test_a_record_that_was_never_public_does_not_exist():
    start = now()
    draft = create("event", private=True)
    update(draft, title="Tajne", private=True)
    act("package_delete", id=draft["id"])
    assert since(start) == {}


def test_a_record_made_private_and_changed_has_one_sign_of_its_going():
    record = create("event")
    act("package_patch", id=record["id"], private=True)
    start = now()
    act("package_patch", id=record["id"], title="Tajne")
    assert since(start) == {}


def test_types_and_a_moment_narrow():
    create("event")
    grant = create("grant")
    assert [c["id"] for c in ask(type="grant")["changes"]] == [grant["id"]]
    assert {c["type"] for c in ask(type="grant,event")["changes"]} == {"grant", "event"}
    later = (dt.datetime.now(dt.timezone.utc) + dt.timedelta(hours=1)).isoformat()
    assert ask(modified_since=later)["changes"] == []
    assert len(ask(modified_since="2026-01-01")["changes"]) == 2


def test_pages_give_every_change_once_in_order():
    made = [create("event", title=f"Wydarzenie {n}")["id"] for n in range(7)]
    seen, cursor, pages = [], None, 0
    while True:
        answer = ask(limit=3, **({"cursor": cursor} if cursor else {}))
        seen += [change["id"] for change in answer["changes"]]
        cursor, pages = answer["cursor"], pages + 1
        if not answer["more"]:
            break
    assert seen == made
    assert pages == 3


def test_a_change_committed_late_is_not_missed():
    """Its time is before that of a change already read, because its transaction began before."""
    record, other = create("event"), create("grant")
    model.Session.rollback()
    with model.meta.engine.connect() as slow, slow.begin():
        slow.execute(
            sa.text("UPDATE package SET notes = 'powoli' WHERE id = :id"), {"id": record["id"]}
        )
        update(other, title="Szybko")
        start = now()
    model.Session.rollback()
    assert since(start)[record["id"]]["record"]["notes"] == "powoli"


def test_a_change_committed_late_in_the_middle_of_pages_is_not_missed():
    made = [create("event", title=f"Wydarzenie {n}") for n in range(4)]
    model.Session.rollback()
    with model.meta.engine.connect() as slow, slow.begin():
        slow.execute(
            sa.text("UPDATE package SET notes = 'powoli' WHERE id = :id"), {"id": made[0]["id"]}
        )
        update(made[1], title="Szybko 1")
        first = ask(limit=2)
        assert first["more"]
    model.Session.rollback()
    update(made[2], title="Szybko 2")
    copy, cursor, more = {}, first["cursor"], True
    while more:
        answer = ask(limit=2, cursor=cursor)
        copy.update({c["id"]: c["record"] for c in answer["changes"]})
        cursor, more = answer["cursor"], answer["more"]
    copy.update({c["id"]: c["record"] for c in ask(cursor=cursor)["changes"]})
    assert copy[made[0]["id"]]["notes"] == "powoli"


def test_a_reader_that_is_at_work_holds_nothing_up():
    with model.meta.engine.connect() as reader:
        reader.execute(sa.text("SELECT count(*) FROM package"))
        start = now()
        record = create("event")
        assert set(since(start)) == {record["id"]}


def test_a_clock_that_steps_back_hides_nothing():
    create("event")
    start = now()
    model.Session.execute(
        sa.text("UPDATE leszno_ngo_change SET changed = now() + interval '1 hour'")
    )
    model.Session.commit()
    late = create("event", title="Po cofnięciu zegara")
    assert set(since(start)) == {late["id"]}


def test_changes_in_a_restored_database_come_after_those_before():
    """A new cluster numbers its transactions from the beginning."""
    first = create("event")
    model.Session.execute(
        sa.text("UPDATE leszno_ngo_change SET position = position + 1000000 RETURNING position")
    )
    model.Session.commit()
    start = now()
    assert since(start) == {}
    assert [one["id"] for one in ask()["changes"]] == [first["id"]]
    second, third = create("event"), create("event")
    assert list(since(start)) == [second["id"], third["id"]]
    start = now()
    update(first, title="Zmieniony")
    assert list(since(start)) == [first["id"]]


def test_a_cursor_of_the_version_before_goes_on():
    old = json.dumps(["2026-01-01T00:00:00+00:00", "", "2026-01-01T00:00:00+00:00"])
    record = create("event")
    cursor = base64.urlsafe_b64encode(old.encode()).decode().rstrip("=")
    assert set(since(cursor)) == {record["id"]}


@pytest.mark.parametrize(
    "wrong",
    [
        {"cursor": "abc"},
        {"cursor": "bnVsbA"},
        {"cursor": "ź"},
        {"cursor": "W10"},
        {"cursor": str(changes.Cursor(0, "a\x00b"))},
        {"cursor": str(changes.Cursor(-1))},
        {"cursor": str(changes.Cursor(2**63))},
        {"modified_since": "wczoraj"},
        {"modified_since": "0001-01-01T00:00:00+23:00"},
        {"modified_since": "\ud800"},
        {"type": "nic"},
        {"type": 7},
        {"type": {"a": 1}},
        {"limit": 0},
        {"limit": 10**30},
        {"cursor": str(changes.Cursor()), "modified_since": "2026-01-01"},
    ],
)
def test_wrong_parameters_are_refused(wrong):
    from ckan.plugins import toolkit as tk

    with pytest.raises(tk.ValidationError):
        ask(**wrong)


def test_statements_do_not_grow_with_records(sql_budget):
    for n in range(12):
        create("event", title=f"Wydarzenie {n}")
    with sql_budget(7):
        assert len(ask()["changes"]) == 12


def test_readers_without_an_account_may_ask(app):
    create("event", title="Dzień otwarty")
    answer = app.get("/api/3/action/leszno_ngo_changes?limit=1", status=200)
    (change,) = json.loads(answer.get_data())["result"]["changes"]
    assert change["record"]["title"] == "Dzień otwarty"
