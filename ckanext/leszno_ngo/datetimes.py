"""Moments of the day in Poland's time: as people write them, as records keep them, as Solr does.

A record keeps a moment as ISO 8601 with the offset that Warsaw had then
(``2026-12-15T15:30:00+01:00``), a day as ``2026-12-15``.
"""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from ckanext.leszno_ngo import bounds, dates

WARSAW = ZoneInfo("Europe/Warsaw")
ERROR_CODES = (*dates.ERROR_CODES, "hour", "gap")
END_OF_DAY = dt.time(23, 59)

_HOUR = re.compile(
    r"(?:(?<![T\s,])[T\s,]+|(?<!\s)\s*o\s+)(?:godz(?:ina|iny)?\.?\s*)?(?P<h>\d{1,2})(?:[:.](?P<m>\d{2}))?"
    r"(?:[:.](?P<s>\d{2})(?:[.,]\d+)?)?\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?$",
    re.IGNORECASE,
)
_WHOLE_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_YEAR = re.compile(r"\d{4}")


class MomentError(ValueError):
    """A text is not a moment.

    `code`: one of `dates.ERROR_CODES`, `hour` (no such hour) or `gap` (an hour that the change to
    summer time left out). `value` is what was given.
    """

    def __init__(self, code: str, value: object) -> None:
        super().__init__(f"{code}: {value!r}")
        self.code = code
        self.value = value


def parse(value: object, default: dt.time = dt.time.min) -> dt.datetime:
    """A moment from any of the ways a person or a source may give it.

    :param value: a datetime (a naive one is Warsaw's), a date, or a text: `2026-12-15T15:30`,
        `15.12.2026 15:30`, `15 grudnia 2026 r., godz. 15.30`, with or without an offset or `Z`.
    :param default: the hour of a day given alone.
    :returns: the moment with Warsaw's offset. Of an hour that comes twice (end of summer time) the
        first is meant.
    :raises MomentError: see the class.
    """
    if isinstance(value, dt.datetime):
        return _in_warsaw(value, value)
    text = value.isoformat() if isinstance(value, dt.date) else str(value)
    if len(text) > bounds.NUMBER:
        raise MomentError("format", text[: bounds.NUMBER])
    text = " ".join(text.split())
    match = _HOUR.search(text)
    day_text = text[: match.start()] if match and match.start() else text
    try:
        day = dates.parse_date(day_text.rstrip(" ,"))
    except dates.DateError as error:
        raise MomentError(error.code, value) from error
    hour, zone = _hour(match, value) if match and match.start() else (default, None)
    return _in_warsaw(dt.datetime.combine(day, hour, zone), value)


def is_year(value: str) -> bool:
    """Whether a stored text is a year alone, where others are days and moments."""
    return bool(_YEAR.fullmatch(value))


def _hour(match: re.Match[str], value: object) -> tuple[dt.time, dt.tzinfo | None]:
    try:
        hour = dt.time(int(match["h"]), int(match["m"] or 0), int(match["s"] or 0))
        zone = _zone(match["zone"])
    except ValueError as error:
        raise MomentError("hour", value) from error
    return hour, zone


def _zone(text: str | None) -> dt.tzinfo | None:
    if not text:
        return None
    if text.upper() == "Z":
        return dt.timezone.utc
    sign = -1 if text[0] == "-" else 1
    hours, minutes = int(text[1:3]), int(text[-2:])
    return dt.timezone(sign * dt.timedelta(hours=hours, minutes=minutes))


def _in_warsaw(moment: dt.datetime, value: object) -> dt.datetime:
    if moment.tzinfo is not None:
        return moment.astimezone(WARSAW)
    local = moment.replace(tzinfo=WARSAW)
    there_and_back = local.astimezone(dt.timezone.utc).astimezone(WARSAW)
    if there_and_back.replace(tzinfo=None) != moment:
        raise MomentError("gap", value)
    return local


def to_stored(moment: dt.datetime) -> str:
    """A moment as records keep it: `2026-12-15T15:30:00+01:00`."""
    return moment.astimezone(WARSAW).isoformat(timespec="seconds")


def from_stored(value: str) -> dt.datetime:
    """The moment of a record's value, in UTC.

    :param value: ISO 8601. A whole day begins at midnight UTC, as the index has it, so that a page
        and a search never disagree.
    :raises ValueError: not ISO 8601.
    """
    if _WHOLE_DAY.fullmatch(value):
        return dt.datetime.combine(
            dt.date.fromisoformat(value), dt.time.min, tzinfo=dt.timezone.utc
        )
    # Python 3.10 does not read "Z".
    moment = dt.datetime.fromisoformat(value.replace("Z", "+00:00"))
    return (moment if moment.tzinfo else moment.replace(tzinfo=WARSAW)).astimezone(dt.timezone.utc)


def is_day(value: str) -> bool:
    """Whether a record's value (ISO 8601) is a day without an hour: `2026-12-15`."""
    return _WHOLE_DAY.fullmatch(value) is not None


def to_solr(value: str) -> str:
    """A record's value as Solr's date field wants it: `2026-12-15T14:30:00Z`."""
    return from_stored(value).isoformat(timespec="seconds").replace("+00:00", "Z")


def day(value: str) -> dt.date:
    """The day in Poland of a record's value (ISO 8601, a day or a moment).

    :raises ValueError: not ISO 8601.
    """
    if _WHOLE_DAY.fullmatch(value):
        return dt.date.fromisoformat(value)
    return from_stored(value).astimezone(WARSAW).date()


def today(now: dt.datetime) -> dt.date:
    """The day in Poland at a moment (with a time zone)."""
    return now.astimezone(WARSAW).date()
