"""What a record type is: data classes that everything else reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from ckanext.leszno_ngo import polish

Text = Mapping[str, str]

#: Where a sentence of a type file says what a field says.
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def localised(text: Text | str | None, lang: str) -> str:
    """Choose a text in a language.

    :param text: ``{"pl": …, "en": …}``, or a plain string that serves every language
    :param lang: ``pl`` or ``en``; other languages read English
    :returns: the text, ``""`` for ``None``
    """
    if text is None or isinstance(text, str):
        return text or ""
    return text.get(lang) or text.get("en") or next(iter(text.values()), "")


@dataclass(frozen=True)
class Link:
    """What a field's value points at: the id of a record of one of ``types``.

    ``back_label`` is the heading under which the target's page lists the records that point at it;
    ``fill`` is a field beside it that takes the target's title where it is empty; with
    ``export_label`` the search page offers what the records found point at as files of their own.
    """

    types: tuple[str, ...]
    back_label: Text | str
    fill: str | None = None
    export_label: Text | str = ""


@dataclass(frozen=True)
class Field:
    """One field of a record type (keys: docs/type-files.md).

    ``people`` is ``name`` for a field that holds a body's name, which may be a person's.
    """

    name: str
    label: Text | str
    help_text: Text | str | None = None
    section: str | None = None
    vocabulary: str | None = None
    index: str = "stored"
    display: str = "text"
    harvested: bool = False
    merge: str = "replace"
    merge_group: str = ""
    derive: Mapping[str, Any] | None = None
    required: bool = False
    preset: str | None = None
    link: Link | None = None
    money: bool = False
    people: str = ""
    subfields: tuple[Field, ...] = ()

    @property
    def is_list(self) -> bool:
        """Whether the field's value is a list of strings."""
        return self.index == "keywords" or self.display in {"list", "links", "choices"}

    @property
    def solr_field(self) -> str:
        """The Solr field that filters, facets and sums use."""
        if self.index in {"keywords", "year"} or self.link:
            return f"vocab_{self.name}"
        return amount_name(self.name) if self.index == "amount" else self.name


def amount_name(name: str) -> str:
    """Return the Solr field of a number that is sorted and summed: ``area`` → ``area_amount``."""
    return name if name.endswith("_amount") else f"{name}_amount"


def order_name(name: str) -> str:
    """Return the Solr field of a text that results are ordered by, by the Polish alphabet."""
    return f"{name}_order"


@dataclass(frozen=True)
class Runs:
    """How long a record runs: it counts in every year from ``start`` to ``end``.

    ``start`` is a field and ``end`` are fields, the first that is set; ``open_ended`` says
    that a record without an end runs on, and does not end in the year of its beginning.
    """

    start: str
    end: tuple[str, ...]
    open_ended: bool = False


@dataclass(frozen=True)
class MoneySource:
    """The fields that say whose money a record's is (``catalogue.computed.money_source``).

    ``term`` is a coded field whose vocabulary's terms may have ``money_source``; ``funder`` a
    name; ``parent`` the link to a record whose money is passed on.
    """

    term: str
    funder: str = ""
    parent: str = ""


@dataclass(frozen=True)
class Section:
    """A named group of fields: one part of the form and of the profile page.

    ``folded``: the form has it closed while it is empty (what is known only later, or is rare).
    """

    name: str
    label: Text | str
    folded: bool = False


@dataclass(frozen=True)
class Sort:
    """One way to order a search's results; ``sort`` is in Solr's syntax."""

    name: str
    label: Text | str
    sort: str


@dataclass(frozen=True)
class State:
    """One state that a record's dates put it in; nobody types it.

    The first state of a type that fits is the record's: the ``flag`` is set, one of the dates
    ``past`` has passed, or the state asks for neither.
    """

    code: str
    past: tuple[str, ...] = ()
    flag: str | None = None


@dataclass(frozen=True)
class Step:
    """A step of a procedure: the field ``date``, or a column ``table.date``, says when."""

    label: Text | str
    date: str


@dataclass(frozen=True)
class CalendarEntry:
    """What a calendar shows of a record: a moment, or a time from ``start`` to ``end`` (fields)."""

    start: str
    end: str | None = None
    label: Text | str = ""


@dataclass(frozen=True)
class Stages:
    """What has become of an amount: codes of the coded ``field`` (``catalogue.money``).

    At ``paid`` the money has been given, at ``settled`` accounted for, at ``returned`` all of it
    has come back, at ``resigned`` the recipient has declined it.
    """

    field: str
    paid: tuple[str, ...] = ()
    settled: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()
    resigned: tuple[str, ...] = ()

    @property
    def given_up(self) -> tuple[str, ...]:
        """The stages at which the recipient keeps nothing."""
        return (*self.returned, *self.resigned)


