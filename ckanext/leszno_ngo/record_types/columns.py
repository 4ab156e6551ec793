"""The columns of a type's files: every field in the schema's order, unless its file says else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ckanext.leszno_ngo.record_types.declarations import (
    Column,
    Export,
    FieldDeclaration,
    Localised,
    TypeFile,
)

#: The department's column, in the place of the field ``owner_org``.
_DEPARTMENT = "department"
_STATE_LABEL = Localised(pl="Stan w chwili pobrania", en="State when retrieved")
# The page's address is in another column of every file.
_NEVER = "name"
_MONEY_SOURCE = "money_source"


def columns(declared: TypeFile) -> list[Column]:
    """Return the columns of a type's files, in order.

    :param declared: the type's file. A list under ``export`` is taken as it is
    :returns: the identifier, the fields in the schema's order with the state after the title, what
        the file adds, the day of the last change; moved and left out as the file says
    """
    said = declared.record_type.export
    if isinstance(said, list):
        return [Column(name=one) if isinstance(one, str) else one for one in said]
    export = said or Export()
    kept = [column for column in usual_columns(declared) if column.name not in export.without]
    return _moved(kept, export.order)


def usual_columns(declared: TypeFile) -> list[Column]:
    """Return the columns of a type's files before any is moved or left out."""
    said = declared.record_type.export
    added = said.columns if isinstance(said, Export) else []
    return [*_of_fields(declared), *added, Column(name="metadata_modified")]


def _of_fields(declared: TypeFile) -> Iterator[Column]:
    yield Column(name="id")
    for field in declared.dataset_fields:
        if field.field_name != _NEVER:
            yield _column(declared, field)
        states = declared.record_type.states
        if field.field_name == "title" and states:
            path, vocabulary = "computed.state", states.vocabulary
            yield Column(name="state", path=path, label=_STATE_LABEL, vocabulary=vocabulary)


def _column(declared: TypeFile, field: FieldDeclaration) -> Column:
    name, label = field.field_name, field.label or ""
    if name == "owner_org":
        return Column(name=_DEPARTMENT, path="organization.title", label=label)
    finance = declared.record_type.finance
    if name == _MONEY_SOURCE and finance and finance.source:
        path, vocabulary = f"computed.{name}", field.vocabulary or ""
        return Column(name=name, path=path, label=label, vocabulary=vocabulary)
    return Column(name=name)


def _moved(columns: list[Column], order: Sequence[Sequence[str]]) -> list[Column]:
    """Let the columns of each group stand one after another, where its first one stands."""
    names = [column.name for column in columns]
    for first, *others in order:
        names = [name for name in names if name not in others]
        place = names.index(first) + 1
        names[place:place] = others
    by_name = {column.name: column for column in columns}
    return [by_name[name] for name in names]
