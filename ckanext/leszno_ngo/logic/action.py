"""Actions of the API (shown by ``help_show``; documented in docs/api.md)."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from ckanext.leszno_ngo import config, identifiers, record_types, vocabularies
from ckanext.leszno_ngo.catalogue import changes, figures, identity, plans
from ckanext.leszno_ngo.logic import schema
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.search import statistics, suggest

__all__ = [
    "leszno_ngo_changes",
    "leszno_ngo_lookup",
    "leszno_ngo_programme",
    "leszno_ngo_statistics",
    "leszno_ngo_suggest",
]


@tk.side_effect_free
@tk.validate_action_data(schema.leszno_ngo_lookup)
def leszno_ngo_lookup(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return the record that has a register number, in any spelling.

    Spaces, dashes, the prefix ``PL``, leading zeros lost by a spreadsheet and the five zeros that
    KRS adds to a REGON make no difference. Anyone may call it, by GET or POST. Only records that
    the caller may see are found: for anonymous callers, the public ones.

    Give exactly one of these:

    :param krs: number in the National Court Register (KRS), 1 to 10 digits
    :type krs: string
    :param nip: tax number (NIP), 10 digits with a right control digit
    :type nip: string
    :param regon: REGON number, 9 or 14 digits with a right control digit
    :type regon: string
    :param register_number: number in the register kept by the Mayor, as that register writes it
    :type register_number: string
    :param identifier: any of the above, when the caller does not know which it is
    :type identifier: string

    And optionally:

    :param type: record type (default: ``ngo``)
    :type type: string

    :returns: the record, as ``package_show`` gives it
    :rtype: dictionary

    :raises ckan.logic.NotFound: no record that the caller may see has the number (HTTP 404)
    :raises ckan.logic.ValidationError: no parameter or more than one was given, the number has a
        wrong length, characters or control digit, or there is no such record type; the error is
        under the name of the parameter (HTTP 409)

    Example::

        /api/3/action/leszno_ngo_lookup?krs=31247
    """
    tk.check_access("leszno_ngo_lookup", context, data_dict)
    record_type = record_types.get(data_dict["type"])
    assert record_type  # the schema let only known types through
    for field, value in _candidates(record_type, data_dict):
        for owner in identity.DatabaseIdentity().owners(record_type.name, field, value):
            record = _shown(context, owner.id)
            if record:
                return record
    raise tk.ObjectNotFound(
        tk._("No record in the catalogue has the number %(number)s") % {"number": _given(data_dict)}
    )


def _candidates(record_type: RecordType, data_dict: DataDict) -> list[tuple[str, str]]:
    """Return the pairs (field, canonical value) to look for, likeliest first."""
    given = next((name for name in schema.identity_fields() if data_dict.get(name)), None)
    if given:
        if given not in record_type.identity:
            raise tk.ValidationError({given: [tk._("Records of this type have no such number")]})
        return [(given, data_dict[given])]
    text = data_dict["identifier"]
    guessed = [pair for pair in identifiers.guess(text) if pair[0] in record_type.identity]
    # Numbers of registers without a canonical form are compared as they are written.
    plain = [(f, text) for f in record_type.identity if f not in identifiers.NORMALISERS]
    return guessed + plain


def _shown(context: Context, record_id: str) -> dict[str, Any] | None:
    """Return a record, or nothing when the caller may not see it: it is then as if not there."""
    try:
        return tk.get_action("package_show")(tk.fresh_context(context), {"id": record_id})
    except tk.NotAuthorized:
        return None


def _given(data_dict: DataDict) -> str:
    names = [*schema.identity_fields(), "identifier"]
    return next(str(data_dict[name]) for name in names if data_dict.get(name))


