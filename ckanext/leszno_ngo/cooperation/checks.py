"""What the law and good sense ask of calls, grants and programmes (``record_type.checks``).

The law's numbers come from :mod:`ckanext.leszno_ngo.cooperation.law`, what other records say from
the books (:mod:`ckanext.leszno_ngo.cooperation.ledger`). A caller that has them already gives them
as ``limits`` and ``ledger`` (``Case.given``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Protocol

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import config, datetimes, vocabularies
from ckanext.leszno_ngo.catalogue import checks, computed
from ckanext.leszno_ngo.catalogue.checks import ERROR, WARNING, Check, Demand, Finding
from ckanext.leszno_ngo.cooperation import law
from ckanext.leszno_ngo.cooperation.ledger import DatabaseLedger

_CITY_MODE = "small_grant"


class Ledger(Protocol):
    """What a check may ask about other records."""

    def granted(self, year: int, mode: str, recipient: str | None, without: str | None) -> Decimal:
        """Return what was granted in a year in a mode, to one recipient or to all.

        :param recipient: id of an organisation, ``None`` for all
        :param without: id of a grant that is not counted (the one being saved)
        """
        ...

    def planned(self, year: int) -> Decimal | None:
        """Return the money planned in the year's programme, ``None`` when it is not known."""
        ...


class Case(checks.Case):
    """A record, the law of the moment, and what other records say."""

    @property
    def ledger(self) -> Ledger:
        """The catalogue's books."""
        return self.given.get("ledger") or DatabaseLedger(self.text("owner_org"))

    def limit(self, name: str, day: dt.date | None) -> law.Limit | None:
        """A number of the law on a day (today where the day is not known)."""
        limits: law.Limits = self.given.get("limits") or law.limits(config.law_limits_path())
        return limits.on(name, day or datetimes.today(self.now))

    @property
    def rules(self) -> str:
        """Which rules of the act bind the record: ``art_13``, ``art_19a`` or none."""
        term = vocabularies.get("legal_basis").get(self.text("legal_basis"))
        if term is None and self.text("mode") == _CITY_MODE:
            return "art_19a"
        return term.extra.get("call_rules", "") if term else ""

    @property
    def is_small_grant_of_the_city(self) -> bool:
        """Whether the record is a grant of art. 19a that counts in the City's sums of a year."""
        source = computed.money_source(self.record_type, self.record)
        return self.rules == "art_19a" and source in (None, computed.CITY)


# ------------------------------------------------------------------- calls (art. 13)
_ANNOUNCED = {
    "task_kind": "art. 13 ust. 2 pkt 1",
    "budget_amount": "art. 13 ust. 2 pkt 2",
    "rules": "art. 13 ust. 2 pkt 3",
    "task_start_date": "art. 13 ust. 2 pkt 4",
    "task_end_date": "art. 13 ust. 2 pkt 4",
    "task_terms": "art. 13 ust. 2 pkt 4",
    "offers_deadline_date": "art. 13 ust. 2 pkt 5",
    "criteria": "art. 13 ust. 2 pkt 6",
    "decision_due_date": "art. 13 ust. 2 pkt 6",
}


def _required_by_announcement(case: Case) -> Iterator[Finding]:
    """Art. 13 ust. 2: what an announcement must contain."""
    if case.rules != "art_13":
        return
    for name, article in _ANNOUNCED.items():
        if not case.text(name):
            yield Finding(name, ERROR, "required_by_law", article)
    if not case.rows("previous_tasks") and not case.text("previous_tasks_note"):
        yield Finding("previous_tasks", ERROR, "required_by_law", "art. 13 ust. 2 pkt 7")


def _days_for_offers(case: Case) -> Iterator[Finding]:
    """Art. 13 ust. 1: at least so many days from the last announcement to the deadline."""
    deadline, last = case.day("offers_deadline_date"), _last_announcement(case)
    limit = case.limit("call_min_days", last)
    if case.rules != "art_13" or not (deadline and last and limit):
        return
    days = (deadline - last).days
    if days < limit.value:
        earliest = last + dt.timedelta(days=int(limit.value))
        data = {"days": days, "least": int(limit.value), "last": last, "earliest": earliest}
        yield Finding("offers_deadline_date", ERROR, "too_few_days", limit.article, data)


