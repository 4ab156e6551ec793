"""What the form of a record shows: rows of its tables, what is wrong in it, what its links say.

A table inside a record is typed as ``<table>-<row>-<column>``, as ckanext-scheming reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ckan.types import Context

from ckanext.leszno_ngo.catalogue import links

#: Empty rows for those who have no scripts to add one.
BLANK_ROWS = 3
#: Stands for the row's number in the row that scripts copy.
PATTERN_ROW = "ROW"


@dataclass(frozen=True)
class Row:
    """A row of a table as a form shows it.

    ``index`` is in the names of its controls, ``number`` is for people (from 1); ``data`` and
    ``errors`` have those names as keys.
    """

    index: str
    number: int
    data: Mapping[str, Any]
    errors: Mapping[str, list[str]]


def rows(field: Mapping[str, Any], data: Mapping[str, Any], errors: Mapping[str, Any]) -> list[Row]:
    """Return the rows of a table, at least one (an empty one).

    :param field: the table's declaration in the schema
    :param data: the record, or what was typed into its form (rows as lists or by their names)
    :param errors: field → messages; for a table a list of dicts, one a row
    """
    name = field["field_name"]
    wrong = [e if isinstance(e, Mapping) else {} for e in errors.get(name) or ()]
    return [
        _row(name, position, values, wrong[position] if position < len(wrong) else {})
        for position, values in enumerate(_typed(name, data) or [{}])
    ]


def row_name(position: int) -> str:
    """Return the name of a row: 0 … 8, 90 … 98, 990 …

    ckanext-scheming takes rows in the order of their names as words, where 10 is before 2.

    :param position: which row it is, from 0
    """
    return "9" * (position // 9) + str(position % 9)


def _row(name: str, position: int, values: Mapping[str, Any], wrong: Mapping[str, Any]) -> Row:
    index = row_name(position)
    prefix = f"{name}-{index}-"
    return Row(
        index,
        position + 1,
        {prefix + column: value for column, value in values.items()},
        {prefix + column: list(messages) for column, messages in wrong.items()},
    )


def _typed(name: str, data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Rows by the names of a form's controls where there are such, else those of the record."""
    pattern = re.compile(rf"{re.escape(name)}-(\d+)-(.+)")
    found: dict[str, dict[str, Any]] = {}
    for key in sorted(data):
        match = pattern.fullmatch(key)
        if match:
            found.setdefault(match[1], {})[match[2]] = data[key]
    stored = data.get(name)
    known = stored if isinstance(stored, list) else []
    return list(found.values()) or [row for row in known if isinstance(row, Mapping)]


def blank_rows(count: int) -> list[Row]:
    """Return the empty rows for those who have no scripts, behind ``count`` others."""
    return [Row(row_name(count + n), count + n + 1, {}, {}) for n in range(BLANK_ROWS)]


def pattern_row() -> Row:
    """Return the empty row that scripts copy."""
    return Row(PATTERN_ROW, 0, {}, {})


def own_errors(name: str, errors: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the messages about a table as a whole, not about its cells."""
    messages = [e for e in errors.get(name) or () if isinstance(e, str)]
    return {name: messages} if messages else {}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in a form.

    ``control`` is the id of the control it is about, ``where`` the labels that lead to it
    (texts in both languages), ``number`` the row of a table, ``text`` the message.
    """

    control: str
    where: tuple[Any, ...]
    number: int | None
    text: str


def faults(schema: Mapping[str, Any], errors: Mapping[str, Any]) -> list[Fault]:
    """Return what is wrong in a form, in the order of its fields.

    :param schema: the type's scheming schema
    :param errors: field → messages, or a list of dicts (one a row) for a table
    """
    known = [f for f in schema["dataset_fields"] if errors.get(f["field_name"])]
    found = [fault for field in known for fault in _faults(field, errors[field["field_name"]])]
    names = {field["field_name"] for field in schema["dataset_fields"]}
    others = {name: said for name, said in errors.items() if name not in names and said}
    # Their names are CKAN's own (state, id): the text says what is wrong.
    return found + [Fault("", (), None, _join_lines(said)) for said in others.values()]


def _faults(field: Mapping[str, Any], said: Any) -> Iterable[Fault]:
    name, label = field["field_name"], field.get("label") or field["field_name"]
    columns = {sub["field_name"]: sub for sub in field.get("repeating_subfields", ())}
    whole = [e for e in said if not isinstance(e, Mapping)]
    if whole:
        yield Fault(f"field-{name}", (label,), None, _join_lines(whole))
    for position, cells in enumerate(said):
        for column, messages in cells.items() if isinstance(cells, Mapping) else ():
            control = f"field-{name}-{row_name(position)}-{column}"
            where = (label, columns.get(column, {}).get("label", column))
            yield Fault(control, where, position + 1, _join_lines(messages))


def _join_lines(said: Any) -> str:
    return said if isinstance(said, str) else " ".join(map(str, said))


# ---------------------------------------------------------------------------------- links
def read_links(
    context: Context, schema: Mapping[str, Any], data: Mapping[str, Any]
) -> dict[str, links.Target]:
    """Look up all that a form's links point at, by two SQL statements however many they are.

    :param context: who asks
    :param schema: the type's scheming schema
    :param data: the record, or what was typed
    :returns: what was typed or stored → its target
    """
    values = [v for name in _link_fields(schema) for v in _entries(data.get(name))]
    for table in schema["dataset_fields"]:
        columns = [s["field_name"] for s in table.get("repeating_subfields", ()) if "link" in s]
        typed = _typed(table["field_name"], data) if columns else []
        values += [v for row in typed for c in columns for v in _entries(row.get(c))]
    return _looked_up(context, values)


def _link_fields(schema: Mapping[str, Any]) -> list[str]:
    return [field["field_name"] for field in schema["dataset_fields"] if "link" in field]


def _looked_up(context: Context, values: Iterable[str]) -> dict[str, links.Target]:
    wanted = sorted({value for value in values if value})
    if not wanted:
        return {}
    return {**links.targets(context, wanted), **links.find(context, wanted, links.every_type())}


def _entries(value: Any) -> list[str]:
    lines = value.splitlines() if isinstance(value, str) else value or ()
    return [text for text in (str(line).strip() for line in lines) if text]


@dataclass(frozen=True)
class ShownLink:
    """A link as a form shows it: what is sent (``value``) and what a person reads (``title``)."""

    value: str
    title: str


def shown_links(context: Context, value: Any, read: Mapping[str, links.Target]) -> list[ShownLink]:
    """Return the links of a field: one of a single link, any number of a list.

    :param context: who asks
    :param value: ids from the record, or what was typed
    :param read: what :func:`read_links` has found of the form
    :returns: targets by the end of their address; what is deleted, hidden or unknown keeps the
        value it has, so that saving the form does not lose it
    """
    entries = _entries(value)
    missing = [entry for entry in entries if entry not in read]
    known = {**read, **_looked_up(context, missing)}
    return [_shown(entry, known.get(entry)) for entry in entries]


def _shown(entry: str, target: links.Target | None) -> ShownLink:
    if target is None or target.state == "missing":
        return ShownLink(entry, entry)
    value = target.name if target.state == "active" else entry
    return ShownLink(value, target.title or entry)
