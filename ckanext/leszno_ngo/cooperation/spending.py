"""Public money by year: how much, to whom, for what, in which form; two requests to Solr.

Of the type that declares divisions of its money (``finance.breakdowns``), public records alone. The
money of different bodies is told apart by ``computed.money_source``; what an operator passes on was
granted to the operator, so it is never added to it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ckan.plugins import toolkit as tk

from ckanext.leszno_ngo import record_types, vocabularies
from ckanext.leszno_ngo.catalogue import computed, links
from ckanext.leszno_ngo.catalogue.contexts import anonymous_context
from ckanext.leszno_ngo.catalogue.money import GRANTED, MEASURES, Money, made
from ckanext.leszno_ngo.cooperation import figures
from ckanext.leszno_ngo.cooperation.figures import SOURCE, YEAR, Filters
from ckanext.leszno_ngo.record_types import Field, RecordType
from ckanext.leszno_ngo.search import facets, money, solr
from ckanext.leszno_ngo.search.index import YEARS_FIELD
from ckanext.leszno_ngo.search.solr import literal

#: Instead of a year: all of them. Instead of a body: every one, without what is passed on.
EVERY = "all"
#: The most rows of a division on the page; its file has all.
SHOWN = 15
_CITY = computed.CITY


@dataclass(frozen=True)
class Row:
    """The money of some records: ``code`` and ``label`` say which, ``filters`` find them.

    ``filters`` are ``None`` where no search finds them alone: those that say nothing, and the rest
    of a long list. ``page`` is the record that the row is of.
    """

    type: RecordType
    code: str
    label: str
    money: Money
    filters: Filters | None
    page: links.Target | None = None

    @property
    def search(self) -> str:
        """The address of the search that finds the records, without the portal's own."""
        if self.filters is None:
            return ""
        return figures.search_address(self.type, self.filters)


@dataclass(frozen=True)
class Division:
    """The money divided one way; ``others`` sums up the rows that are not shown.

    ``is_shared``: a record may be in several rows, so that they add up to more than the total;
    ``unit`` is the type of the records that the rows are of, where they are of records.
    """

    name: str
    label: str
    rows: tuple[Row, ...]
    count: int
    is_shared: bool = False
    others: Row | None = None
    unit: RecordType | None = None


@dataclass(frozen=True)
class Years:
    """The money that a body gave, or all did, by year, the newest first; ``year`` is the chosen."""

    type: RecordType
    source: str
    year: str
    by_year: tuple[Row, ...]

    @property
    def total(self) -> Row:
        """The money of the chosen year."""
        return next(row for row in self.by_year if row.code == self.year)


@dataclass(frozen=True)
class Spending:
    """The money of a year, or of all, that a body gave, or all did.

    ``years`` are those with records, the newest first, ``by_year`` their money and ``by_source``
    the money of each body in the year; ``total`` is of the chosen body.
    """

    type: RecordType
    year: str
    source: str
    years: tuple[str, ...]
    by_year: tuple[Row, ...]
    by_source: tuple[Row, ...]
    total: Row
    divisions: tuple[Division, ...] = field(default=())

    def division(self, name: str) -> Division | None:
        """Return a division by the name of its field."""
        return next((one for one in self.divisions if one.name == name), None)


def summed_type() -> RecordType | None:
    """Return the type whose money is divided; ``None`` in a portal without one."""
    return next((t for t in record_types.all_types() if t.breakdowns), None)


def choices() -> tuple[str, ...]:
    """Return whose money may be asked for, that of the City first."""
    codes = vocabularies.get(SOURCE).codes
    return (_CITY, EVERY, *(code for code in codes if code != _CITY))


def source_label(code: str, lang: str) -> str:
    """Return what a choice of :func:`choices` is called."""
    if code == EVERY:
        return tk._("money of all funders")
    return vocabularies.get(SOURCE).label(code, lang)


def sources_of(choice: str) -> tuple[str, ...]:
    """Return the codes of ``money_source`` that a choice stands for."""
    codes = vocabularies.get(SOURCE).codes
    if choice == EVERY:
        return tuple(code for code in codes if code != computed.PASSED_ON)
    return (choice,)


