"""Data against the structs of ``declarations``: every fault is found, not the first alone.

msgspec converts whole structs and stops at the first fault; here each value is looked at by
itself, so that a message has all faults of a file.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import types
from collections.abc import Collection, Iterator, Mapping
from typing import (
    Annotated,
    Any,
    Literal,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

import msgspec

from ckanext.leszno_ngo.record_types.declarations import (
    LANGUAGE,
    FieldDeclaration,
    Localised,
    TypeFile,
)
from ckanext.leszno_ngo.record_types.faults import Fault, Path, choice

S = TypeVar("S", bound=msgspec.Struct)

#: Where a schema has its fields.
_FIELDS = ("dataset_fields", "resource_fields", "repeating_subfields")
_IS_LANGUAGE = re.compile(LANGUAGE).fullmatch


def faults(kind: Any, value: Any, path: Path = ()) -> Iterator[Fault]:
    """Give what keeps a value from being of a kind.

    :param kind: a struct or a type that msgspec knows
    :param value: data as YAML gives it
    :param path: where the value is in its file
    """
    value = without_other_languages(value)
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        yield from _inner_faults(kind, value, path) or [
            Fault(path, f"found {_shown(value)}", _remedy(kind, value))
        ]


def without_other_languages(value: Any) -> Any:
    """Return data without the texts in other languages than those that pages have.

    A text may have them beside its Polish and English: ckanext-scheming's own pages show them.
    """
    if isinstance(value, list):
        return [without_other_languages(one) for one in value]
    if not isinstance(value, Mapping):
        return value
    is_localised = not keys(Localised).keys().isdisjoint(value)
    return {
        key: without_other_languages(inner)
        for key, inner in value.items()
        if not (is_localised and _is_other_language(key, inner))
    }


def _is_other_language(key: Any, inner: Any) -> bool:
    is_language = isinstance(key, str) and key not in keys(Localised) and _IS_LANGUAGE(key)
    return bool(is_language) and bool(inner) and isinstance(inner, (str, Mapping))


def _inner_faults(kind: Any, value: Any, path: Path) -> list[Fault]:
    """What is wrong inside a mapping or a list, where the kind has one."""
    for member in map(_bare, _members(kind)):
        if isinstance(value, Mapping) and _is_struct(member):
            return list(_of_struct(member, value, path))
        if isinstance(value, Mapping) and get_origin(member) is dict:
            return list(_of_mapping(member, value, path))
        if isinstance(value, list) and get_origin(member) is list:
            return list(_of_list(kind, member, value, path))
    return []


def without(schema: Any, also: Collection[str]) -> Any:
    """Return a schema without keys of other plugins, which stand in it and in its fields.

    :param also: the keys; one that is also a key of these files stays
    """
    foreign = set(also) - set(keys(TypeFile)) - set(keys(FieldDeclaration))
    if not foreign or not isinstance(schema, Mapping):
        return schema
    kept = {key: value for key, value in schema.items() if key not in foreign}
    for group in _FIELDS:
        if isinstance(kept.get(group), list):
            kept[group] = [without(field, also) for field in kept[group]]
    return kept


def read(kind: type[S], value: Any) -> S:
    """Return data as a struct.

    :param value: data without faults
    :raises msgspec.ValidationError: it has one
    """
    return msgspec.convert(without_other_languages(value), kind)


def pruned(value: Any, found: Collection[Fault]) -> Any:
    """Return data without the places that have faults, so that the rest can be looked at."""
    places = {fault.path for fault in found}

    def kept(inner: Any, path: Path) -> Any:
        if isinstance(inner, Mapping):
            return {k: kept(v, (*path, k)) for k, v in inner.items() if (*path, k) not in places}
        if isinstance(inner, list):
            pairs = enumerate(inner)
            return [kept(one, (*path, i)) for i, one in pairs if (*path, i) not in places]
        return inner

    return kept(value, ())


@functools.cache
def keys(kind: type[msgspec.Struct]) -> dict[str, msgspec.structs.FieldInfo]:
    """Return a struct's members by their keys in files."""
    return {member.encode_name: member for member in msgspec.structs.fields(kind)}


