"""A small valid record of each type, and how to make it."""

import datetime as dt

from ckan.tests import factories, helpers

from ckanext.leszno_ngo import datetimes

SMALL = {
    "call-for-offers": {
        "mode": "other_act",
        "legal_basis": "sport_27",
        "spheres": ["17"],
        "budget_amount": "45.000 zł",
        "open_date": "2026-02-02 08:00",
        "offers_deadline_date": "2026-02-20",
    },
    "grant": {
        "mode": "open_call",
        "recipient_name": "Przykładowy Klub",
        "granted_amount": "12 500,50",
        "granted_date": "3.03.2026",
        "spheres": ["17"],
    },
    "partnership": {
        "kind": "advisory_body",
        "parties": [
            {"organisation": "Miasto Leszno", "sector": "public", "role": "leader"},
            {"organisation": "Firma Przykład", "sector": "business", "role": "partner"},
        ],
    },
    "event": {"kind": "training", "start_date": "2026-05-10T17:00", "audience": ["ngo"]},
    "consultation": {
        "kind": "local_act",
        "start_date": "2026-04-01",
        "comments_deadline_date": "2026-04-21",
        "methods": ["form"],
    },
    "premises": {
        "kind": "meeting_room",
        "area": "62,5",
        "seats_number": 40,
        "accessibility": ["step_free", "lift"],
        "latitude": "51.84",
        "longitude": "16.57",
    },
    "volunteering": {"kind": "action", "start_date": "2026-06-01 09:00"},
    "recognition": {"kind": "patronage", "granted_date": "2026-03-01"},
    "guide": {"kind": "advice", "audience": ["ngo"]},
    "programme": {"year": "2026", "planned_amount": "100 000 zł", "adopted_date": "2025-11-20"},
}


def create(type_name, context=None, **fields):
    given = {"title": f"Przykład: {type_name}", **SMALL.get(type_name, {}), **fields}
    context = {"ignore_auth": True, "user": site_user(), **(context or {})}
    return helpers.call_action(
        "package_create",
        context,
        type=type_name,
        owner_org=given.pop("owner_org", None) or organisation(),
        **given,
    )


def update(record, **fields):
    context = {"ignore_auth": True, "user": site_user()}
    # Whatever was changed since it was read.
    whole = {**record, **fields, "metadata_modified": None}
    return helpers.call_action("package_update", context, **whole)


def site_user():
    return helpers.call_action("get_site_user", {"ignore_auth": True})["name"]


def organisation():
    known = helpers.call_action("organization_list")
    return known[0] if known else factories.Organization()["name"]


def search(**parameters):
    return helpers.call_action("package_search", **parameters)


def ago(**time):
    """A moment before now, by Poland's clock: its first ten characters are the day of the pages."""
    return (dt.datetime.now(datetimes.WARSAW) - dt.timedelta(**time)).isoformat()


def today():
    """The day by Poland's clock, as the pages count it."""
    return dt.datetime.now(datetimes.WARSAW).date()


def ahead(**time):
    return (dt.datetime.now(datetimes.WARSAW) + dt.timedelta(**time)).isoformat()