def compute_spending(
    record_type: RecordType, year: str | None, source: str, lang: str, most: int | None = SHOWN
) -> Spending:
    """Add up the money.

    :param record_type: what :func:`summed_type` gives
    :param year: four digits, :data:`EVERY`, or ``None`` for the newest with records that has begun
    :param source: one of :func:`choices`
    :param lang: language of the labels, ``pl`` or ``en``
    :param most: the most rows of a division, ``None`` for all
    :raises ckan.lib.search.SearchError: Solr is away
    """
    by_year = _by_year(record_type, source)
    known = [row.code for row in by_year]
    year = year or figures.newest(known)
    reader = _Reader(record_type, year, source, lang, most)
    answer = _ask(record_type, reader.wanted(), [] if year == EVERY else [_in_year(year)])
    chosen = answer.get("chosen", {})
    total = Row(record_type, "", "", money.read(chosen), reader.filters())
    divisions = reader.divisions(chosen, total.money)
    listed = {*known, *([] if year in (EVERY, None) else [str(year)])}
    years = tuple(sorted(listed, reverse=True))
    by_source = reader.by_source(answer)
    return Spending(record_type, year, source, years, by_year, by_source, total, divisions)


def newest_year() -> Years | None:
    """Return the City's money of the newest year that has begun, among that of all years.

    :returns: ``None`` in a portal without money, or where the City's gave none yet
    :raises ckan.lib.search.SearchError: Solr is away
    """
    record_type = summed_type()
    if record_type is None:
        return None
    by_year = _by_year(record_type, _CITY)
    year = figures.newest(row.code for row in by_year)
    found = Years(record_type, _CITY, year, by_year)
    return found if any(row.code == year for row in by_year) else None


def _by_year(record_type: RecordType, source: str) -> tuple[Row, ...]:
    """The money of a choice by year, the newest first."""
    terms = {"type": "terms", "field": YEARS_FIELD, "limit": -1, "sort": "index desc"}
    wanted = {"years": {**terms, "facet": money.facets()}}
    answer = _ask(record_type, wanted, [_of_sources(source)])
    return tuple(
        Row(
            record_type,
            str(bucket["val"]),
            str(bucket["val"]),
            money.read(bucket),
            {YEAR: [str(bucket["val"])], SOURCE: sources_of(source)},
        )
        for bucket in answer.get("years", {}).get("buckets", ())
    )


def _in_year(year: str) -> str:
    return f"+{YEARS_FIELD}:{literal(year)}"


def _of_sources(choice: str) -> str:
    return f"+{SOURCE}:({' OR '.join(map(literal, sources_of(choice)))})"


def _ask(
    record_type: RecordType, wanted: Mapping[str, Any], filters: Sequence[str]
) -> Mapping[str, Any]:
    answer = solr.ask(
        "*:*",
        fq=[*solr.public_filters([record_type.name]), *filters],
        rows=0,
        **{"json.facet": json.dumps(wanted)},
    )
    return answer.raw_response.get("facets", {})


