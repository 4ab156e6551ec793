"""Tables of results of past years as records: the rows that the results page reads, harvested.

Reading and matching are those of ``award_results``; there a person decides what is uncertain,
here it is reported and the record keeps the name alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ckan.types import Context

from ckanext.leszno_ngo import identifiers, polish, record_types
from ckanext.leszno_ngo.catalogue import links, stored
from ckanext.leszno_ngo.cooperation import type_keys
from ckanext.leszno_ngo.cooperation.award_results import judging, made_records
from ckanext.leszno_ngo.cooperation.award_results.offers import FIELDS, Offer
from ckanext.leszno_ngo.harvest import values
from ckanext.leszno_ngo.harvest.model import Incoming, RawRow, Refusal, SourceError, display_text
from ckanext.leszno_ngo.harvest.normalise import masked
from ckanext.leszno_ngo.harvest.rights import Rights
from ckanext.leszno_ngo.harvest.settings import Settings
from ckanext.leszno_ngo.harvest.snapshot import Catalogue
from ckanext.leszno_ngo.harvest.values import ValueRefusedError
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.search.solr import AWAY

_GRANTED = "granted_amount"


@dataclass(frozen=True)
class Given:
    """What every record of a source gets: pairs of field and value, in the order of names."""

    pairs: tuple[tuple[str, Any], ...]


class PastResults:
    """Makes records of the rows of one source.

    :param record_type: type of the records
    :param own: the source's settings
    :param known: what the catalogue knows
    :param rights: with whose rights the source acts: a call that they may not read is none
    :raises SourceError: ``no_results``, ``no_call``
    """

    def __init__(
        self, record_type: RecordType, own: Settings, known: Catalogue, rights: Rights
    ) -> None:
        call_type = made_by(record_type)
        results = type_keys.results(call_type) if call_type else None
        if call_type is None or results is None:
            raise SourceError("no_results", name=record_type.name)
        self._results = results
        self._type = record_type
        self._known = known
        link = record_type.field(self._results.recipient).link
        assert link
        self._matcher = judging.Matcher(link.types[0])
        call = _call(call_type, own.options["call"], rights.context)
        self.given = Given(tuple(sorted({**self._of(call), **own.options["values"]}.items())))
        # A grant that was made on the results page must not be made once more.
        made = made_records.made_before(rights.context, call_type, call["id"]) if call else []
        others = [record for record in made if known.of_record(record["id"]) is None]
        self._others = made_records.by_key(self._results, others)

    def _of(self, call: Mapping[str, Any]) -> dict[str, Any]:
        results = self._results
        if not call:
            return {**results.past, results.outside: "true"}
        inherited = {name: call[name] for name in results.inherit if call.get(name)}
        day = {results.date: call[results.resolved]} if call.get(results.resolved) else {}
        return {**results.past, **inherited, **day, results.link: call["id"]}

    def results(self, raw: RawRow, given: Given) -> Incoming | list[Refusal]:
        """Turn a row into a record.

        :param raw: a row of :mod:`.sources.results_file`
        :param given: what every record gets
        :returns: the record, or the refusals of the row: the first stands for it. A row without
            money is no record and no fault: it is set aside
        :raises SourceError: ``search_away``
        """
        offer = Offer(raw.number, {name: raw.values.get(name, "") for name in FIELDS})
        judging.read(offer)
        wrong = [self._refusal(offer, p.field, p.code, p.data.get("value")) for p in offer.errors]
        if wrong:
            return wrong
        if not offer.is_granted:
            return [self._refusal(offer, _GRANTED, "not_granted", "", whole_row=False)]
        aside: list[Refusal] = []
        texts = self._texts(offer, aside)
        if any(refusal.whole_row for refusal in aside):
            return aside
        self._match(offer, aside)
        key = _key(offer)
        existing = next(iter(made_records.spoken_of(self._others, offer)), None)
        if existing and key not in self._known.baselines:
            named = {
                "title": display_text(existing["title"]),
                "key": key,
                "record_id": existing["id"],
            }
            return [
                Refusal(
                    raw.number, "title", display_text(offer.values["task"]), "grant_exists", named
                )
            ]
        record = {**dict(given.pairs), **texts, **{n: str(v) for n, v in offer.numbers.items()}}
        if offer.organisation:
            record[self._results.recipient] = offer.organisation.id
        return Incoming(raw.number, record, None, key, tuple(aside))

    def _texts(self, offer: Offer, aside: list[Refusal]) -> dict[str, str]:
        """Clean the row's words; a name or task with personal data in it refuses the row."""
        results = self._results
        wanted: tuple[tuple[str, str, Callable[[str], str]], ...] = (
            ("organisation", results.recipient_name, values.line),
            ("task", "title", values.line),
            ("remarks", results.remarks, values.long_text),
        )
        cleaned = ((name, self._clean(offer, column, how, aside)) for column, name, how in wanted)
        return {name: text for name, text in cleaned if text is not None}

    def _clean(
        self, offer: Offer, column: str, how: Callable[[str], str], aside: list[Refusal]
    ) -> str | None:
        said = offer.values[column]
        try:
            cleaned = how(said)
        except ValueRefusedError as error:
            shown_value = "" if error.hidden else said
            whole = column != "remarks"
            aside.append(self._refusal(offer, column, error.code, shown_value, whole_row=whole))
            return None
        if isinstance(cleaned, values.MaskedText):
            aside.append(masked(offer.number, self._results.remarks, cleaned))
        return str(cleaned)

    def _match(self, offer: Offer, aside: list[Refusal]) -> None:
        try:
            self._matcher.match(offer)
        except AWAY as error:
            raise SourceError("search_away") from error
        for problem in offer.problems:
            said = offer.values[problem.field]
            aside.append(self._refusal(offer, problem.field, problem.code, said, whole_row=False))

    def _refusal(
        self, offer: Offer, column: str, code: str, value: Any, *, whole_row: bool = True
    ) -> Refusal:
        results = self._results
        fields = {
            "organisation": results.recipient_name,
            "number": results.recipient,
            "task": "title",
            "remarks": results.remarks,
        }
        name = fields.get(column, column)
        detail = {"key": _key(offer)} if whole_row else {}
        return Refusal(
            offer.number, name, display_text(value or ""), code, detail, whole_row=whole_row
        )


def made_by(record_type: RecordType) -> RecordType | None:
    """Return the type whose results become records of a type, ``None`` for none."""
    types = record_types.all_types()
    return next(
        (t for t in types if (own := type_keys.results(t)) and own.type == record_type.name), None
    )


def call_of(call_type: RecordType, name: str, context: Context) -> str | None:
    """Return the id of the procedure that a source is about.

    :param call_type: its type
    :param name: its id or page address
    :param context: of who saves the source, or answers for it
    :returns: ``None`` when it is not in the catalogue, or is not for them to read
    """
    found = links.find(context, [name], [call_type.name]).get(name)
    return found.id if found else None


def _call(call_type: RecordType, name: str, context: Context) -> Mapping[str, Any]:
    if not name:
        return {}
    id_ = call_of(call_type, name, context)
    if id_ is None:
        raise SourceError("no_call", name=display_text(name))
    return stored.load_many([id_])[0].custom


def _key(offer: Offer) -> str:
    """Tell the row from the others of its table by what it says, whatever the catalogue knows."""
    guessed = identifiers.guess(offer.values["number"])
    organisation = ":".join(guessed[0]) if guessed else polish.fold(offer.values["organisation"])
    return f"{organisation}|{polish.fold(offer.values['task'])}"
