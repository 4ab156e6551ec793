"""One portal with something of every kind in it, for tests that try every action and every page."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories

from ckanext.leszno_ngo.catalogue import versions
from tests.cooperation import records

#: Letters of a row of the table, in their order.
ROLES = {
    "anonymous": "a",
    "fresh": "f",  # an account of no department
    "editor": "e",  # of the department that has the records
    "admin": "d",  # its administrator
    "other": "o",  # an editor of another department
    "sysadmin": "s",
}
STATES = ("public", "draft", "private", "deleted")
TYPE = "grant"
PASSWORD = "haslo-Testowe-1"


def fill() -> SimpleNamespace:
    """Make the portal; the database and the index are empty."""
    portal = SimpleNamespace(users={"anonymous": ""}, tokens={"anonymous": None})
    for role in ROLES:
        if role != "anonymous":
            make = factories.SysadminWithToken if role == "sysadmin" else factories.UserWithToken
            user = make(name=f"konto-{role}", password=PASSWORD)
            portal.users[role], portal.tokens[role] = user["name"], user["token"]
    portal.unit = factories.Organization(
        name="wydzial-a",
        users=[
            {"name": portal.users["editor"], "capacity": "editor"},
            {"name": portal.users["admin"], "capacity": "admin"},
        ],
    )["id"]
    factories.Organization(
        name="wydzial-b", users=[{"name": portal.users["other"], "capacity": "editor"}]
    )
    portal.group = factories.Group(name="grupa")["id"]
    records.create("call-for-offers", name="konkurs", owner_org=portal.unit)
    file = {"name": "Plik", "url": "https://example.org/a.csv", "format": "CSV"}
    portal.records, portal.files = {}, {}
    for state in STATES:
        given: dict[str, Any] = {"name": f"wpis-{state}", "owner_org": portal.unit}
        given |= {"draft": {"state": "draft"}, "private": {"private": True}}.get(state, {})
        made = records.create(TYPE, resources=[file], **given)
        portal.records[state] = made["id"]
        portal.files[state] = made["resources"][0]["id"]
    portal.dataset = factories.Dataset(
        name="zbior", owner_org=portal.unit, resources=[file], tags=[{"name": "etykieta"}]
    )
    boss = {"user": portal.users["sysadmin"]}
    tk.get_action("package_delete")(dict(boss), {"id": portal.records["deleted"]})
    _add_harvest(portal, boss)
    # what the site's own account does is in no list
    dataset = {"id": portal.dataset["id"]}
    tk.get_action("package_patch")(dict(boss), {**dataset, "notes": "Opis"})
    found = tk.get_action("package_activity_list")(dict(boss), dataset)
    portal.activity = found[0]["id"]
    portal.versions = {state: _version_of(id_) for state, id_ in portal.records.items()}
    return portal


def _version_of(record: str) -> str | None:
    """Return the id of a record's last version; what was always a draft has none."""
    found = versions.history(record, 1)
    return found[0].id if found else None


def _add_harvest(portal: SimpleNamespace, boss: dict[str, Any]) -> None:
    from ckanext.harvest.model import HarvestJob, HarvestObject, HarvestSource

    source = tk.get_action("harvest_source_create")(
        dict(boss),
        {
            "title": "Źródło",
            "name": "zrodlo",
            "url": "https://example.org/rejestr.csv",
            "source_type": "leszno_ngo_register",
            "owner_org": portal.unit,
        },
    )
    portal.source = source["id"]
    kept = model.Session.get(HarvestSource, source["id"])
    job = HarvestJob(source=kept, status="Running")
    job.save()
    portal.objects = {}
    for state in STATES:
        thing = HarvestObject(guid=state, source=kept, job=job, content='{"a": 1}', current=True)
        thing.package_id = portal.records[state]
        thing.save()
        portal.objects[state] = thing.id
    model.Session.commit()
    portal.job = job.id