@dataclass(frozen=True)
class Breakdown:
    """A way in which the page of money divides the sums: by a field, under a heading."""

    field: str
    label: Text | str


@dataclass(frozen=True)
class KeyFact:
    """A question of people and what answers it (keys: docs/type-files.md)."""

    label: Text | str
    fields: tuple[str, ...] = ()
    first: bool = False
    linked: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True)
class Sentence:
    """A plain sentence about a record, with ``{field}`` for values.

    ``states`` are codes of those in which it is said; all where it is empty.
    """

    text: Text | str
    states: tuple[str, ...] = ()


@dataclass(frozen=True)
class Action:
    """The button of a record's page: to the address in the first of ``fields`` that is set.

    ``states`` are codes of those in which the record has it; all where it is empty.
    """

    label: Text | str
    fields: tuple[str, ...]
    states: tuple[str, ...] = ()


@dataclass(frozen=True)
class Front:
    """What the front page offers of a type: a task, its page (an endpoint), a list of "now"."""

    task: Text | str
    hint: Text | str
    page: str | None = None
    now: Text | str = ""


@dataclass(frozen=True)
class Copy:
    """How "new, from last year's" is made: dates moved by a year, results dropped.

    ``fill`` maps tables that are filled to their rules (``catalogue.copies.FILLERS``).
    """

    shift: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    fill: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Due:
    """Something that an official has to see to: a list on the officials' dashboard.

    ``date`` is the field that says when, and records up to ``within`` days from now are listed;
    ``state`` is the state they are in, where the type has states; ``without`` a field that is
    still empty; ``but`` values of fields that take a record off the list.
    """

    label: Text | str
    date: str
    within: int = 0
    state: str = ""
    without: str = ""
    but: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class LinkedData:
    """What a record, or a part of one, is in linked data (``exports.jsonld_mapping`` reads it).

    ``types`` are its classes, ``properties`` maps a field to the properties that say it, ``fixed``
    a property to a value that is always the same, ``parts`` are the things that belong to it.
    Names are prefixed (``schema:name``).
    """

    types: tuple[str, ...] = ()
    properties: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[LinkedPart, ...] = ()


@dataclass(frozen=True)
class LinkedPart:
    """A thing that belongs to a record: its address, a register number, a row of a table.

    ``by`` are the properties that lead to it. It is there when one of its own fields (or parts)
    has a value, or the field ``when``, where that is given. ``each`` is a table or a list, each row
    of which is such a part (an entry of a list is its field ``value``). Its address is that of the
    record that the field ``id`` links to, or the record's own with ``#name``; a part with neither
    has none.
    """

    by: tuple[str, ...]
    node: LinkedData
    each: str = ""
    when: str = ""
    id: str = ""
    name: str = ""


@dataclass(frozen=True)
class Export:
    """One entry of a type's export map: a column of files, in the order given.

    ``name`` is its machine name; ``path`` leads to its value in the record as ``package_show``
    gives it (``("organization", "title")``; through a list it collects what all rows have);
    ``label`` is its heading (empty: the field's) and ``vocabulary`` that of its codes, where the
    field does not say so.
    """

    name: str
    path: tuple[str, ...]
    label: Text | str = ""
    vocabulary: str | None = None


@dataclass(frozen=True)
class Register:
    """The dataset that all public records of a type are published in.

    ``name`` is the end of its address; ``theme`` and ``frequency`` are codes of the EU's
    vocabularies ``data-theme`` and ``frequency``; ``temporal_start`` and ``temporal_end`` are
    fields (dates or years): the earliest and the latest say which period the records cover.
    """

    name: str
    title: Text | str
    notes: Text | str
    tags: tuple[str, ...]
    theme: tuple[str, ...]
    frequency: str
    temporal_start: tuple[str, ...] = ()
    temporal_end: tuple[str, ...] = ()


