"""What spreadsheets have in common: cells with types, and a second sheet about the file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ckanext.leszno_ngo import datetimes
from ckanext.leszno_ngo.exports import display_values, linked_titles, rows
from ckanext.leszno_ngo.exports.about import About
from ckanext.leszno_ngo.exports.rows import Column
from ckanext.leszno_ngo.record_types import RecordType

#: Names of the two sheets.
NAMES = {"pl": ("Dane", "O pliku"), "en": ("Data", "About")}
#: What one cell of a spreadsheet may hold, in characters as UTF-16 counts them.
LONGEST_TEXT = 32_767

_PAGE = {"pl": "Strona w katalogu", "en": "Page in the catalogue"}
_ABOUT = {
    "publisher": {"pl": "Wydawca danych", "en": "Data publisher"},
    "licence": {"pl": "Licencja", "en": "Licence"},
    "licence_url": {"pl": "Treść licencji", "en": "Text of the licence"},
    "address": {"pl": "Adres tego pliku", "en": "Address of this file"},
    "search": {"pl": "Te wyniki w katalogu", "en": "These results in the catalogue"},
    "time": {"pl": "Pobrano (UTC)", "en": "Retrieved (UTC)"},
}
_QUERY = {"pl": "Zapytanie: {}", "en": "Query: {}"}

#: A cell: a text, a number, a day, a moment without its zone; ``None`` is an empty one.
Value = str | int | float | dt.date | dt.datetime | None


def headings(record_type: RecordType, lang: str) -> list[str]:
    """Return the first row: the columns' headings and that of the address of a record's page."""
    return [*(c.heading(lang) for c in rows.columns(record_type)), _PAGE[lang]]


def table(
    records: Iterable[Mapping[str, Any]], record_type: RecordType, lang: str, about: About
) -> Iterator[list[Value]]:
    """Give the rows under the headings.

    :param records: records as ``package_show`` gives them
    :param record_type: their type
    :param lang: language of labels, ``pl`` or ``en``
    :param about: origin of the file
    """
    readers = [_reader(column, lang) for column in rows.columns(record_type)]
    for record in linked_titles.with_titles(records, record_type):
        page = about.page_of(record["name"], record_type.name)
        yield [*(read(record) for read in readers), page]


def about_rows(about: About, lang: str) -> list[tuple[str, str]]:
    """Return the second sheet: what, and its value."""
    origin = [(label[lang], str(getattr(about, key))) for key, label in _ABOUT.items()]
    asked = [
        (_QUERY[lang].format(name), value if isinstance(value, str) else rows.SEPARATOR.join(value))
        for name, value in about.query.items()
    ]
    return [(label, text(value)) for label, value in [*origin, *asked] if value]


def text(value: str) -> str:
    """Return a text as a cell may hold it: only characters of XML, and not too many."""
    plain = display_values.plain_text(value)
    if 2 * len(plain) <= LONGEST_TEXT:
        return plain
    # Characters outside the basic plane count twice.
    units = plain.encode("utf-16-le")
    if len(units) <= 2 * LONGEST_TEXT:
        return plain
    return units[: 2 * (LONGEST_TEXT - 1)].decode("utf-16-le", "ignore") + "…"


def _reader(column: Column, lang: str) -> Callable[[Mapping[str, Any]], Value]:
    cell = column.cell(lang)
    typed = {rows.NUMBER: _number, rows.DATE: _moment, rows.DATETIME: _moment}.get(column.kind)
    if typed is None:
        return lambda record: text(cell(record)) or None
    return lambda record: typed(column.value(record))


def _number(value: Any) -> Value:
    if value in (None, ""):
        return None
    return value if isinstance(value, (int, float)) else float(value)


def _moment(value: Any) -> Value:
    """A day, or a moment: in Poland's time where the record says a zone, as it stands elsewhere.

    No spreadsheet has time zones; the columns kept in UTC say so in their headings.
    """
    if not value:
        return None
    if datetimes.is_day(value):
        return dt.date.fromisoformat(value)
    moment = dt.datetime.fromisoformat(value.replace("Z", "+00:00"))
    local = moment.astimezone(datetimes.WARSAW) if moment.tzinfo else moment
    return local.replace(tzinfo=None, microsecond=0)
