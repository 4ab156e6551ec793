"""Records of the cooperation's types through CKAN's own actions and the index."""

import itertools

import ckan.plugins.toolkit as tk
import pytest
from ckan.lib.search import commit
from ckan.tests import factories

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.catalogue import batch, computed
from ckanext.leszno_ngo.cooperation.ledger import DatabaseLedger
from ckanext.leszno_ngo.search import facets
from tests.cooperation import loaded, records

pytestmark = pytest.mark.usefixtures("clean_catalogue")

# What a small record must be found by: facet → code.
FACETS = {
    "call-for-offers": {"mode": "other_act", "spheres": "17", "programme_forms": "F04"},
    "grant": {"mode": "open_call", "year": "2026", "status": "granted", "funder": "Miasto Leszno"},
    "partnership": {
        "kind": "advisory_body",
        "parties_sector": "business",
        "programme_forms": "F08",
    },
    "event": {"kind": "training", "audience": "ngo", "programme_forms": "F05"},
    "consultation": {"methods": "form", "programme_forms": "F07"},
    "premises": {"status": "available", "accessibility": "lift", "programme_forms": "F22"},
    "volunteering": {"kind": "action", "programme_forms": "F29"},
    "recognition": {"kind": "patronage", "programme_forms": "F30"},
    "guide": {"kind": "advice", "programme_forms": "F23"},
    "programme": {"year": "2026", "status": "adopted"},
}


def refused(make, *args, **fields):
    with pytest.raises(tk.ValidationError) as caught:
        make(*args, **fields)
    return caught.value.error_dict


def test_a_small_record_of_each_type_is_made_saved_again_and_found():
    for name in loaded.TYPES:
        made = records.create(name)
        again = records.update(made)
        drop = {"metadata_modified"}
        assert {k: v for k, v in again.items() if k not in drop} == {
            k: v for k, v in made.items() if k not in drop
        }, name
    for name in loaded.TYPES:
        record_type = record_types.get(name)
        chosen = {facet: [code] for facet, code in FACETS[name].items()}
        found = facets.search({"ignore_auth": True}, record_type, chosen, "pl", q="", rows=5)
        assert [r["type"] for r in found.results] == [name]
        labels = {f.name: [item.label for item in f.items if item.selected] for f in found.facets}
        assert all(labels[facet] for facet in FACETS[name])
        for sort in record_type.sorts:
            assert records.search(fq=f"dataset_type:{name}", sort=sort.sort)["count"] == 1


def test_values_are_brought_to_one_spelling():
    call = records.create("call-for-offers")
    assert call["budget_amount"] == 45_000
    assert call["open_date"] == "2026-02-02T08:00:00+01:00"
    assert call["offers_deadline_date"] == "2026-02-20T23:59:00+01:00"
    assert records.create("grant")["granted_amount"] == 12_500.5
    event = records.create("event")
    assert event["end_date"] == "2026-05-10T23:59:00+02:00"
    assert event["computed"]["state"] == "closed"


def test_the_index_has_years_goals_moments_and_amounts():
    records.create("call-for-offers")
    records.create("grant")
    records.create("premises")
    for query, name in (
        (
            "year:2026 AND vocab_programme_goals:G1 AND budget_amount:[44999 TO 45001]",
            "call-for-offers",
        ),
        ("offers_deadline_date:[2026-02-20T22:58:00Z TO 2026-02-20T22:59:00Z]", "call-for-offers"),
        ("granted_amount:[9000 TO 13000]", "grant"),
        ("area_amount:[60 TO 65] AND seats_number_amount:40", "premises"),
    ):
        assert [r["type"] for r in records.search(fq=query)["results"]] == [name], query


def test_words_in_tables_and_labels_of_their_codes_are_found():
    records.create("partnership")
    assert records.search(q="Firma Przykład")["count"] == 1
    assert records.search(q="biznes")["count"] == 1


def test_a_state_on_the_page_is_the_state_in_the_search(ckan_config, monkeypatch):
    """Combinations of dates behind, ahead and not set."""
    monkeypatch.setitem(ckan_config, "ckan.search.solr_commit", False)
    behind, ahead = records.ago(days=2), records.ahead(days=2)
    choices = {
        "call-for-offers": {
            "open_date": ("", behind, ahead),
            "offers_deadline_date": ("", behind, ahead),
            "resolved_date": ("", behind[:10]),
            "annulled_date": ("", behind[:10], ahead[:10]),
            "archive": (False, True),
        },
        "event": {"start_date": (behind, ahead), "end_date": ("", behind, ahead)},
    }
    made = {name: made_with(name, dates) for name, dates in choices.items()}
    commit()
    for name, states in made.items():
        record_type = record_types.get(name)
        assert len(set(states.values()) & {state.code for state in record_type.states}) >= 3
        for state in record_type.states:
            fq = [f"+dataset_type:{name}", computed.state_filter(record_type, [state.code])]
            found = records.search(fq_list=fq, rows=1000)["results"]
            assert {r["id"] for r in found} == {i for i, s in states.items() if s == state.code}
            assert {r["computed"]["state"] for r in found} <= {state.code}