@dataclass(frozen=True)
class RecordType:
    """A record type of the catalogue, as its schema file declares it.

    ``extra`` is what it says under keys that plugins bring (``type_keys``).
    """

    name: str
    label: Text | str
    label_plural: Text | str
    fields: tuple[Field, ...]
    add_label: Text | str = ""
    edit_label: Text | str = ""
    description: Text | str = ""
    search_label: Text | str = ""
    search_hint: Text | str = ""
    count: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sections: tuple[Section, ...] = ()
    facets: tuple[str, ...] = ()
    sorts: tuple[Sort, ...] = ()
    default_sort: str = ""
    identity: tuple[str, ...] = ()
    place: Mapping[str, str] | None = None
    summary: tuple[str, ...] = ()
    badges: tuple[str, ...] = ()
    key_facts: tuple[KeyFact, ...] = ()
    in_short: tuple[Sentence, ...] = ()
    action: Action | None = None
    front: Front | None = None
    statistics: tuple[str, ...] = ()
    export: tuple[Export, ...] = ()
    year: tuple[str, ...] = ()
    runs: Runs | None = None
    money_source: MoneySource | None = None
    dates: Mapping[str, str] = field(default_factory=dict)
    states: tuple[State, ...] = ()
    states_vocabulary: str | None = None
    default_filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    money: Mapping[str, str] = field(default_factory=dict)
    timeline: tuple[Step, ...] = ()
    calendar: tuple[CalendarEntry, ...] = ()
    menu: bool = False
    composite_of: tuple[str, ...] = ()
    only_placed: bool = False
    copy: Copy = Copy()
    due: tuple[Due, ...] = ()
    checks: tuple[str, ...] = ()
    stages: Stages | None = None
    breakdowns: tuple[Breakdown, ...] = ()
    linked_data: LinkedData | None = None
    register: Register | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    def field(self, name: str) -> Field:
        """Return the field called ``name``.

        :param name: a field, or a column of a table as ``<table>_<column>``: what all rows have in
            it is then a list
        :raises KeyError: when the type has no such field
        """
        return self._by_name[name]

    @cached_property
    def _by_name(self) -> dict[str, Field]:
        # The first of two that have one name, as the schema has it.
        return {field.name: field for field in reversed((*self.fields, *self.columns))}

    @cached_property
    def columns(self) -> tuple[Field, ...]:
        """The indexed columns of the type's tables, each a list field ``<table>_<column>``."""
        return tuple(
            replace(sub, name=f"{table.name}_{sub.name}", index="keywords")
            for table in self.fields
            for sub in table.subfields
            if sub.link or sub.index in {"keyword", "keywords"}
        )

    @cached_property
    def links(self) -> tuple[Field, ...]:
        """The fields and columns whose values are ids of other records."""
        return tuple(f for f in (*self.fields, *self.columns) if f.link)

    @property
    def dataset_types(self) -> tuple[str, ...]:
        """The dataset types that a search of the type finds: its own or ``composite_of``."""
        return self.composite_of or (self.name,)

    @property
    def named_types(self) -> list[str]:
        """The dataset types whose records, or their titles, are in the type's files."""
        targets = {name for field in self.links if field.link for name in field.link.types}
        return sorted({*self.dataset_types, *targets})

    @property
    def filter_fields(self) -> tuple[Field, ...]:
        """The fields that an address may filter by: facets, and links (by the target's id)."""
        by_name = {f.name: f for f in (*self.facet_fields, *self.links)}
        return tuple(by_name.values())

    def fields_of(self, section: str) -> list[Field]:
        """Return the fields of a section, in the schema's order."""
        return [f for f in self.fields if f.section == section]

    @property
    def harvested_fields(self) -> tuple[Field, ...]:
        """The fields that a source may set, in the schema's order."""
        return tuple(f for f in self.fields if f.harvested)

    @property
    def facet_fields(self) -> list[Field]:
        """The fields offered as facets, in the order shown."""
        return [self.field(name) for name in self.facets]

    @property
    def ordered_fields(self) -> tuple[Field, ...]:
        """The fields whose texts the results may be ordered by (``<name>_order`` in a sort)."""
        sorts = " ".join(sort.sort for sort in self.sorts).split()
        return tuple(f for f in self.fields if order_name(f.name) in sorts)

    def sort_for(self, name: str | None, words: str | None) -> Sort | None:
        """Return the sort in force.

        :param name: the sort asked for; a name that the type does not have asks for none
        :param words: what is looked for
        :returns: the one asked for; else the first one (the best results first) where words are
            looked for, and the default one where they are not; ``None`` when the type has no sorts
        """
        by_name = {s.name: s for s in self.sorts}
        usual = self.sorts[0] if self.sorts and words else by_name.get(self.default_sort)
        return by_name.get(name or "", usual)

    def counted(self, number: int, lang: str) -> str:
        """Say how many records there are: "1 organizacja", "2 organizacje", "5 organizacji".

        :param number: how many
        :param lang: ``pl`` or ``en``
        :returns: the number with the noun in the right form (CLDR plural categories)
        """
        category = polish.plural_category(number) if lang == "pl" else _english_category(number)
        return self._counted(number, lang, category)

    def counted_of(self, number: int, lang: str) -> str:
        """Say of how many records: "(z 12) z 15 dotacji", "(12) of 15 grants".

        :param number: how many
        :param lang: ``pl`` or ``en``
        :returns: the number with the noun as it stands after "of"
        """
        return self._counted(number, lang, "many" if lang == "pl" else "other")

    def _counted(self, number: int, lang: str, category: str) -> str:
        forms = self.count.get(lang) or self.count.get("en") or {}
        template = forms.get(category) or forms.get("other") or "{n}"
        return template.replace("{n}", polish.format_number(number, lang))


def _english_category(number: int) -> str:
    return "one" if number == 1 else "other"
