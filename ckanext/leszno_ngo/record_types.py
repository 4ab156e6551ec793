"""What a record type is, read from its scheming schema.

A type is data: the schema file in ``schemas/`` with its ``record_type`` section. Everything that
shows, finds, exports or harvests records reads a :class:`RecordType` and never a type's name.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from importlib import resources
from typing import Any, cast

import yaml
from ckanext.scheming import helpers as scheming

from ckanext.leszno_ngo import polish

Text = Mapping[str, str]

_cache: dict[int, tuple[Mapping[str, Any], RecordType]] = {}


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
    """One field of a record type (keys: docs/architecture.md, "The record type")."""

    name: str
    label: Text | str
    help_text: Text | str | None = None
    section: str | None = None
    vocabulary: str | None = None
    index: str = "stored"
    display: str = "text"
    harvested: bool = False
    merge: str = "replace"
    derive: Mapping[str, Any] | None = None
    required: bool = False
    preset: str | None = None
    link: Link | None = None
    money: bool = False
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
class Copy:
    """How "new, from last year's" is made: dates moved by a year, results dropped.

    ``spent`` is a table that is filled with what was spent on the same spheres before.
    """

    shift: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    spent: str = ""


@dataclass(frozen=True)
class Due:
    """Something that an official has to see to: a list on the desk of whoever keeps the records.

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
class Results:
    """How the table of a procedure's results becomes records.

    ``type`` is the type of the records made; ``link``, ``recipient``, ``recipient_name``, ``date``
    and ``remarks`` are fields of it, ``inherit`` fields that a record made has from the one of the
    procedure; ``refused``, ``resolved`` and ``offers`` are fields of the procedure's own record:
    the table of what was refused, the day of the decision, the number of offers. Results of past
    years that a harvest reads may have no procedure in the catalogue: ``outside`` is the flag that
    says so, ``past`` what such a record has beside it.
    """

    type: str
    link: str
    recipient: str
    recipient_name: str
    date: str
    remarks: str
    refused: str
    resolved: str
    offers: str
    inherit: tuple[str, ...]
    outside: str = ""
    past: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LinkedData:
    """What a record, or a part of one, is in linked data (``out.graph`` reads it).

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
    """A record type of the catalogue, as its schema file declares it."""

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
    statistics: tuple[str, ...] = ()
    export: tuple[Export, ...] = ()
    programme_forms: tuple[str, ...] = ()
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
    covers: tuple[str, ...] = ()
    only_placed: bool = False
    copy: Copy = Copy()
    results: Results | None = None
    due: tuple[Due, ...] = ()
    checks: tuple[str, ...] = ()
    ledger: str | None = None
    linked_data: LinkedData | None = None
    register: Register | None = None
    threesixtygiving: Mapping[str, Any] | None = None

    def field(self, name: str) -> Field:
        """Return the field called ``name``.

        :param name: a field, or a column of a table as ``<table>_<column>``: what all rows have in
            it is then a list
        :raises KeyError: when the type has no such field
        """
        for candidate in (*self.fields, *self.columns):
            if candidate.name == name:
                return candidate
        raise KeyError(name)

    @property
    def columns(self) -> tuple[Field, ...]:
        """The indexed columns of the type's tables, each a list field ``<table>_<column>``."""
        return tuple(
            replace(sub, name=f"{table.name}_{sub.name}", index="keywords")
            for table in self.fields
            for sub in table.subfields
            if sub.link or sub.index in {"keyword", "keywords"}
        )

    @property
    def links(self) -> tuple[Field, ...]:
        """The fields and columns whose values are ids of other records."""
        return tuple(f for f in (*self.fields, *self.columns) if f.link)

    @property
    def dataset_types(self) -> tuple[str, ...]:
        """The dataset types that a search of the type finds: its own, or those it ``covers``."""
        return self.covers or (self.name,)

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
        forms = self.count.get(lang) or self.count.get("en") or {}
        category = polish.plural_category(number) if lang == "pl" else _english_category(number)
        template = forms.get(category) or forms.get("other") or "{n}"
        return template.replace("{n}", polish.format_number(number, lang))


