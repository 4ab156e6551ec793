"""The key `results`: how a table of results becomes records of another type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta

from ckanext.leszno_ngo.record_types.declarations import Declared, Name
from ckanext.leszno_ngo.record_types.faults import Fault, Path, unknown
from ckanext.leszno_ngo.record_types.type_check import DATES, TypeCheck
from ckanext.leszno_ngo.record_types.type_keys import TypeKey


class Results(Declared):
    """How a table of results becomes records of another type."""

    type: Annotated[Name, Meta(description="the type of the records made")]
    link: Annotated[Name, Meta(description="its link to the procedure")]
    recipient: Annotated[Name, Meta(description="its link to the recipient")]
    recipient_name: Annotated[Name, Meta(description="its field of the recipient's name")]
    date: Annotated[Name, Meta(description="its date of the decision")]
    remarks: Annotated[Name, Meta(description="its field for the remarks")]
    inherit: Annotated[list[Name], Meta(description="its fields that come from the procedure")]
    refused: Annotated[Name, Meta(description="the procedure's table of what was refused")]
    resolved: Annotated[Name, Meta(description="the procedure's date of the decision")]
    offers: Annotated[Name, Meta(description="the procedure's number of offers")]
    outside: Annotated[
        Name, Meta(description="flag of a record whose procedure is not in the catalogue")
    ] = ""
    past: Annotated[
        dict[Name, Name], Meta(description="what such a record has beside: field → value")
    ] = {}


def _references(check: TypeCheck, path: Path, results: Results) -> Iterator[Fault]:
    yield from check.table((*path, "refused"), results.refused)
    yield from check.field((*path, "resolved"), results.resolved, DATES)
    yield from check.field((*path, "offers"), results.offers, {"amount"})
    made = check.types.get(results.type)
    if not made:
        yield unknown((*path, "type"), results.type, "record type", check.types)
        return
    fields, what = made.fields, f"field of {made.name}"
    for key in ("link", "recipient"):
        yield from check.link_to((*path, key), getattr(results, key), fields, what)
    for key in ("recipient_name", "remarks"):
        yield from check.field((*path, key), getattr(results, key), (), fields, what)
    yield from check.field((*path, "date"), results.date, DATES, fields, what)
    yield from check.field((*path, "outside"), results.outside, {"flag"}, fields, what)
    yield from check.each((*path, "inherit"), results.inherit, (), fields, what)
    yield from check.values((*path, "past"), results.past, fields)


KEY = TypeKey(
    Results,
    "how a table of results becomes records",
    references=_references,
    in_mappings=True,
)
