"""Clearing a source says what it would do, spares what others have a part in, and comes undone."""

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.activity.model import Activity
from ckanext.harvest import queue
from ckanext.harvest.model import HarvestJob, HarvestObjectExtra, HarvestSource

from ckanext.leszno_ngo.harvest import clear, store
from ckanext.leszno_ngo.harvest.snapshot import EDITED
from tests.cooperation import records

HEADER = "KRS;Nazwa\n"
ROWS = {
    "0000000168": "0000000168;STOWARZYSZENIE ALFA\n",
    "0000000291": "0000000291;FUNDACJA BETA\n",
    "0000000302": "0000000302;FUNDACJA GAMMA\n",
    "0000000777": "0000000777;STOWARZYSZENIE DELTA\n",
    "0000000888": "0000000888;STOWARZYSZENIE EPSILON\n",
}
CONTENT = HEADER + "".join(ROWS.values())
ALPHA, BETA, GAMMA, DELTA, EPSILON = ROWS


@pytest.fixture
def cleared(harvest):
    """A source with five records: one of its own, and one for each reason to stay."""
    harvest.admin = factories.User()["name"]
    ours = factories.Organization(users=[{"name": harvest.admin, "capacity": "admin"}])
    source = harvest.source(owner_org=ours["id"])
    harvest.run(source, CONTENT)
    made = harvest.records()
    harvest.run(harvest.source(owner_org=ours["id"]), HEADER + ROWS[BETA])
    harvest.edit(made[GAMMA], phone="65 520 11 11")
    records.create("grant", title="Dotacja", recipient=made[DELTA]["id"])
    unit = factories.Organization()
    model.Package.get(made[EPSILON]["id"]).owner_org = unit["id"]
    model.Session.commit()
    return source, made


def names(entries):
    return [entry.title for entry in entries]


def test_what_others_have_a_part_in_stays_and_the_rest_comes_back(harvest, cleared):
    source, made = cleared
    found = clear.preview({"user": harvest.admin}, source)
    assert {reason: names(found.keep[reason]) for reason in clear.REASONS} == {
        "other_source": ["Fundacja Beta"],
        "edited": ["Fundacja Gamma"],
        "linked": ["Stowarzyszenie Delta"],
        "not_yours": ["Stowarzyszenie Epsilon"],
    }
    assert names(found.remove) == ["Stowarzyszenie Alfa"]
    assert harvest.records() == made | {k: harvest.records()[k] for k in (BETA, GAMMA, EPSILON)}

    told = tk.get_action("harvest_source_clear")({"user": harvest.official}, {"id": source})
    assert (told["removed"], told["kept"]) == (2, {"other_source": 1, "edited": 1, "linked": 1})
    states = {key: record["state"] for key, record in harvest.records().items()}
    assert {key for key, state in states.items() if state == "deleted"} == {ALPHA, EPSILON}
    assert model.Session.query(HarvestJob).filter_by(source_id=source).count() == 1

    told = tk.get_action("harvest_source_restore")({"user": harvest.official}, {"id": source})
    assert (told["restored"], told["failed"]) == (2, [])
    assert {record["state"] for record in harvest.records().values()} == {"active"}
    assert harvest.run(source, CONTENT).unchanged == 5
    assert clear.last_cleared(source) is None


def test_an_edit_is_known_without_activities(harvest, later):
    """They are pruned, and there are none without their plugin; runs and marks come after edits."""
    head = "KRS;Nazwa;Telefon\n"
    rows = {key: row.strip() + ";{}\n" for key, row in ROWS.items()}
    text = head + "".join(rows.values())
    source = harvest.source(max_vanished_share=1)
    harvest.run(source, text.format(*[""] * 5))
    made = harvest.records()
    harvest.edit(made[ALPHA], notes="Spotkania w środy")
    harvest.edit(made[BETA], notes="Spotkania w czwartki")
    changed = ["65 520 11 11", "", "65 520 11 12", "", ""]
    assert harvest.run(source, text.format(*changed)).changed == 2
    kept = head + rows[ALPHA].format(changed[0])
    harvest.run(source, kept)
    later(days=8)
    assert harvest.run(source, kept).marked == 4
    later(days=9)
    harvest.edit(made[DELTA], notes="Spotkania w piątki")
    model.Session.execute(
        sa.update(model.package_table)
        .where(model.package_table.c.id == made[DELTA]["id"])
        .values(metadata_modified=store.now())
    )
    model.Session.commit()
    assert harvest.run(source, text.format(*["65 520 11 13"] * 5)).changed == 5
    model.Session.query(Activity).delete()
    model.Session.commit()
    found = clear.preview({"user": harvest.official}, source)
    edited = ["Fundacja Beta", "Stowarzyszenie Alfa", "Stowarzyszenie Delta"]
    assert names(found.keep["edited"]) == edited
    assert names(found.remove) == ["Fundacja Gamma", "Stowarzyszenie Epsilon"]