def _last_announcement(case: Case) -> dt.date | None:
    """The last of the announcements that the law demands; else of any; else the opening."""
    required = {
        t.code for t in vocabularies.get("announcement_channel").terms if t.extra["required"]
    }
    dated = [
        (row.get("channel"), row["date"]) for row in case.rows("announcements") if row.get("date")
    ]
    days = [datetimes.day(day) for channel, day in dated if channel in required]
    days = days or [datetimes.day(day) for _channel, day in dated]
    return max(days) if days else case.day("open_date")


def _announcement_channels(case: Case) -> Iterator[Finding]:
    """Art. 13 ust. 3: the three places of announcement; they may be filled in after publishing."""
    if case.rules != "art_13":
        return
    used = {row.get("channel") for row in case.rows("announcements")}
    missing = [
        term.code
        for term in vocabularies.get("announcement_channel").terms
        if term.extra["required"] and term.code not in used
    ]
    if missing:
        data = {"vocabulary": "announcement_channel", "codes": missing}
        yield Finding("announcements", WARNING, "channels_missing", "art. 13 ust. 3", data)


def _annulled_reason(case: Case) -> Iterator[Finding]:
    """Art. 18a: a call is annulled for a reason, which is announced."""
    if case.text("annulled_date") and not case.text("annulled_reason"):
        yield Finding("annulled_reason", ERROR, "annulled_without_reason", "art. 18a")


# ------------------------------------------------------------------- small grants (art. 19a)
def _small_grant_amount(case: Case) -> Iterator[Finding]:
    """Art. 19a ust. 1 pkt 1: the most for one task."""
    if case.rules != "art_19a":
        return
    for name in ("granted_amount", "max_amount", "budget_amount"):
        amount = case.amount(name) if case.has(name) else None
        limit = case.limit("small_grant_max_amount", _act_day(case))
        # The year's whole money stands in the budget of a standing call; then the most for one
        # offer says what a task may get.
        if name == "budget_amount" and case.amount("max_amount"):
            continue
        if amount is not None and limit and amount > limit.value:
            data = {"amount": amount, "most": limit.value}
            yield Finding(name, ERROR, "too_much_money", limit.article, data)


def _small_grant_duration(case: Case) -> Iterator[Finding]:
    """Art. 19a ust. 1 pkt 2: the longest task. Its first and last day both count."""
    start, end = case.day("task_start_date"), case.day("task_end_date")
    limit = case.limit("small_grant_max_days", _act_day(case))
    if case.rules != "art_19a" or not (start and end and limit):
        return
    days = (end - start).days + 1
    if days > limit.value:
        latest = start + dt.timedelta(days=int(limit.value) - 1)
        data = {"days": days, "most": int(limit.value), "latest": latest}
        yield Finding("task_end_date", ERROR, "task_too_long", limit.article, data)


def _small_grant_publication(case: Case) -> Iterator[Finding]:
    """Art. 19a ust. 3: an offer is published soon after it came, and for so many days."""
    if case.rules != "art_19a":
        return
    received, begun = case.day("offer_received_date"), case.day("offer_published_from_date")
    soon = case.limit("small_grant_publication_working_days", received)
    if received and begun and soon:
        latest = law.add_working_days(received, int(soon.value))
        if begun > latest:
            # Past already: an error would only keep the truth from being written down.
            data = {"latest": latest, "most": int(soon.value)}
            yield Finding(
                "offer_published_from_date", WARNING, "published_late", soon.article, data
            )
    ended, long = (
        case.day("offer_published_to_date"),
        case.limit("small_grant_publication_days", begun),
    )
    if begun and ended and long and (ended - begun).days < long.value:
        earliest = begun + dt.timedelta(days=int(long.value))
        data = {"days": (ended - begun).days, "least": int(long.value), "earliest": earliest}
        yield Finding("offer_published_to_date", ERROR, "published_briefly", long.article, data)


def _small_grant_yearly(case: Case) -> Iterator[Finding]:
    """Art. 19a ust. 6: the most for one organisation in a calendar year."""
    recipient, amount, day = case.text("recipient"), case.amount("granted_amount"), _act_day(case)
    limit = case.limit("small_grant_max_year_amount", day)
    if not case.is_small_grant_of_the_city or not (recipient and amount is not None and limit):
        return
    before = case.ledger.granted(day.year, _CITY_MODE, recipient, case.text("id") or None)
    if before + amount > limit.value:
        data = {"sum": before + amount, "before": before, "most": limit.value, "year": day.year}
        yield Finding("granted_amount", ERROR, "too_much_in_year", limit.article, data)


