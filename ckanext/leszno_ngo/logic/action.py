"""Actions of the API (shown by ``help_show``; documented in docs/api.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from ckanext.leszno_ngo import config, identifiers, record_types
from ckanext.leszno_ngo.catalogue import changes, identity
from ckanext.leszno_ngo.logic import response_schemas, schema
from ckanext.leszno_ngo.logic.api_actions import ApiAction
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.search import statistics, suggest

__all__ = [
    "leszno_ngo_changes",
    "leszno_ngo_lookup",
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

    :param type: record type (default: the first whose records have numbers, ``ngo``)
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

    :param type: record type (default: the first whose records have numbers, ``ngo``)
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
    page = changes.read_changes(types, start, data_dict.get("limit") or schema.USUAL_CHANGES)
    return {"changes": page.changes, "cursor": str(page.cursor), "more": page.more}


#: Name → the action as the API's description tells of it.
DESCRIBED: Mapping[str, ApiAction] = {
    name: ApiAction(globals()[name], getattr(schema, name), response_schemas.ANSWERS[name])
    for name in __all__
}
