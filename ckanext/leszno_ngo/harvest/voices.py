"""What one source last said of a record. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as member
from typing import Any

from ckanext.leszno_ngo.harvest.rules import FieldRule


@dataclass(frozen=True, slots=True)
class Voice:
    """What one source last said of a record.

    :param source_id: the source.
    :param priority: the higher wins.
    :param record: what it said; a field not in it, it says nothing about.
    :param stored: values that the catalogue stored otherwise than the source said them, and
        those that the catalogue filled in itself when this source's row made the record.
    """

    source_id: str
    priority: int
    record: Mapping[str, Any]
    stored: Mapping[str, Any] = member(default_factory=dict)

    def stands(self, rule: FieldRule) -> Any:
        """Return the value that stands in the catalogue where this source set it."""
        return rule.canonical(self.stored.get(rule.name, self.record.get(rule.name)))

    def weight(self, rule: FieldRule) -> int:
        """Return the priority of its word on a field; what was only filled in gives way."""
        return self.priority if rule.name in self.record else -1
