"""Keys of the section `record_type` that plugins bring, beside those of ``declarations``."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec

from ckanext.leszno_ngo.record_types import declarations as said
from ckanext.leszno_ngo.record_types.faults import Fault, Path
from ckanext.leszno_ngo.record_types.type_check import TypeCheck
from ckanext.leszno_ngo.registry import Registry

_SECTION = "record_type"
_FINANCE = "finance"


def _as_read(value: Any) -> Any:
    return value


def _no_names(_check: TypeCheck, _path: Path, _value: Any) -> Iterable[Fault]:
    return ()


@dataclass(frozen=True, eq=False)
class TypeKey:
    """A key of the section ``record_type`` of type files.

    ``kind`` is what may stand there, a type that msgspec knows; ``description`` says what it means.
    ``read`` makes of it what ``RecordType.extra`` has under the key; ``references(check, path,
    value)`` gives the faults of the names in it. With ``of_finance`` the key stands in ``finance``,
    with ``in_mappings`` it may stand in the file of mappings.
    """

    kind: Any
    description: str
    read: Callable[[Any], Any] = _as_read
    references: Callable[[TypeCheck, Path, Any], Iterable[Fault]] = _no_names
    of_finance: bool = False
    in_mappings: bool = False


#: Key → what it is.
TYPE_KEYS: Registry[TypeKey] = Registry("key of type files")

_Keys = tuple[tuple[str, TypeKey], ...]


def type_file() -> type[said.TypeFile]:
    """Return the struct of type files, with the keys of all plugins."""
    return _type_file(tuple(TYPE_KEYS.items()))


def mappings() -> type[said.Mappings]:
    """Return the struct of files of mappings, with the keys of all plugins."""
    return _mappings(tuple(TYPE_KEYS.items()))


def given(section: said.RecordTypeSection) -> Iterator[tuple[str, Path, Any]]:
    """Give what a section says under plugins' keys: key, path in the file, value."""
    for name, key in TYPE_KEYS.items():
        value = getattr(section.finance if key.of_finance else section, name, None)
        if value is not None:
            yield name, (_SECTION, *((_FINANCE,) if key.of_finance else ()), name), value


def read(section: said.RecordTypeSection) -> Mapping[str, Any]:
    """Return what a section says under plugins' keys, as they read it."""
    return {name: TYPE_KEYS[name].read(value) for name, _path, value in given(section)}


@functools.lru_cache(maxsize=4)
def _type_file(keys: _Keys) -> type[said.TypeFile]:
    finance = _struct(said.Finance, [(name, key) for name, key in keys if key.of_finance])
    own = [(name, key) for name, key in keys if not key.of_finance]
    section = _struct(said.RecordTypeSection, own, {_FINANCE: finance | None})
    return _struct(said.TypeFile, (), {_SECTION: section})


@functools.lru_cache(maxsize=4)
def _mappings(keys: _Keys) -> type[said.Mappings]:
    return _struct(said.Mappings, [(name, key) for name, key in keys if key.in_mappings])


def _struct(
    base: Any, keys: Iterable[tuple[str, TypeKey]], kinds: Mapping[str, Any] | None = None
) -> Any:
    """Return a struct with further keys, none of which has to be there.

    :param kinds: member → its kind in the place of that of the base
    """
    members: list[Any] = [
        (own.name, _retyped(own.type, (kinds or {}).get(own.name)), *_default(own))
        for own in msgspec.structs.fields(base)
    ]
    members += [
        (name, Annotated[key.kind | None, msgspec.Meta(description=key.description)], None)
        for name, key in keys
    ]
    return msgspec.defstruct(
        base.__name__,
        members,
        bases=(base,),
        module=base.__module__,
        namespace={"__doc__": base.__doc__},
        kw_only=True,
    )


def _retyped(kind: Any, other: Any) -> Any:
    return Annotated[(other, *kind.__metadata__)] if other else kind


def _default(member: msgspec.structs.FieldInfo) -> tuple[Any, ...]:
    if member.required:
        return ()
    if member.default is not msgspec.NODEFAULT:
        return (member.default,)
    return (msgspec.field(default_factory=member.default_factory),)
