"""One portal with something of every kind in it, for tests that try every action and every page."""

from __future__ import annotations

import io
import re
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from ckan import model
from ckan import plugins as p
from ckan.lib import search
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from werkzeug.datastructures import FileStorage

from ckanext.leszno_ngo.catalogue import versions
from devstack.ckan import MORE_PLUGINS
from tests.cooperation import records

#: Marks of tests of a portal with the plugins that `make run` has.
AS_RUN = [pytest.mark.with_plugins(*MORE_PLUGINS), pytest.mark.usefixtures("with_plugins")]
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
DATASET_STATES = ("public", "private")
TYPE = "grant"
#: Addresses that are asked for a record in each state; the others for a dataset.
OF_RECORDS = (f"/{TYPE}", "/datastore/", "/datatables/")
PASSWORD = "haslo-Testowe-1"


def fill() -> SimpleNamespace:
    """Make the portal; the database and the index are empty."""
    with mock.patch.dict(tk.config, {"ckan.search.solr_commit": False}):
        portal = _filled()
    search.commit()
    return portal


def _filled() -> SimpleNamespace:
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
    boss = {"user": portal.users["sysadmin"]}
    portal.entries = {state: _entry(portal, TYPE, f"wpis-{state}", state) for state in STATES}
    portal.records = {state: entry.id for state, entry in portal.entries.items()}
    portal.files = {state: entry.file for state, entry in portal.entries.items()}
    portal.views = {state: entry.view for state, entry in portal.entries.items()}
    names = {"public": "zbior", "private": "zbior-private"}
    portal.datasets = {s: _entry(portal, "dataset", names[s], s) for s in DATASET_STATES}
    portal.dataset = tk.get_action("package_show")(dict(boss), {"id": "zbior"})
    _add_harvest(portal, boss)
    # what the site's own account does is in no list
    dataset = {"id": portal.dataset["id"]}
    tk.get_action("package_patch")(dict(boss), {**dataset, "notes": "Opis"})
    found = tk.get_action("package_activity_list")(dict(boss), dataset)
    portal.activity = found[0]["id"]
    portal.activities = {s: _activity_of(entry.id) for s, entry in portal.datasets.items()}
    portal.versions = {state: _version_of(id_) for state, id_ in portal.records.items()}
    return portal


def _entry(portal: SimpleNamespace, kind: str, name: str, state: str) -> SimpleNamespace:
    """Make a record or dataset in a state, with a file in it."""
    given: dict[str, Any] = {"name": name, "owner_org": portal.unit}
    given |= {"draft": {"state": "draft"}, "private": {"private": True}}.get(state, {})
    if kind == "dataset":
        id_ = factories.Dataset(**given, tags=[{"name": "etykieta"}])["id"]
    else:
        id_ = records.create(kind, **given)["id"]
    file, view = _add_file(id_)
    if state == "deleted":
        tk.get_action("package_delete")({"user": portal.users["sysadmin"]}, {"id": id_})
    return SimpleNamespace(id=id_, name=name, file=file, view=view)


def _add_file(record: str) -> tuple[str, str]:
    """Upload a file to a record, with a table and a view of it where the portal has such.

    :returns: the file's id and the view's
    """
    context = {"ignore_auth": True, "user": records.site_user()}
    sent = FileStorage(io.BytesIO(b"a\n1\n"), "a.csv", content_type="text/csv")
    given = {"package_id": record, "name": "Plik", "format": "CSV", "upload": sent}
    file = tk.get_action("resource_create")(dict(context), given)["id"]
    if not p.plugin_loaded("datastore"):
        return file, file
    table = {"resource_id": file, "force": True, "records": [{"a": 1}]}
    tk.get_action("datastore_create")(dict(context), table)
    if not p.plugin_loaded("datatables_view"):
        return file, file
    view = {"resource_id": file, "view_type": "datatables_view", "title": "Tabela"}
    return file, tk.get_action("resource_view_create")(dict(context), view)["id"]


def _version_of(record: str) -> str | None:
    """Return the id of a record's last version; what was always a draft has none."""
    found = versions.history(record, 1)
    return found[0].id if found else None


def _activity_of(dataset: str) -> str | None:
    """Return the id of a dataset's last activity of its own; what was always a draft has none."""
    from ckanext.activity.model import Activity

    query = model.Session.query(Activity.id).filter_by(object_id=dataset)
    query = query.filter(Activity.activity_type.like("% package"))  # not that of a view
    return query.order_by(Activity.timestamp.desc()).limit(1).scalar()


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
        ("resource_view", portal.views[state]),
        ("datastore", portal.files[state]),
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
    of_type = rule.rule.startswith(OF_RECORDS) or "leszno_ngo" in rule.endpoint
    of_type = of_type and not rule.rule.startswith("/dataset/versions/")
    entry = portal.entries[state]
    versions_of = portal.versions if of_type else portal.activities
    if not of_type:
        entry = portal.datasets.get(state, entry)
    name = entry.name
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
        "activity.package_activity": name,
        "activity.package_changes": portal.activities.get(state),
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
        "id": by_endpoint.get(rule.endpoint, ids.get(blueprint, name)),
        "id_": entry.id,
        "_id": name,
        "name": {"leszno_ngo_discovery.part": TYPE, "leszno_ngo_api.viewer": "index.css"}.get(
            rule.endpoint, "spheres" if rule.rule.startswith("/vocabulary") else name
        ),
        "resource_id": entry.file,
        "activity_id": portal.activities.get(state),
        "view_id": entry.view,
        "resource_view_id": entry.view,
        "source": "zrodlo",
        "job_id": portal.job,
        "object_id": portal.objects[state],
        "group": portal.group,
        "field": "title",
        "filename": "a.csv",
        "path": "x",
        "location": "x",
        "storage_name": "default",
        "token": "x",
        "version": versions_of.get(state) if "/versions/" in rule.rule else "1",
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