def get(name: str | None) -> RecordType | None:
    """Return a record type.

    :param name: a dataset type, such as ``ngo``
    :returns: the type; ``None`` when there is no scheming schema of that name or it has no
        ``record_type`` section (ordinary datasets, harvest sources)
    """
    schema = scheming.scheming_get_dataset_schema(name) if name else None
    if not schema or "record_type" not in schema:
        return None
    # scheming keeps one dict a type until its plugin is reloaded: identity is a safe cache key,
    # and the dict kept beside the result keeps that identity from being reused.
    known = _cache.get(id(schema))
    if known and known[0] is schema:
        return known[1]
    built = _build(schema)
    _cache[id(schema)] = (schema, built)
    return built


def all_types() -> list[RecordType]:
    """Return every record type, in the order the portal lists their schemas."""
    names = scheming.scheming_dataset_schemas()
    return [t for t in map(get, names or ()) if t]


def _english_category(number: int) -> str:
    return "one" if number == 1 else "other"


def _build(schema: Mapping[str, Any]) -> RecordType:
    declared = cast("dict[str, Any]", dict(schema["record_type"]))
    return RecordType(
        name=schema["dataset_type"],
        label=declared["label"],
        label_plural=declared["label_plural"],
        fields=tuple(_build_field(f) for f in schema["dataset_fields"]),
        add_label=declared.get("add_label", ""),
        edit_label=declared.get("edit_label", ""),
        description=declared.get("description", ""),
        search_label=declared.get("search_label", ""),
        search_hint=declared.get("search_hint", ""),
        count=declared.get("count", {}),
        sections=tuple(
            Section(s["name"], s["label"], bool(s.get("folded")))
            for s in declared.get("sections", ())
        ),
        facets=tuple(declared.get("facets", ())),
        sorts=tuple(Sort(s["name"], s["label"], s["sort"]) for s in declared.get("sorts", ())),
        default_sort=declared.get("default_sort", ""),
        identity=tuple(declared.get("identity", ())),
        place=declared.get("place"),
        summary=tuple(declared.get("summary", ())),
        badges=tuple(declared.get("badges", ())),
        statistics=tuple(declared.get("statistics", ())),
        export=tuple(map(_build_export, declared.get("export", ()))),
        programme_forms=tuple(declared.get("programme_forms", ())),
        **_build_procedure(declared),
    )


def _build_export(declared: str | Mapping[str, Any]) -> Export:
    """Read an entry: the name of a field alone, or a mapping with a path to the value."""
    if isinstance(declared, str):
        return Export(declared, (declared,))
    path = tuple(declared.get("path", declared["name"]).split("."))
    label, vocabulary = declared.get("label", ""), declared.get("vocabulary")
    return Export(declared["name"], path, label, vocabulary)


def _build_procedure(declared: Mapping[str, Any]) -> dict[str, Any]:
    """Read what a type says of its dates, states, money and checks."""
    states = declared.get("states", {})
    copied = declared.get("copy", {})
    return {
        "year": _texts(declared.get("year")),
        "runs": _build_runs(declared.get("runs")),
        "money_source": MoneySource(**said) if (said := declared.get("money_source")) else None,
        "dates": declared.get("dates", {}),
        "states": tuple(
            State(s["code"], _texts(s.get("past")), s.get("flag")) for s in states.get("terms", ())
        ),
        "states_vocabulary": states.get("vocabulary"),
        "default_filters": {k: _texts(v) for k, v in declared.get("default_filters", {}).items()},
        "money": declared.get("money", {}),
        "timeline": tuple(Step(s["label"], s["date"]) for s in declared.get("timeline", ())),
        "copy": Copy(
            _texts(copied.get("shift")), _texts(copied.get("drop")), copied.get("spent", "")
        ),
        "results": _build_results(declared.get("results")),
        "due": tuple(_build_due(d) for d in declared.get("due", ())),
        "calendar": tuple(
            CalendarEntry(e["start"], e.get("end"), e.get("label", ""))
            for e in declared.get("calendar", ())
        ),
        "menu": bool(declared.get("menu", False)),
        "checks": _texts(declared.get("checks")),
        "ledger": declared.get("ledger"),
        "linked_data": _build_linked(declared.get("linked_data")),
        "register": _build_register(declared),
        "threesixtygiving": declared.get("threesixtygiving"),
    }


