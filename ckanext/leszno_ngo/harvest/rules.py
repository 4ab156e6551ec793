"""How the fields of a record type are compared, and how a record is remembered. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_TRUE = frozenset({"true", "1", "tak", "yes", "t"})


@dataclass(frozen=True, slots=True)
class FieldRule:
    """How one field is compared and merged.

    :param name: field name.
    :param kind: ``text``, ``list``, ``flag`` or ``number``.
    :param merge: ``replace``, or ``union`` where runs add values and never take one away.
    :param group: the group of fields that it is merged together with; ``""`` for none.
    """

    name: str
    kind: str = "text"
    merge: str = "replace"
    group: str = ""

    def canonical(self, value: Any) -> Any:
        """Return a value as values are compared.

        :param value: as a source or the catalogue gives it.
        :returns: None where there is none; a sorted tuple for a list, a bool for a flag, a
            float for a number, a text with plain line breaks otherwise.
        """
        if value is None or value == "" or value == []:
            return None
        if self.kind == "list":
            entries = [value] if isinstance(value, str) else value
            return tuple(sorted({str(entry).strip() for entry in entries} - {""})) or None
        if self.kind == "flag":
            return str(value).strip().lower() in _TRUE
        if self.kind == "number":
            return round(float(value), 6)
        return str(value).replace("\r\n", "\n").strip() or None


@dataclass(frozen=True, slots=True)
class Rules:
    """What is compared of a record type.

    :param fields: the fields that a source may set.
    :param identity: names of the fields of identity, strongest first.
    """

    fields: tuple[FieldRule, ...]
    identity: tuple[str, ...]

    @property
    def groups(self) -> dict[str, list[FieldRule]]:
        """The fields that are merged together, by group."""
        found: dict[str, list[FieldRule]] = {}
        for rule in self.fields:
            if rule.group:
                found.setdefault(rule.group, []).append(rule)
        return found


def content_of(record: Mapping[str, Any]) -> str:
    """Return a record as it is remembered: JSON, the same text for the same record."""
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(value: Any) -> str:
    """Return a digest of a source's value, by which a dismissed one is known again."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
