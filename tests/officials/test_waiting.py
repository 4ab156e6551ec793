"""The page on which officials decide about rows that may name a person."""

import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories

from ckanext.leszno_ngo.harvest import waiting
from tests.harvest.conftest import Harvest

CONTENT = "KRS;Nazwa;Cel\n0000000168;STOWARZYSZENIE ALFA;pomoc\n0000000291;JAN KOWALSKI;pomoc\n"


@pytest.fixture
def people(clean_catalogue):
    admin, editor, other = (factories.UserWithToken() for _ in range(3))
    users = [(admin, "admin"), (editor, "editor")]
    unit = factories.Organization(
        users=[{"name": user["name"], "capacity": capacity} for user, capacity in users]
    )
    factories.Organization(users=[{"name": other["name"], "capacity": "admin"}])
    found = {"admin": admin, "editor": editor, "other": other}
    headers = {name: {"Authorization": user["token"]} for name, user in found.items()}
    return {**headers, "unit": unit}


@pytest.fixture
def harvest(people, tmp_path):
    made = Harvest(tmp_path, factories.Sysadmin()["name"])
    made.run(made.source(owner_org=people["unit"]["name"]), CONTENT)
    return made


def page(app, headers, status=200):
    answer = app.get("/en/panel/osoby", headers=headers, status=status, follow_redirects=False)
    return BeautifulSoup(answer.body, "html.parser")


def test_only_who_publishes_in_the_department_sees_and_decides(app, people, harvest):
    assert "JAN KOWALSKI" in page(app, people["admin"]).get_text()
    assert "Decide about these rows" in app.get("/en/panel", headers=people["admin"]).body
    assert "JAN KOWALSKI" not in page(app, people["other"]).get_text()
    page(app, people["editor"], 403)
    page(app, {}, 302)
    [row] = waiting.list_waiting([people["unit"]["id"]])
    form = {f"decision-{row.digest}": "accepted"}
    for who in ("editor", "other"):
        app.post("/panel/osoby", headers=people[who], data=form, status=403)
    for odd in ("ACCEPTED", "deleted", ["accepted", "rejected"], ["rejected", "accepted"]):
        both = {f"decision-{row.digest}": odd}
        app.post("/panel/osoby", headers=people["admin"], data=both, status=400)
    assert set(harvest.records()) == {"0000000168"}
    app.post("/panel/osoby", headers=people["admin"], data=form, status=302,
             follow_redirects=False)  # fmt: skip
    assert set(harvest.records()) == {"0000000168", "0000000291"}


def test_a_rejected_row_is_gone(app, people, harvest):
    [row] = waiting.list_waiting([people["unit"]["id"]])
    app.post("/panel/osoby", headers=people["admin"], status=302, follow_redirects=False,
             data={f"decision-{row.digest}": "rejected"})  # fmt: skip
    assert set(harvest.records()) == {"0000000168"}
    assert "JAN KOWALSKI" not in page(app, people["admin"]).get_text()
