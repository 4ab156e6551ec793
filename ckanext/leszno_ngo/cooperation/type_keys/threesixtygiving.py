"""The key `threesixtygiving`: what a record is in the 360Giving Data Standard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from msgspec import Meta

from ckanext.leszno_ngo.record_types import reading
from ckanext.leszno_ngo.record_types.declarations import Declared, Name, Values
from ckanext.leszno_ngo.record_types.faults import Fault, Path, unknown
from ckanext.leszno_ngo.record_types.schema import plain
from ckanext.leszno_ngo.record_types.type_check import DATES, TypeCheck
from ckanext.leszno_ngo.record_types.type_keys import TypeKey


class GrantTexts(Declared):
    """Fields of a grant's texts, the first that is set."""

    title: Annotated[list[Name], Meta(description="title")]
    description: Annotated[list[Name], Meta(description="description")]


class GrantEvent(Declared):
    """A time of a grant."""

    property: Annotated[
        Literal["plannedDates", "actualDates"], Meta(description="property of the standard")
    ]
    start: Annotated[Name, Meta(description="date field")]
    end: Annotated[Name, Meta(description="date field")]
    only: Annotated[Values, Meta(description="only where fields have these values")] = {}


class GrantBody(Declared):
    """Who is meant: a record of the catalogue, or a name."""

    link: Annotated[Name, Meta(description="link to the body")]
    name: Annotated[Name, Meta(description="field of its name")]


class GrantOrganisation(Declared):
    """Fields of the linked body."""

    addressLocality: Annotated[Name, Meta(description="town")]  # noqa: N815
    postalCode: Annotated[Name, Meta(description="postal code")]  # noqa: N815
    url: Annotated[Name, Meta(description="web page")]
    teryt: Annotated[Name, Meta(description="code of the municipality")]
    type: Annotated[Name, Meta(description="legal form")]


class GrantPartners(Declared):
    """The other bodies of a joint offer."""

    link: Annotated[Name, Meta(description="link to the record that names them")]
    only: Annotated[Values, Meta(description="only where its fields have these values")]
    table: Annotated[Name, Meta(description="its table of bodies")]
    each: Annotated[Values, Meta(description="only rows with these values")]
    party: Annotated[GrantBody, Meta(description="columns of the table")]


class GrantFunder(Declared):
    """Who funds."""

    name: Annotated[Name, Meta(description="field of the name")]
    through: Annotated[Name, Meta(description="link to the grant that is passed on")]


class GrantCode(Declared):
    """A coded property."""

    property: Annotated[Name, Meta(description="property of the standard")]
    field: Annotated[Name, Meta(description="coded field")]
    values: Annotated[dict[Name, Name], Meta(description="code → code of the standard")]
    without: Annotated[Name, Meta(description="only where this field is empty")] = ""


class ThreeSixtyGiving(Declared):
    """How a record is said in the 360Giving Data Standard 1.4."""

    without: Annotated[Values, Meta(description="records with these values are no grants")]
    texts: Annotated[GrantTexts, Meta(description="title and description")]
    numbers: Annotated[
        dict[Literal["amountAppliedFor", "amountAwarded", "amountDisbursed"], Name],
        Meta(description="property → field of an amount"),
    ]
    awarded: Annotated[list[Name], Meta(description="date fields of the award")]
    events: Annotated[list[GrantEvent], Meta(description="times")]
    recipient: Annotated[GrantBody, Meta(description="who got the grant")]
    organisation: Annotated[GrantOrganisation, Meta(description="fields of the recipient")]
    partners: Annotated[GrantPartners, Meta(description="bodies of a joint offer")]
    funder: Annotated[GrantFunder, Meta(description="who funds")]
    programme: Annotated[Name, Meta(description="link to the grant's programme")]
    classifications: Annotated[
        dict[Name, Name], Meta(description="coded field → the vocabulary's name in the standard")
    ]
    codes: Annotated[list[GrantCode], Meta(description="coded properties")]
    source: Annotated[Name, Meta(description="field of the source page's address")]


def _references(check: TypeCheck, path: Path, said: ThreeSixtyGiving) -> Iterator[Fault]:
    field, each, link = check.field, check.each, check.link_to
    yield from check.values((*path, "without"), said.without, None)
    yield from each((*path, "texts", "title"), said.texts.title)
    yield from each((*path, "texts", "description"), said.texts.description)
    for name, amount in said.numbers.items():
        yield from field((*path, "numbers", name), amount, {"amount"})
    yield from each((*path, "awarded"), said.awarded, DATES)
    for number, event in enumerate(said.events):
        inner = (*path, "events", number)
        yield from field((*inner, "start"), event.start, DATES)
        yield from field((*inner, "end"), event.end, DATES)
        yield from check.values((*inner, "only"), event.only, None)
    yield from link((*path, "recipient", "link"), said.recipient.link)
    yield from field((*path, "recipient", "name"), said.recipient.name)
    body = check.targets(said.recipient.link)
    for key in reading.keys(GrantOrganisation) if body else ():
        name = getattr(said.organisation, key)
        yield from field((*path, "organisation", key), name, (), body)
    yield from field((*path, "funder", "name"), said.funder.name)
    yield from link((*path, "funder", "through"), said.funder.through)
    yield from link((*path, "programme"), said.programme)
    for name in said.classifications:
        yield from check.coded((*path, "classifications", name), name)
    yield from field((*path, "source"), said.source)
    for number, coded in enumerate(said.codes):
        yield from _code(check, (*path, "codes", number), coded)
    yield from _partners(check, (*path, "partners"), said.partners)


def _code(check: TypeCheck, path: Path, coded: GrantCode) -> Iterator[Fault]:
    yield from check.coded((*path, "field"), coded.field)
    yield from check.field((*path, "without"), coded.without)
    own = check.type.fields.get(coded.field)
    for code in coded.values:
        yield from check.code((*path, "values", code), code, own.vocabulary if own else None)


def _partners(check: TypeCheck, path: Path, partners: GrantPartners) -> Iterator[Fault]:
    yield from check.link_to((*path, "link"), partners.link)
    fields = check.targets(partners.link)
    if not fields:
        return
    yield from check.values((*path, "only"), partners.only, fields)
    table = fields.get(partners.table)
    columns = {c.field_name: c for c in table.repeating_subfields} if table else {}
    if not columns:
        tables = [name for name, own in fields.items() if own.repeating_subfields]
        yield unknown((*path, "table"), partners.table, "table", tables)
        return
    yield from check.values((*path, "each"), partners.each, columns)
    yield from check.link_to((*path, "party", "link"), partners.party.link, columns, "column")
    yield from check.field((*path, "party", "name"), partners.party.name, (), columns, "column")


KEY = TypeKey(
    ThreeSixtyGiving,
    "what a record is in 360Giving; with it there are `/<type>.360giving.json` and `.csv`",
    read=plain,
    references=_references,
    in_mappings=True,
)