@functools.cache
def hints(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """Return the type of each key of a struct, with its ``Meta``."""
    by_name = get_type_hints(kind, include_extras=True)
    return {key: by_name[member.name] for key, member in keys(kind).items()}


def _of_struct(kind: type[msgspec.Struct], value: Mapping[str, Any], path: Path) -> Iterator[Fault]:
    known, wanted = keys(kind), hints(kind)
    for key, inner in value.items():
        if key in wanted:
            yield from faults(wanted[key], inner, (*path, key))
        else:
            yield Fault((*path, key), f'there is no key "{key}"', choice(str(key), known))
    for key, member in known.items():
        if member.required and key not in value:
            yield Fault(path, f'the key "{key}" is missing', f"Add it: {words(wanted[key])}")


def _of_mapping(member: Any, value: Mapping[str, Any], path: Path) -> Iterator[Fault]:
    of_key, of_value = get_args(member)
    for key, inner in value.items():
        yield from faults(of_key, key, (*path, key))
        yield from faults(of_value, inner, (*path, key))


def _of_list(kind: Any, member: Any, value: list[Any], path: Path) -> Iterator[Fault]:
    (of_item,) = get_args(member)
    shortest = max((m.min_length or 0 for m in _metas(kind)), default=0)
    if len(value) < shortest:
        remedy = f"Allowed: {words(kind)}, at least {shortest}"
        yield Fault(path, f"found {_shown(value)}", remedy)
    for number, inner in enumerate(value):
        yield from faults(of_item, inner, (*path, number))


def words(kind: Any) -> str:
    """Say a kind in words: ``a list of texts``."""
    said = [_word(member) for member in _members(kind)]
    return " or ".join(dict.fromkeys(filter(None, said)))


_WORDS = {
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    Any: "anything",
    type(None): "",
}


def _word(member: Any) -> str:
    kind = _bare(member)
    origin = get_origin(kind)
    if origin is Literal:
        return "one of " + ", ".join(str(one) for one in get_args(kind) if one)
    if origin is list:
        (item,) = get_args(kind)
        inner = words(item)
        return "a list of texts" if inner == "a text" else f"a list: {inner} each"
    if origin is dict:
        return f"a mapping to {words(get_args(kind)[1])}"
    if _is_struct(kind):
        needed = [key for key, own in keys(kind).items() if own.required]
        shown = needed or list(keys(kind))
        return f"{{{', '.join(f'{key}: …' for key in shown)}}}"
    return _WORDS.get(kind, str(kind))


def _remedy(kind: Any, value: Any) -> str:
    members = list(map(_bare, _members(kind)))
    for member in members:
        if get_origin(member) is Literal:
            return choice(str(value), (str(one) for one in get_args(member) if one))
    patterns = [meta.pattern for meta in _metas(kind) if meta.pattern]
    if patterns and isinstance(value, str):
        return f"Allowed: a text that fits {patterns[0]}"
    allowed = f"Allowed: {words(kind)}"
    if isinstance(value, str) and value and any(get_origin(m) is list for m in members):
        return f"{allowed}. Write [{value}]"
    if str in members and isinstance(value, (bool, int, float, dt.date)):
        return f"{allowed}. Put it in quotation marks"
    if value == "":
        return f"{allowed}, not empty. Leave the key out where there is nothing to say"
    return allowed


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return f'the text "{value}"'
    if isinstance(value, bool):
        return f"the truth value {str(value).lower()}"
    if isinstance(value, (int, float)):
        return f"the number {value}"
    if isinstance(value, dt.date):
        return f"the date {value}"
    if isinstance(value, Mapping):
        return "a mapping" + (f" with {', '.join(map(str, value))}" if value else "")
    return f"a list of {len(value)}" if isinstance(value, list) else type(value).__name__


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _members(kind: Any) -> list[Any]:
    """The alternatives of a union, at any depth."""
    bare = _bare(kind)
    if get_origin(bare) in (Union, types.UnionType):
        return [inner for member in get_args(bare) for inner in _members(member)]
    return [kind]


def _bare(kind: Any) -> Any:
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _metas(kind: Any) -> list[msgspec.Meta]:
    said = get_args(kind)[1:] if get_origin(kind) is Annotated else ()
    own = [cast("msgspec.Meta", one) for one in said if isinstance(one, msgspec.Meta)]
    inner = _bare(kind)
    return own + (_metas(inner) if inner is not kind else [])