@dataclass(frozen=True)
class _Reader:
    """Asks for the divisions of a year, and reads them."""

    type: RecordType
    year: str
    source: str
    lang: str
    most: int | None

    def filters(self, **more: Sequence[str]) -> Filters:
        """The filters of the search that finds what is counted."""
        in_year = {} if self.year == EVERY else {YEAR: [self.year]}
        return {**in_year, SOURCE: sources_of(self.source), **more}

    def wanted(self) -> dict[str, Any]:
        sums = money.facets()
        divided = {
            f"by_{one.field}": self._terms(self.type.field(one.field), sums)
            for one in self.type.breakdowns
        }
        sources = {"type": "terms", "field": SOURCE, "limit": -1, "facet": sums}
        chosen = {"type": "query", "q": _of_sources(self.source), "facet": {**sums, **divided}}
        return {"sources": sources, "chosen": chosen}

    def _terms(self, divided: Field, sums: Mapping[str, Any]) -> dict[str, Any]:
        filled = _filled_by(self.type, divided)
        page = {"type": "terms", "field": filled.solr_field, "limit": 1} if filled else None
        inner = {**sums, "page": page} if page else dict(sums)
        ranked = money.sum_name(GRANTED) if sums else "count"
        return {
            "type": "terms",
            "field": divided.solr_field,
            "limit": -1 if self.most is None else self.most,
            "sort": f"{ranked} desc",
            "numBuckets": True,
            "missing": True,
            "facet": inner,
        }

    def by_source(self, answer: Mapping[str, Any]) -> tuple[Row, ...]:
        found = {b["val"]: b for b in answer.get("sources", {}).get("buckets", ())}
        return tuple(
            Row(
                self.type,
                code,
                source_label(code, self.lang),
                money.read(found.get(code, {})),
                {**self.filters(), SOURCE: [code]},
            )
            for code in vocabularies.get(SOURCE).codes
        )

    def divisions(self, chosen: Mapping[str, Any], total: Money) -> tuple[Division, ...]:
        answers = [chosen.get(f"by_{one.field}", {}) for one in self.type.breakdowns]
        targets = links.targets(anonymous_context(), self._linked(answers))
        return tuple(
            self._division(one, answer, total, targets)
            for one, answer in zip(self.type.breakdowns, answers, strict=True)
        )

    def _linked(self, answers: Iterable[Mapping[str, Any]]) -> list[str]:
        """The ids of the records that rows are of."""
        ids = []
        for one, answer in zip(self.type.breakdowns, answers, strict=True):
            for bucket in answer.get("buckets", ()):
                is_link = self.type.field(one.field).link
                ids += [bucket["val"]] if is_link else [b["val"] for b in _pages(bucket)]
        return ids

    def _division(
        self,
        declared: record_types.Breakdown,
        answer: Mapping[str, Any],
        total: Money,
        targets: Mapping[str, links.Target],
    ) -> Division:
        divided = self.type.field(declared.field)
        rows = [self._row(divided, bucket, targets) for bucket in answer.get("buckets", ())]
        silent = money.read(answer.get("missing", {}))
        if silent.count:
            rows.append(Row(self.type, "", tk._("not said"), silent, None))
        count = int(answer.get("numBuckets", len(rows)))
        more = count - len(answer.get("buckets", ()))
        others = None
        if more > 0 and not divided.is_list:
            rest = _left(total, (row.money for row in rows))
            said = tk.ungettext("%(num)d other", "%(num)d others", more) % {"num": more}
            others = Row(self.type, "", said, rest, None)
        label = record_types.localised(declared.label, self.lang)
        linked = divided if divided.link else _filled_by(self.type, divided)
        unit = record_types.get(linked.link.types[0]) if linked and linked.link else None
        return Division(declared.field, label, tuple(rows), count, divided.is_list, others, unit)

    def _row(
        self, divided: Field, bucket: Mapping[str, Any], targets: Mapping[str, links.Target]
    ) -> Row:
        code = facets.code_of(bucket["val"])
        pages = [code] if divided.link else [one["val"] for one in _pages(bucket)]
        page = next((targets[id_] for id_ in pages if targets[id_].name), None)
        if divided.link:
            label = page.title if page else tk._("an entry that is no longer in the catalogue")
        else:
            label = facets.label(divided, code, self.lang)
        filters = self.filters(**{divided.name: [code]})
        return Row(self.type, code, label, money.read(bucket), filters, page)


def _pages(bucket: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return bucket.get("page", {}).get("buckets", ())


def _filled_by(record_type: RecordType, filled: Field) -> Field | None:
    """The link whose target's title a field takes where it is empty."""
    found = (one for one in record_type.links if one.link and one.link.fill == filled.name)
    return next(found, None)


def _left(total: Money, taken: Iterable[Money]) -> Money:
    """What is left of a total without some of its parts."""
    parts = list(taken)
    count = total.count - sum(part.count for part in parts)
    sums = {}
    for measure in MEASURES:
        whole, own = total[measure], [part[measure] for part in parts]
        amount = (whole.amount or 0) - sum(one.amount or 0 for one in own)
        known = whole.known - sum(one.known for one in own)
        sums[measure] = made(amount, known, whole.of - sum(one.of for one in own), count)
    return Money(count, sums)
