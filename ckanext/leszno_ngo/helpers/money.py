"""Sums of money and their charts, for templates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import polish
from ckanext.leszno_ngo.catalogue.money import Money, Sum
from ckanext.leszno_ngo.exports import display_values
from ckanext.leszno_ngo.helpers.texts import leszno_ngo_lang
from ckanext.leszno_ngo.record_types import RecordType

# What fits beside an amount in a chart: on a wide window, on a telephone.
_WIDE, _NARROW = 62, 26
#: The most columns of a chart by year.
_COLUMNS = 8


@dataclass(frozen=True)
class Bar:
    """A bar of a chart: what it is, how much, its length in per cent of the longest one."""

    label: str
    wide: str
    narrow: str
    amount: str
    share: float


def leszno_ngo_sum(money: Sum) -> str:
    """Return a sum for people; a dash where nothing of it is known."""
    return display_values.amount(money, leszno_ngo_lang())


def leszno_ngo_made_of(money: Sum, record_type: RecordType) -> str:
    """Say of how many records a sum is made where some are not known; empty where all are."""
    return display_values.made_of(money, record_type, leszno_ngo_lang())


def leszno_ngo_measures() -> dict[str, str]:
    """Return the measures of money with what they are called, in the order in which money goes."""
    return display_values.measures()


def leszno_ngo_bars(rows: Iterable[tuple[str, Sum]]) -> list[Bar]:
    """Return the bars of a chart.

    :param rows: what each bar is called, and its sum; nothing known is a bar of no length
    """
    listed = list(rows)
    most = max((one.amount or 0 for _label, one in listed), default=0)
    return [
        Bar(
            label,
            _short(label, _WIDE),
            _short(label, _NARROW),
            _said(one),
            round(float(100 * max(0, one.amount or 0) / most), 2) if most else 0,
        )
        for label, one in listed
    ]


def leszno_ngo_columns_of(years: Sequence[tuple[str, Money]], measure: str) -> list[Bar]:
    """Return the columns of a chart by year, the earliest first; the last years where many are.

    Amounts are in thousands of złoty, as much as fits under a column.
    """
    bars = leszno_ngo_bars([(year, money[measure]) for year, money in years[-_COLUMNS:]])
    sums = [money[measure] for _year, money in years[-_COLUMNS:]]
    return [
        Bar(bar.label, bar.wide, bar.narrow, _thousands(one), bar.share)
        for bar, one in zip(bars, sums, strict=True)
    ]


def _said(money: Sum) -> str:
    note = display_values.made_of(money, None, leszno_ngo_lang())
    return f"{leszno_ngo_sum(money)} ({note})" if note else leszno_ngo_sum(money)


def _thousands(money: Sum) -> str:
    if money.amount is None:
        return "–"
    number = money.amount / 1000
    return polish.format_number(number, leszno_ngo_lang(), 1 if 0 < number < 10 else 0)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def leszno_ngo_chart_said(bars: Sequence[Bar]) -> str:
    """Return what a chart says to those who do not see it: the first bars, in words."""
    said = [f"{bar.label}: {bar.amount}" for bar in bars[:_COLUMNS]]
    more = len(bars) - len(said)
    rest = tk.ungettext("and %(num)d more", "and %(num)d more", more) % {"num": more}
    return "; ".join([*said, rest] if more else said)
