"""A record in a few lines of plain text, for feeds and calendars."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import datetimes, polish, record_types, vocabularies
from ckanext.leszno_ngo.catalogue.money import Sum
from ckanext.leszno_ngo.record_types import Field, RecordType

# What XML 1.0 and iCalendar have no place for.
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_HOURS = {"pl": "{day}, godz. {hour}", "en": "{day}, {hour}"}
_ADDRESS = ("street", "building_number", "town")


def plain_text(text: Any) -> str:
    """Return a text without the characters that no feed may hold."""
    return _NOT_TEXT.sub(" ", str(text or ""))


def lines(record_type: RecordType, record: Mapping[str, Any], lang: str) -> Iterator[str]:
    """Say what a card of the search results says, a line a field.

    :param record_type: the record's type; its ``summary`` are the fields
    :param record: the record as ``package_show`` gives it
    :param lang: ``pl`` or ``en``
    """
    for name in record_type.summary:
        field, value = record_type.field(name), record.get(name)
        if value not in (None, "", []):
            label = record_types.localised(field.label, lang)
            yield plain_text(f"{label}: {display_value(field, value, lang)}")


def display_value(field: Field, value: Any, lang: str) -> str:
    """Return a value as one line of text, codes by their labels."""
    if field.display == "money":
        return polish.format_money(float(value), lang)
    if field.display in {"number", "percent"}:
        number = polish.format_number(float(value), lang, polish.decimals_of(float(value)))
        return f"{number}%" if field.display == "percent" else number
    if field.display in {"date", "datetime"}:
        return moment(str(value), lang)
    values = value if isinstance(value, list) else [value]
    if field.vocabulary:
        vocabulary = vocabularies.get(field.vocabulary)
        return ", ".join(vocabulary.label(str(code), lang) for code in values)
    return ", ".join(map(str, values))


def measures() -> dict[str, str]:
    """Return the measures of money (``catalogue.money``) with their names, in their order."""
    return {
        "asked": tk._("Asked"),
        "granted": tk._("Granted"),
        "paid": tk._("Paid"),
        "settled": tk._("Settled"),
        "returned": tk._("Returned"),
        "resigned": tk._("Declined"),
    }


def amount(money: Sum, lang: str) -> str:
    """Return a sum for people; a dash where nothing of it is known."""
    return "–" if money.amount is None else polish.format_money(money.amount, lang)


def made_of(money: Sum, record_type: RecordType | None, lang: str) -> str:
    """Say of how many records a sum is made where it is not made of all that it concerns.

    :param record_type: the records' type, for its noun; ``None`` for numbers alone
    :returns: "z 12 z 15 dotacji"; empty where the sum is whole, or nothing is known
    """
    if money.is_whole or money.amount is None:
        return ""
    count = record_type.counted_of(money.of, lang) if record_type else str(money.of)
    return tk._("from %(known)s of %(all)s") % {"known": money.known, "all": count}


def moment(value: str, lang: str) -> str:
    """Return a day, or a day and hour of Poland, for people."""
    day = polish.format_date(datetimes.day(value), lang)
    if datetimes.is_day(value):
        return day
    hour = datetimes.from_stored(value).astimezone(datetimes.WARSAW).strftime("%H:%M")
    return _HOURS[lang].format(day=day, hour=hour)


def place(record: Mapping[str, Any]) -> str:
    """Return where a record takes place, in one line; empty for nowhere."""
    street = " ".join(str(record[name]) for name in _ADDRESS[:2] if record.get(name))
    parts = (record.get("place_name"), street, record.get(_ADDRESS[2]))
    return plain_text(", ".join(str(part) for part in parts if part))


def address(record: Mapping[str, Any]) -> list[str]:
    """Return the lines of a postal address: street and number, then code and town.

    A village without streets has the number beside its own name.
    """

    def text(name: str) -> str:
        return str(record.get(name) or "").strip()

    number = "/".join(filter(None, (text("building_number"), text("flat_number"))))
    street, town = text("street"), text("town")
    post = text("post_office") or town
    lines = []
    if street:
        lines.append(f"{street} {number}".strip())
        if town and post.casefold() != town.casefold():
            lines.append(town)
    elif number:
        lines.append(f"{town} {number}".strip())
    last = f"{text('postal_code')} {post}".strip()
    return [*lines, last] if last else lines


def utc(value: str) -> dt.datetime:
    """Return CKAN's own time of a record (UTC without saying so)."""
    return dt.datetime.fromisoformat(value.removesuffix("Z")).replace(tzinfo=dt.timezone.utc)
