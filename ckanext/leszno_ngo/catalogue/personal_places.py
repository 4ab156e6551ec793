"""Where a record or a text may hold personal data: told by its place, never by the data itself.

It is what a harvest masks (``personal_data``); what a person types is theirs to decide about, so
that it is shown to them and nothing is taken out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.leszno_ngo import personal_data
from ckanext.leszno_ngo.catalogue import field_words
from ckanext.leszno_ngo.record_types import Field, RecordType

# A body's own address has a flat's number, and its people have names: no home, and known by others.
_IN_A_LINE = frozenset(personal_data.KINDS) - {"home_address", "person"}
# A piece of the text before, by which the place is found (characters).
_BEFORE = 30
_NO_TEXTS = frozenset({"json", "link", "sources"})


@dataclass(frozen=True)
class Place:
    """A place in a text.

    :param kind: one of ``personal_data.KINDS``
    :param line: the number of the line, 0 where the text has only one
    :param before: the words before it, with personal data masked; ``""`` at the beginning
    :param row: the number of the row of a table, 0 outside tables
    """

    kind: str
    line: int
    before: str
    row: int = 0


def of_record(record_type: RecordType, record: Mapping[str, Any]) -> dict[str, list[Place]]:
    """Return the places in a record, by field, in the schema's order.

    :param record_type: its type
    :param record: field name → value, as the catalogue gives it or as a form sends it
    """
    found = {f.name: list(_of_field(f, record.get(f.name))) for f in record_type.fields}
    return {name: places for name, places in found.items() if places}


def _of_field(field: Field, value: Any, row: int = 0) -> Iterator[Place]:
    if field.subfields:
        for number, cells in enumerate(value if isinstance(value, list) else [], 1):
            for column in field.subfields if isinstance(cells, Mapping) else ():
                yield from _of_field(column, cells.get(column.name), number)
    elif field_words.may_be_in(field) and field.display not in _NO_TEXTS:
        for text in field_words.texts(value):
            yield from in_text(text, is_long=field.display == "long_text", row=row)


def in_text(text: str, *, is_long: bool = True, row: int = 0) -> list[Place]:
    """Return the places in a text.

    :param text: the text
    :param is_long: a line of its own (a name, an address) tells of no home
    :param row: the row of a table it stands in
    """
    found = personal_data.find(text)
    kinds = personal_data.KINDS if is_long else _IN_A_LINE
    lines = "\n" in text.strip()
    places, line, counted = [], 1, 0
    for number, one in enumerate(found):
        line += text.count("\n", counted, one.start)
        counted = one.start
        if one.kind in kinds:
            before = _before(text, found[:number], one.start)
            places.append(Place(one.kind, line if lines else 0, before, row))
    return places


def _before(text: str, found: list[personal_data.Finding], start: int) -> str:
    """Return the words before a place, in its line; what is found in them is masked."""
    begin = max(0, start - 2 * _BEFORE, text.rfind("\n", 0, start) + 1)
    pieces, end = [], start
    for one in reversed(found):
        if one.end <= begin:
            break
        pieces += [text[one.end : end], personal_data.MASK]
        end = one.start
    pieces.append(text[begin : max(begin, end)])
    piece = "".join(reversed(pieces)).strip()
    if len(piece) > _BEFORE:
        piece = piece[-_BEFORE:].partition(" ")[2]
    return piece.strip(" ,;:.(–-")
