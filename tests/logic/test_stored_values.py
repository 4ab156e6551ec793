"""Stored values that today's rules refuse stay where another field of their record is changed."""

import csv
import datetime as dt
import io
import json

import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories, helpers

from ckanext.leszno_ngo.catalogue import batch
from tests.cooperation import loaded, records
from tests.forms.test_kept import PASSWORD, Browser

pytestmark = pytest.mark.usefixtures("clean_catalogue")

#: Validator that refuses it → a value as an older version may have kept it.
ODD = {
    "leszno_ngo_no_personal_data": "PESEL 44051401359",
    "leszno_ngo_phone": "529 81 00 w sekretariacie",
    "leszno_ngo_email": "biuro(at)klub.pl",
    "leszno_ngo_web_address": "klub, w budowie",
    "leszno_ngo_web_address_list": '["w budowie", "https://a.pl"]',
    "leszno_ngo_edelivery_address": "AE:PL-1",
    "leszno_ngo_postal_code": "64100 Leszno",
    "leszno_ngo_building_number": "dawna szkoła, wejście od podwórza",
    "leszno_ngo_krs": "123456789012",
    "leszno_ngo_nip": "1234567890",
    "leszno_ngo_regon": "123456789",
    "leszno_ngo_teryt": "9999999",
    "leszno_ngo_latitude": "41.5",
    "leszno_ngo_longitude": "2.25",
    "leszno_ngo_year": "1985",
    "leszno_ngo_year_list": '["85"]',
    "leszno_ngo_pkd_list": '["usługi", "94.99.Z"]',
    "leszno_ngo_money": "-5",
    "leszno_ngo_decimal": "-62.5",
    "leszno_ngo_number": "12.5",
    "leszno_ngo_percent": "250",
    "leszno_ngo_link": "gone-for-ever",
    "leszno_ngo_link_list": '["gone-for-ever"]',
    "scheming_choices": "kod-dawny",
    "scheming_multiple_choice": '["kod-dawny"]',
}
TYPES = ("ngo", *loaded.TYPES)


def odd_of(field):
    chain = field.get("validators", "").split()
    return next((odd for name, odd in ODD.items() if name in chain), None)


def odd_values(name):
    """Field → its odd value, tables with a row of them, for every field that can have one."""
    found = {}
    for field in map(loaded.expanded, loaded.read(name)["dataset_fields"]):
        if field["field_name"] in ("title", "name", "owner_org"):
            continue
        columns = map(loaded.expanded, field.get("repeating_subfields", ()))
        row = {one["field_name"]: odd for one in columns if (odd := odd_of(one))}
        value = json.dumps([row]) if row else odd_of(field)
        if value and field.get("form_snippet", "") is not None:
            found[field["field_name"]] = value
    return found


def put(record_id, odd):
    """Keep values as no road takes them any more."""
    package = model.Package.get(record_id)
    for name, value in odd.items():
        if name == "notes":
            package.notes = value
        else:
            package.extras[name] = value
    # what the index says of it before it has been read again is told to be old
    package.metadata_modified = dt.datetime.now(dt.timezone.utc).replace(tzinfo=None)
    model.repo.commit_and_remove()
    batch.index([record_id])


def stored(record_id, odd):
    model.Session.expire_all()
    package = model.Package.get(record_id)
    return {n: package.notes if n == "notes" else package.extras.get(n) for n in odd}


def plain(values):
    """Values to compare: a table's rows as they are, without the columns left empty."""
    found = {}
    for name, value in values.items():
        rows = json.loads(value) if (value or "").startswith("[{") else None
        found[name] = [{k: v for k, v in r.items() if v} for r in rows] if rows else value
    return found


def sent_by(soup):
    """What a form sends as it was opened."""
    form, fields = soup.select_one("#record-form"), []
    for one in form.select("input[name], textarea[name], select[name]"):
        if one.name == "textarea":
            fields.append((one["name"], one.get_text().removeprefix("\n")))
        elif one.name == "select":
            chosen = one.select_one("option[selected]")
            fields.append((one["name"], chosen["value"] if chosen else ""))
        elif one["type"] not in ("checkbox", "radio", "file") or one.has_attr("checked"):
            fields.append((one["name"], one.get("value", "")))
    return fields


def test_odd_values_survive_every_road(app):
    """Of every type and field: one edit of another field each by the API and by the form."""
    editor = factories.User(password=PASSWORD)
    unit = factories.Organization(users=[{"name": editor["name"], "capacity": "admin"}])
    mine = Browser(app.test_client())
    mine.log_in(editor)
    user = {"user": editor["name"], "ignore_auth": False}
    for name in TYPES:
        own = {"krs": "0000031247"} if name == "ngo" else {}
        record = records.create(name, owner_org=unit["id"], archive=True, **own)
        odd = odd_values(name)
        assert odd, name
        put(record["id"], odd)
        helpers.call_action("package_patch", dict(user), id=record["id"], title="Drugi tytuł")
        assert plain(stored(record["id"], odd)) == plain(odd), name
        shown = helpers.call_action("package_show", dict(user), id=record["id"])
        helpers.call_action("package_update", dict(user), **{**shown, "title": "Trzeci tytuł"})
        assert plain(stored(record["id"], odd)) == plain(odd), name
        page = save_by_form(mine, f"/{name}/edit/{record['name']}")
        assert [e.get_text(" ", strip=True) for e in page.select(".ln-error, .ln-errors")] == []
        assert plain(stored(record["id"], odd)) == plain(odd), name
        assert "Zostało jak było" in page.get_text(), name
        # index and files have the record with its new title
        (found,) = helpers.call_action("package_search", fq=f"name:{record['name']}")["results"]
        assert found["title"] == "Czwarty tytuł", name
        (row,) = csv.DictReader(io.StringIO(app.get(f"/{name}.csv").text.lstrip("\ufeff")))
        assert "Czwarty tytuł" in row.values(), name


def save_by_form(browser, address):
    form = {}
    for key, value in [*sent_by(browser.open(address)), ("state", "active")]:
        form.setdefault(key, []).append("Czwarty tytuł" if key == "title" else value)
    answer = browser.client.post(address, data=form, follow_redirects=True)
    return BeautifulSoup(answer.text, "html.parser")


def test_what_is_typed_anew_is_refused_as_ever():
    record = records.create("ngo", krs="0000031247", phone="65 529 81 00")
    put(record["id"], {"phone": "529 81 00", "website": "w budowie"})
    user = {"user": records.site_user(), "ignore_auth": True}
    for changed in ("529 81 01", "w budowie"):
        with pytest.raises(tk.ValidationError) as refused:
            helpers.call_action("package_patch", dict(user), id=record["id"], phone=changed)
        assert list(refused.value.error_dict) == ["phone"]
    # a right one takes the place of the odd one, which the others do not keep from it
    helpers.call_action("package_patch", dict(user), id=record["id"], phone="65 529 81 31")
    known = stored(record["id"], ["phone", "website"])
    assert known == {"phone": "+48 65 529 81 31", "website": "w budowie"}


def test_a_harvest_is_not_kept_from_other_fields():
    record = records.create("ngo", krs="0000031247")
    put(record["id"], {"phone": "529 81 00"})
    write = batch.Write({**helpers.call_action("package_show", id=record["id"]), "title": "Nowy"})
    (outcome,) = batch.write([write])
    assert (outcome.status, outcome.errors) == ("updated", {})
    assert stored(record["id"], ["phone"]) == {"phone": "529 81 00"}
