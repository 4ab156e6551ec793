"""Actions of harvests and of this extension asked wrongly: never a fault of the server."""

import pytest
from ckan import logic
from ckan.plugins import toolkit as tk

from tests.rights import portal as portals
from tests.rights import taking_back

ROLES = ("anonymous", "editor")
#: Every parameter that one of the actions reads.
NAMES = (
    *("id", "source_id", "job_id", "dataset_id", "harvest_object_id", "attr", "guid", "status"),
    *("level", "limit", "offset", "per_page", "page", "only_active", "organization_id", "url"),
    *("config", "source_type", "frequency", "title", "name", "owner_org", "active", "segments"),
    *("life_span", "force_import", "only_to_import", "package_id", "run", "extras", "content"),
    *("type", "key", "q", "since", "cursor", "year", "fields", "krs", "nip", "value", "rows"),
)
ODD = ("", "x" * 5000, -1, None, [1], {"a": 1})


@pytest.fixture
def portal(clean_catalogue):
    return portals.fill()


def actions():
    tk.get_action("package_show")  # the registry is filled
    return [name for name in sorted(logic._actions) if name.startswith(("harvest", "leszno_ngo_"))]


def bodies(portal, action):
    """What an action is asked with: nothing, one thing of everything, the right thing but one."""
    yield {}
    real = portals.asked(portal, action, "public")
    for name in ("id", "source_id"):
        yield {key: value for key, value in real.items() if key != name}
    yield {"id": portal.dataset["id"], "source_id": portal.dataset["id"]}
    for odd in ODD:
        yield {**dict.fromkeys(NAMES, odd), **real}
        yield {"id": odd, "source_id": odd}


def test_no_action_of_harvests_breaks_on_what_it_is_asked(portal, app):
    broken = []
    with taking_back.everything() as changes:
        for action in actions():
            for role in ROLES:
                token = portal.tokens[role]
                headers = {"Authorization": token} if token else {}
                with changes.attempt():
                    for body in bodies(portal, action):
                        status = asked(app, action, body, headers)
                        if isinstance(status, str) or status >= 500:
                            broken.append((action, role, str(body)[:150], status))
    assert not broken, broken


def asked(app, action, body, headers):
    try:
        answer = app.client.post(f"/api/3/action/{action}", json=body, headers=headers)
    except Exception as error:  # noqa: BLE001  (what a portal that is no test answers with 500)
        return repr(error)[:200]
    return answer.status_code


def test_all_jobs_are_listed_to_sysadmins_alone(portal, app):
    listed = {
        role: app.client.post(
            "/api/3/action/harvest_job_list",
            json={},
            headers={"Authorization": portal.tokens[role]},
        ).status_code
        for role in ("fresh", "editor", "admin", "sysadmin")
    }
    assert listed == {"fresh": 403, "editor": 403, "admin": 403, "sysadmin": 200}
