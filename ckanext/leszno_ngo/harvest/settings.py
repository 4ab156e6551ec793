"""The configuration of a harvest source: JSON in CKAN's form, typed here.

Problems are codes with data; ``report.settings_problem`` puts them into words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as member
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from ckanext.leszno_ngo import sent_json, vocabularies
from ckanext.leszno_ngo.harvest import date_order
from ckanext.leszno_ngo.harvest.addresses import is_web_address
from ckanext.leszno_ngo.harvest.source_kinds import SOURCE_KINDS

#: The harvester's name in CKAN is this and the kind.
PREFIX = "leszno_ngo_"
MODES = ("full", "bulletin")
#: ``departments`` of a source that may change the records of all.
ALL = "all"
LICENCES = tuple(vocabularies.get("licences").codes)
_YEARS = range(2003, 2101)
_BY_HAND = re.compile(r"file:[^/\\]+")
_MAX_JSON = 20_000
_LONGEST = 500


@dataclass(frozen=True)
class Problem:
    """What is wrong with one key.

    :param key: the key; empty when the whole text is meant.
    :param code: ``json``, ``object``, ``unknown_key`` or the kind of value expected:
        ``text``, ``flag``, ``year``, ``whole_number``, ``seconds``, ``share``, ``choice``,
        ``address``, ``columns``, ``values``, ``departments``.
    :param detail: data of the problem.
    """

    key: str
    code: str
    detail: Mapping[str, Any] = member(default_factory=dict)


class SettingsError(ValueError):
    """A configuration that cannot be used, with everything that is wrong with it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(", ".join(f"{p.key}: {p.code}" for p in problems))
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """How one source is harvested (keys: docs/harvest.md).

    :param kind: a name of :data:`SOURCE_KINDS`.
    :param record_type: the records' type; of `results`: `grant`.
    :param owner_org: name or id of the organisation that new records belong to.
    :param departments: further departments whose records the source may change: ``"all"``, or a
        list of names of organisations. Only a sysadmin may give it.
    :param priority: weight of the source's word against other sources, the higher wins.
    :param title: the source's name as records show it.
    :param licence: the source's licence, as records show it.
    :param national: take rows of all municipalities, not only the portal's own.
    :param tax_year: the tax year of an OPP list.
    :param columns: heading of a column → field, over the headings that are known.
    :param register_prefix: put before the numbers of a register, to tell two registers apart.
    :param legal_form: code of the legal form of all bodies of a register.
    :param mobile_phones: take mobile telephone numbers.
    :param mode: of KRS: ``full``, or ``bulletin`` for what changed since the last good run.
    :param call: of results: id or page address of the call they are of; none means outside a call.
    :param values: of results: field → value that every record gets, over those of the call: `year`,
        `mode`, `granted_date`, `spheres`, `legal_basis`, `task_start_date`, `funder` …
    :param base_url: of KRS: the API's address, where it is not the source's own.
    :param min_interval: of KRS: least seconds between two requests, over the portal's own.
    :param max_vanished_share: share (0 to 1) of the source's records that may be missing from a
        run, over the portal's own.
    :param max_refused_share: share (0 to 1) of bad rows from which a run stops, over the portal's
        own.
    :param max_changed_share: share (0 to 1) of the known records whose names or numbers may become
        others before a person is asked, over the portal's own.
    :param date_order: how the dates of a file are written: `day_first` or `month_first` (American);
        by default it is found out, and the run stops where it cannot be.
    """

    kind: str
    record_type: str = "ngo"
    owner_org: str = ""
    departments: tuple[str, ...] = ()
    priority: int = 0
    title: str = ""
    licence: str = ""
    national: bool = False
    tax_year: int | None = None
    columns: Mapping[str, str] = member(default_factory=dict)
    register_prefix: str = ""
    legal_form: str = ""
    mobile_phones: bool = False
    mode: str = "full"
    call: str = ""
    values: Mapping[str, str | list[str]] = member(default_factory=dict)
    base_url: str = ""
    min_interval: float | None = None
    max_vanished_share: float | None = None
    max_refused_share: float | None = None
    max_changed_share: float | None = None
    date_order: str = ""


class _BadError(Exception):
    def __init__(self, code: str, **detail: Any) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise _BadError("text")
    return value.strip()


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _BadError("flag")
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 1000:
        raise _BadError("whole_number", low=0, high=1000)
    return value


def _year(value: Any) -> int:
    number = int(value) if isinstance(value, str) and value.isdecimal() else value
    if isinstance(number, bool) or not isinstance(number, int) or number not in _YEARS:
        raise _BadError("year", low=_YEARS[0], high=_YEARS[-1])
    return number


