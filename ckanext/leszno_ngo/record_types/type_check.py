"""The names of a type's file and what they may stand for, as checks of type files ask."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ckanext.leszno_ngo.record_types.available_names import AvailableNames
from ckanext.leszno_ngo.record_types.declarations import FieldDeclaration, TypeFile
from ckanext.leszno_ngo.record_types.faults import Fault, Path, choice, unknown

#: Kinds of days in the index.
DATES = frozenset({"date", "datetime"})


class Type:
    """A type that a file declares, with its fields by name."""

    def __init__(self, declared: TypeFile) -> None:
        self.declared = declared
        self.name = declared.dataset_type
        self.fields = {field.field_name: field for field in declared.dataset_fields}
        self.columns = {
            f"{table.field_name}_{column.field_name}": column
            for table in declared.dataset_fields
            for column in table.repeating_subfields
            if column.link or column.index in {"keyword", "keywords"}
        }

    def table(self, name: str) -> dict[str, FieldDeclaration]:
        """Return the columns of a table by name; none of a field that is no table."""
        field = self.fields.get(name)
        return {c.field_name: c for c in field.repeating_subfields} if field else {}


class TypeCheck:
    """Looks at the names of one type's file; each method gives the faults of one place.

    :param type_: the type
    :param types: all types of the portal
    :param known: what the rest of the portal has
    """

    def __init__(self, type_: Type, types: Mapping[str, Type], known: AvailableNames) -> None:
        self.type, self.types, self.known = type_, types, known
        self.section = type_.declared.record_type

    def field(
        self,
        path: Path,
        name: str,
        kinds: Collection[str] = (),
        among: Mapping[str, FieldDeclaration] | None = None,
        what: str = "field",
    ) -> Iterator[Fault]:
        """A name must be a field, of one of some kinds (``index``) where these are given."""
        if not name:
            return
        fields = self.type.fields if among is None else among
        if name not in fields:
            yield unknown(path, name, what, fields)
        elif kinds and fields[name].index not in kinds and not _is_link(fields[name], kinds):
            found = f'the {what} "{name}" is of index {fields[name].index}'
            fitting = [other for other, own in fields.items() if own.index in kinds]
            yield Fault(path, found, f"Wanted: {' or '.join(sorted(kinds))}. {choice('', fitting)}")

    def each(
        self, path: Path, names: str | Sequence[str], *arguments: Any, **more: Any
    ) -> Iterator[Fault]:
        """One name or several, each of which must be a field."""
        if isinstance(names, str):
            yield from self.field(path, names, *arguments, **more)
            return
        for number, name in enumerate(names):
            yield from self.field((*path, number), name, *arguments, **more)

    def vocabulary(self, path: Path, name: str | None) -> Iterator[Fault]:
        """A name must be a vocabulary."""
        if name and name not in self.known.vocabularies:
            yield unknown(path, name, "vocabulary", self.known.vocabularies)

    def code(self, path: Path, code: str, vocabulary: str | None) -> Iterator[Fault]:
        """A code must be one of a vocabulary, where there is such a one."""
        codes = self.known.vocabularies.get(vocabulary or "")
        if codes is not None and code not in codes:
            yield unknown(path, code, f"code of the vocabulary {vocabulary}", codes)

    def values(
        self, path: Path, values: Mapping[str, Any], among: Mapping[str, FieldDeclaration] | None
    ) -> Iterator[Fault]:
        """Fields with values, which must be codes of their vocabularies."""
        fields = self.type.fields if among is None else among
        for name, said in values.items():
            yield from self.field((*path, name), name, (), fields)
            vocabulary = fields[name].vocabulary if name in fields else None
            for code in listed(said):
                yield from self.code((*path, name), code, vocabulary)

    def coded(self, path: Path, name: str) -> Iterator[Fault]:
        """A name must be a field with a vocabulary."""
        yield from self.field(path, name)
        field = self.type.fields.get(name)
        if field and not field.vocabulary:
            coded = [other for other, own in self.type.fields.items() if own.vocabulary]
            found = f'the field "{name}" has no vocabulary'
            yield Fault(path, found, f"Wanted: a coded field. {choice('', coded)}")

    def targets(self, name: str) -> dict[str, FieldDeclaration]:
        """The fields of the records that a link leads to."""
        field = self.type.fields.get(name)
        kinds = listed(field.link.type) if field and field.link else ()
        found = [self.types[kind].fields for kind in kinds if kind in self.types]
        return {name: own for fields in found for name, own in fields.items()}

    def link_to(
        self,
        path: Path,
        name: str,
        among: Mapping[str, FieldDeclaration] | None = None,
        what: str = "field",
    ) -> Iterator[Fault]:
        """A name must be a field that links to records."""
        fields = self.type.fields if among is None else among
        yield from self.field(path, name, (), fields, what)
        if name in fields and not fields[name].link:
            links = [other for other, own in fields.items() if own.link]
            found = f'the {what} "{name}" is no link'
            yield Fault(path, found, f"Wanted: a link. {choice('', links)}")

    def table(self, path: Path, name: str) -> Iterator[Fault]:
        """A name must be a table."""
        if name and not self.type.table(name):
            yield unknown(path, name, "table", self.tables())

    def tables(self) -> list[str]:
        """Return the names of the type's tables."""
        return [name for name in self.type.fields if self.type.table(name)]


def _is_link(field: FieldDeclaration, kinds: Collection[str]) -> bool:
    return bool(field.link) and "keywords" in kinds


def listed(value: str | Iterable[str]) -> list[str]:
    """Return one name or several as a list."""
    return [value] if isinstance(value, str) else list(value)
