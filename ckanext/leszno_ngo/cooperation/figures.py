"""The programme of cooperation in numbers: goals, forms and years, counted by one request to Solr.

Types whose search can be narrowed to a year are counted in it, and what runs for several years in
each of them; types without a year (the register of organisations, premises, guides) are counted
as they stand today. Only public records count.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from ckanext.leszno_ngo import datetimes, record_types, vocabularies
from ckanext.leszno_ngo.catalogue import money
from ckanext.leszno_ngo.catalogue.money import Sum
from ckanext.leszno_ngo.cooperation import programme, type_keys
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.search import capability, solr
from ckanext.leszno_ngo.search import money as summed
from ckanext.leszno_ngo.search.solr import NO_DOCUMENT, literal
from ckanext.leszno_ngo.vocabularies import Term

YEAR = "year"
SOURCE = "money_source"
_YEARS_FIELD = "vocab_year"
Filters = Mapping[str, Sequence[str]]
_GIVEN = ("amount", "planned")


@dataclass(frozen=True)
class Part:
    """The records of one type behind a number.

    ``sums`` maps the roles of ``record_type.money`` to sums (``catalogue.money``), ``money`` those
    of which something is known to złoty; ``more`` holds what else was asked for (see
    :func:`compute_figures`); ``filters`` are those of the type's search page that finds the same
    records; ``sources`` are the same records by whose money they give, codes of ``money_source`` in
    its order, where the type tells.
    """

    type: RecordType
    count: int
    sums: Mapping[str, Sum]
    filters: Filters
    more: Mapping[str, Any] = field(default_factory=dict)
    sources: Mapping[str, Part] = field(default_factory=dict)

    @property
    def money(self) -> dict[str, float]:
        """The sums of which something is known: role → złoty."""
        known = {role: one.amount for role, one in self.sums.items() if self.count}
        return {role: float(amount) for role, amount in known.items() if amount is not None}

    @property
    def given(self) -> float:
        """What was granted, or is to be: the first role of money that has a sum; 0 for none."""
        return next((self.money[role] for role in _GIVEN if self.money.get(role)), 0)

    def of(self, source: str) -> Mapping[str, float]:
        """Return the money of a source, role → złoty; empty where there is none."""
        part = self.sources.get(source)
        return part.money if part else {}

    @property
    def search(self) -> str:
        """The address of the search that finds the records, without the portal's own."""
        return search_address(self.type, self.filters)


@dataclass(frozen=True)
class Line:
    """A goal, a form or a year: ``code``, its vocabulary's ``term``, the records by type."""

    code: str
    term: Term | None
    parts: tuple[Part, ...]

    @property
    def count(self) -> int:
        """How many records there are."""
        return sum(part.count for part in self.parts)

    @property
    def of_the_year(self) -> int:
        """How many of them count in the year, not as they stand today."""
        return sum(part.count for part in self.parts if is_yearly(part.type))

    @property
    def goals(self) -> tuple[str, ...]:
        """The goals that a form serves, as codes."""
        return tuple(self.term.extra.get("goals", ())) if self.term else ()

    def part(self, type_name: str) -> Part | None:
        """Return the part of a type, ``None`` where it has no records."""
        return next((part for part in self.parts if part.type.name == type_name), None)

    def money(self, role: str) -> float:
        """Return the sum of a role of money over the types that have it, in złoty."""
        return round(sum(part.money.get(role, 0) for part in self.parts), 2)


@dataclass(frozen=True)
class Figures:
    """A year of the programme.

    ``goals`` and ``forms`` are in the programme's order, those without records too; ``years`` are
    all years with records until the next one, the newest first; ``total`` counts each record once.
    """

    year: str
    total: Line
    goals: tuple[Line, ...]
    forms: tuple[Line, ...]
    years: tuple[Line, ...]

    def forms_of(self, goal: Line) -> list[Line]:
        """Return the forms that serve a goal."""
        return [form for form in self.forms if goal.code in form.goals]