def _build_runs(declared: Mapping[str, Any] | None) -> Runs | None:
    if not declared:
        return None
    return Runs(declared["from"], _texts(declared["to"]), bool(declared.get("open_ended")))


def _build_due(declared: Mapping[str, Any]) -> Due:
    but = {name: _texts(values) for name, values in declared.get("but", {}).items()}
    return Due(**{**declared, "but": but})


def _build_results(declared: Mapping[str, Any] | None) -> Results | None:
    return Results(**{**declared, "inherit": _texts(declared["inherit"])}) if declared else None


def _build_register(record_type: Mapping[str, Any]) -> Register | None:
    declared = record_type.get("register")
    if not declared:
        return None
    years = record_type.get("year")
    temporal = declared.get("temporal", {"start": years, "end": years})
    return Register(
        name=declared["name"],
        title=declared["title"],
        notes=declared["notes"],
        tags=_texts(declared["tags"]),
        theme=_texts(declared["theme"]),
        frequency=declared["frequency"],
        temporal_start=_texts(temporal.get("start")),
        temporal_end=_texts(temporal.get("end")),
    )


def _build_linked(declared: Mapping[str, Any] | None) -> LinkedData | None:
    return _build_linked_node(declared) if declared else None


def _build_linked_node(declared: Mapping[str, Any]) -> LinkedData:
    return LinkedData(
        types=_texts(declared["types"]),
        properties={name: _texts(said) for name, said in declared.get("properties", {}).items()},
        fixed=declared.get("fixed", {}),
        parts=tuple(_build_linked_part(part) for part in declared.get("parts", ())),
    )


def _build_linked_part(declared: Mapping[str, Any] | str) -> LinkedPart:
    """Build a part; a text names one that types share."""
    part = _shared_parts()[declared] if isinstance(declared, str) else declared
    return LinkedPart(
        by=_texts(part["by"]),
        node=_build_linked_node(part),
        **{name: part.get(name, "") for name in ("each", "when", "id", "name")},
    )


@functools.cache
def _shared_parts() -> Mapping[str, Mapping[str, Any]]:
    file = resources.files("ckanext.leszno_ngo") / "schemas" / "parts" / "linked_data.yaml"
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def _texts(value: str | Iterable[str] | None) -> tuple[str, ...]:
    """Take one text or a list of them."""
    return (value,) if isinstance(value, str) else tuple(value or ())


def _build_field(declared: Mapping[str, Any]) -> Field:
    return Field(
        name=declared["field_name"],
        label=declared["label"],
        help_text=declared.get("help_text"),
        section=declared.get("section"),
        vocabulary=declared.get("vocabulary"),
        index=declared.get("index", "stored"),
        display=declared.get("display", "text"),
        harvested=bool(declared.get("harvested", False)),
        merge=declared.get("merge", "replace"),
        derive=declared.get("derive"),
        required=bool(declared.get("required", False)),
        preset=declared.get("preset"),
        link=_build_link(declared.get("link")),
        money=bool(declared.get("money", False)),
        subfields=tuple(_build_field(sub) for sub in declared.get("repeating_subfields", ())),
    )


def _build_link(declared: Mapping[str, Any] | None) -> Link | None:
    if not declared:
        return None
    return Link(
        _texts(declared["type"]),
        declared["back_label"],
        declared.get("fill"),
        declared.get("export_label", ""),
    )
