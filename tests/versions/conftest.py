"""People of a department and somebody of another, a record, and pages as each of them."""

import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories


@pytest.fixture
def people():
    named = {name: factories.UserWithToken() for name in ("official", "editor", "stranger")}
    unit = factories.Organization(
        title="Biuro",
        users=[
            {"name": named["official"]["name"], "capacity": "admin"},
            {"name": named["editor"]["name"], "capacity": "editor"},
        ],
    )
    factories.Organization(users=[{"name": named["stranger"]["name"], "capacity": "admin"}])
    return {
        **{k: {"Authorization": u["token"]} for k, u in named.items()},
        "names": {k: u["name"] for k, u in named.items()},
        "unit": unit["id"],
    }


@pytest.fixture
def record(ngo_factory, people):
    return ngo_factory(title="Klub", aims="Cele", phone="65 520 11 11", owner_org=people["unit"])


@pytest.fixture
def get(app, people):
    def open_page(address, who="official", status=200):
        answer = app.get(f"/en{address}", headers=people[who], status=status)
        return BeautifulSoup(answer.body, "html.parser")

    return open_page


@pytest.fixture
def send(app, people):
    def post(address, fields=None, who="official", **more):
        more.setdefault("follow_redirects", False)
        return app.post(f"/en{address}", data=fields or {}, headers=people[who], **more)

    return post
