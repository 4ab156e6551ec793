"""Which field a column's heading means, and which columns hold people.

The headings are data (``headers.yaml``): a new spelling is a line there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from ckanext.leszno_ngo.harvest.model import SourceError
from ckanext.leszno_ngo.polish.words import normalised

#: Kinds of a column.
FIELD, PEOPLE, IGNORED, UNKNOWN = "field", "people", "ignored", "unknown"

_OWN = Path(__file__).parent / "headers.yaml"
_NOT_WORD = re.compile(r"[^a-z0-9]+")


# Places are compared by it too: thousands of rows have hundreds of different texts.
@lru_cache(maxsize=8192)
def fold(heading: str) -> str:
    """Return a heading as headings are compared.

    :param heading: the text of a cell.
    :returns: small letters and digits without diacritics, one space between words.
    """
    text = normalised("NFKD", heading).lower().replace("ł", "l")
    text = "".join(sign for sign in text if not unicodedata.combining(sign))
    return _NOT_WORD.sub(" ", text).strip()


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    :param heading: its heading as written.
    :param kind: one of :data:`FIELD`, :data:`PEOPLE`, :data:`IGNORED`, :data:`UNKNOWN`.
    :param field: the field it means, empty unless ``kind`` is :data:`FIELD`.
    """

    heading: str
    kind: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Headings:
    """The known headings.

    :param fields: folded heading → field name.
    :param ignored: folded headings of columns of no use.
    :param people: pattern found in folded headings of columns that hold people.
    :param identifying: fields of which a header names one at least.
    """

    fields: dict[str, str]
    ignored: frozenset[str]
    people: re.Pattern[str]
    identifying: frozenset[str]

    def with_columns(self, columns: Mapping[str, str]) -> Headings:
        """Return these headings with some of a source's own.

        :param columns: heading → field; these win over what is known.
        :raises SourceError: ``columns`` when a field is not one that a table can give.
        """
        strange = sorted(set(columns.values()) - set(self.fields.values()))
        if strange:
            raise SourceError("columns", fields=strange)
        own = {fold(heading): field for heading, field in columns.items()}
        return replace(self, fields={**self.fields, **own})

    def column(self, heading: str) -> Column:
        """Return what a heading means.

        :param heading: the text of the heading's cell.
        :returns: the column. A heading known letter for letter wins over the
            pattern of people's columns; that pattern wins over everything else.
        """
        folded = fold(heading)
        if folded in self.fields:
            return Column(heading, FIELD, self.fields[folded])
        if self.people.search(folded):
            return Column(heading, PEOPLE)
        if not folded or folded in self.ignored:
            return Column(heading, IGNORED)
        return Column(heading, UNKNOWN)


@lru_cache(maxsize=4)
def load(file: Path = _OWN) -> Headings:
    """Return the headings of a file.

    :param file: ``headers.yaml`` of this package (registers and lists), or a plugin's own; where
        that names no columns of people, they are those of ``headers.yaml``.
    :returns: the headings; a field's own name (``legal_name``) is one of its headings,
        so that the catalogue's own exports can be read back.
    :raises ValueError: when one heading is given to two fields.
    """
    data = _data(file)
    known: dict[str, str] = {}
    for field, headings in data["fields"].items():
        for heading in (field, *headings):
            folded = fold(heading)
            if known.setdefault(folded, field) != field:
                raise ValueError(f"the heading {folded!r} is given to {known[folded]} and {field}")
    people = data.get("people") or _data(_OWN)["people"]
    return Headings(
        fields=known,
        ignored=frozenset(fold(heading) for heading in data["ignored"]),
        people=re.compile(r"\b(?:" + "|".join(map(re.escape, people)) + ")"),
        identifying=frozenset(data["identifying"]),
    )


def _data(file: Path) -> dict[str, Any]:
    return yaml.safe_load(file.read_text(encoding="utf-8"))
