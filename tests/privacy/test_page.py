"""The page of erasing: only sysadmins, nothing without a second button."""

import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories

from tests.cooperation import records

ADDRESS = "/en/panel/usuwanie"
PERSON = "Zdzisława Brzęczyszczykiewicz"


@pytest.fixture
def sysadmin(clean_catalogue):
    return {"Authorization": factories.SysadminWithToken()["token"]}


def test_a_sysadmin_looks_and_then_erases(app, sysadmin):
    unit = factories.Organization()
    record = records.create("ngo", title="Klub", krs="0000000168", owner_org=unit["id"],
                            notes=f"Prezes: {PERSON}")  # fmt: skip
    other = {"Authorization": factories.UserWithToken()["token"]}
    app.get(ADDRESS, headers=other, status=403)
    app.post(ADDRESS, headers=other, data={"texts": PERSON, "confirm": "yes"}, status=403)
    assert app.get(ADDRESS, status=302, follow_redirects=False)
    assert (
        "longer text" in app.post(ADDRESS, headers=sysadmin, data={"texts": "Jan"}, status=400).body
    )
    app.post(ADDRESS, headers=sysadmin, data={"record": "/ngo/none"}, status=400)
    looked = app.post(ADDRESS, headers=sysadmin, data={"texts": PERSON})
    page = BeautifulSoup(looked.body, "html.parser")
    assert "package" in page.select_one("table").get_text()
    assert page.select_one("button[name=confirm]")
    assert PERSON in app.get(f"/ngo/{record['name']}").body
    done = app.post(ADDRESS, headers=sysadmin, data={"texts": PERSON, "confirm": "yes"})
    assert "Backups" in done.body
    assert PERSON not in app.get(f"/ngo/{record['name']}").body
    app.post(ADDRESS, headers=sysadmin, data={"record": f"/ngo/{record['name']}", "confirm": "yes"})
    app.get(f"/ngo/{record['name']}", status=404)
