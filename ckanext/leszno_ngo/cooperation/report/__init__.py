"""The yearly report as a document, a module a part.

The page and the DOCX are made of the same document, so they say the same. Every number that
counts or sums records leads to the search that finds them.
"""

from __future__ import annotations

import datetime as dt

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import config, datetimes, feature_plugins
from ckanext.leszno_ngo.cooperation.report.calls import calls
from ckanext.leszno_ngo.cooperation.report.consultations import consultations
from ckanext.leszno_ngo.cooperation.report.goals import goals
from ckanext.leszno_ngo.cooperation.report.model import Report, Section
from ckanext.leszno_ngo.cooperation.report.modes import mode, single_modes
from ckanext.leszno_ngo.cooperation.report.money import money
from ckanext.leszno_ngo.cooperation.report.organisations import organisations
from ckanext.leszno_ngo.cooperation.report.partnerships import partnerships
from ckanext.leszno_ngo.cooperation.report.records import Year
from ckanext.leszno_ngo.cooperation.report.trend import trend
from ckanext.leszno_ngo.cooperation.report.without_money import without_money
from ckanext.leszno_ngo.cooperation.report.wording import conclusions, introduction, making
from ckanext.leszno_ngo.cooperation.report.writer import Writer

__all__ = ["Report", "Section", "Year", "document"]

feature_plugins.require_libraries(
    "leszno_ngo_report", "ckanext-leszno_ngo[report]", "docx", "matplotlib"
)


def document(year: Year, lang: str, now: dt.datetime) -> Report:
    """Write the report.

    :param year: what was gathered
    :param lang: ``pl`` or ``en``; texts of the page are in the language of the request
    :param now: the moment that the figures are of
    """
    writer = Writer(year, lang, datetimes.today(now))
    return Report(
        year=writer.code,
        title=tk._("Report on the programme of cooperation in %(year)s") % {"year": writer.code},
        publisher=config.publisher_name(),
        sections=_sections(writer),
    )


def _sections(writer: Writer) -> tuple[Section, ...]:
    """All sections, in the order of published reports of municipalities."""
    return (
        introduction(writer),
        making(writer),
        money(writer),
        calls(writer),
        *(mode(writer, name, title) for name, title in single_modes()),
        organisations(writer),
        goals(writer),
        without_money(writer),
        partnerships(writer),
        consultations(writer),
        trend(writer),
        conclusions(writer),
    )
