"""What is asked of a record as a whole (``record_type.checks``).

A check looks at a record and at what else the catalogue knows and returns findings. An error
keeps a record from being published, a warning is shown and keeps nothing back: an official may
know better. Plugins bring checks (``interfaces.IRecordTypes.get_checks``); the one that is here
holds for every catalogue.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as member
from decimal import Decimal
from typing import Any

from ckanext.leszno_ngo import datetimes
from ckanext.leszno_ngo.catalogue import personal_places
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.registry import Registry

ERROR, WARNING = "error", "warning"
#: The check for personal data, and the code of what it finds.
PERSONAL_DATA = "personal_data"


@dataclass(frozen=True)
class Finding:
    """One thing found.

    ``field`` is where a form shows it, ``level`` ``error`` or ``warning``, ``code`` what it is,
    ``article`` the article of the act (``""`` where no law says so), ``data`` what the text of the
    code names: dates, counts (``int``), money (``Decimal``), texts; names of fields under
    ``earlier`` and ``larger`` are said by their labels, ``codes`` of a ``vocabulary`` by theirs
    (``%(names)s`` in the text).
    """

    field: str
    level: str
    code: str
    article: str = ""
    data: Mapping[str, Any] = member(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """What a check looks at: a record of a type, at a moment.

    ``given`` is what the caller has already of what a check would look up itself, by names that
    the check documents.
    """

    record_type: RecordType
    record: Mapping[str, Any]
    now: dt.datetime
    given: Mapping[str, Any] = member(default_factory=dict)

    def text(self, name: str) -> str:
        """The value of a field as text, ``""`` when it has none."""
        value = self.record.get(name)
        return "" if value in (None, [], False) else str(value)

    def day(self, name: str) -> dt.date | None:
        """The day of a field's date."""
        return datetimes.day(self.text(name)) if self.text(name) else None

    def amount(self, name: str) -> Decimal | None:
        """The number in a field."""
        return Decimal(self.text(name)) if self.text(name) else None

    def rows(self, name: str) -> list[Mapping[str, Any]]:
        """The rows of a table."""
        return [row for row in self.record.get(name) or [] if isinstance(row, Mapping)]

    def has(self, name: str) -> bool:
        """Whether the type has a field."""
        return any(field.name == name for field in self.record_type.fields)


@dataclass(frozen=True)
class Demand:
    """Fields that a check demands of a public record.

    ``when``: only where these fields have one of these codes; ``needs``: one field at least of
    each tuple; ``always``: of drafts and archive entries, too.
    """

    needs: tuple[tuple[str, ...], ...]
    when: Mapping[str, tuple[str, ...]] = member(default_factory=dict)
    always: bool = False


@dataclass(frozen=True)
class Check:
    """A check that types may name in ``checks``.

    ``find`` looks at a record; ``texts`` gives, for each code of its findings, the sentence in the
    reader's language, with the finding's data as ``%(name)s``; ``demands`` says which fields it
    demands, so that the API's description can say so beforehand.
    """

    find: Callable[[Case], Iterable[Finding]]
    texts: Callable[[], Mapping[str, str]]
    demands: Callable[[], Demand] | None = None


#: Name → check.
CHECKS: Registry[Check] = Registry("check")


def run(
    record_type: RecordType,
    record: Mapping[str, Any],
    now: dt.datetime | None = None,
    given: Mapping[str, Any] | None = None,
) -> list[Finding]:
    """Run the checks that a type declares.

    :param record_type: the record's type
    :param record: field → value: dates ISO 8601, numbers as numbers or texts of them, flags as
        ``true`` or ``True``, tables as lists of dictionaries
    :param now: another moment than this one (with a time zone)
    :param given: what checks need not look up (:class:`Case`)
    :returns: what was found; in an archive entry (``archive``) and in a draft (``state``) errors
        of the law are warnings: the one can no longer be mended, the other still will be
    :raises KeyError: the type declares a check that does not exist
    """
    case = Case(record_type, record, now or dt.datetime.now(dt.timezone.utc), given or {})
    found = [finding for name in record_type.checks for finding in CHECKS[name].find(case)]
    lenient = case.text("archive").lower() == "true" or case.text("state") == "draft"
    return [replace(f, level=WARNING) for f in found] if lenient else found


def texts() -> dict[str, str]:
    """Return the sentences of all findings, by code, in the reader's language."""
    makers = dict.fromkeys(check.texts for check in CHECKS.values())
    return {code: text for make in makers for code, text in make().items()}


def demands(record_type: RecordType) -> list[Demand]:
    """Return what a type demands to be filled in, so that it can be said beforehand.

    :param record_type: the type; who is what it is by numbers must have one of them
    """
    numbers = [Demand((record_type.identity,), always=True)] if record_type.identity else []
    declared = (CHECKS[name].demands for name in record_type.checks)
    return numbers + [make() for make in declared if make]


def personal_data(case: Case) -> Iterator[Finding]:
    """Find numbers, private mailboxes and homes: what a harvest would mask."""
    for name, places in personal_places.of_record(case.record_type, case.record).items():
        yield Finding(name, WARNING, PERSONAL_DATA, data={"places": tuple(places)})
