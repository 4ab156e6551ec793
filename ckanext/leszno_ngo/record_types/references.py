"""Names in a type file that stand for something else: fields, vocabularies, checks, types …"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ckanext.leszno_ngo.record_types import reading
from ckanext.leszno_ngo.record_types.available_names import AvailableNames
from ckanext.leszno_ngo.record_types.columns import usual_columns
from ckanext.leszno_ngo.record_types.declarations import (
    Column,
    Dates,
    Export,
    FieldDeclaration,
    Finance,
    LinkedNode,
    LinkedPart,
    Money,
    Schedule,
)
from ckanext.leszno_ngo.record_types.faults import Fault, Path, choice, unknown
from ckanext.leszno_ngo.record_types.model import PLACEHOLDER, amount_name, order_name
from ckanext.leszno_ngo.record_types.sorts import sorts as all_sorts
from ckanext.leszno_ngo.record_types.type_check import DATES, Type, TypeCheck, listed
from ckanext.leszno_ngo.record_types.type_keys import TYPE_KEYS, given

#: Kinds that Solr counts exact values of.
_COUNTED = frozenset({"keyword", "keywords", "identifier", "flag", "year"})
#: What every record has in Solr and results may be ordered by.
_ORDERED = (
    *("score", "title_string", "metadata_modified", "metadata_created", "name", "id"),
    *("views_recent", "views_total"),
)
_SORT = re.compile(r"(?P<field>\S+) (?P<direction>asc|desc)")
_VALIDATOR = re.compile(r"[^\s(]+")
# CKAN's own keys of a record, which no field of a type may take.
_RESERVED = frozenset(
    {
        "id",
        "type",
        "state",
        "private",
        "organization",
        "resources",
        "tags",
        "groups",
        "extras",
        "computed",
        "metadata_created",
        "metadata_modified",
        "creator_user_id",
        "isopen",
        "num_resources",
        "num_tags",
        "relationships_as_object",
        "relationships_as_subject",
    }
)
# Filters that are no fields: the state that dates put a record in.
_STATE = "state"
_CODED = frozenset({"choice", "choices"})
_PLACEHOLDERS = ("{publisher}", "{municipality}")
_THEMES, _FREQUENCIES = "data_theme", "frequency"
_SECTION = "record_type"


def references(type_: Type, types: Mapping[str, Type], known: AvailableNames) -> Iterator[Fault]:
    """Give the names of a type's file that stand for nothing.

    :param types: all types of the portal
    :param known: what the rest of the portal has
    """
    looking = _References(type_, types, known)
    for part in (
        looking.fields,
        looking.names,
        looking.lists,
        looking.key_facts,
        looking.in_short,
        looking.sorts,
        looking.export,
        looking.dates,
        looking.states,
        looking.money,
        looking.checks,
        looking.copy,
        looking.due,
        looking.linked_data,
        looking.extra,
    ):
        yield from part()


class _References(TypeCheck):
    # ------------------------------------------------------------------ fields
    def fields(self) -> Iterator[Fault]:
        declared = self.type.declared
        yield from _repeated(("dataset_fields",), [f.field_name for f in declared.dataset_fields])
        for number, field in enumerate(declared.dataset_fields):
            path = ("dataset_fields", number)
            yield from self._field(path, field)
            yield from self._top_field(path, field)
        for number, field in enumerate(declared.resource_fields):
            yield from self._field(("resource_fields", number), field)
        for key in ("before_validators", "after_validators"):
            yield from self._validators((key,), getattr(declared, key))

    def _top_field(self, path: Path, field: FieldDeclaration) -> Iterator[Fault]:
        if field.field_name in _RESERVED:
            found = f'"{field.field_name}" is a key of CKAN\'s own'
            yield Fault((*path, "field_name"), found, "Choose another name")
        sections = {section.name for section in self.section.sections}
        if field.section and field.section not in sections:
            yield unknown((*path, "section"), field.section, "section", sections)
        if (field.index in DATES) != field.field_name.endswith("_date"):
            found = f'the field "{field.field_name}" is of index {field.index}'
            remedy = "Names of dates, and only these, end in _date: Solr knows dates by it"
            yield Fault((*path, "field_name"), found, remedy)
        columns = [column.field_name for column in field.repeating_subfields]
        yield from _repeated((*path, "repeating_subfields"), columns)
        for number, column in enumerate(field.repeating_subfields):
            yield from self._field((*path, "repeating_subfields", number), column)

    def _field(self, path: Path, field: FieldDeclaration) -> Iterator[Fault]:
        known = self.known
        if field.label is None:
            yield Fault(path, 'the key "label" is missing', "Add it: {pl: …, en: …}")
        if field.display not in known.displays:
            yield unknown((*path, "display"), field.display, "display", known.displays)
        yield from self.vocabulary((*path, "vocabulary"), field.vocabulary)
        if field.display in _CODED and not field.vocabulary:
            found = f"the display {field.display} shows codes of a vocabulary, and there is none"
            yield Fault((*path, "display"), found, "Add the key vocabulary")
        for key in ("validators", "output_validators", "create_validators"):
            yield from self._validators((*path, key), getattr(field, key))
        helper = field.choices_helper
        if helper and helper not in known.helpers:
            yield unknown((*path, "choices_helper"), helper, "helper", known.helpers)
        for key, snippets in (
            ("form_snippet", known.form_snippets),
            ("display_snippet", known.display_snippets),
        ):
            name = getattr(field, key)
            if name and name not in snippets:
                yield unknown((*path, key), name, "template", snippets)
        yield from self._link(path, field)
        yield from self._derive(path, field)

    def _validators(self, path: Path, said: str) -> Iterator[Fault]:
        for word in said.split():
            found = _VALIDATOR.match(word)
            name = found[0] if found else word
            if name not in self.known.validators:
                yield unknown(path, name, "validator", self.known.validators)

    def _link(self, path: Path, field: FieldDeclaration) -> Iterator[Fault]:
        if not field.link:
            return
        for name in listed(field.link.type):
            if name not in self.types:
                yield unknown((*path, "link", "type"), name, "record type", self.types)
        # A column's title is filled into a column beside it.
        table, is_column = self._table_of(path)
        beside = self.type.table(table) if is_column else self.type.fields
        yield from self.field((*path, "link", "fill"), field.link.fill, (), beside)

    def _table_of(self, path: Path) -> tuple[str, bool]:
        """The field that a path goes through, and whether it leads to a column of it."""
        number = next((key for key in path if isinstance(key, int)), 0)
        declared = self.type.declared.dataset_fields
        name = declared[number].field_name if number < len(declared) else ""
        return name, "repeating_subfields" in path

    def _derive(self, path: Path, field: FieldDeclaration) -> Iterator[Fault]:
        if not field.derive:
            return
        path, rule = (*path, "derive"), field.derive.rule
        if rule not in self.known.derivations:
            yield unknown((*path, "rule"), rule, "rule", self.known.derivations)
        yield from self.field((*path, "mark"), field.derive.mark)
        arguments = self.known.derivations.get(rule, field.derive.from_)
        for argument, names in field.derive.from_.items():
            if argument not in arguments:
                yield unknown((*path, "from", argument), argument, "argument", arguments)
            yield from self.each((*path, "from", argument), names)
        for argument in sorted(set(arguments) - set(field.derive.from_)):
            remedy = f"Add it: {argument}: [fields]"
            yield Fault((*path, "from"), f'the argument "{argument}" is missing', remedy)

    # ------------------------------------------------------------------ the section
    def names(self) -> Iterator[Fault]:
        """Names of sections, sorts and states are there once."""
        section = self.section
        yield from _repeated((_SECTION, "sections"), [s.name for s in section.sections])
        yield from _repeated((_SECTION, "sorts"), [s.name for s in section.sorts])
        for key in ("facets", "summary", "badges", "statistics", "identity", "checks"):
            yield from _repeated((_SECTION, key), getattr(section, key))
        used = {field.section for field in self.type.declared.dataset_fields}
        for number, one in enumerate(section.sections):
            if one.name not in used:
                found = f'no field is in the section "{one.name}"'
                remedy = "Name it in a field's key section, or leave it out"
                yield Fault((_SECTION, "sections", number), found, remedy)

    def lists(self) -> Iterator[Fault]:
        """Fields to filter and count by, to show on cards, to know a record by; its place."""
        section, with_columns = self.section, {**self.type.fields, **self.type.columns}
        yield from self.each((_SECTION, "facets"), section.facets, _COUNTED, with_columns)
        counted = _COUNTED | DATES
        yield from self.each((_SECTION, "statistics"), section.statistics, counted, with_columns)
        yield from self.each((_SECTION, "summary"), section.summary)
        yield from self.each((_SECTION, "badges"), section.badges, {"flag", "keyword"})
        yield from self.each((_SECTION, "identity"), section.identity, {"identifier"})
        if section.place:
            for key in ("latitude", "longitude"):
                name = getattr(section.place, key)
                yield from self.field((_SECTION, "place", key), name, {"number"})
        for key, validator in (
            ("identity", "leszno_ngo_any_identifier"),
            ("place", "leszno_ngo_both_coordinates"),
        ):
            if validator in self.type.declared.after_validators and not getattr(section, key):
                found = f"{validator} needs record_type.{key}"
                yield Fault(("after_validators",), found, f"Add {key}, or take the validator out")

    def key_facts(self) -> Iterator[Fault]:
        """What the panel of a record's page names: fields, types, states."""
        for number, fact in enumerate(self.section.key_facts):
            path = (_SECTION, "key_facts", number)
            yield from self.each((*path, "fields"), fact.fields)
            for place, name in enumerate(fact.linked):
                if name not in self.types:
                    yield unknown((*path, "linked", place), name, "record type", self.types)
            if not fact.fields and not fact.linked:
                yield Fault(path, "nothing answers the question", "Add fields or linked")
        action = self.section.action
        if action:
            yield from self.each((_SECTION, "action", "fields"), action.fields)
            yield from self._states((_SECTION, "action", "states"), action.states)

    def _states(self, path: Path, codes: Sequence[str]) -> Iterator[Fault]:
        states = self.section.states
        known = [state.code for state in states.terms] if states else []
        for place, code in enumerate(codes):
            if code not in known:
                yield unknown((*path, place), code, "state", known)

    def in_short(self) -> Iterator[Fault]:
        """The fields and states that plain sentences name."""
        for number, sentence in enumerate(self.section.in_short):
            path = (_SECTION, "in_short", number)
            said = sentence.text
            texts = [said] if isinstance(said, str) else [said.pl, said.en]
            for name in dict.fromkeys(n for t in texts for n in PLACEHOLDER.findall(t or "")):
                yield from self.field((*path, "text"), name)
            yield from self._states((*path, "states"), sentence.states)

    def sorts(self) -> Iterator[Fault]:
        names = [sort.name for sort in all_sorts(self.section)]
        usual = self.section.default_sort
        if usual and usual not in names:
            yield unknown((_SECTION, "default_sort"), usual, "sort", names)
        own = (_orders(field) for field in self.type.fields.values())
        allowed = {*_ORDERED, *(name for names in own for name in names)}
        for number, sort in enumerate(self.section.sorts):
            path = (_SECTION, "sorts", number, "sort")
            for part in sort.sort.split(","):
                found = _SORT.fullmatch(part.strip())
                if not found:
                    remedy = 'Write "<field> asc" or "<field> desc", several with a comma'
                    yield Fault(path, f'"{part.strip()}" is no sort of Solr', remedy)
                elif found["field"] not in allowed:
                    yield unknown(path, found["field"], "field in Solr to order by", allowed)

    def export(self) -> Iterator[Fault]:
        said, path = self.section.export, (_SECTION, "export")
        if isinstance(said, list):
            yield from self._listed_columns(path, said)
        elif said:
            yield from self._moved_columns(path, said)

    def _listed_columns(self, path: Path, entries: Sequence[str | Column]) -> Iterator[Fault]:
        names = [entry if isinstance(entry, str) else entry.name for entry in entries]
        yield from _repeated(path, names)
        for number, entry in enumerate(entries):
            if isinstance(entry, Column):
                yield from self._column((*path, number), entry)
            elif entry not in self.type.fields and entry not in self.known.core:
                among = [*self.type.fields, *self.known.core]
                yield unknown((*path, number), entry, "field", among)

    def _moved_columns(self, path: Path, said: Export) -> Iterator[Fault]:
        for number, column in enumerate(said.columns):
            yield from self._column((*path, "columns", number), column)
        names = {column.name for column in usual_columns(self.type.declared)}
        for number, name in enumerate(said.without):
            if name not in names:
                yield unknown((*path, "without", number), name, "column", names)
        left = names - set(said.without)
        for number, group in enumerate(said.order):
            inner = (*path, "order", number)
            yield from _repeated(inner, group)
            for place, name in enumerate(group):
                if name not in left:
                    yield unknown((*inner, place), name, "column", left)

    def _column(self, path: Path, column: Column) -> Iterator[Fault]:
        yield from self.vocabulary((*path, "vocabulary"), column.vocabulary)
        first, _dot, rest = (column.path or column.name).partition(".")
        path = (*path, "path" if column.path else "name")
        if first == "computed":
            if rest not in self.known.computed:
                yield unknown(path, rest, "computed value", self.known.computed)
        elif first == "organization" or (first in self.known.core and not rest):
            pass
        elif rest and first in self.type.fields:
            yield from self.field(path, rest, (), self.type.table(first), f"column of {first}")
        else:
            yield from self.field(path, first)
        if not column.label and column.name not in self.type.fields:
            found = f'the column "{column.name}" has no heading'
            yield Fault(path[:-1], found, "Add the key label: {pl: …, en: …}")

    def dates(self) -> Iterator[Fault]:
        section, path = self.section, (_SECTION, "schedule")
        schedule = section.schedule or Schedule()
        yield from self.each((*path, "year"), schedule.year, DATES | {"year", "keyword"})
        if schedule.dates:
            for key in reading.keys(Dates):
                name = getattr(schedule.dates, key)
                yield from self.field((*path, "dates", key), name, DATES)
        if schedule.runs:
            yield from self.field((*path, "runs", "from"), schedule.runs.from_, DATES)
            yield from self.each((*path, "runs", "to"), schedule.runs.to, DATES)
        for number, step in enumerate(schedule.timeline):
            table, dot, column = step.date.partition(".")
            inner = (*path, "timeline", number, "date")
            if dot and not self.type.table(table):
                yield unknown(inner, table, "table", self.tables())
            elif dot:
                among = self.type.table(table)
                yield from self._date_column(inner, table, column, among)
            else:
                yield from self.field(inner, table, DATES)
        for number, entry in enumerate(schedule.calendar):
            inner = (*path, "calendar", number)
            yield from self.field((*inner, "start"), entry.start, DATES)
            yield from self.field((*inner, "end"), entry.end, DATES)
        if section.register:
            yield from self._register()

    def _date_column(
        self, path: Path, table: str, column: str, among: Mapping[str, FieldDeclaration]
    ) -> Iterator[Fault]:
        # A table's date is not in the index; how it is shown says that it is one.
        if column not in among:
            yield unknown(path, column, f"column of {table}", among)
        elif among[column].display not in DATES:
            found = f'the column "{column}" is shown as {among[column].display}'
            dates = [name for name, own in among.items() if own.display in DATES]
            yield Fault(path, found, f"Wanted: a date. {choice('', dates)}")

    def _register(self) -> Iterator[Fault]:
        register, path = self.section.register, (_SECTION, "register")
        if not register:
            return
        for number, code in enumerate(register.theme):
            yield from self.code((*path, "theme", number), code, _THEMES)
        yield from self.code((*path, "frequency"), register.frequency, _FREQUENCIES)
        for key in ("start", "end") if register.temporal else ():
            names = getattr(register.temporal, key)
            yield from self.each((*path, "temporal", key), names, DATES | {"year"})

    def states(self) -> Iterator[Fault]:
        states, path = self.section.states, (_SECTION, "states")
        codes = [state.code for state in states.terms] if states else []
        if states:
            yield from self.vocabulary((*path, "vocabulary"), states.vocabulary)
            yield from _repeated((*path, "terms"), codes)
            for number, state in enumerate(states.terms):
                inner = (*path, "terms", number)
                yield from self.code((*inner, "code"), state.code, states.vocabulary)
                yield from self.each((*inner, "past"), state.past, DATES)
                yield from self.field((*inner, "flag"), state.flag, {"flag"})
            if not states.terms or states.terms[-1].past or states.terms[-1].flag:
                remedy = "Let the last state ask for nothing: it takes what is left"
                yield Fault((*path, "terms"), "records may be in no state", remedy)
        yield from self._default_filters(codes)

    def _default_filters(self, states: Sequence[str]) -> Iterator[Fault]:
        path, filters = (_SECTION, "default_filters"), dict(self.section.default_filters)
        for state in listed(filters.pop(_STATE, ())):
            if state not in states:
                yield unknown((*path, _STATE), state, "state", states)
        facets = self.section.facets
        for name, said in filters.items():
            if name not in facets:
                yield unknown((*path, name), name, "facet", [*facets, _STATE])
            elif name in self.type.fields:
                for code in listed(said):
                    vocabulary = self.type.fields[name].vocabulary
                    yield from self.code((*path, name), code, vocabulary)

    def money(self) -> Iterator[Fault]:
        finance, path = self.section.finance or Finance(), (_SECTION, "finance")
        if finance.sums:
            for key in reading.keys(Money):
                name = getattr(finance.sums, key)
                yield from self.field((*path, "sums", key), name, {"amount"})
        if finance.stages:
            yield from self._stages((*path, "stages"), finance)
        for number, breakdown in enumerate(finance.breakdowns):
            own = (*path, "breakdowns", number, "field")
            yield from self.field(own, breakdown.field, _COUNTED)
            yield from self._searched(own, breakdown.field)
        if finance.source:
            source, path = finance.source, (*path, "source")
            yield from self.field((*path, "term"), source.term, {"keyword"})
            yield from self.field((*path, "funder"), source.funder)
            yield from self.link_to((*path, "parent"), source.parent)

    def _searched(self, path: Path, name: str) -> Iterator[Fault]:
        """A division leads to searches, so its field must narrow them."""
        known, facets = self.type.fields.get(name), self.section.facets
        if known and not known.link and name not in facets:
            yield Fault(path, f'no search is narrowed by "{name}"', choice(name, facets))

    def _stages(self, path: Path, finance: Finance) -> Iterator[Fault]:
        stages = finance.stages
        if stages is None:
            return
        if not (finance.sums and finance.sums.amount):
            remedy = "Say what is added up: `finance: {sums: {amount: …}}`"
            yield Fault(path, "there is no amount to add up", remedy)
        yield from self.field((*path, "field"), stages.field, {"keyword"})
        known = self.type.fields.get(stages.field)
        for key in ("paid", "settled", "returned", "resigned"):
            for code in listed(getattr(stages, key)) if known else ():
                yield from self.code((*path, key), code, known.vocabulary if known else None)

    def checks(self) -> Iterator[Fault]:
        for number, name in enumerate(self.section.checks):
            if name not in self.known.checks:
                path = (_SECTION, "checks", number)
                yield unknown(path, name, "check", self.known.checks)

    def copy(self) -> Iterator[Fault]:
        copied, path = self.section.copy, (_SECTION, "copy")
        if copied:
            yield from self.each((*path, "shift"), copied.shift, DATES)
            yield from self.each((*path, "drop"), copied.drop)
            for table, rule in copied.fill.items():
                yield from self.table((*path, "fill", table), table)
                if rule not in self.known.fillers:
                    known = self.known.fillers
                    yield unknown((*path, "fill", table), rule, "rule of a table", known)

    def due(self) -> Iterator[Fault]:
        terms = self.section.states.terms if self.section.states else []
        for number, due in enumerate(self.section.due):
            path = (_SECTION, "due", number)
            yield from self.field((*path, "date"), due.date, DATES)
            yield from self.field((*path, "without"), due.without)
            yield from self.values((*path, "but"), due.but, None)
            if due.state and due.state not in {state.code for state in terms}:
                yield unknown((*path, "state"), due.state, "state", [s.code for s in terms])

    def extra(self) -> Iterator[Fault]:
        """The names under plugins' keys."""
        for name, path, value in given(self.section):
            yield from TYPE_KEYS[name].references(self, path, value)

    # ------------------------------------------------------------------ mappings
    def linked_data(self) -> Iterator[Fault]:
        if self.section.linked_data:
            path = (_SECTION, "linked_data")
            yield from self._node(path, self.section.linked_data, self.type.fields)

    def _node(
        self, path: Path, node: LinkedNode, fields: Mapping[str, FieldDeclaration]
    ) -> Iterator[Fault]:
        yield from self._properties((*path, "types"), node.types)
        for name, properties in node.properties.items():
            if name not in fields and name not in self.known.worked_out:
                among = [*fields, *self.known.worked_out]
                yield unknown((*path, "properties", name), name, "field", among)
            yield from self._properties((*path, "properties", name), properties)
        for name, value in node.fixed.items():
            yield from self._properties((*path, "fixed", name), name)
            if value.startswith("{") and value not in _PLACEHOLDERS:
                yield unknown((*path, "fixed", name), value, "value", _PLACEHOLDERS)
        for number, part in enumerate(node.parts):
            yield from self._part((*path, "parts", number), part, fields)

    def _part(
        self, path: Path, part: LinkedPart | str, fields: Mapping[str, FieldDeclaration]
    ) -> Iterator[Fault]:
        if isinstance(part, str):
            shared = self.known.linked_parts
            if part not in shared:
                yield unknown(path, part, "shared part", shared)
                return
            # The fields that it names must be this type's; its own place is in another file.
            for fault in self._part(path, shared[part], fields):
                yield Fault(path, f'the shared part "{part}": {fault.found}', fault.remedy)
            return
        yield from self._properties((*path, "by"), part.by)
        yield from self.field((*path, "when"), part.when, (), fields)
        yield from self.field((*path, "each"), part.each, (), fields)
        rows = self._rows(part, fields)
        yield from self.link_to((*path, "id"), part.id, rows)
        yield from self._node(path, part, rows)

    def _rows(
        self, part: LinkedPart, fields: Mapping[str, FieldDeclaration]
    ) -> Mapping[str, FieldDeclaration]:
        """The fields of a part: those of the record, or of each row of a table or a list."""
        if part.each not in fields:
            return fields
        entry = {"value": FieldDeclaration(field_name="value")}
        return self.type.table(part.each) or entry

    def _properties(self, path: Path, names: str | Sequence[str]) -> Iterator[Fault]:
        for name in listed(names):
            prefix, colon, rest = name.partition(":")
            if not colon or not rest:
                remedy = "Write prefix:name, such as schema:name"
                yield Fault(path, f'"{name}" has no prefix', remedy)
            elif prefix not in self.known.prefixes:
                yield unknown(path, prefix, "prefix", self.known.prefixes)


def _orders(field: FieldDeclaration) -> list[str]:
    """The Solr fields by which results may be ordered by a field."""
    name = field.field_name
    if field.index == "amount":
        return [amount_name(name)]
    exact = DATES | {"identifier", "number", "flag", "year", "keyword"}
    by_alphabet = field.index in {"text", "keyword"} and not field.link
    names = {name: field.index in exact, order_name(name): by_alphabet}
    return [one for one, is_there in names.items() if is_there]


def _repeated(path: Path, names: Sequence[str]) -> Iterator[Fault]:
    for number, name in enumerate(names):
        if name in names[:number]:
            yield Fault((*path, number), f'"{name}" is there twice', "Keep one of the two")
