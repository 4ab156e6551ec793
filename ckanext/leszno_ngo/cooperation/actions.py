"""Actions of the cooperation (shown by ``help_show``; documented in docs/api.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict, Schema

from ckanext.leszno_ngo import vocabularies
from ckanext.leszno_ngo.cooperation import figures, plans
from ckanext.leszno_ngo.logic import response_schemas
from ckanext.leszno_ngo.logic.api_actions import ApiAction
from ckanext.leszno_ngo.logic.response_schemas import LABEL, NUMBER, TEXT, list_of, object_of
from ckanext.leszno_ngo.logic.schema import optional

__all__ = ["leszno_ngo_programme"]


def _accepts() -> Schema:
    return {"year": optional("leszno_ngo_year")}


#: What a year's programme says of itself in the answer of ``leszno_ngo_programme``.
_PLAN = (
    "name",
    "title",
    "status",
    "resolution",
    "adopted_date",
    "planned_amount",
    "small_grants_amount",
    "planned_by_sphere",
    "priorities",
    "report_due_date",
)


@tk.side_effect_free
@tk.validate_action_data(_accepts)
def leszno_ngo_programme(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Count a year of the programme of cooperation: its nine goals and thirty-one forms.

    Whoever calls, only public records are counted. Records of types that have a programme year
    count in theirs, and what runs for several years in each of them; the register of
    organisations, premises and guides are counted as they stand today, in every year. A record
    with several forms counts in each, so counts of forms may add up to more than the goal's or the
    total. Anyone may call it, by GET or POST.

    :param year: programme year, four digits (default: the newest year with records that has
        begun)
    :type year: string

    :returns: a dictionary with

        - ``year``, and ``years`` with records, the newest first
        - ``programme``: ``name``, ``title``, ``status``, ``resolution``, ``adopted_date``,
          ``planned_amount``, ``small_grants_amount``, ``planned_by_sphere``, ``priorities`` and
          ``report_due_date`` of the year's programme; ``null`` when the catalogue has no record
          of it
        - ``total``, with ``count`` and ``parts`` (each record once)
        - ``goals`` and ``forms``, all of them in the programme's order, each with ``code``,
          ``label`` (``{"pl": …, "en": …}``), ``count``, ``parts``; goals also ``forms`` and forms
          ``goals``, as codes

        A part is what records of one type give: ``type``, ``count``, ``money`` (role → ``field``,
        ``label`` and ``amount`` in złoty; empty on a Solr with CKAN's own schema) and ``search``,
        the address (without the portal's) of the search that finds these records. Of grants and
        calls ``money`` is of all sources together; ``sources`` are the same by whose money it is:
        ``code`` (``city``, ``outside``, ``passed_on`` of the vocabulary ``money_source``),
        ``label`` and what a part has. Money passed on by an operator is in the operator's own
        grant already.
    :rtype: dictionary

    :raises ckan.logic.ValidationError: ``year`` is no year (HTTP 409)

    Example::

        /api/3/action/leszno_ngo_programme?year=2026
    """
    tk.check_access("leszno_ngo_programme", context, data_dict)
    found = figures.compute_figures(data_dict.get("year"))
    plan = plans.of_year(found.year)
    forms = [{**_line(line), "goals": list(line.goals)} for line in found.forms]
    return {
        "year": found.year,
        "years": [line.code for line in found.years],
        "programme": {name: plan.get(name) for name in _PLAN} if plan else None,
        "total": {"count": found.total.count, "parts": _parts(found.total)},
        "goals": [
            {
                **_line(line),
                "forms": [form["code"] for form in forms if line.code in form["goals"]],
            }
            for line in found.goals
        ],
        "forms": forms,
    }


def _line(line: figures.Line) -> dict[str, Any]:
    labels = dict(line.term.labels) if line.term else {}
    return {"code": line.code, "label": labels, "count": line.count, "parts": _parts(line)}


def _parts(line: figures.Line) -> list[dict[str, Any]]:
    return [
        {**_part(part), "sources": [_source(code, one) for code, one in part.sources.items()]}
        for part in line.parts
    ]


def _source(code: str, part: figures.Part) -> dict[str, Any]:
    """The records of a part that give one body's money."""
    term = vocabularies.get(figures.SOURCE).get(code)
    return {"code": code, "label": dict(term.labels) if term else {}, **_part(part)}


def _part(part: figures.Part) -> dict[str, Any]:
    return {
        "type": part.type.name,
        "count": part.count,
        "money": {
            role: {
                "field": part.type.money[role],
                "label": part.type.field(part.type.money[role]).label,
                "amount": amount,
            }
            for role, amount in part.money.items()
        },
        "search": part.search,
    }


_MONEY: response_schemas.Schema = {
    "type": "object",
    "additionalProperties": object_of(field=TEXT, label=LABEL, amount={"type": "number"}),
}
_PART = {"type": TEXT, "count": NUMBER, "money": _MONEY, "search": TEXT}
_SOURCES = list_of(object_of(code=TEXT, label=LABEL, **_PART))
_PARTS = list_of(object_of(**_PART, sources=_SOURCES))
_LINE = {"code": TEXT, "label": LABEL, "count": NUMBER, "parts": _PARTS}
_ANSWER = object_of(
    year=TEXT,
    years=list_of(TEXT),
    programme={"type": ["object", "null"]},
    total=object_of(count=NUMBER, parts=_PARTS),
    goals=list_of(object_of(**_LINE, forms=list_of(TEXT))),
    forms=list_of(object_of(**_LINE, goals=list_of(TEXT))),
)

#: Name → the action as the API's description tells of it.
DESCRIBED: Mapping[str, ApiAction] = {
    "leszno_ngo_programme": ApiAction(leszno_ngo_programme, _accepts, _ANSWER)
}