def compute_figures(year: str | None = None, more: Mapping[str, Any] | None = None) -> Figures:
    """Count a year of the programme.

    :param year: four digits; ``None`` is the newest year with records that has begun
    :param more: name → what else Solr's JSON facets should say of each part, such as
        ``{"organisations": "unique(recipient_name)"}``; not on a Solr with CKAN's own schema
    :returns: the figures; two requests to Solr where no year is given, one otherwise
    :raises ckan.lib.search.SearchError: Solr is away
    """
    year = year or newest(_counted_years())
    types = [t for t in record_types.all_types() if type_keys.programme_forms(t)]
    wanted = (more or {}) if capability.has_polish() else {}
    answer = _ask(_request(types, year, wanted))
    reader = _Reader(types, year, wanted)
    # What runs on is in the index for years that nobody plans yet.
    next_year = max(year, str(datetimes.today(dt.datetime.now(dt.timezone.utc)).year + 1))
    return Figures(
        year=year,
        total=Line("", None, reader.parts(answer.get("total", {}), {})),
        goals=tuple(_goal(term, answer, reader) for term in _terms("programme_goals")),
        forms=tuple(_form(term, answer, reader) for term in _terms("programme_forms")),
        years=tuple(
            Line(str(bucket["val"]), None, reader.parts(bucket, {}, str(bucket["val"])))
            for bucket in sorted(_buckets(answer, "years"), key=lambda b: b["val"], reverse=True)
            if str(bucket["val"]) <= next_year
        ),
    )


def newest(years: Iterable[str]) -> str:
    """Return the newest year that has begun; without one this year."""
    now = str(datetimes.today(dt.datetime.now(dt.timezone.utc)).year)
    return max((y for y in years if y <= now), default=now)


def is_yearly(record_type: RecordType) -> bool:
    """Tell whether a type's records count in a year: its search has the year as a filter."""
    return YEAR in record_type.facets


def search_address(record_type: RecordType, filters: Filters) -> str:
    """Return the address of a type's search with filters, states of every kind included."""
    states = {"state": ["all"]} if "state" in record_type.default_filters else {}
    query = urlencode({**filters, **states}, doseq=True)
    return f"/{record_type.name}/?{query}" if query else f"/{record_type.name}/"


def year_filter(types: Iterable[RecordType], year: str) -> str:
    """Return the filter query for what counts in a year."""
    yearly, standing = [], []
    for record_type in types:
        (yearly if is_yearly(record_type) else standing).append(literal(record_type.name))
    clauses = []
    if yearly:
        clauses.append(f"(+{_YEARS_FIELD}:{literal(year)} +dataset_type:({' OR '.join(yearly)}))")
    if standing:
        clauses.append(f"dataset_type:({' OR '.join(standing)})")
    return " OR ".join(clauses) or NO_DOCUMENT


def _terms(name: str) -> Iterable[Term]:
    return vocabularies.get(name).terms


def _sums(types: Sequence[RecordType]) -> dict[str, Any]:
    """JSON facets of the types' money: the measures, and sums of other amounts by Solr field."""
    plain = [t for t in types if not t.stages]
    fields = sorted({t.field(name).solr_field for t in plain for name in t.money.values()})
    sums = {name: f"sum({name})" for name in fields}
    known = {_known(name): f"countvals({name})" for name in fields}
    # CKAN's own Solr schema keeps no numbers to sum.
    return {**sums, **known, **summed.facets()} if capability.has_polish() else {}


def _known(field: str) -> str:
    return f"known_{field}"


def _request(types: Sequence[RecordType], year: str, more: Mapping[str, Any]) -> dict[str, Any]:
    sums = _sums(types)
    by_source = {"type": "terms", "field": SOURCE, "limit": -1, "facet": sums}
    facets = {**sums, **more, "sources": by_source}
    by_type = {"types": {"type": "terms", "field": "dataset_type", "limit": -1, "facet": facets}}
    in_year = {"filter": year_filter(types, year)}
    yearly = [literal(t.name) for t in types if is_yearly(t)]
    terms = {"type": "terms", "limit": -1, "facet": by_type}
    return {
        "total": {"type": "query", "q": "*:*", "domain": in_year, "facet": by_type},
        "forms": {**terms, "field": f"vocab_{programme.FORMS_FIELD}", "domain": in_year},
        "goals": {**terms, "field": "vocab_programme_goals", "domain": in_year},
        "years": {
            **terms,
            "field": _YEARS_FIELD,
            "domain": {"filter": f"dataset_type:({' OR '.join(yearly)})"},
        },
        **{
            _name(term, counted): {"type": "query", "q": _clause(counted)}
            for term in _terms("programme_forms")
            for counted in term.extra.get("counts", ())
        },
    }


def _counted_years() -> list[str]:
    yearly = [
        t.name for t in record_types.all_types() if type_keys.programme_forms(t) and is_yearly(t)
    ]
    answer = _ask({"years": {"type": "terms", "field": _YEARS_FIELD, "limit": -1}}, yearly)
    return [str(bucket["val"]) for bucket in _buckets(answer, "years")]


