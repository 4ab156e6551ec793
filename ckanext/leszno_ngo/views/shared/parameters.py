"""What the parameters of the API's actions are: CKAN and ckanext-harvest use them unseen.

Actions of this extension have schemas (``logic.schema``), and so have the datastore's: here are
names that others break on. Fields of records are looked at where they are kept (``logic.kinds``).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import authz

from ckanext.leszno_ngo import bounds
from ckanext.leszno_ngo.ckan_compat import harvesting, lookups
from ckanext.leszno_ngo.logic import kinds

_ALWAYS_TEXTS = ("id", "name", "type", "owner_org")
_TEXTS = (
    *("dataset_id", "exclude", "format", "group_id", "guid", "harvest_object_id", "include"),
    *("job_id", "level", "object", "object_id", "object_type", "org_id", "organization_id"),
    *("capacity", "package_id", "q", "resource_id", "role", "source_id", "user", "user_id"),
    *("username", "vocabulary_id"),
)
_NUMBERS = ("rows", "start", "limit", "offset", "per_page", "life_span")
#: Parameters of actions that read: flags by their names, counts, texts, and lists of texts.
_FLAG = re.compile(r"(?:(?:include|all|only|use)_\w+|return_last_job_status)$")
_COUNTS = ("page", "facet.limit", "facet.mincount")
_COUNT = re.compile(r"-?[0-9]{1,9}")
_TEXTS_OF_READING = ("sort", "order_by", "modified_since")
_LISTS_OF_READING = ("fl", "groups", "organizations", "profiles", "query", "terms")
MOMENTS = ("after", "before", "since", "timestamp")
#: The last second that a date has (31 December 9999), since 1970.
LAST_SECOND = 253_402_300_799
#: Characters of a number; what is longer is none.
_LONGEST_NUMBER = 100
#: Solr counts in 32 bits.
_MOST = 2**31 - 1
_LISTS = ("datasets", "facet.field", "fq_list")
#: CKAN's actions in bulk take a page of records.
_LONGEST_LIST = 1000
#: Lists that CKAN goes through as they are: a text would be a list of its letters.
_NO_TEXTS = ("fq_list",)
#: Actions with a table among their parameters.
_TABLES = {"task_status_update_many": "data", "term_translation_update_many": "data"}
#: Actions with an object among their parameters.
_OBJECTS = {"tag_autocomplete": "fields", "tag_search": "fields"}
#: Actions that break without a parameter.
_NEEDED = {
    **dict.fromkeys(
        (
            "dcat_dataset_show",
            "group_member_create",
            "group_member_delete",
            "harvest_job_abort",
            "harvest_object_create",
            "harvest_source_clear",
            "harvest_source_delete",
            "harvest_source_index_clear",
            "harvest_source_job_history_clear",
            "harvest_source_patch",
            "harvest_source_restore",
            "harvest_source_show_status",
            "harvest_source_update",
            "organization_member_create",
            "organization_member_delete",
            "package_collaborator_delete",
        ),
        "id",
    ),
    **dict.fromkeys(("bulk_update_delete", "bulk_update_private", "bulk_update_public"), "org_id"),
    **dict.fromkeys(("group_autocomplete", "organization_autocomplete"), "q"),
    "datastore_run_triggers": "resource_id",
    "harvest_abort_failed_jobs": "life_span",
    "harvest_get_notifications_recipients": "source_id",
    "harvest_job_create": "source_id",
    "task_status_update_many": "data",
    "term_translation_update_many": "data",
    "user_invite": "group_id",
}
#: Actions whose rules break without an account: CKAN's view has them asked by nobody, too.
_FOR_ACCOUNTS = ("harvest_", "group_member_", "organization_member_")
#: CKAN lets everybody ask what its rules then break on.
_NEVER_ANONYMOUS = "package_collaborator_"
#: What tells by its answer whether there is an account; who may make one asks without one.
_TELLS_ACCOUNTS = re.compile(r"(?!user_create$).*(?:user|followee)")
# They look at their parameters themselves, and take objects where others take texts.
_LOOK_THEMSELVES = ("leszno_ngo_", "datastore_")


#: What ckanext-datastore goes through as it is: tables, and lists that may be texts with commas.
_DATASTORE = "datastore_"
_TABLES_OF_DATASTORE = ("records", "triggers")
_LISTS_OF_DATASTORE = ("aliases", "primary_key", "indexes")


def is_action(name: str) -> bool:
    """Whether what is asked for by the name is an action, as far as it is known here."""
    return name not in harvesting.NO_ACTIONS


def may_be_asked(action: str, method: str) -> bool:
    """Whether an action may be asked for by a method of HTTP.

    CKAN routes ``HEAD`` as a reading request, looks for no token in it, and carries it out.

    :param action: its name
    :param method: such as ``HEAD``
    :returns: ``False`` for an action that changes data by a method that only reads (RFC 9110, 9.2)
    """
    if method not in ("HEAD", "OPTIONS"):
        return True  # CKAN refuses GET itself
    try:
        return getattr(tk.get_action(action), "side_effect_free", False)
    except KeyError:
        return True  # CKAN says that there is none


def needs_account(action: str) -> bool:
    """Whether an action is for accounts alone, and breaks where none asks.

    :param action: its name
    """
    if action.startswith(_NEVER_ANONYMOUS) or _TELLS_ACCOUNTS.match(action):
        return True
    if not action.startswith(_FOR_ACCOUNTS) or action not in authz.auth_functions_list():
        return False
    rule = lookups.auth_rule(action)
    return not getattr(rule, "auth_allow_anonymous_access", False)


def fault(action: str, given: Mapping[str, Any]) -> str | None:
    """Say what is wrong with the parameters of an action.

    :param action: its name
    :param given: its parameters, as CKAN reads them
    :returns: a sentence with the parameter's name; ``None`` where nothing is wrong
    """
    looks_itself = action.startswith(_LOOK_THEMSELVES)
    names = _ALWAYS_TEXTS if looks_itself else (*_ALWAYS_TEXTS, *_TEXTS)
    found = [_no_texts(names, given), _no_numbers(given), _missing(action, given)]
    if action.startswith(_DATASTORE):
        found.append(_odd_of_datastore(given))
    if not looks_itself:
        least = -1 if action == "job_list" else 0  # where -1 is "all of them"
        found += [
            _no_moments(given),
            _out_of_range(least, given),
            _odd(action, given),
            _too_long(given),
            _odd_owner(given),
        ]
    return next(chain.from_iterable(found), None)


def _no_texts(names: Iterable[str], given: Mapping[str, Any]) -> Iterator[str]:
    for name in names:
        if not isinstance(given.get(name), (str, type(None))):
            yield tk._("The parameter %(name)s must be a text") % {"name": name}


def _no_numbers(given: Mapping[str, Any]) -> Iterator[str]:
    for name in _NUMBERS:
        if not isinstance(given.get(name), (int, float, str, type(None))):
            yield tk._("The parameter %(name)s must be a number") % {"name": name}


def _no_moments(given: Mapping[str, Any]) -> Iterator[str]:
    for name in MOMENTS:
        if not is_moment(given.get(name)):
            yield tk._("The parameter %(name)s must be a number") % {"name": name}


def is_moment(value: Any) -> bool:
    """Whether a value is a moment (seconds since 1970), or what an action refuses itself.

    :param value: a value of JSON, or the text of a parameter
    """
    try:
        return abs(float(value or 0)) <= LAST_SECOND
    except (TypeError, ValueError):
        return True  # CKAN says so itself
    except OverflowError:
        return False


def _out_of_range(least: int, given: Mapping[str, Any]) -> Iterator[str]:
    for name in _NUMBERS:
        if not _is_in_range(given.get(name), least):
            said = tk._("The parameter %(name)s must be a number from 0 to %(most)s")
            yield said % {"name": name, "most": _MOST}


def _missing(action: str, given: Mapping[str, Any]) -> Iterator[str]:
    needed = _NEEDED.get(action)
    if needed and not given.get(needed):
        yield tk._("The parameter %(name)s has no value") % {"name": needed}


def _odd(action: str, given: Mapping[str, Any]) -> Iterator[str]:
    table = _TABLES.get(action)
    if table and not kinds.is_table(given.get(table), of_texts=True):
        yield tk._("The parameter %(name)s must be a list of objects") % {"name": table}
    one = _OBJECTS.get(action)
    if one and not isinstance(given.get(one), (Mapping, type(None))):
        yield tk._("The parameter %(name)s must be an object") % {"name": one}
    is_reading = getattr(tk.get_action(action), "side_effect_free", False)
    for name in given if is_reading else _LISTS:
        if not kinds.is_list(given.get(name)):
            yield tk._("The parameter %(name)s must be a text or a list of texts") % {"name": name}
    if is_reading:
        yield from _odd_of_reading(given)


def _odd_of_reading(given: Mapping[str, Any]) -> Iterator[str]:
    """Refuse values of parameters that CKAN's lists and searches have in common."""
    for name, value in given.items():
        if value is None:
            continue
        if _FLAG.match(name) and not _is_flag(value):
            yield tk._("The parameter %(name)s must be true or false") % {"name": name}
        elif name in _COUNTS and not _COUNT.fullmatch(str(value)):
            yield tk._("The parameter %(name)s must be a number") % {"name": name}
        elif name in _NUMBERS and value == "":
            yield tk._("The parameter %(name)s has no value") % {"name": name}
        elif name in _TEXTS_OF_READING and not isinstance(value, str):
            yield tk._("The parameter %(name)s must be a text") % {"name": name}
        elif name in _LISTS_OF_READING and not kinds.is_words(value):
            yield tk._("The parameter %(name)s must be a text or a list of texts") % {"name": name}


