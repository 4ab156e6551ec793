"""The results of a call made records, all of them or none, and noted in the call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.leszno_ngo import polish, vocabularies
from ckanext.leszno_ngo.catalogue import batch, checks, identity, stored
from ckanext.leszno_ngo.cooperation.award_results.kept_tables import (
    PREPARED,
    PUBLISHED,
    keep,
    sending,
)
from ckanext.leszno_ngo.cooperation.award_results.made_records import (
    by_key,
    made_before,
    made_type,
    results_of,
    spoken_of,
    version,
)
from ckanext.leszno_ngo.cooperation.award_results.offers import (
    ERROR,
    FIELDS,
    WARNING,
    Offer,
    Problem,
    personal_data_shown,
)
from ckanext.leszno_ngo.logic import publishing
from ckanext.leszno_ngo.record_types import RecordType


@dataclass
class Published:
    """What publishing did: records ``created``, ``updated``, ``unchanged``; offers ``refused``."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0


class Refused(Exception):  # noqa: N818 (it says what became of the table)
    """Nothing was published; the offers have the problems, ``errors`` are the call's own.

    :param errors: field → messages, as ``ValidationError.error_dict``
    """

    def __init__(self, errors: Mapping[str, Any] | None = None) -> None:
        super().__init__("nothing was published")
        self.errors = dict(errors or {})


class ChangedMeanwhile(Exception):  # noqa: N818 (it says what became of the table)
    """Nothing was published: the results are not any more what the person has seen."""


class AskedFirst(Exception):  # noqa: N818 (it says what became of the table)
    """Nothing was published: personal data may stand in rows, and the person has not seen that."""


class _DryRun(Exception):  # noqa: N818
    """Undoes a transaction that was only a trial."""


def publish(
    record_type: RecordType,
    call_id: str,
    offers: Sequence[Offer],
    day: dt.date,
    user: str,
    *,
    seen: str = "",
    answer: str | None = None,
    dry_run: bool = False,
) -> Published:
    """Make the records of a call's results, all of them or none, and note them in the call.

    Published again, the same table changes nothing; a corrected one updates what it made: a record
    is known by its call, organisation and task. What the official may not change, or may not make
    public, is left as it is.

    :param record_type: the call's type
    :param call_id: id of the call
    :param offers: rows without errors (:func:`judge`)
    :param day: the day of the decision
    :param user: name of the official; the caller has checked what they may do
    :param seen: :func:`version` of the results when the rows were looked through
    :param answer: :func:`personal_data_shown` of what the official has looked at
    :param dry_run: validate everything and write nothing, whatever ``seen`` and ``answer`` are
    :raises AskedFirst: personal data may stand in the rows, and ``answer`` is not of all of it
    :raises ChangedMeanwhile: somebody has changed the call or what its results have made since
    :raises Refused: validators or checks refuse something; the offers have the problems
    :raises batch.NotIndexed: all is stored, but Solr did not take it
    """
    # Two people who publish at once: the second finds what the first has made.
    identity.turn()
    context = Context(user=user)
    if not dry_run and seen != version(context, record_type, call_id):
        model.Session.rollback()
        raise ChangedMeanwhile
    work = _Work(context, record_type, call_id, day)
    settled = {PREPARED: None, PUBLISHED: sending(seen, offers, day)}
    wanted = [offer for offer in offers if not offer.left_out]
    granted = [offer for offer in wanted if offer.is_granted]

    def ask() -> None:
        found = personal_data_shown(wanted)
        if found and found != answer and not dry_run:
            model.Session.rollback()
            raise AskedFirst

    def finish(outcomes: list[batch.Outcome]) -> None:
        work.check(granted, outcomes)
        ask()
        work.update_call(wanted, commit=False)
        if dry_run:
            raise _DryRun
        keep(call_id, settled)

    try:
        outcomes = batch.write(work.writes(granted), user=user, before_commit=finish)
    except _DryRun:
        return Published()
    if not granted and not dry_run:
        ask()
        work.update_call(wanted, commit=True)
        keep(call_id, settled)
        model.Session.commit()
    elif not dry_run:
        batch.index([call_id])
    counted = [outcome.status for outcome in outcomes]
    return Published(
        created=counted.count("created"),
        updated=counted.count("updated"),
        unchanged=counted.count("unchanged"),
        refused=len(wanted) - len(granted),
    )