def made_with(name, dates):
    """Records with every combination of dates → their states."""
    states = {}
    for number, values in enumerate(itertools.product(*dates.values())):
        given = dict(zip(dates, values, strict=True))
        try:
            record = records.create(name, title=f"{name} {number}", annulled_reason="p", **given)
        except tk.ValidationError:
            continue  # dates in an order that only an archive entry may have
        states[record["id"]] = record["computed"]["state"]
    return states


def test_a_call_that_breaks_the_law_is_refused_and_the_article_named():
    errors = refused(
        records.create,
        "call-for-offers",
        legal_basis="uodpp_13",
        mode="open_call",
        announcements=[{"channel": "bip", "date": "2026-02-02"}],
    )
    assert "21" in errors["offers_deadline_date"][0]
    assert "art. 13 ust. 1" in errors["offers_deadline_date"][0]
    assert "art. 13 ust. 2 pkt 6" in errors["criteria"][0]


def test_a_draft_and_an_archive_entry_are_saved_with_warnings():
    context = {}
    law = {"legal_basis": "uodpp_13", "mode": "open_call"}
    for more in ({"state": "draft"}, {"archive": True}):
        record = records.create("call-for-offers", context, title=f"Nabór {more}", **law, **more)
        assert record["legal_basis"] == "uodpp_13"


def test_small_grants_of_a_year_are_added_up():
    ngo = records.create("ngo", title="Klub", krs="0000031247")
    records.create("programme", planned_amount=75_000)
    small = {
        "mode": "small_grant",
        "legal_basis": "uodpp_19a",
        "recipient": ngo["name"],
        "recipient_name": "",
        "granted_amount": 9000,
        "outside_call": True,
    }
    first = records.create("grant", title="A", **small)
    assert first["recipient"] == ngo["id"]
    assert first["recipient_name"] == "Klub"
    assert records.update(first, granted_amount=10_000)["granted_amount"] == 10_000
    errors = refused(records.create, "grant", title="B", **{**small, "granted_amount": 10_001})
    assert "art. 19a ust. 6" in " ".join(errors["granted_amount"])
    assert "art. 19a ust. 7" in " ".join(errors["granted_amount"])  # 20 % of 75 000 is 15 000
    # Another year begins anew.
    records.create("programme", title="2027", year="2027", planned_amount=75_000, adopted_date="")
    records.create("grant", title="C", **{**small, "granted_date": "2027-01-10"})


def test_hidden_grants_of_another_department_keep_nobody_from_publishing():
    """Nor is their sum told; each is counted when it goes public, and the own ones always."""
    ngo = records.create("ngo", title="Klub", krs="0000031247")
    records.create("programme", planned_amount=900_000)
    own, other = factories.Organization()["id"], factories.Organization()["id"]
    small = {"mode": "small_grant", "recipient": ngo["name"], "outside_call": True}
    hidden = {"private": True, "owner_org": other, **small}
    first = records.create("grant", title="A", granted_amount=9500, **hidden)
    records.create("grant", title="B", granted_amount=9000, **hidden)
    records.create("grant", title="C", granted_amount=3000, owner_org=own, **small)
    errors = refused(records.update, first, private=False)
    assert "21\xa0500" in " ".join(errors["granted_amount"])


def test_small_grants_of_others_are_not_the_citys():
    """Art. 19a ust. 6 and 7 bind each body in its own year's money."""
    ngo = records.create("ngo", title="Klub", krs="0000031247")
    records.create("programme", planned_amount=60_000)
    small = {"mode": "small_grant", "recipient": ngo["name"], "outside_call": True}
    records.create("grant", title="A", funder="Powiat", granted_amount=10_000, **small)
    records.create("grant", title="B", funder="Powiat", granted_amount=9_000, **small)
    records.create("grant", title="C", funder="Powiat", granted_amount=8_000, **small)
    operators = records.create("grant", title="D", mode="regranting", granted_amount=50_000)
    records.create("grant", title="E", regrant_of=operators["id"], granted_amount=9_000, **small)
    ledger = DatabaseLedger()
    assert ledger.granted(2026, "small_grant", None, None) == 0
    records.create("grant", title="F", granted_amount=10_000, **small)
    records.create("grant", title="G", granted_amount=2_000, funder="MIASTO LESZNO", **small)
    assert ledger.granted(2026, "small_grant", ngo["id"], None) == 12_000
    # What the City says of its own spending has no money of others, and none twice.
    (spent,) = ledger.spent([2026], ["17"])
    assert (spent.granted, spent.tasks) == (62_000, 3)
    errors = refused(records.create, "grant", title="H", granted_amount=100, **small)
    assert "art. 19a ust. 7" in " ".join(errors["granted_amount"])