def _number(value: Any, code: str, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= high:
        raise _BadError(code, low=0, high=high)
    return float(value)


def _choice(*choices: str) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if value not in choices:
            raise _BadError("choice", choices=", ".join(choices))
        return value

    return check


def _address(value: Any) -> str:
    text = _text(value)
    fault = address_fault(text)
    if fault:
        raise _BadError(fault)
    return text.rstrip("/")


def _columns(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or len(value) > 200:
        raise _BadError("columns")
    if not all(isinstance(v, str) and k.strip() and v.strip() for k, v in value.items()):
        raise _BadError("columns")
    return {heading.strip(): field.strip() for heading, field in value.items()}


def _departments(value: Any) -> tuple[str, ...]:
    if value == ALL:
        return (ALL,)
    if not isinstance(value, list) or len(value) > 200:
        raise _BadError("departments")
    if not all(isinstance(name, str) and name.strip() and name != ALL for name in value):
        raise _BadError("departments")
    return tuple(name.strip() for name in value)


def _values(value: Any) -> dict[str, str | list[str]]:
    if not isinstance(value, dict) or len(value) > 200:
        raise _BadError("values")
    return {str(name).strip(): _field_value(said) for name, said in value.items()}


def _field_value(said: Any) -> str | list[str]:
    if isinstance(said, list) and all(isinstance(one, str) for one in said):
        return list(said)
    if isinstance(said, bool):
        return str(said).lower()
    if isinstance(said, (str, int, float)) and len(str(said)) <= _LONGEST:
        return str(said)
    raise _BadError("values")


_CHECKS: Mapping[str, Callable[[Any], Any]] = {
    "record_type": _text,
    "owner_org": _text,
    "departments": _departments,
    "priority": _whole,
    "title": _text,
    "licence": _choice(*LICENCES),
    "national": _flag,
    "tax_year": _year,
    "columns": _columns,
    "register_prefix": _text,
    "legal_form": _text,
    "mobile_phones": _flag,
    "mode": _choice(*MODES),
    "call": _text,
    "values": _values,
    "base_url": _address,
    "min_interval": lambda value: _number(value, "seconds", 3600),
    "max_vanished_share": lambda value: _number(value, "share", 1),
    "max_refused_share": lambda value: _number(value, "share", 1),
    "max_changed_share": lambda value: _number(value, "share", 1),
    "date_order": _choice(*date_order.ORDERS),
}
#: Options of every kind of source, and of those that give the whole set in each run.
COMMON_OPTIONS = (
    "record_type",
    "owner_org",
    "departments",
    "priority",
    "title",
    "licence",
    "max_changed_share",
)
WHOLE_SET_OPTIONS = (*COMMON_OPTIONS, "max_vanished_share", "max_refused_share")
#: Every option that a kind of source may have.
OPTIONS = tuple(_CHECKS)


def known_options(source_type: str) -> tuple[str, ...]:
    """Return the options of a kind of ours, none for a harvester of another extension.

    :param source_type: name of the harvester
    """
    kind = SOURCE_KINDS.get(source_type.removeprefix(PREFIX))
    return kind.options if kind and source_type.startswith(PREFIX) else ()


#: Names of parameters by which addresses hand on keys.
_KEY = re.compile(
    r"(?:access|auth|api|client|secret)?[-_]?(?:token|key|secret|password|passwd|pwd|signature)"
    r"|sig|apikey",
    re.IGNORECASE,
)


def address_fault(url: str) -> str:
    """Say what is wrong with the address of a source.

    :param url: the address
    :returns: code of a ``SourceError``: ``address_secret``, ``address``; empty where it may be
        fetched
    """
    if has_secret(url):
        return "address_secret"
    return "" if is_web_address(url) else "address"


def is_by_hand(url: str) -> bool:
    """Whether an address stands for a file that was loaded by the command.

    :param url: the address; such a one has a file's name and no path
    """
    return _BY_HAND.fullmatch(url) is not None


def has_secret(url: str) -> bool:
    """Whether an address has a user's name, a password or a key in it.

    :param url: the address
    """
    parts = split(url)
    return "@" in parts.netloc or any(_KEY.fullmatch(name) for name, _ in parse_qsl(parts.query))


def secret_parameters(url: str) -> list[tuple[str, str]]:
    """Return the parameters of an address that hand on keys.

    :param url: the address
    :returns: names and values
    """
    return [(name, value) for name, value in parse_qsl(split(url).query) if _KEY.fullmatch(name)]


def split(url: str) -> SplitResult:
    """Read an address; signs that only look like those of a host are made plain (NFKC).

    :param url: any text
    :returns: its parts; the port, and a host that is none, may still raise ``ValueError``
    """
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit(unicodedata.normalize("NFKC", url).replace("[", "").replace("]", ""))


def without_secret(url: str) -> str:
    """Return an address without a user's name and password.

    :param url: the address
    """
    parts = split(url)
    given = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in given if not _KEY.fullmatch(name)]
    query = parts.query if kept == given else urlencode(kept, errors="replace")
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query=query).geturl()


def parse(kind: str, text: str | None) -> Settings:
    """Read a source's configuration.

    :param kind: a name of :data:`SOURCE_KINDS`.
    :param text: JSON of an object; empty for none.
    :returns: the settings, with the kind's own priority unless another is given.
    :raises SettingsError: with every problem found.
    """
    known = SOURCE_KINDS[kind]
    given = _object(text)
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    for key, value in given.items():
        if key not in known.options:
            options = ", ".join(sorted(known.options))
            problems.append(Problem(str(key)[:60], "unknown_key", {"known": options}))
            continue
        try:
            values[key] = _CHECKS[key](value)
        except _BadError as bad:
            problems.append(Problem(key, bad.code, bad.detail))
    if problems:
        raise SettingsError(problems)
    usual = Settings(kind, record_type=known.record_type, priority=known.priority)
    return replace(usual, **values)


def _object(text: str | None) -> dict[str, Any]:
    if not text or not text.strip():
        return {}
    if len(text) > _MAX_JSON:
        raise SettingsError([Problem("", "json", {"line": 1})])
    try:
        given = sent_json.read(text)
    except ValueError as error:
        line = getattr(error, "lineno", 1)
        raise SettingsError([Problem("", "json", {"line": line})]) from error
    if not isinstance(given, dict):
        raise SettingsError([Problem("", "object")])
    return given
