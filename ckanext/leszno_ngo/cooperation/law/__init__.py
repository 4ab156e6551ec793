"""Numbers of the law with the days between which they are in force, and working days.

The numbers are data (``limits.yaml``), because the law changes; a portal may bring its own file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import holidays
import yaml

UNITS = ("days", "working_days", "pln", "percent")
_SATURDAY = 5


class LimitsError(Exception):
    """A file of limits breaks the contract; the message says where."""


@dataclass(frozen=True)
class Limit:
    """A number of the law: its ``value`` in ``unit`` (`UNITS`) and the ``article`` that sets it."""

    name: str
    value: Decimal
    unit: str
    article: str


@dataclass(frozen=True)
class _Dated:
    limit: Limit
    valid_from: dt.date | None
    valid_to: dt.date | None


class Limits:
    """The numbers of the law, by name and day."""

    def __init__(self, dated: Mapping[str, tuple[_Dated, ...]]) -> None:
        self._dated = dated

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all limits."""
        return tuple(self._dated)

    def on(self, name: str, day: dt.date) -> Limit | None:
        """Return a limit as it is in force on a day.

        :param name: key of ``limits.yaml``, such as ``call_min_days``
        :param day: the day of the act that the limit binds
        :returns: the limit; ``None`` where no number is in force then
        """
        for dated in self._dated.get(name, ()):
            begun = dated.valid_from is None or dated.valid_from <= day
            if begun and (dated.valid_to is None or day <= dated.valid_to):
                return dated.limit
        return None


@cache
def limits(path: str | None = None) -> Limits:
    """Return the numbers of the law.

    :param path: a file whose limits replace those of the same name; none by default
    :raises LimitsError: a file breaks the contract
    :raises OSError: the file cannot be read
    """
    own = resources.files(__name__).joinpath("limits.yaml").read_text(encoding="utf-8")
    dated = parse(own, "limits.yaml")
    if path:
        dated |= parse(Path(path).read_text(encoding="utf-8"), path)
    return Limits(dated)


def parse(text: str, source: str) -> dict[str, tuple[_Dated, ...]]:
    """Read a file of limits.

    :param text: YAML as in ``limits.yaml``
    :param source: the file's name, for messages
    :raises LimitsError: not YAML, a key is missing, a value is no number, a unit is unknown, or the
        days of two values of a limit overlap
    """
    try:
        data = yaml.safe_load(text)
        entries = data["limits"].items()
        found = {name: _values(name, entry) for name, entry in entries}
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
        raise LimitsError(f"{source}: {error!r}") from error
    for name, values in found.items():
        _refuse_overlap(name, values, source)
    return found


def _values(name: str, entry: Mapping[str, Any]) -> tuple[_Dated, ...]:
    if entry["unit"] not in UNITS:
        raise KeyError(entry["unit"])
    return tuple(
        _Dated(
            Limit(name, Decimal(str(value["value"])), entry["unit"], entry["article"]),
            value.get("valid_from"),
            value.get("valid_to"),
        )
        for value in entry["values"]
    )


def _refuse_overlap(name: str, values: tuple[_Dated, ...], source: str) -> None:
    ordered = sorted(values, key=lambda v: v.valid_from or dt.date.min)
    for earlier, later in zip(ordered, ordered[1:], strict=False):
        if (earlier.valid_to or dt.date.max) >= (later.valid_from or dt.date.min):
            raise LimitsError(f"{source}: values of {name} overlap")


def is_working_day(day: dt.date) -> bool:
    """Whether a day is neither a Saturday, a Sunday nor a public holiday of Poland."""
    return day.weekday() < _SATURDAY and day not in _holidays()


def add_working_days(day: dt.date, count: int) -> dt.date:
    """Return the last day of a term counted in working days.

    :param day: the day of the event; the term begins on the next one (art. 57 § 1 KPA)
    :param count: how many working days the term has, at least one
    """
    left = count
    while left > 0:
        day += dt.timedelta(days=1)
        left -= is_working_day(day)
    return day


@cache
def _holidays() -> holidays.HolidayBase:
    return holidays.country_holidays("PL")
