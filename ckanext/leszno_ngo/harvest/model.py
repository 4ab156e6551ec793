"""What travels on the harvest's road: raw rows, records to come, refusals, a run's end.

Reasons are codes with data; the text a person reads is made higher up, in the
language of that person. Nothing here may hold personal data: a value shown in a
refusal goes through :func:`display_text`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import field as member
from typing import Any

from ckanext.leszno_ngo import personal_data
from ckanext.leszno_ngo.polish import persons

#: Longest value (characters) that a refusal or an error carries.
SHOWN_LENGTH = 120

#: Code of a text that went in, with personal data of it masked.
MASKED = "masked"
#: Code of a row that may name a person and waits for a decision.
WAITING = "may_be_person"

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff\ufeff]+|\\s+",
)
_EMAIL = re.compile(r"(?<![^\s@<>\"',;()])[^\s@<>\"',;()]+@[^\s@<>\"',;()]+")
# PESEL is 11 digits; any such run is hidden, whether its checksum holds or not.
_ELEVEN_DIGITS = re.compile(r"(?<!\d)\d(?:[ .-]?\d){10}(?!\d)")


def display_text(value: object) -> str:
    """Return a harvested value fit for a report.

    :param value: anything a source gave.
    :returns: one line of at most :data:`SHOWN_LENGTH` characters, without control
        and direction characters and halves of surrogate pairs; e-mail addresses, 11-digit and
        mobile numbers and likely names of persons are hidden.
    """
    text = _UNSAFE.sub(" ", str(value)[: SHOWN_LENGTH * 4]).strip()
    text = _EMAIL.sub("…@…", text)
    text = persons.hidden(personal_data.redact(_ELEVEN_DIGITS.sub("…", text), "…"), "…")
    return text if len(text) <= SHOWN_LENGTH else text[: SHOWN_LENGTH - 1] + "…"


class Mark(str):
    """What stands in a line for a record, whole (``naming``): nothing a source gave."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row as a source gave it.

    :param number: position in the source as its reader counts it (for a table the
        row number a spreadsheet shows, from 1; for an API the number of the answer).
    :param values: field name → text; columns that hold people are not here.
    """

    number: int
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row, or one field of it, was set aside.

    :param row: number of the row, as in :class:`RawRow`.
    :param field: field name, empty when the whole row is meant.
    :param value: the value refused, through :func:`display_text`; never personal data.
    :param code: reason, a stable code.
    :param detail: data of the reason (counts, limits, codes); ``key`` is the identity of a
        refused row where it is known, as ``source_key`` of :class:`Incoming`.
    :param whole_row: True when the row does not go in, once a row; False when only the
        field was set aside.
    """

    row: int
    field: str
    value: str
    code: str
    detail: dict[str, Any] = member(default_factory=dict)
    whole_row: bool = True


@dataclass(frozen=True, slots=True)
class Incoming:
    """A record that a source offers.

    :param row: number of the row it came from.
    :param record: field name → value, as the record type's schema has them; a field that
        the source leaves empty is not there.
    :param state_date: the day for which the source speaks, ISO ``yyyy-mm-dd``, or None.
    :param source_key: identity of the record in the source, e.g. ``krs:0000031247``.
    :param set_aside: fields of this row that were refused while the row went in.
    :param fingerprint: of the raw row, by which it is recognised; ``""`` where it is not to be.
    :param assumed: what a new record gets where nobody says otherwise; the source did not say it.
    :param garbled: fields of the raw row that have lost letters (``garbled.is_garbled``).
    """

    row: int
    record: dict[str, Any]
    state_date: str | None
    source_key: str
    set_aside: tuple[Refusal, ...] = ()
    fingerprint: str = ""
    assumed: dict[str, Any] = member(default_factory=dict)
    garbled: tuple[str, ...] = ()


class SourceError(Exception):
    """The source cannot be used: the whole run stops and nothing is changed.

    :param code: reason, a stable code.
    :param detail: data of the reason; no personal data, no credentials.
    """

    def __init__(self, code: str, **detail: Any):
        super().__init__(code, detail)
        self.code = code
        self.detail = detail

    def __str__(self) -> str:
        data = ", ".join(f"{key}={display_text(value)}" for key, value in self.detail.items())
        return f"{self.code} ({data})" if data else self.code
