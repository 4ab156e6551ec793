"""The calendar (``/kalendarz``): a month of deadlines, events, consultations, and a list of it."""

from __future__ import annotations

import datetime as dt
import logging

import ckan.plugins.toolkit as tk
from flask import Blueprint

from ckanext.leszno_ngo import datetimes, polish
from ckanext.leszno_ngo.search.solr import AWAY
from ckanext.leszno_ngo.views.pages.calendar_entries import types, weeks

log = logging.getLogger(__name__)

calendar = Blueprint("leszno_ngo_calendar", __name__)

_VIEWS = ("miesiac", "lista")
_YEARS = range(1990, 2101)
# Months before and after the present one that are offered for choice.
_OFFERED = range(-12, 19)


@calendar.route("/kalendarz")
def month() -> str | tuple[str, int]:
    """Show a month (``?month=2026-12``), as a grid or as a list (``?view=lista``).

    :returns: the page; status 503 while Solr is away
    """
    today = datetimes.today(dt.datetime.now(dt.timezone.utc))
    first = _month(tk.request.args.get("month"), today)
    view = tk.request.args.get("view")
    chosen = [t for t in types() if t.name in tk.request.args.getlist("type")]
    status = 200
    try:
        grid = weeks(first, today, chosen or types())
    except AWAY as error:
        log.error("The calendar has no entries: %s", error)
        grid, status = weeks(first, today, []), 503
    page = tk.render(
        "leszno_ngo/calendar.html",
        {
            "first": first,
            "title": polish.format_month(first, tk.h.leszno_ngo_lang()),
            "weeks": grid,
            "days": [day for week in grid for day in week if day.in_month and day.shown],
            "view": view if view in _VIEWS else _VIEWS[0],
            "types": types(),
            "chosen": [t.name for t in chosen],
            "months": _months_around(first, today),
            "before": _neighbour(first, -1),
            "after": _neighbour(first, 1),
            "is_away": status != 200,  # noqa: PLR2004
        },
    )
    return page if status == 200 else (page, status)  # noqa: PLR2004


def _month(text: str | None, today: dt.date) -> dt.date:
    """Read ``2026-12``; what is no month is the present one."""
    try:
        first = dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return first if first.year in _YEARS else today.replace(day=1)


def _months_around(first: dt.date, today: dt.date) -> list[dt.date]:
    """The months offered: those about the present one, and the one shown."""
    present = today.replace(day=1)
    return sorted({first, *(_neighbour(present, step) for step in _OFFERED)})


def _neighbour(first: dt.date, step: int) -> dt.date:
    years, month_number = divmod(first.month - 1 + step, 12)
    return dt.date(first.year + years, month_number + 1, 1)
