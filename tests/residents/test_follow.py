"""Those with an account may follow a record."""

import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories, helpers

from tests.cooperation import records

pytestmark = pytest.mark.usefixtures("clean_catalogue")


def button(app, address, token):
    soup = BeautifulSoup(app.get(address, headers={"Authorization": token}).body, "html.parser")
    return soup.select_one("form.ln-follow")


def test_a_record_is_followed_and_left_by_a_button(app):
    user = factories.UserWithToken()
    event = records.create("event")
    address = f"/event/{event['name']}"
    for expected in (True, False):
        form = button(app, address, user["token"])
        headers = {"Authorization": user["token"]}
        for _twice in range(2):
            app.post(form["action"], headers=headers, follow_redirects=False, status=302)
        followed = helpers.call_action(
            "am_following_dataset", {"user": user["name"]}, id=event["id"]
        )
        assert followed is expected


def test_nobody_signed_in_has_no_button_and_cannot_follow(app):
    event = records.create("event")
    soup = BeautifulSoup(app.get(f"/event/{event['name']}").body, "html.parser")
    assert not soup.select("form.ln-follow")
    app.post(f"/obserwuj/{event['name']}", status=403)


def test_what_one_may_not_see_cannot_be_followed(app):
    user = factories.UserWithToken()
    event = records.create("event", private=True)
    headers = {"Authorization": user["token"]}
    assert app.post(f"/obserwuj/{event['name']}", headers=headers).status_code in (403, 404)
    dataset = factories.Dataset()
    app.post(f"/obserwuj/{dataset['name']}", headers=headers, status=404)