def test_forms_follow_the_kind_until_somebody_chooses():
    event = records.create("event")
    assert event["programme_forms"] == ["F05"]
    fair = records.update(event, kind="fair")
    assert fair["programme_forms"] == ["F10"]
    chosen = records.update(fair, programme_forms=["F14"])
    assert records.update(chosen, kind="training")["programme_forms"] == ["F14"]


def test_wrong_values_say_what_is_right():
    errors = refused(
        records.create,
        "call-for-offers",
        budget_amount="dużo",
        own_share_percent="120",
        open_date="jutro",
        offers_number="2,5",
        year="26",
        mode="",
    )
    assert set(errors) == {
        "budget_amount",
        "own_share_percent",
        "open_date",
        "offers_number",
        "year",
        "mode",
    }


def test_pesel_in_a_table_is_refused():
    parties = [{"organisation": "Jan, PESEL 44051401359"}]
    errors = refused(records.create, "partnership", parties=parties)
    assert "PESEL" in str(errors["parties"])


def test_the_same_tasks_of_this_and_the_previous_year_are_added_up():
    records.create("grant", title="A", granted_amount=1000, total_amount=1500)
    records.create("grant", title="B", granted_amount=500, spheres=["17", "15"])
    records.create("grant", title="C", granted_amount=200, year="2025")
    records.create("grant", title="D", granted_amount=90, status="resigned")
    records.create("grant", title="E", granted_amount=80, year="2024")
    records.create("grant", title="F", granted_amount=70, private=True)
    spent = DatabaseLedger().spent([2025, 2026], ["17"])
    assert [(s.year, s.sphere, s.granted, s.cost, s.tasks) for s in spent] == [
        (2025, "17", 200, 200, 1),
        (2026, "17", 1500, 2000, 2),
    ]


def test_a_year_has_one_programme():
    records.create("programme")
    assert "year" in refused(records.create, "programme", title="Drugi")


def test_rows_left_blank_in_a_form_are_not_stored():
    said = {"channel": "bip", "date": "2026-02-01"}
    blank = {"channel": "", "date": "", "url": ""}
    for rows in ([said, blank], [blank, said]):
        call = records.create("call-for-offers", title="Nabór", announcements=rows)
        assert call["announcements"] == [said]
    emptied = records.update(call, announcements=[])
    assert not emptied.get("announcements")
    form = {"announcements-0-channel": "bip", "announcements-0-date": "1.02.2026"}
    form |= {"announcements-1-channel": "", "announcements-1-date": ""}
    assert records.create("call-for-offers", title="Z formularza", **form)["announcements"] == [
        said
    ]


def test_the_batch_writer_writes_them_too():
    ngo = records.create("ngo", title="Klub", krs="0000031247")
    organisation = records.organisation()
    wanted = [
        {"type": name, "title": name, "owner_org": organisation, **records.SMALL[name]}
        for name in loaded.TYPES
    ]
    wanted[1] |= {"recipient": ngo["name"]}
    for record in wanted:  # one call writes one type
        (outcome,) = batch.write([batch.Write(record)], user=records.site_user())
        assert (outcome.status, outcome.errors) == ("created", {}), record["type"]
    found = {r["type"]: r for r in records.search(fq="-dataset_type:ngo", rows=50)["results"]}
    assert set(found) == set(loaded.TYPES)
    assert found["partnership"]["parties"] == records.SMALL["partnership"]["parties"]
    assert found["grant"]["recipient"] == ngo["id"]
    assert found["event"]["programme_forms"] == ["F05"]


def test_the_title_of_a_hidden_organisation_is_not_written_into_a_grant(ngo_factory):
    hidden = ngo_factory(title="Klub Tajny", private=True, owner_org=records.organisation())
    grant = records.create("grant", recipient=hidden["id"], recipient_name="")
    assert not grant.get("recipient_name")
    shown = ngo_factory(title="Klub Jawny")
    grant = records.create("grant", title="B", recipient=shown["id"], recipient_name="")
    assert grant["recipient_name"] == "Klub Jawny"
