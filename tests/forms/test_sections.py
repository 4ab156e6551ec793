"""The parts of a long form, the law beside fields, the units of numbers, the way to each form."""

import pytest

from ckanext.leszno_ngo.cooperation import checks
from tests.cooperation import loaded, records

pytestmark = pytest.mark.usefixtures("clean_catalogue")


def test_a_long_form_lists_its_parts(page, as_editor, said):
    soup = page("/call-for-offers/new", headers=as_editor)
    links = soup.select(".ln-contents a")
    assert len(links) > 5
    for link in links:
        part = soup.find(id=link["href"].removeprefix("#"))
        assert said(part.legend) == said(link)


def test_what_is_known_later_is_folded_until_something_is_in_it(department, page, as_editor):
    soup = page("/event/new", headers=as_editor)
    assert not soup.select_one("details:has(#part-results)").has_attr("open")
    event = records.create("event", results="Wiele", owner_org=department["id"])
    soup = page(f"/event/edit/{event['name']}", headers=as_editor)
    assert soup.select_one("details:has(#part-results)").has_attr("open")


def test_a_required_field_is_never_folded():
    for name in loaded.TYPES:
        folded = {s.name for s in loaded.record_type(name).sections if s.folded}
        for field in loaded.record_type(name).fields:
            assert not (field.required and field.section in folded), (name, field.name)


def test_the_articles_beside_fields_are_those_of_the_check():
    declared = {
        f["field_name"]: f["article"]["pl"]
        for f in loaded.read("call-for-offers")["dataset_fields"]
        if "article" in f
    }
    expected = {**checks._ANNOUNCED, "previous_tasks": "art. 13 ust. 2 pkt 7"}
    assert declared == expected


def test_an_article_is_said_in_the_label(page, as_editor, said):
    soup = page("/call-for-offers/new", headers=as_editor)
    assert "art. 13 ust. 2 pkt 2" in said(soup.select_one("label[for=field-budget_amount]"))
    assert "art. 13 ust. 2 pkt 7" in said(soup.select_one("#field-previous_tasks > legend"))


def test_numbers_have_their_units(page, as_editor, said):
    soup = page("/call-for-offers/new", headers=as_editor)
    units = {
        name: said(soup.select_one(f"#field-{name}").parent.select_one(".input-group-text"))
        for name in ("budget_amount", "own_share_percent", "previous_tasks-0-cost_amount")
    }
    assert units == {
        "budget_amount": "zł",
        "own_share_percent": "%",
        "previous_tasks-0-cost_amount": "zł",
    }


def test_every_form_has_its_title_and_its_way_from_the_header(page, as_editor, said):
    addresses = {a["href"]: said(a) for a in page("/", headers=as_editor).select(".ln-add a")}
    assert len(addresses) == len(loaded.TYPES) + 1
    for name in loaded.TYPES:
        soup = page(f"/{name}/new", headers=as_editor)
        assert said(soup.h1) == addresses[f"/{name}/new"]
        assert said(soup.h1) in said(soup.title)
        assert len(soup.select("h1")) == 1


def test_those_who_may_add_nothing_are_offered_nothing(page):
    assert not page("/").select(".ln-add")


def test_controls_are_labelled_and_ids_are_unique(page, as_editor):
    for name in loaded.TYPES:
        soup = page(f"/{name}/new", headers=as_editor)
        form = soup.select_one("#record-form")
        for control in form.select("input:not([type=hidden]), select, textarea"):
            assert form.find("label", {"for": control["id"]}), (name, control["id"])
        for element in form.select("[aria-describedby]"):
            for id_ in element["aria-describedby"].split():
                assert form.find(id=id_), (name, id_)
        ids = [element["id"] for element in soup.select("[id]")]
        assert len(ids) == len(set(ids)), name


def test_departments_are_shown_by_title(department, page, said):
    from ckanext.leszno_ngo import record_types
    from ckanext.leszno_ngo.helpers import values

    field = record_types.get("event").field("owner_org")
    assert values.leszno_ngo_label(field, department["id"]) == "Biuro Pełnomocnika"
    assert values.leszno_ngo_label(field, "nie-ma") == "nie-ma"
