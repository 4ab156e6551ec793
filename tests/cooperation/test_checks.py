"""What the law asks of calls and grants, on days around its limits."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.leszno_ngo.catalogue import checks
from ckanext.leszno_ngo.cooperation import law
from tests.cooperation import loaded

NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.timezone.utc)


class Books:
    """What other records say, as a test wants it."""

    def __init__(self, one=0, every=0, planned=None):
        self.one, self.every, self.money = Decimal(one), Decimal(every), planned

    def granted(self, year, mode, recipient, without):
        assert (year, mode) == (2026, "small_grant")
        return self.one if recipient else self.every

    def planned(self, year):
        return Decimal(self.money) if self.money is not None else None


def run(name, record, books=None):
    record_type = loaded.record_type(name)
    return checks.run(
        record_type, record, NOW, {"limits": law.limits(), "ledger": books or Books()}
    )


def found(name, record, books=None):
    return {(f.field, f.level, f.code) for f in run(name, record, books)}


def a_call(**changes):
    whole = {
        "title": "Sport dzieci",
        "mode": "open_call",
        "legal_basis": "uodpp_13",
        "task_kind": "sport",
        "budget_amount": "100000",
        "rules": "zasady",
        "task_terms": "warunki",
        "task_start_date": "2027-01-15",
        "task_end_date": "2027-12-15",
        "open_date": "2026-11-24T08:00:00+01:00",
        "offers_deadline_date": "2026-12-15T15:30:00+01:00",
        "criteria": "kryteria",
        "decision_due_date": "2026-12-30",
        "previous_tasks": [{"year": "2026", "task": "sport", "grant_amount": "90000"}],
        "announcements": [
            {"channel": "bip", "date": "2026-11-23"},
            {"channel": "board", "date": "2026-11-24"},
            {"channel": "website", "date": "2026-11-23"},
        ],
    }
    return {**whole, **changes}


def a_small_grant(**changes):
    whole = {
        "mode": "small_grant",
        "legal_basis": "uodpp_19a",
        "recipient": "ngo-1",
        "granted_amount": "6000",
        "granted_date": "2026-05-04",
        "outside_call": True,
        "task_start_date": "2026-05-10",
        "task_end_date": "2026-08-07",
    }
    return {**whole, **changes}


def test_a_whole_call_is_in_order():
    assert run("call-for-offers", a_call()) == []


@pytest.mark.parametrize(
    ("field", "article"),
    [
        ("task_kind", "art. 13 ust. 2 pkt 1"),
        ("budget_amount", "art. 13 ust. 2 pkt 2"),
        ("rules", "art. 13 ust. 2 pkt 3"),
        ("task_terms", "art. 13 ust. 2 pkt 4"),
        ("offers_deadline_date", "art. 13 ust. 2 pkt 5"),
        ("criteria", "art. 13 ust. 2 pkt 6"),
        ("decision_due_date", "art. 13 ust. 2 pkt 6"),
        ("previous_tasks", "art. 13 ust. 2 pkt 7"),
    ],
)
@pytest.mark.parametrize("empty", [None, "", []])
def test_an_announcement_must_say_what_the_act_lists(field, article, empty):
    (finding,) = run("call-for-offers", a_call(**{field: empty}))
    assert (finding.field, finding.level, finding.article) == (field, "error", article)


@pytest.mark.parametrize("basis", ["sport_27", "funder_rules", "other", "public_procurement"])
def test_other_acts_do_not_ask_for_it(basis):
    call = {"mode": "other_act", "legal_basis": basis, "offers_deadline_date": "2026-11-25"}
    assert found("call-for-offers", call) == set()


def test_previous_tasks_may_be_explained_away():
    assert run("call-for-offers", a_call(previous_tasks=[], previous_tasks_note="nie było")) == []


@pytest.mark.parametrize(("day", "breaks"), [("2026-12-14", True), ("2026-12-15", False)])
def test_21_days_count_from_the_last_announcement(day, breaks):
    """The 24th of November and 21 days: the 15th of December."""
    call = a_call(offers_deadline_date=f"{day}T23:59:00+01:00")
    wrong = ("offers_deadline_date", "error", "too_few_days")
    assert (wrong in found("call-for-offers", call)) is breaks


def test_21_days_says_the_earliest_deadline():
    (finding,) = run("call-for-offers", a_call(offers_deadline_date="2026-12-10T12:00:00+01:00"))
    assert finding.article == "art. 13 ust. 1"
    assert finding.data == {
        "days": 16,
        "least": 21,
        "last": dt.date(2026, 11, 24),
        "earliest": dt.date(2026, 12, 15),
    }


def test_an_announcement_in_the_press_starts_no_term():
    press = {"channel": "press", "date": "2026-12-01"}
    assert run("call-for-offers", a_call(announcements=[*a_call()["announcements"], press])) == []


def test_without_announcements_the_opening_counts():
    call = a_call(announcements=[], offers_deadline_date="2026-12-10T12:00:00+01:00")
    assert found("call-for-offers", call) == {
        ("offers_deadline_date", "error", "too_few_days"),
        ("announcements", "warning", "channels_missing"),
    }


@given(st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)), st.integers(0, 60))
def test_21_days_on_any_day(announced, days):
    deadline = announced + dt.timedelta(days=days)
    call = a_call(
        announcements=[{"channel": "bip", "date": announced.isoformat()}],
        offers_deadline_date=deadline.isoformat(),
    )
    codes = {finding.code for finding in run("call-for-offers", call)}
    assert ("too_few_days" in codes) is (days < 21)


def test_an_archive_entry_and_a_draft_are_only_warned_about():
    for change in ({"archive": True}, {"archive": "true"}, {"state": "draft"}):
        levels = {f.level for f in run("call-for-offers", {**a_call(rules=""), **change})}
        assert levels == {"warning"}


def test_annulled_with_a_reason():
    call = a_call(annulled_date="2026-12-20")
    assert found("call-for-offers", call) == {
        ("annulled_reason", "error", "annulled_without_reason")
    }
    assert run("call-for-offers", {**call, "annulled_reason": "nie złożono ofert"}) == []


def test_a_small_grant_in_order():
    assert found("grant", a_small_grant(), Books(planned=100_000)) == set()


@pytest.mark.parametrize(
    ("changes", "books", "wrong"),
    [
        ({"granted_amount": "10000.01"}, {}, ("granted_amount", "error", "too_much_money")),
        ({"task_end_date": "2026-08-08"}, {}, ("task_end_date", "error", "task_too_long")),
        (
            {"granted_amount": 7000},
            {"one": 13_001},
            ("granted_amount", "error", "too_much_in_year"),
        ),
        (
            {"granted_amount": 7000},
            {"every": 13_001},
            ("granted_amount", "error", "too_much_of_year"),
        ),
    ],
)
def test_limits_of_small_grants(changes, books, wrong):
    grant = a_small_grant(**changes)
    assert found("grant", grant, Books(**{"planned": 100_000, **books})) == {wrong}


def test_small_grants_just_within_the_limits():
    grant = a_small_grant(granted_amount="10000.00")
    assert found("grant", grant, Books(one=10_000, every=10_000, planned=100_000)) == set()


def test_unknown_planned_money_is_a_warning():
    assert found("grant", a_small_grant()) == {
        ("granted_amount", "warning", "planned_money_unknown")
    }


def test_grants_of_other_modes_have_no_such_limits():
    grant = a_small_grant(
        mode="open_call", legal_basis="uodpp_13", granted_amount=90_000, call="call-1"
    )
    assert found("grant", grant) == set()


@pytest.mark.parametrize(
    ("begun", "ended", "wrong"),
    [
        # Received on Friday 6 November; seven working days end on the 18th.
        ("2026-11-18", "2026-11-25", set()),
        ("2026-11-19", "2026-11-26", {("offer_published_from_date", "warning", "published_late")}),
        ("2026-11-18", "2026-11-24", {("offer_published_to_date", "error", "published_briefly")}),
    ],
)
def test_publication_of_a_small_grants_offer(begun, ended, wrong):
    call = {
        "mode": "small_grant",
        "legal_basis": "uodpp_19a",
        "offer_received_date": "2026-11-06",
        "offer_published_from_date": begun,
        "offer_published_to_date": ended,
    }
    assert found("call-for-offers", call) == wrong


def test_dates_in_order():
    assert found("event", {"start_date": "2026-05-02", "end_date": "2026-05-01"}) == {
        ("end_date", "error", "dates_out_of_order")
    }
    same_day = {"start_date": "2026-05-02T10:00:00+02:00", "end_date": "2026-05-02T10:00:00+02:00"}
    assert found("event", same_day) == set()


def test_amounts_in_order():
    call = a_call(min_amount="5000", max_amount="4000")
    assert found("call-for-offers", call) == {("min_amount", "error", "amounts_out_of_order")}


def test_own_share_of_an_entrusted_task():
    call = a_call(commission_form="powierzenie", own_share_percent="10")
    (finding,) = run("call-for-offers", call)
    assert (finding.level, finding.article) == ("warning", "art. 5 ust. 4 pkt 1")


def test_a_grant_has_a_recipient():
    grant = {"mode": "open_call", "granted_amount": 1, "outside_call": "true"}
    assert found("grant", grant) == {("recipient_name", "error", "recipient_missing")}


def test_personal_data_are_warned_about_wherever_they_stand():
    record = {
        "contact_email": "ktos@gmail.com",
        "parties": [{"organisation": "pisz na a.b@wp.pl"}],
        "notes": "biuro@leszno.pl",
    }
    assert found("partnership", record) == {
        ("contact_email", "warning", "personal_data"),
        ("parties", "warning", "personal_data"),
    }


def test_a_programme_is_adopted_and_reported_in_time():
    assert found(
        "programme", {"year": "2026", "adopted_date": "2025-12-01", "report_date": "2027-06-01"}
    ) == {
        ("adopted_date", "warning", "adopted_late"),
        ("report_date", "warning", "reported_late"),
    }