class _Work:
    """What one publication of results does: records to write and to remove."""

    def __init__(
        self, context: Context, record_type: RecordType, call_id: str, day: dt.date
    ) -> None:
        self._context = context
        self._results = results_of(record_type)
        self._made = made_type(self._results)
        self._call = stored.load_many([call_id])[0].custom
        self._day = day.isoformat()
        self._stored = by_key(self._results, made_before(context, record_type, call_id))
        self._publishes = self._may("leszno_ngo_publish", call_id)
        self._taken: set[str] = set()

    def writes(self, offers: Sequence[Offer]) -> list[batch.Write]:
        return [batch.Write(self._record(offer)) for offer in offers]

    def _record(self, offer: Offer) -> dict[str, Any]:
        results = self._results
        inherited = {k: self._call[k] for k in results.inherit if self._call.get(k)}
        own = {
            "type": self._made.name,
            "private": False,
            "title": offer.values["task"],
            results.link: self._call["id"],
            results.recipient: offer.organisation.id if offer.organisation else "",
            results.recipient_name: offer.values["organisation"],
            results.date: self._day,
            **({results.remarks: offer.values["remarks"]} if offer.values["remarks"] else {}),
            **{name: str(value) for name, value in offer.numbers.items()},
        }
        return {**inherited, **(self._known(offer) or {}), **own}

    def _known(self, offer: Offer) -> dict[str, Any] | None:
        """Return the record that a row speaks of; a record of others is told of, and stays."""
        others: dict[str, Any] | None = None
        for record in spoken_of(self._stored, offer):
            if record["id"] in self._taken:
                continue
            if self._may_write(record):
                self._taken.add(record["id"])
                return record
            others = others or record
        if others:
            data = {"title": others["title"]}
            offer.problems.append(Problem("task", WARNING, "of_others", data))
        return None

    def _may_write(self, record: Mapping[str, Any]) -> bool:
        """Whether the official may change a record and have it public."""
        publishes = self._publishes and not publishing.is_public(record)
        return self._may("leszno_ngo_publish" if publishes else "package_update", record["id"])

    def _may(self, rule: str, id_: str) -> bool:
        try:
            tk.check_access(rule, tk.fresh_context(self._context), {"id": id_})
        except tk.NotAuthorized:
            return False
        return True

    def check(self, offers: Sequence[Offer], outcomes: Sequence[batch.Outcome]) -> None:
        """Note what validators refuse, and what the law does when all the rows are counted."""
        for offer, outcome in zip(offers, outcomes, strict=True):
            for name, messages in outcome.errors.items():
                text = " ".join(map(str, messages if isinstance(messages, list) else [messages]))
                offer.problems.append(Problem(self._column(name), ERROR, text))
            if outcome.status == "refused":
                continue
            for found in checks.run(self._made, outcome.record):
                problem = Problem(self._column(found.field), found.level, "", {"finding": found})
                if not problem.is_personal or not _is_told(offer, problem):
                    offer.problems.append(problem)
        if any(offer.errors for offer in offers):
            raise Refused

    def _column(self, name: str) -> str:
        """The column of the table that a field of the record made came from."""
        results = self._results
        columns = {
            "title": "task",
            results.recipient: "organisation",
            results.recipient_name: "organisation",
            results.remarks: "remarks",
        }
        return columns.get(name, name if name in FIELDS else "task")

    def update_call(self, offers: Sequence[Offer], *, commit: bool) -> None:
        results = self._results
        changed = {
            **self._call,
            results.refused: [_refused_row(o) for o in offers if not o.is_granted],
            results.resolved: self._day,
            results.offers: str(len(offers)),
        }
        context: dict[str, Any] = {"user": self._context.get("user"), "ignore_auth": True}
        if not commit:
            # CKAN 2.12 undoes a deferred update, except where only the id is asked for.
            context |= {"defer_commit": True, "return_id_only": True}
        try:
            tk.get_action("package_update")(context, changed)  # type: ignore[arg-type]
        except tk.ValidationError as error:
            raise Refused(error.error_dict) from error


def _is_told(offer: Offer, problem: Problem) -> bool:
    """Whether all that a finding tells of a text was found when the row was read."""
    known = [
        p.data["places"]
        for p in offer.problems
        if p.field == problem.field and p.is_personal and "places" in p.data
    ]
    return any(set(problem.data["finding"].data["places"]) <= set(places) for places in known)


def _refused_row(offer: Offer) -> dict[str, Any]:
    row = {
        "ngo": offer.organisation.id if offer.organisation else "",
        "organisation": offer.values["organisation"],
        "task": offer.values["task"],
        "outcome": _outcome(offer.values["remarks"]),
        **{n: str(offer.numbers[n]) for n in ("asked_amount", "points") if n in offer.numbers},
    }
    return {name: value for name, value in row.items() if value}


def _outcome(remark: str) -> str:
    said = polish.fold(remark)
    terms = vocabularies.get("offer_outcome").terms
    return next(
        (t.code for t in terms if any(w in said for w in t.extra.get("wordings", ()))),
        terms[0].code,
    )
