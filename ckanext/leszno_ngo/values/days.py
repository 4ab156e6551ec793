"""Days, and moments of a day."""

from __future__ import annotations

import datetime as dt

from ckanext.leszno_ngo import dates, datetimes
from ckanext.leszno_ngo.values.refusal import ValueRefusedError


def day(value: str) -> str:
    """Return a date ``yyyy-mm-dd``.

    :raises ValueRefusedError: ``date_`` and a code of :class:`.dates.DateError`
    """
    return _day(value, month_first=False)


def american_day(value: str) -> str:
    """Return a date ``yyyy-mm-dd`` of one whose numbers have the month first; see :func:`day`."""
    return _day(value, month_first=True)


def _day(value: str, *, month_first: bool) -> str:
    try:
        return dates.parse_date(value, month_first=month_first).isoformat()
    except dates.DateError as error:
        raise ValueRefusedError(f"date_{error.code}") from error


def moment(value: object) -> str:
    """Return a day and hour of Poland, ISO 8601 with the offset; a day alone begins at 0:00.

    :raises ValueRefusedError: ``date_`` and a code of :class:`.datetimes.MomentError`
    """
    return _moment(value, dt.time.min)


def moment_of_end(value: object) -> str:
    """As :func:`moment`, but a day alone means the whole of it: 23:59."""
    return _moment(value, datetimes.END_OF_DAY)


def _moment(value: object, default: dt.time) -> str:
    try:
        return datetimes.to_stored(datetimes.parse(value, default))
    except datetimes.MomentError as error:
        raise ValueRefusedError(f"date_{error.code}") from error