@tk.side_effect_free
@tk.validate_action_data(schema.leszno_ngo_statistics)
def leszno_ngo_statistics(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Count the public records of a type: by sphere, legal form, status, OPP, year and so on.

    Whoever calls, only public records are counted, so the numbers are those of the search page.
    Anyone may call it, by GET or POST.

    :param type: record type (default: ``ngo``)
    :type type: string

    :returns: ``type`` (string), ``total`` (number of records) and ``fields``: one dictionary a
        field that the type declares under ``record_type.statistics``, each with ``name``,
        ``label`` (``{"pl": …, "en": …}``) and ``counts``, a list of dictionaries with ``value``,
        ``label`` and ``count``:

        - fields with a vocabulary: every code in the vocabulary's order, with 0 where no record
          has it
        - flags: ``true`` and ``false``
        - dates and lists of years: years (four digits) that occur, from the earliest
        - other fields: values that occur, the most frequent first

        A record with several values (several spheres) counts in each, so the counts of a field
        may add up to more than ``total``; records without a value count in none.
    :rtype: dictionary

    :raises ckan.logic.ValidationError: there is no such record type (HTTP 409)

    Example::

        /api/3/action/leszno_ngo_statistics?type=ngo
    """
    tk.check_access("leszno_ngo_statistics", context, data_dict)
    record_type = record_types.get(data_dict["type"])
    assert record_type  # the schema let only known types through
    return statistics.count(record_type)


@tk.side_effect_free
@tk.validate_action_data(schema.leszno_ngo_suggest)
def leszno_ngo_suggest(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Suggest public records while a person types.

    Words are beginnings of words of a record's title, in any order, with or without Polish
    letters; a number of three digits or more is the beginning of an identifier (KRS, REGON, NIP
    or the city's register) in any spelling. On a Solr with CKAN's own schema a part of the title
    or of the page's address is looked for, and Polish letters matter. Anyone may call it, by GET
    or POST.

    :param q: what was typed so far; a text without a word gives an empty list
    :type q: string
    :param type: record type, or several with commas between (default: all record types)
    :type type: string
    :param limit: the most suggestions, 1 to 20 (default: the option
        ``ckanext.leszno_ngo.search.suggestions``)
    :type limit: int

    :returns: dictionaries, the best first, with ``name`` (of the record's page), ``title``,
        ``type`` and ``identifiers`` (identity field → number; fields without one are left out)
    :rtype: list of dictionaries

    :raises ckan.logic.ValidationError: ``limit`` is out of range or there is no such record type
        (HTTP 409)

    Example::

        /api/3/action/leszno_ngo_suggest?q=klub+pl
    """
    tk.check_access("leszno_ngo_suggest", context, data_dict)
    known = [record_type.name for record_type in record_types.all_types()]
    types = data_dict.get("type") or known
    limit = data_dict.get("limit") or config.suggestion_limit()
    return suggest.suggest(data_dict.get("q") or "", types, limit)


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
@tk.validate_action_data(schema.leszno_ngo_programme)
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
    found = figures.work_out(data_dict.get("year"))
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


@tk.side_effect_free
@tk.validate_action_data(schema.leszno_ngo_changes)
def leszno_ngo_changes(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """List what has changed in the public catalogue, so that a copy of it can keep up.

    Ask without a beginning and go on with ``cursor`` while ``more`` is true: that is the first
    copy. Ask with the last ``cursor`` whenever you like: that is what has changed since. Every
    change is a whole record or the sign that it has gone; put it into the copy under its ``id`` in
    the order given. No change is left out; one that is not committed yet comes afterwards. Anyone
    may call it, by GET or POST.

    :param modified_since: a moment (ISO 8601; UTC where there is no offset) to begin at instead of
        the beginning
    :type modified_since: string
    :param cursor: where to go on, from the answer before; not together with ``modified_since``
    :type cursor: string
    :param type: record type, or several with commas between (default: all record types)
    :type type: string
    :param limit: the most changes in the answer, 1 to 1000 (default: 200)
    :type limit: int

    :returns: a dictionary with

        - ``changes``, the oldest first, each record once: dictionaries with ``id``, ``type``,
          ``changed`` (UTC) and ``record``, its fields as ``package_show`` gives them without what
          is worked out anew each time (``computed``) or is about the department
          (``organization``); a record that was deleted, purged or taken back to draft has
          ``"deleted": true`` in the place of ``record``
        - ``cursor``, for the next question
        - ``more``: whether there are more changes now
    :rtype: dictionary

    :raises ckan.logic.ValidationError: a parameter is none of these things (HTTP 409)

    Example::

        /api/3/action/leszno_ngo_changes?modified_since=2026-11-25T00:00:00Z&type=grant
    """
    tk.check_access("leszno_ngo_changes", context, data_dict)
    types = data_dict.get("type") or [t.name for t in record_types.all_types()]
    start = data_dict.get("cursor") or changes.Cursor(since=data_dict.get("modified_since"))
    page = changes.read(types, start, data_dict.get("limit") or schema.USUAL_CHANGES)
    return {"changes": page.changes, "cursor": str(page.cursor), "more": page.more}
