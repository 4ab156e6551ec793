"""The results of a call: rows of the commission's table, matched to organisations, made grants.

How the table becomes records is declared by the call's type (``record_type.results``). A row with
an amount granted becomes a record, one without goes into the call's list of refused offers.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from dataclasses import field as member
from decimal import Decimal
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.types import Context

from ckanext.leszno_ngo import (
    identifiers,
    personal_data,
    polish,
    record_types,
    vocabularies,
)
from ckanext.leszno_ngo.catalogue import batch, checks, identity, personal_places, stored
from ckanext.leszno_ngo.catalogue.identity import Owner, PreloadedIdentity
from ckanext.leszno_ngo.cooperation import type_keys
from ckanext.leszno_ngo.cooperation.type_keys.results import Results
from ckanext.leszno_ngo.logic import personal_question, publishing, readable
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.search import suggest
from ckanext.leszno_ngo.values import KINDS, ValueRefusedError

#: What a row says, as the commission's table has it (``harvest/sources/results.yaml``).
FIELDS = (
    "organisation",
    "number",
    "task",
    "points",
    "asked_amount",
    "granted_amount",
    "remarks",
)
#: The choice of a person: the recipient is not in the catalogue.
OUTSIDE = "outside"
#: More rows than a commission ever had, of a file and of the form that carries them all.
MOST_ROWS = 300
ERROR, WARNING = checks.ERROR, checks.WARNING

_NUMBERS = ("points", "asked_amount", "granted_amount")
_NOTHING = frozenset({"", "-", "–", "—", "0"})
_GUESSES = 5
_MAY_BE_PERSON = "may_be_person"
_PREPARED = "leszno_ngo_results"
_PUBLISHED = "leszno_ngo_results_published"


@dataclass(frozen=True)
class Problem:
    """What is wrong in a row: ``field`` of :data:`FIELDS`, ``code`` (or a text), ``data`` of it."""

    field: str
    level: str
    code: str
    data: Mapping[str, Any] = member(default_factory=dict)

    @property
    def is_personal(self) -> bool:
        """Whether personal data may stand there: a person decides whether it is published."""
        found = self.data.get("finding")
        code = found.code if found else self.code
        return code in (checks.PERSONAL_DATA, _MAY_BE_PERSON)


@dataclass
class Offer:
    """A row of the table.

    :param number: the row's number in the file, from 1
    :param values: field of :data:`FIELDS` → what the file or a person says
    :param choice: id of the organisation that a person chose, :data:`OUTSIDE`, ``""`` for none
    :param left_out: the person does not want the row
    :param organisation: the organisation the row is matched to
    :param guesses: organisations it may be, the best first
    :param numbers: field → what it says as a number
    :param problems: what was found
    """

    number: int
    values: dict[str, str]
    choice: str = ""
    left_out: bool = False
    organisation: Owner | None = None
    guesses: list[Owner] = member(default_factory=list)
    numbers: dict[str, Decimal] = member(default_factory=dict)
    problems: list[Problem] = member(default_factory=list)

    @property
    def is_granted(self) -> bool:
        """Whether the offer got money."""
        return self.numbers.get("granted_amount", Decimal(0)) > 0

    @property
    def errors(self) -> list[Problem]:
        """What keeps the row from being published."""
        return [problem for problem in self.problems if problem.level == ERROR]

    @property
    def key(self) -> tuple[str, str]:
        """What tells the offer from the others of its call."""
        owner = self.organisation.id if self.organisation else self.values["organisation"]
        return polish.fold(owner), polish.fold(self.values["task"])


@dataclass(frozen=True)
class Prepared:
    """A table that was looked through and waits for whoever publishes.

    :param offers: the rows, as they were typed and chosen
    :param day: the day of the decision as typed
    :param user: name of the account that prepared it
    :param since: when, ISO 8601, UTC
    """

    offers: list[Offer]
    day: str
    user: str
    since: str

    def holds(self, offers: Sequence[Offer], day: str) -> bool:
        """Whether the table is this one."""
        return day == self.day and list(map(_told, offers)) == list(map(_told, self.offers))


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


# ------------------------------------------------------------------------------ judging
def judge(record_type: RecordType, offers: Sequence[Offer]) -> None:
    """Match every row to an organisation and note what is wrong in it.

    One SQL statement for all numbers and choices; one request to Solr for each row that no number
    and no choice decides.

    :param record_type: the call's type, with ``results``
    :param offers: the rows; ``organisation``, ``guesses``, ``numbers``, ``problems`` are set
    :raises ckan.lib.search.SearchError: Solr is away
    """
    results = _results(record_type)
    link = _made(results).field(results.recipient).link
    assert link
    matcher = Matcher(link.types[0])
    seen: dict[tuple[str, str], int] = {}
    for offer in offers:
        read(offer)
        if offer.left_out:
            continue
        matcher.match(offer)
        if may_be_person(offer):
            offer.problems.append(Problem("organisation", WARNING, _MAY_BE_PERSON))
        if offer.key in seen:
            data = {"row": seen[offer.key]}
            offer.problems.append(Problem("task", ERROR, "repeated", data))
        seen.setdefault(offer.key, offer.number)


class Matcher:
    """Finds the organisation a row means.

    All numbers are read by one SQL statement; a name is one request to Solr.

    :param type_name: the record type of the organisations
    """

    def __init__(self, type_name: str) -> None:
        self._type = record_types.get(type_name)
        assert self._type
        self._known = PreloadedIdentity(type_name, self._type.identity)

    def match(self, offer: Offer) -> None:
        """Set the row's ``organisation``, or its ``guesses``; a problem where it is not known.

        :raises ckan.lib.search.SearchError: Solr is away
        """
        by_number = self._by_number(offer)
        if offer.choice == OUTSIDE:
            return
        if offer.choice:
            offer.organisation = _owner(self._type.name, offer.choice)  # type: ignore[union-attr]
        offer.organisation = offer.organisation or by_number
        if offer.organisation is None:
            self._by_name(offer)
        if offer.organisation is None:
            offer.problems.append(Problem("organisation", ERROR, "organisation_unknown"))

    def _by_number(self, offer: Offer) -> Owner | None:
        text = offer.values["number"]
        if not text:
            return None
        found = {
            owner.id: owner
            for kind, value in identifiers.guess(text)
            for owner in self._known.owners(self._type.name, kind, value)  # type: ignore[union-attr]
            if owner.is_public
        }
        if not found:
            wrong = not identifiers.guess(text)
            code = "number_wrong" if wrong else "number_unknown"
            offer.problems.append(Problem("number", WARNING, code, {"value": text}))
        return next(iter(found.values())) if len(found) == 1 else None

    def _by_name(self, offer: Offer) -> None:
        name = offer.values["organisation"]
        offer.guesses = guesses(name, self._type.name)  # type: ignore[union-attr]
        same = [owner for owner in offer.guesses if _plain(owner.title) == _plain(name)]
        if len(same) == 1:
            offer.organisation = same[0]


def guesses(name: str, type_name: str) -> list[Owner]:
    """Return the organisations that a name may mean, the best first; one request to Solr.

    :param name: as somebody wrote it
    :param type_name: the record type looked for
    """
    return [
        Owner(found["id"], found["name"], found["title"])
        for found in suggest.resembling(name, [type_name], _GUESSES)
    ]


def _plain(text: str) -> str:
    letters = (sign if sign.isalnum() else " " for sign in polish.fold(text))
    return " ".join("".join(letters).split())


def _owner(type_name: str, id_: str) -> Owner | None:
    table = model.package_table
    query = sa.select(table.c.id, table.c.name, table.c.title).where(
        table.c.id == id_,
        table.c.type == type_name,
        table.c.state == model.State.ACTIVE,
        table.c.private.is_(False),
    )
    row = model.Session.execute(query).first()
    return Owner(*row) if row else None


def read(offer: Offer) -> None:
    """Read what a row says by itself, forgetting what was found out about it before.

    :param offer: the row; ``numbers`` and ``problems`` are set
    """
    offer.problems, offer.numbers, offer.guesses, offer.organisation = [], {}, [], None
    if not offer.left_out:
        _read_numbers(offer)
        _check_words(offer)


def _read_numbers(offer: Offer) -> None:
    for name in _NUMBERS:
        text = offer.values[name].strip()
        if text in _NOTHING:
            continue
        try:
            offer.numbers[name] = Decimal(KINDS["amount"](text))
        except ValueRefusedError as error:
            offer.problems.append(Problem(name, ERROR, error.code, {"value": text}))
    asked, granted = (offer.numbers.get(name) for name in _NUMBERS[1:])
    if asked is not None and granted is not None and granted > asked:
        offer.problems.append(Problem("granted_amount", ERROR, "more_than_asked"))


def _check_words(offer: Offer) -> None:
    for name in ("organisation", "task"):
        if not offer.values[name]:
            offer.problems.append(Problem(name, ERROR, "empty"))
    for name in ("organisation", "task", "remarks"):
        places = personal_places.in_text(offer.values[name])
        if places:
            problem = Problem(name, WARNING, checks.PERSONAL_DATA, {"places": tuple(places)})
            offer.problems.append(problem)


def may_be_person(offer: Offer) -> bool:
    """Whether a row that is matched to no organisation may name a person.

    :param offer: a row after matching
    """
    return offer.organisation is None and personal_data.may_be_person(offer.values["organisation"])


def total(offers: Iterable[Offer]) -> Decimal:
    """Return the sum of what was granted, in złoty."""
    return sum((_granted(o) for o in offers if not o.left_out), Decimal(0))


def personal_data_shown(offers: Iterable[Offer]) -> str:
    """Return what a form carries that shows what was found of personal data; empty for nothing.

    :param offers: rows that were looked through
    """
    found: dict[str, list[Any]] = {}
    for offer in offers:
        for problem in offer.problems:
            if problem.is_personal:
                finding = problem.data.get("finding")
                places = finding.data["places"] if finding else problem.data.get("places", ())
                said = [finding.field if finding else problem.code, list(map(asdict, places))]
                control = f"{problem.field}-{offer.number}"
                found.setdefault(control, [offer.values[problem.field]]).append(said)
    return personal_question.seen(found) if found else ""


def _granted(offer: Offer) -> Decimal:
    return offer.numbers.get("granted_amount", Decimal(0))


# ------------------------------------------------------------------------------ publishing
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
    settled = {_PREPARED: None, _PUBLISHED: sending(seen, offers, day)}
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
        _set(call_id, settled)

    try:
        outcomes = batch.write(work.writes(granted), user=user, before_commit=finish)
    except _DryRun:
        return Published()
    if not granted and not dry_run:
        ask()
        work.update_call(wanted, commit=True)
        _set(call_id, settled)
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
        self._results = _results(record_type)
        self._made = _made(self._results)
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


# ------------------------------------------------------------------------------ prepared
def prepare(call_id: str, offers: Sequence[Offer], day: str, user: str) -> None:
    """Keep a table with its call until it is published; another one takes its place.

    It is kept where nothing shows it (CKAN's ``plugin_data``), and changes nothing of the call.

    :param call_id: id of the call
    :param offers: rows without errors
    :param day: the day of the decision as typed
    :param user: name of the official
    """
    kept = {
        "offers": [[o.number, o.values, o.choice, o.left_out] for o in offers],
        "day": day,
        "user": user,
        "since": dt.datetime.now(dt.timezone.utc).isoformat(),
    }
    _keep(call_id, kept)


def prepared(call_id: str) -> Prepared | None:
    """Return the table that waits to be published, ``None`` for none; judge it again."""
    package = model.Package.get(call_id)
    kept = ((package.plugin_data if package else None) or {}).get(_PREPARED)
    if not kept:
        return None
    offers = [Offer(number, values, *rest) for number, values, *rest in kept["offers"]]
    return Prepared(offers, kept["day"], kept["user"], kept["since"])


def discard(call_id: str) -> None:
    """Forget the table that waits to be published, where there is one; nothing else changes.

    :param call_id: id of the call
    """
    if prepared(call_id):
        _keep(call_id, None)


def waiting(departments: Sequence[str]) -> list[Any]:
    """Return the calls of departments with a prepared table; one SQL statement.

    :param departments: ids of organisations
    :returns: rows of ``id``, ``type``, ``name``, ``title``
    """
    table = model.package_table
    query = sa.select(table.c.id, table.c.type, table.c.name, table.c.title).where(
        table.c.state == model.State.ACTIVE,
        table.c.owner_org.in_(departments),
        table.c.plugin_data.has_key(_PREPARED),
    )
    return list(model.Session.execute(query.order_by(table.c.title)))


def _keep(call_id: str, kept: dict[str, Any] | None) -> None:
    _set(call_id, {_PREPARED: kept})
    model.Session.commit()


def _set(call_id: str, values: Mapping[str, Any]) -> None:
    """Keep values with a call where nothing shows them; those that are ``None`` go."""
    package = model.Package.get(call_id)
    if package is None:
        raise ValueError(f"there is no record {call_id}")
    kept = {**(package.plugin_data or {}), **values}
    left = {name: value for name, value in kept.items() if value is not None}
    package.plugin_data = left or None  # type: ignore[assignment]


def sending(seen: str, offers: Sequence[Offer], day: dt.date) -> str:
    """Return what tells one sending of a table from others; a double click sends the same.

    :param seen: the version that the table was made on
    """
    told = [seen, day.isoformat(), list(map(_told, offers))]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _told(offer: Offer) -> list[Any]:
    return [offer.values, offer.choice, offer.left_out]


def was_published(call_id: str, sent: str) -> bool:
    """Whether the last table published of a call came by this :func:`sending`."""
    package = model.Package.get(call_id)
    return bool(package) and (package.plugin_data or {}).get(_PUBLISHED) == sent


def version(context: Context, record_type: RecordType, call_id: str) -> str:
    """Return what tells the results of a call from what they were: two SQL statements.

    It is another one when the call, a record made of its results or the table prepared for whoever
    publishes has changed; what the reader may not read tells them nothing.

    :param context: of the reader
    :param record_type: the call's type
    :param call_id: id of the call
    """
    results = _results(record_type)
    table = model.package_table
    query = (
        sa.select(table.c.id, table.c.metadata_modified, table.c.state)
        .where(sa.or_(table.c.id == call_id, _made_of(context, results, call_id)))
        .order_by(table.c.id)
    )
    waiting = prepared(call_id)
    told = [
        [row.id, row.metadata_modified.isoformat(), row.state]
        for row in model.Session.execute(query)
    ]
    return hashlib.sha256(json.dumps([told, waiting and waiting.since]).encode()).hexdigest()[:32]


def made_before(context: Context, record_type: RecordType, call_id: str) -> list[dict[str, Any]]:
    """Return the records of a call's results that the reader may read, as ``package_show`` does.

    :param context: of the reader
    :param record_type: the call's type
    :param call_id: id of the call
    """
    table = model.package_table
    query = sa.select(table.c.id).where(
        table.c.state == model.State.ACTIVE, _made_of(context, _results(record_type), call_id)
    )
    return [shown.custom for shown in stored.load_many(list(model.Session.scalars(query)))]


def _made_of(context: Context, results: Results, call_id: str) -> sa.ColumnElement[bool]:
    """Say in SQL what a call's results have made, as far as the reader may read it."""
    table = model.package_table
    is_operator = context.get("ignore_auth")
    return sa.and_(
        table.c.type == results.type,
        table.c.extras[results.link].astext == call_id,
        sa.true() if is_operator else readable.condition(context, table.c),
    )


def missing(
    context: Context, record_type: RecordType, call_id: str, offers: Iterable[Offer]
) -> list[dict[str, Any]]:
    """Return the records made before that the table does not speak of: publishing keeps them.

    :param context: of the reader, who is told of none that they may not read
    :param record_type: the call's type
    :param call_id: id of the call
    :param offers: the rows
    """
    records = made_before(context, record_type, call_id)
    known = by_key(_results(record_type), records)
    spoken = {record["id"] for offer in offers for record in spoken_of(known, offer)}
    return [record for record in records if record["id"] not in spoken]


Known = Mapping[tuple[str, str], Sequence[dict[str, Any]]]


def by_key(results: Results, records: Iterable[dict[str, Any]]) -> Known:
    """Return records that results have made by :attr:`Offer.key`, with and without the link."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for record in records:
        for name in (results.recipient_name, results.recipient):
            if record.get(name):
                key = polish.fold(record[name]), polish.fold(record["title"])
                found.setdefault(key, []).append(record)
    return found


def spoken_of(known: Known, offer: Offer) -> list[dict[str, Any]]:
    """Return the records that a row may speak of: of its organisation, then of the name alone.

    :param known: as :func:`by_key` gives it
    :param offer: the row
    """
    named = polish.fold(offer.values["organisation"]), polish.fold(offer.values["task"])
    return [*known.get(offer.key, ()), *(() if named == offer.key else known.get(named, ()))]


def _results(record_type: RecordType) -> Results:
    results = type_keys.results(record_type)
    if results is None:
        raise ValueError(f"{record_type.name} declares no results")
    return results


def _made(results: Results) -> RecordType:
    made = record_types.get(results.type)
    if made is None:
        raise ValueError(f"there is no record type {results.type}")
    return made
