"""A record type read from its scheming schema (docs/architecture.md, "The record type")."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any, cast

import yaml

from ckanext.leszno_ngo.record_types.model import (
    CalendarEntry,
    Copy,
    Due,
    Export,
    Field,
    Link,
    LinkedData,
    LinkedPart,
    MoneySource,
    RecordType,
    Register,
    Results,
    Runs,
    Section,
    Sort,
    State,
    Step,
)


def build(schema: Mapping[str, Any]) -> RecordType:
    """Return the record type that a schema declares.

    :param schema: a schema of ckanext-scheming with the section ``record_type``
    """
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
        merge_group=declared.get("merge_group", ""),
        derive=declared.get("derive"),
        required=bool(declared.get("required", False)),
        preset=declared.get("preset"),
        link=_build_link(declared.get("link")),
        money=bool(declared.get("money", False)),
        people=declared.get("people", ""),
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
