"""What people changed in a register's dataset stays: only files and figures are renewed.

What the publisher said last is kept with the dataset (CKAN's ``plugin_data``, written with it). A
text that is another today is a person's, and stays; one that nobody touched follows the schema and
the options. Of a dataset that was published before this was kept, every text stays. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ckanext.leszno_ngo.registers import identity

#: Where ``plugin_data`` has it.
KEPT = "leszno_ngo_register"

# Figures: what the records are, not what is said of them.
_FIGURES = frozenset({identity.REGISTER_OF, "content_digest", "temporal_coverage"})
# What people are told of a file; all else follows from the file.
_TEXTS = frozenset({"name", "description", "language", "license", "availability"})

Record = Mapping[str, Any]


def published_values(wanted: Record, resources: Iterable[Record]) -> dict[str, Any]:
    """Return what the publisher says now, to be compared with what is there at the next run.

    :param wanted: fields of the dataset, ``tags`` among them as names
    :param resources: the resources, those of people among them
    """
    return {
        "dataset": {name: value for name, value in wanted.items() if name not in _FIGURES},
        "resources": {one["id"]: _texts(one) for one in resources},
    }


def dataset(wanted: Record, present: Record, before: Record | None) -> dict[str, Any]:
    """Return the dataset's fields: the person's where they changed one, else the publisher's.

    :param wanted: what the publisher says now
    :param present: what is there
    :param before: of :func:`published_values` at the last run, ``None`` where it is not known
    """
    known = before["dataset"] if before else None
    figures = {name: value for name, value in wanted.items() if name in _FIGURES}
    texts = {name: value for name, value in wanted.items() if name not in _FIGURES}
    return {**_chosen(texts, present, known), **figures}


def resource(wanted: Record, present: Record | None, before: Record | None) -> dict[str, Any]:
    """Return a resource's fields, in the same way.

    :param wanted: what the publisher says now
    :param present: what is there; ``None`` for a new resource
    :param before: of :func:`published_values` at the last run, ``None`` where it is not known
    """
    if present is None:
        return dict(wanted)
    known = before["resources"].get(wanted["id"]) if before else None
    file = {name: value for name, value in wanted.items() if name not in _TEXTS}
    return {**present, **file, **_chosen(_texts(wanted), present, known)}


def _texts(one: Record) -> dict[str, Any]:
    return {name: value for name, value in one.items() if name in _TEXTS}


def _chosen(wanted: Record, present: Record, before: Record | None) -> dict[str, Any]:
    chosen = {}
    for name, value in wanted.items():
        if _is_untouched(name, present, before):
            chosen[name] = value
        elif name in present:  # what a person emptied may be there no more
            chosen[name] = present[name]
    return chosen


def _is_untouched(name: str, present: Record, before: Record | None) -> bool:
    if before is None:
        return name not in present
    return before.get(name) == present.get(name)