def test_an_edit_of_before_it_was_remembered_is_told_by_its_value(harvest):
    source = harvest.source()
    head, phone = "KRS;Nazwa;Telefon\n", ";65 520 11 11\n"
    harvest.run(source, head + "".join(f"{row.strip()};\n" for row in ROWS.values()))
    made = harvest.records()
    harvest.edit(made[ALPHA], notes="Spotkania w środy")
    harvest.edit(made[BETA], spheres=["17"], spheres_source="declared")
    assert harvest.run(source, head + "".join(row.strip() + phone for row in ROWS.values())).changed
    model.Session.query(HarvestObjectExtra).filter_by(key=EDITED).delete()
    model.Session.query(Activity).delete()
    model.Session.commit()
    found = clear.preview({"user": harvest.official}, source)
    assert names(found.keep["edited"]) == ["Fundacja Beta", "Stowarzyszenie Alfa"]
    assert len(found.remove) == 3


def test_a_run_after_brings_records_anew_and_they_are_not_restored_twice(harvest, cleared):
    source, made = cleared
    call_action("harvest_source_clear", {"user": harvest.official}, id=source)
    assert clear.last_cleared(source)[1] == 2
    assert harvest.run(source, CONTENT).added == 2
    told = call_action("harvest_source_restore", {"user": harvest.official}, id=source)
    assert told["restored"] == 0
    assert [one["title"] for one in told["failed"]] == [
        "Stowarzyszenie Alfa",
        "Stowarzyszenie Epsilon",
    ]


def test_a_source_at_work_is_not_cleared(harvest, cleared):
    with store.source_lock(cleared[0]), pytest.raises(tk.ValidationError):
        call_action("harvest_source_clear", {"user": harvest.official}, id=cleared[0])


def test_only_sysadmins_destroy_past_the_bin(harvest, cleared):
    admin = factories.User()["name"]
    unit = factories.Organization(users=[{"name": admin, "capacity": "admin"}])
    model.Package.get(cleared[0]).owner_org = unit["id"]
    model.Session.commit()
    for action in ("harvest_source_index_clear", "harvest_source_job_history_clear"):
        with pytest.raises(tk.NotAuthorized):
            tk.get_action(action)({"user": admin}, {"id": cleared[0]})


# ---------------------------------------------------------------------------------- pages
def test_opening_an_address_asks_and_changes_nothing(app, harvest, cleared):
    """ckanext-harvest's routes act when they are opened: by a picture in a mail, or a robot."""
    source, _ = cleared
    queue.purge_queues()
    job = call_action("harvest_job_create", {"user": harvest.official}, source_id=source)["id"]
    token = call_action(
        "api_token_create", {"user": harvest.official}, user=harvest.official, name="t"
    )
    headers = {"Authorization": token["token"]}

    def state():
        model.Session.expire_all()
        packages = model.Session.query(model.Package.id, model.Package.state).order_by("id")
        jobs = model.Session.query(HarvestJob.id, HarvestJob.status).order_by("id")
        return packages.all(), jobs.all(), HarvestSource.get(source).active

    addresses = {
        "abort": f"/harvest/{source}/job/{job}/abort",
        "refresh": f"/harvest/refresh/{source}",
        "clear": f"/harvest/clear/{source}",
        "delete": f"/harvest/delete/{source}",
    }
    before = state()
    for address in [*addresses.values(), addresses["delete"] + "?clear=True"]:
        page = app.get(address, headers=headers)
        assert page.status_code == 200
        (form,) = BeautifulSoup(page.body, "html.parser").select(".ln-form-page form")
        assert form.find("input", {"name": "_csrf_token"})
        assert state() == before
        assert app.get(address, follow_redirects=False).status_code in (302, 401, 403, 404)
    assert app.get(f"/harvest/restore/{source}", headers=headers).status_code in (404, 405)
    assert state() == before

    text = app.get(addresses["clear"], headers=headers).get_data(as_text=True)
    assert text.index("Stowarzyszenie Alfa") < text.index("Fundacja Beta")

    for what, changed in (("abort", 1), ("refresh", 1), ("clear", 0), ("delete", 2)):
        before = state()
        answer = app.post(addresses[what], headers=headers, follow_redirects=False)
        assert answer.status_code == 302
        assert state()[changed] != before[changed]
        if what == "clear":
            page = app.get(f"/harvest/admin/{source}", headers=headers).get_data(as_text=True)
            assert f"/harvest/restore/{source}" in page
            app.post(f"/harvest/restore/{source}", headers=headers)
            assert state()[0] != answer