def _ask(facets: Mapping[str, Any], types: Sequence[str] = ()) -> Mapping[str, Any]:
    answer = solr.ask(
        "*:*", fq=solr.public_filters(types), rows=0, **{"json.facet": json.dumps(facets)}
    )
    return answer.raw_response.get("facets", {})


def _buckets(answer: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    return answer.get(name, {}).get("buckets", [])


# --------------------------------------------------- records that serve a form by their type alone
def _name(term: Term, counted: Mapping[str, Any]) -> str:
    return f"{term.code} {counted['type']}"


def _clause(counted: Mapping[str, Any]) -> str:
    wanted = {"dataset_type": counted["type"], **counted.get("filters", {})}
    return " ".join(f"+{name}:{literal(value)}" for name, value in wanted.items())


@dataclass(frozen=True)
class _Reader:
    """Makes parts of what Solr answered."""

    types: Sequence[RecordType]
    year: str
    more: Mapping[str, Any]

    def parts(
        self, bucket: Mapping[str, Any], filters: Filters, year: str | None = None
    ) -> tuple[Part, ...]:
        """The parts of a bucket, in the order of the types."""
        found = {inner["val"]: inner for inner in _buckets(bucket, "types")}
        return tuple(
            self._part(t, found[t.name], filters, year or self.year)
            for t in self.types
            if t.name in found
        )

    def _part(
        self, record_type: RecordType, bucket: Mapping[str, Any], filters: Filters, year: str
    ) -> Part:
        more = {name: bucket.get(name) or 0 for name in self.more}
        in_year = {YEAR: [year]} if is_yearly(record_type) else {}
        found = {**filters, **in_year}
        return Part(
            record_type,
            bucket["count"],
            self._money(record_type, bucket),
            found,
            more,
            self._sources(record_type, bucket, found),
        )

    def _money(self, record_type: RecordType, bucket: Mapping[str, Any]) -> dict[str, Sum]:
        if not capability.has_polish():
            return {}
        if record_type.stages:
            added = summed.read(bucket)
            roles = {role: measure for measure, role in money.ROLES.items()}
            return {role: added[roles[role]] for role in record_type.money if role in roles}
        return {
            role: _plain_sum(bucket, record_type.field(name).solr_field)
            for role, name in record_type.money.items()
        }

    def _sources(
        self, record_type: RecordType, bucket: Mapping[str, Any], filters: Filters
    ) -> dict[str, Part]:
        found = {inner["val"]: inner for inner in _buckets(bucket, "sources")}
        return {
            code: Part(
                record_type,
                found[code]["count"],
                self._money(record_type, found[code]),
                {**filters, SOURCE: [code]},
            )
            for code in vocabularies.get(SOURCE).codes
            if code in found and record_type.money_source
        }

    def by_type_alone(self, term: Term, answer: Mapping[str, Any]) -> tuple[Part, ...]:
        """Records that serve a form though they do not carry its code (``counts`` of a term)."""
        by_name = {t.name: t for t in self.types}
        return tuple(
            Part(
                by_name[counted["type"]],
                answer.get(_name(term, counted), {}).get("count", 0),
                {},
                {name: [value] for name, value in counted.get("filters", {}).items()},
            )
            for counted in term.extra.get("counts", ())
            if counted["type"] in by_name
        )


def _plain_sum(bucket: Mapping[str, Any], field: str) -> Sum:
    """The sum of an amount that has no stages: it concerns every record."""
    known, count = int(bucket.get(_known(field)) or 0), int(bucket["count"])
    return money.made(bucket.get(field) or 0, known, count, count)


def _form(term: Term, answer: Mapping[str, Any], reader: _Reader) -> Line:
    bucket = _bucket(answer, "forms", term.code)
    carried = reader.parts(bucket, {programme.FORMS_FIELD: [term.code]})
    alone = reader.by_type_alone(term, answer)
    return Line(term.code, term, (*carried, *(part for part in alone if part.count)))


def _goal(term: Term, answer: Mapping[str, Any], reader: _Reader) -> Line:
    forms = [form for form in _terms("programme_forms") if term.code in form.extra["goals"]]
    bucket = _bucket(answer, "goals", term.code)
    carried = reader.parts(bucket, {programme.FORMS_FIELD: [form.code for form in forms]})
    widest: dict[str, Part] = {}
    for part in (p for form in forms for p in reader.by_type_alone(form, answer)):
        if part.count >= widest.get(part.type.name, part).count:
            widest[part.type.name] = part
    return Line(term.code, term, (*carried, *(part for part in widest.values() if part.count)))


def _bucket(answer: Mapping[str, Any], name: str, code: str) -> Mapping[str, Any]:
    return next((b for b in _buckets(answer, name) if b["val"] == code), {})