def _small_grant_share(case: Case) -> Iterator[Finding]:
    """Art. 19a ust. 7: the most that small grants may take of the year's planned grants."""
    amount, day = case.amount("granted_amount"), _act_day(case)
    limit = case.limit("small_grant_max_year_share", day)
    if not case.is_small_grant_of_the_city or amount is None or not limit:
        return
    planned = case.ledger.planned(day.year)
    if planned is None:
        data = {"year": day.year}
        yield Finding("granted_amount", WARNING, "planned_money_unknown", limit.article, data)
        return
    most = planned * limit.value / 100
    total = amount + case.ledger.granted(day.year, _CITY_MODE, None, case.text("id") or None)
    if total > most:
        data = {"sum": total, "most": most, "percent": str(limit.value), "year": day.year}
        yield Finding("granted_amount", ERROR, "too_much_of_year", limit.article, data)


def _act_day(case: Case) -> dt.date:
    """The day by which the law and the calendar year of a small grant are told."""
    names = ("granted_date", "contract_date", "offer_received_date", "task_start_date", "open_date")
    days = (case.day(name) for name in names)
    return next((day for day in days if day), datetimes.today(case.now))


# ---------------------------------------------------------------------------------- any record
# Pairs (earlier, later); a type has those of them that it has the fields for.
_ORDER = (
    ("open_date", "offers_deadline_date"),
    ("offers_deadline_date", "decision_due_date"),
    ("offers_deadline_date", "resolved_date"),
    ("task_start_date", "task_end_date"),
    ("task_end_date", "report_due_date"),
    ("recruitment_start_date", "recruitment_end_date"),
    ("offer_received_date", "offer_published_from_date"),
    ("offer_published_from_date", "offer_published_to_date"),
    ("start_date", "end_date"),
    ("start_date", "comments_deadline_date"),
    ("comments_deadline_date", "results_date"),
    ("valid_from_date", "valid_to_date"),
)
# Pairs whose second may come first, though it seldom does.
_USUAL_ORDER = (
    ("offers_deadline_date", "task_start_date"),
    ("decision_due_date", "contracts_due_date"),
    ("granted_date", "contract_date"),
    ("sign_up_deadline_date", "end_date"),
    ("adopted_date", "report_date"),
)


def _order_of_dates(case: Case) -> Iterator[Finding]:
    for level, pairs in ((ERROR, _ORDER), (WARNING, _USUAL_ORDER)):
        for earlier, later in pairs:
            first, second = case.text(earlier), case.text(later)
            if first and second and _is_before(second, first):
                yield Finding(later, level, "dates_out_of_order", data={"earlier": earlier})


def _is_before(second: str, first: str) -> bool:
    """Whether one value is before another; a whole day is before none of its own moments."""
    if len(first) == len(second):
        return datetimes.from_stored(second) < datetimes.from_stored(first)
    return datetimes.day(second) < datetimes.day(first)


_AMOUNTS = (
    # (the smaller, the larger, level)
    ("min_amount", "max_amount", ERROR),
    ("max_amount", "budget_amount", ERROR),
    ("settled_amount", "granted_amount", ERROR),
    ("returned_amount", "granted_amount", ERROR),
    ("granted_amount", "asked_amount", WARNING),
    ("granted_amount", "total_amount", WARNING),
)


def _order_of_amounts(case: Case) -> Iterator[Finding]:
    for smaller, larger, level in _AMOUNTS:
        less, more = case.amount(smaller), case.amount(larger)
        if less is not None and more is not None and less > more:
            yield Finding(smaller, level, "amounts_out_of_order", data={"larger": larger})


def _own_share(case: Case) -> Iterator[Finding]:
    """Art. 5 ust. 4: an entrusted task is paid for in whole, so nobody may demand an own share."""
    form = vocabularies.get("commission_form").get(case.text("commission_form"))
    if form is None or form.extra["own_share"]:
        return
    for name in ("own_share_percent", "own_amount"):
        if case.amount(name):
            yield Finding(name, WARNING, "own_share_of_entrusted", "art. 5 ust. 4 pkt 1")


def _grant_recipient(case: Case) -> Iterator[Finding]:
    """Art. 15 ust. 2h pkt 1: the recipient's name is published."""
    if not case.text("recipient") and not case.text("recipient_name"):
        yield Finding("recipient_name", ERROR, "recipient_missing", "art. 15 ust. 2h pkt 1")
    if not case.text("call") and case.text("outside_call").lower() != "true":
        yield Finding("call", WARNING, "call_missing")


