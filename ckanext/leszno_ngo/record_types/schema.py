"""A record type read from its scheming schema (docs/type-files.md has the keys)."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Mapping
from importlib import resources
from typing import Any

import msgspec
import yaml

from ckanext.leszno_ngo.record_types import declarations as said
from ckanext.leszno_ngo.record_types import reading, type_keys
from ckanext.leszno_ngo.record_types.columns import columns
from ckanext.leszno_ngo.record_types.faults import TypeFileError
from ckanext.leszno_ngo.record_types.files import mapping_file, with_mappings
from ckanext.leszno_ngo.record_types.model import (
    Action,
    Breakdown,
    CalendarEntry,
    Copy,
    Due,
    Export,
    Field,
    Front,
    KeyFact,
    Link,
    LinkedData,
    LinkedPart,
    MoneySource,
    RecordType,
    Register,
    Runs,
    Section,
    Sentence,
    Sort,
    Stages,
    State,
    Step,
    Text,
)
from ckanext.leszno_ngo.record_types.sorts import sorts


def build(schema: Mapping[str, Any], also: Collection[str] = frozenset()) -> RecordType:
    """Return the record type that a schema declares.

    :param schema: a schema of ckanext-scheming with the section ``record_type``, its fields with
        the keys of their presets
    :param also: keys of other plugins that may be in it
    :raises TypeFileError: a key or a kind is wrong
    :raises FileNotFoundError: the file of its mappings is not there
    """
    own = reading.without(with_mappings(schema, mapping_file(schema)), also)
    kind = type_keys.type_file()
    found = list(reading.faults(kind, own))
    if found:
        raise TypeFileError(found)
    return from_declaration(reading.read(kind, own))


def from_declaration(declared: said.TypeFile) -> RecordType:
    """Return the record type of a type file that was read."""
    section = declared.record_type
    return RecordType(
        name=declared.dataset_type,
        label=text(section.label),
        label_plural=text(section.label_plural),
        fields=tuple(_field(f) for f in declared.dataset_fields),
        add_label=text(section.add_label),
        edit_label=text(section.edit_label),
        description=text(section.description),
        search_label=text(section.search_label),
        search_hint=text(section.search_hint),
        sections=tuple(Section(s.name, text(s.label), s.folded) for s in section.sections),
        facets=tuple(section.facets),
        sorts=tuple(Sort(s.name, text(s.label), s.sort) for s in sorts(section)),
        default_sort=section.default_sort,
        identity=tuple(section.identity),
        summary=tuple(section.summary),
        badges=tuple(section.badges),
        key_facts=tuple(_key_fact(fact) for fact in section.key_facts),
        in_short=tuple(Sentence(text(one.text), tuple(one.states)) for one in section.in_short),
        action=_action(section.action),
        front=_front(section.front),
        statistics=tuple(section.statistics),
        export=tuple(_export(column) for column in columns(declared)),
        place=plain(section.place) or None,
        count=plain(section.count),
        **_procedure(section),
    )


def text(value: said.Text | None) -> Text | str:
    """Return a text of a type file as templates and ``localised`` read it."""
    return {"pl": value.pl, "en": value.en} if isinstance(value, said.Localised) else value or ""


def shared_parts() -> Mapping[str, said.LinkedPart]:
    """Return the parts of linked data that types share, by name."""
    return _shared_parts()


@functools.cache
def _shared_parts() -> Mapping[str, said.LinkedPart]:
    file = resources.files("ckanext.leszno_ngo") / "schemas" / "parts" / "linked_data.yaml"
    parts = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {name: reading.read(said.LinkedPart, part) for name, part in parts.items()}


def _export(column: said.Column) -> Export:
    path = tuple((column.path or column.name).split("."))
    return Export(column.name, path, text(column.label), column.vocabulary or None)


def _key_fact(fact: said.KeyFact) -> KeyFact:
    fields, linked = tuple(fact.fields), tuple(fact.linked)
    return KeyFact(text(fact.label), fields, fact.first, linked, fact.optional)


def _action(action: said.Action | None) -> Action | None:
    if not action:
        return None
    return Action(text(action.label), tuple(action.fields), tuple(action.states))


def _front(front: said.Front | None) -> Front | None:
    return front and Front(text(front.task), text(front.hint), front.page, text(front.now))


def _procedure(section: said.RecordTypeSection) -> dict[str, Any]:
    """Read what a type says of its dates, states, money and checks."""
    states, copied = section.states, section.copy or said.Copy()
    schedule, finance = section.schedule or said.Schedule(), section.finance or said.Finance()
    source = finance.source
    return {
        "year": _names(schedule.year),
        "runs": _runs(schedule.runs),
        "money_source": MoneySource(source.term, source.funder, source.parent) if source else None,
        "dates": plain(schedule.dates),
        "states": tuple(
            State(s.code, _names(s.past), s.flag or None) for s in (states.terms if states else ())
        ),
        "states_vocabulary": states.vocabulary if states else None,
        "default_filters": _values(section.default_filters),
        "money": plain(finance.sums),
        "timeline": tuple(Step(text(s.label), s.date) for s in schedule.timeline),
        "copy": Copy(tuple(copied.shift), tuple(copied.drop), copied.fill),
        "due": tuple(_due(d) for d in section.due),
        "calendar": tuple(
            CalendarEntry(e.start, e.end or None, text(e.label)) for e in schedule.calendar
        ),
        "menu": section.menu,
        "checks": tuple(section.checks),
        "stages": _stages(finance.stages),
        "breakdowns": tuple(Breakdown(one.field, text(one.label)) for one in finance.breakdowns),
        "linked_data": _linked(section.linked_data) if section.linked_data else None,
        "register": _register(section.register, schedule.year),
        "extra": type_keys.read(section),
    }


def _stages(declared: said.Stages | None) -> Stages | None:
    if declared is None:
        return None
    codes = (declared.paid, declared.settled, declared.returned, declared.resigned)
    return Stages(declared.field, *map(_names, codes))


def _runs(declared: said.Runs | None) -> Runs | None:
    if not declared:
        return None
    return Runs(declared.from_, _names(declared.to), declared.open_ended)


def _due(due: said.Due) -> Due:
    label, but = text(due.label), _values(due.but)
    return Due(label, due.date, due.within, due.state, due.without, but)


def _register(declared: said.Register | None, year: said.Names) -> Register | None:
    if not declared:
        return None
    temporal = declared.temporal or said.Period(start=year, end=year)
    return Register(
        name=declared.name,
        title=text(declared.title),
        notes=text(declared.notes),
        tags=tuple(declared.tags),
        theme=tuple(declared.theme),
        frequency=declared.frequency,
        temporal_start=_names(temporal.start),
        temporal_end=_names(temporal.end),
    )


def _linked(declared: said.LinkedNode) -> LinkedData:
    return LinkedData(
        types=_names(declared.types),
        properties=_values(declared.properties),
        fixed=declared.fixed,
        parts=tuple(_linked_part(part) for part in declared.parts),
    )


def _linked_part(declared: said.LinkedPart | str) -> LinkedPart:
    """Build a part; a text names one that types share."""
    part = _shared_parts()[declared] if isinstance(declared, str) else declared
    return LinkedPart(_names(part.by), _linked(part), part.each, part.when, part.id, part.name)


def plain(struct: msgspec.Struct | None) -> dict[str, Any]:
    """Return what was said in a struct as a mapping, without what was not."""
    if struct is None:
        return {}
    said_alone = {
        member.encode_name: getattr(struct, member.name)
        for member in msgspec.structs.fields(struct)
        if member.required or getattr(struct, member.name) not in ("", [], {}, None)
    }
    return msgspec.to_builtins({key: _inner(value) for key, value in said_alone.items()})


def _inner(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        return plain(value)
    return [_inner(one) for one in value] if isinstance(value, list) else value


def _values(declared: Mapping[str, said.Names]) -> dict[str, tuple[str, ...]]:
    return {name: _names(values) for name, values in declared.items()}


def _names(value: str | Iterable[str]) -> tuple[str, ...]:
    """Take one name or a list of them."""
    return (value,) if isinstance(value, str) else tuple(value)


def _field(declared: said.FieldDeclaration) -> Field:
    return Field(
        name=declared.field_name,
        label=text(declared.label),
        help_text=text(declared.help_text) or None,
        section=declared.section,
        vocabulary=declared.vocabulary,
        index=declared.index,
        display=declared.display,
        harvested=declared.harvested,
        merge=declared.merge,
        merge_group=declared.merge_group,
        derive=plain(declared.derive) or None,
        required=declared.required,
        preset=declared.preset,
        link=_link(declared.link),
        money=declared.money,
        people=declared.people,
        subfields=tuple(_field(column) for column in declared.repeating_subfields),
    )


def _link(declared: said.LinkDeclaration | None) -> Link | None:
    if not declared:
        return None
    return Link(
        _names(declared.type),
        text(declared.back_label),
        declared.fill or None,
        text(declared.export_label),
    )