def _odd_owner(given: Mapping[str, Any]) -> Iterator[str]:
    """Refuse an owner of files that has no rules: CKAN looks its rules up by name."""
    owner = given.get("owner_type")
    if owner is not None and f"{owner}_update" not in authz.auth_functions_list():
        yield tk._("The parameter %(name)s has an unknown value") % {"name": "owner_type"}


def _odd_of_datastore(given: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(given.get("resource"), (Mapping, type(None))):
        yield tk._("The parameter %(name)s must be an object") % {"name": "resource"}
    for name in _TABLES_OF_DATASTORE:
        if not kinds.is_table(given.get(name)):
            yield tk._("The parameter %(name)s must be a list of objects") % {"name": name}
    for name in _LISTS_OF_DATASTORE:
        if not kinds.is_words(given.get(name)):
            yield tk._("The parameter %(name)s must be a text or a list of texts") % {"name": name}


def _is_flag(value: Any) -> bool:
    try:
        tk.asbool(value)
    except ValueError:
        return False
    return True


def _too_long(given: Mapping[str, Any]) -> Iterator[str]:
    """Refuse texts for lists, and lists with more than anybody asks for."""
    for name in _NO_TEXTS:
        if isinstance(given.get(name), str):
            yield tk._("The parameter %(name)s must be a list of texts") % {"name": name}
    for name in _LISTS:
        value = given.get(name)
        texts = list(map(str, value)) if isinstance(value, list) else [str(value or "")]
        if len(texts) > _LONGEST_LIST or sum(map(len, texts)) > bounds.QUERY_STRING:
            yield tk._("The parameter %(name)s is too long") % {"name": name}


def _is_in_range(value: Any, least: int) -> bool:
    if isinstance(value, float) and not math.isfinite(value):
        return False
    try:
        return least <= int(value or 0) <= _MOST
    except ValueError:
        # No number: the action says so itself, unless there are more digits than Python reads.
        return len(str(value)) <= _LONGEST_NUMBER
