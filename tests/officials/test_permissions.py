"""Who may do what: every action × every kind of person."""

import pytest
from ckan.plugins import toolkit as tk
from ckan.tests import factories

from tests.cooperation import records

PEOPLE = ("anonymous", "stranger", "member", "editor", "other_editor", "admin", "sysadmin")
EVERYONE = set(PEOPLE)
DEPARTMENT = {"member", "editor", "admin", "sysadmin"}
WRITERS = {"editor", "admin", "sysadmin"}
PUBLISHERS = {"admin", "sysadmin"}
#: (action, what it is asked for) → who may.
MATRIX = {
    ("leszno_ngo_lookup", None): EVERYONE,
    ("leszno_ngo_statistics", None): EVERYONE,
    ("leszno_ngo_suggest", None): EVERYONE,
    ("leszno_ngo_programme", None): EVERYONE,
    ("leszno_ngo_changes", None): EVERYONE,
    ("leszno_ngo_results", "call"): WRITERS,
    ("leszno_ngo_publish", "call"): PUBLISHERS,
    ("leszno_ngo_publish", "draft"): PUBLISHERS,
    ("package_show", "call"): EVERYONE,
    ("package_show", "draft"): DEPARTMENT,
    ("package_show", "private"): DEPARTMENT,
    ("package_create", "owner_org"): WRITERS,
    ("package_update", "call"): WRITERS,
    ("package_update", "draft"): WRITERS,
    ("package_patch", "call"): WRITERS,
    ("package_change_state", "draft"): WRITERS,
    ("package_delete", "call"): PUBLISHERS,
    ("package_delete", "draft"): WRITERS,
    ("package_delete", "private"): WRITERS,
    ("resource_create", "documents"): WRITERS,
    ("organization_update", "unit"): PUBLISHERS,
    ("harvest_source_create", "owner_org"): WRITERS,
}


@pytest.fixture
def cast(clean_catalogue):
    users = {name: factories.User() for name in PEOPLE if name not in ("anonymous", "sysadmin")}
    unit = factories.Organization(
        users=[
            {"name": users[capacity]["name"], "capacity": capacity}
            for capacity in ("member", "editor", "admin")
        ]
    )
    factories.Organization(users=[{"name": users["other_editor"]["name"], "capacity": "editor"}])
    users["sysadmin"] = factories.Sysadmin()
    given = {"owner_org": unit["id"]}
    targets = {
        "call": {"id": records.create("call-for-offers", **given)["id"]},
        "draft": {"id": records.create("call-for-offers", **given, state="draft")["id"]},
        "private": {"id": records.create("call-for-offers", **given, private=True)["id"]},
        "owner_org": {**given, "type": "call-for-offers", "title": "Nowy"},
        "unit": {"id": unit["id"]},
    }
    targets |= {
        "documents": {"package_id": targets["call"]["id"]},
        None: {},
    }
    names = {name: users[name]["name"] if name in users else "" for name in PEOPLE}
    return names, targets


def may(user, action, asked):
    from ckan import model

    context = {"user": user, "auth_user_obj": model.User.get(user) if user else None}
    try:
        tk.check_access(action, context, dict(asked))
    except tk.NotAuthorized:
        return False
    return True


def test_the_matrix_holds(cast):
    names, targets = cast
    found = {
        (action, target): {who for who, user in names.items() if may(user, action, targets[target])}
        for action, target in MATRIX
    }
    assert found == MATRIX


def test_every_action_of_ours_is_in_the_matrix():
    from ckanext.leszno_ngo.cooperation import auth as of_cooperation
    from ckanext.leszno_ngo.logic import action, auth

    rules = {*vars(auth), *vars(of_cooperation)}
    ours = {*action.__all__, *(name for name in rules if name.startswith("leszno_ngo_"))}
    assert ours <= {name for name, _target in MATRIX}


def test_what_is_refused_is_refused_by_the_actions_too(cast):
    """The actions themselves ask: a program cannot go round the pages."""
    names, targets = cast
    for who in EVERYONE - WRITERS - {"anonymous"}:
        for action in ("package_create", "package_update", "package_delete"):
            asked = targets["owner_org" if action == "package_create" else "call"]
            with pytest.raises(tk.NotAuthorized):
                tk.get_action(action)({"user": names[who]}, dict(asked))


def test_a_search_shows_drafts_to_their_department_only(cast):
    names, targets = cast
    for who, user in names.items():
        found = tk.get_action("package_search")(
            {"user": user}, {"include_drafts": True, "fq": "dataset_type:call-for-offers"}
        )
        seen = targets["draft"]["id"] in {record["id"] for record in found["results"]}
        assert seen == (who in DEPARTMENT), who