def _programme_dates(case: Case) -> Iterator[Finding]:
    """Art. 5a ust. 1 and 3: adopted by 30 November of the year before, reported by 31 May."""
    year, adopted = case.text("year"), case.day("adopted_date")
    if not year:
        return
    latest = dt.date(int(year) - 1, 11, 30)
    if adopted and adopted > latest:
        yield Finding("adopted_date", WARNING, "adopted_late", "art. 5a ust. 1", {"latest": latest})
    report, due = case.day("report_date"), dt.date(int(year) + 1, 5, 31)
    if report and report > due:
        yield Finding("report_date", WARNING, "reported_late", "art. 5a ust. 3", {"latest": due})


def _announced() -> Demand:
    terms = vocabularies.get("legal_basis").terms
    codes = [term.code for term in terms if term.extra.get("call_rules") == "art_13"]
    needs = (*((name,) for name in _ANNOUNCED), ("previous_tasks", "previous_tasks_note"))
    return Demand(needs, {"legal_basis": tuple(codes)})


def _recipient() -> Demand:
    return Demand((("recipient", "recipient_name"),))


def texts() -> Mapping[str, str]:
    """Return the sentences of the findings, by code."""
    return {
        "required_by_law": tk._("An announcement under this legal basis must say this"),
        "too_few_days": tk._(
            "There are %(days)s days between the last announcement (%(last)s) and the deadline, "
            "the law wants at least %(least)s. The earliest deadline is %(earliest)s"
        ),
        "channels_missing": tk._("The announcement must also appear here: %(names)s"),
        "annulled_without_reason": tk._("Say why the call was annulled"),
        "too_much_money": tk._("A small grant may have at most %(most)s, here it is %(amount)s"),
        "task_too_long": tk._(
            "A task of a small grant may last at most %(most)s days, here it is %(days)s. "
            "It may end on %(latest)s at the latest"
        ),
        "published_late": tk._(
            "The offer should have been published within %(most)s working days, by %(latest)s"
        ),
        "published_briefly": tk._(
            "The offer must be published for %(least)s days: until %(earliest)s at the earliest"
        ),
        "too_much_in_year": tk._(
            "One organisation may get at most %(most)s of small grants in a calendar year; "
            "in %(year)s it would be %(sum)s, %(before)s of it granted already"
        ),
        "planned_money_unknown": tk._(
            "The share of small grants cannot be checked: the catalogue does not know the money "
            "planned for %(year)s. Enter the programme of that year"
        ),
        "too_much_of_year": tk._(
            "Small grants may take at most %(percent)s%% of the grants planned for %(year)s, "
            "that is %(most)s; with this one it would be %(sum)s"
        ),
        "dates_out_of_order": tk._("This date is before: %(earlier)s"),
        "amounts_out_of_order": tk._("This amount is larger than: %(larger)s"),
        "own_share_of_entrusted": tk._(
            "An entrusted task is paid for in whole, so an own share is unusual"
        ),
        "recipient_missing": tk._("Say who got the grant"),
        "call_missing": tk._("Choose the call, or mark the grant as made outside a call"),
        "adopted_late": tk._("The programme should have been adopted by %(latest)s"),
        "reported_late": tk._("The report should have been presented by %(latest)s"),
    }


def _check(
    find: Callable[[Case], Iterable[Finding]], demands: Callable[[], Demand] | None = None
) -> Check:
    def look(case: checks.Case) -> Iterable[Finding]:
        return find(Case(case.record_type, case.record, case.now, case.given))

    return Check(look, texts, demands)


#: Name → check.
CHECKS: Mapping[str, Check] = {
    "required_by_announcement": _check(_required_by_announcement, _announced),
    "days_for_offers": _check(_days_for_offers),
    "announcement_channels": _check(_announcement_channels),
    "annulled_reason": _check(_annulled_reason),
    "small_grant_amount": _check(_small_grant_amount),
    "small_grant_duration": _check(_small_grant_duration),
    "small_grant_publication": _check(_small_grant_publication),
    "small_grant_yearly": _check(_small_grant_yearly),
    "small_grant_share": _check(_small_grant_share),
    "order_of_dates": _check(_order_of_dates),
    "order_of_amounts": _check(_order_of_amounts),
    "own_share": _check(_own_share),
    "grant_recipient": _check(_grant_recipient, _recipient),
    "programme_dates": _check(_programme_dates),
}