def asked(portal: SimpleNamespace, action: str, state: str) -> dict[str, Any]:
    """Give an action something real to be asked for."""
    record = portal.records[state]
    kinds = (
        ("harvest_source", portal.source),
        ("harvest_job", portal.job),
        ("harvest_object", portal.objects[state]),
        ("resource", portal.files[state]),
        ("organization", portal.unit),
        ("member", portal.unit),
        ("group", portal.group),
        ("user_", portal.users["editor"]),
        ("activity", portal.activity),
    )
    own = next(
        (id_ for name, id_ in kinds if action.removeprefix("follow_").startswith(name)), None
    )
    if action.endswith("_user"):
        own = portal.users["editor"]
    id_ = own or record
    given = {
        "id": id_,
        "package_id": record,
        "resource_id": portal.files[state],
        "source_id": portal.source,
        "job_id": portal.job,
        "org_id": portal.unit,
        "owner_org": portal.unit,
        "user": portal.users["editor"],
        "user_id": portal.users["editor"],
        "object": portal.users["editor"],
        "object_type": "user" if action.startswith("member") else "package",
        "capacity": "editor",
        "datasets": [record],
        "key": "krs",
        "q": "x",
        "include_data": False,
    }
    if action.endswith("_create") and not action.startswith(("resource", "member", "harvest_job")):
        given.pop("id")
    return given


#: What stands in the place of an argument of a route: by its name, and for some blueprints.
def arguments(portal: SimpleNamespace, rule: Any, state: str) -> dict[str, Any]:
    """Give a route's arguments real values.

    :raises KeyError: nobody has said what one of them is: add it here
    """
    of_type = rule.rule.startswith(f"/{TYPE}") or "leszno_ngo" in rule.endpoint
    record = portal.records[state] if of_type else portal.dataset["id"]
    name = f"wpis-{state}" if of_type else portal.dataset["name"]
    file = portal.files[state] if of_type else portal.dataset["resources"][0]["id"]
    blueprint = rule.endpoint.partition(".")[0]
    ids = {
        "group": "grupa",
        "organization": "wydzial-a",
        "user": portal.users["editor"],
        "harvest": "zrodlo",
        "harvester": "zrodlo",
        "leszno_ngo_harvesting": "zrodlo",
    }
    by_endpoint = {
        "activity.group_activity": "grupa",
        "activity.organization_activity": "wydzial-a",
        "activity.user_activity": portal.users["editor"],
        "activity.package_activity": portal.dataset["name"],
        "activity.package_changes": portal.activity,
        "activity.group_changes": portal.activity,
        "activity.organization_changes": portal.activity,
        "feeds.group": "grupa",
        "feeds.organization": "wydzial-a",
        "feeds.tag": "etykieta",
        "harvester.job_show": portal.job,
        "harvester.job_abort": portal.job,
        "harvester.object_show": portal.objects[state],
        "leszno_ngo_harvesting.abort": portal.job,
        "leszno_ngo_results.results_call-for-offers": "konkurs",
        "user.follow": tk.config["ckan.site_id"],
        "user.unfollow": tk.config["ckan.site_id"],
    }
    values: dict[str, Any] = {
        "id": by_endpoint.get(rule.endpoint) or ids.get(blueprint) or name,
        "id_": record,
        "_id": portal.dataset["name"],
        "name": {"leszno_ngo_discovery.part": TYPE, "leszno_ngo_api.viewer": "index.css"}.get(
            rule.endpoint, "spheres" if rule.rule.startswith("/vocabulary") else name
        ),
        "resource_id": file,
        "activity_id": portal.activity,
        "view_id": getattr(portal, "view", file),
        "source": "zrodlo",
        "job_id": portal.job,
        "object_id": portal.objects[state],
        "field": "title",
        "filename": "a.csv",
        "path": "x",
        "location": "x",
        "storage_name": "default",
        "token": "x",
        "version": portal.versions[state] if "/versions/" in rule.rule else "1",
        "package_type": TYPE,
        "year": "2026",
        "lang": "pl",
        "ver": 3,
        "logic_function": "status_show",
        "_format": "ttl",
    }
    if rule.endpoint.startswith("api.") and "max=2" in rule.rule:
        values["ver"] = 2
    return {name: values[name] for name in rule.arguments if name not in (rule.defaults or {})}


def folded(rule: str, types: list[str]) -> str:
    """Give a route without the name of its record type: every type has the same ones."""
    return re.sub(rf"^/(?:{'|'.join(map(re.escape, types))})(?=[/.])", "/{type}", rule)
