"""What officials write themselves: the introduction, how the programme was made, conclusions."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import datetimes, polish
from ckanext.leszno_ngo.cooperation.report.model import Section, words
from ckanext.leszno_ngo.cooperation.report.writer import Writer


def introduction(writer: Writer) -> Section:
    """What the report is, and which programme it is about."""
    plan = writer.year.plan or {}
    paragraphs = [
        tk._(
            "This report is made under art. 5a(3) of the act of 24 April 2003 on public "
            "benefit and volunteering. It is presented to the City Council and published in "
            "the Public Information Bulletin by 31 May of the next year."
        )
    ]
    if plan:
        said = [plan["title"], plan.get("resolution"), _on(writer, plan.get("adopted_date"))]
        paragraphs.append(
            tk._("The year's programme: %(programme)s.")
            % {"programme": ", ".join(filter(None, said))}
        )
    else:
        paragraphs.append(tk._("The catalogue has no record of this year's programme."))
    paragraphs.append(
        tk._(
            "The figures are counted from the catalogue's public records as of %(day)s. Each "
            "number leads to the records behind it."
        )
        % {"day": polish.format_date(writer.day, writer.lang)}
    )
    return Section("introduction", tk._("Introduction"), words(*paragraphs))


def _on(writer: Writer, day: str | None) -> str:
    if not day:
        return ""
    return tk._("adopted on %(day)s") % {"day": polish.format_date(datetimes.day(day), writer.lang)}


def making(writer: Writer) -> Section:
    """How the programme was consulted."""
    plan = writer.year.plan or {}
    consulted = plan.get("consulted_date")
    paragraphs = [plan.get("consultation_note") or ""]
    if consulted:
        day = polish.format_date(datetimes.day(consulted), writer.lang)
        paragraphs.append(tk._("The consultations ended on %(day)s.") % {"day": day})
    if plan.get("priorities"):
        paragraphs.append(tk._("Priority tasks: %(tasks)s") % {"tasks": plan["priorities"].strip()})
    return Section(
        "making",
        tk._("How the programme was made"),
        words(*filter(None, paragraphs)),
        to_write=tk._("Who was consulted, how many remarks came and how many were accepted."),
    )


def conclusions(writer: Writer) -> Section:
    """What an official concluded, or room for it."""
    said = (writer.year.plan or {}).get("conclusions")
    return Section(
        "conclusions",
        tk._("Conclusions"),
        words(said) if said else (),
        to_write="" if said else tk._("What went well, what did not, what changes next year."),
    )
