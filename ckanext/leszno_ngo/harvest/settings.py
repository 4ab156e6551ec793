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
    :param record_type: the records' type.
    :param owner_org: name or id of the organisation that new records belong to.
    :param departments: further departments whose records the source may change: ``"all"``, or a
        list of names of organisations. Only a sysadmin may give it.
    :param priority: weight of the source's word against other sources, the higher wins.
    :param title: the source's name as records show it.
    :param licence: the source's licence, as records show it.
    :param columns: heading of a column → field, over the headings that are known.
    :param mobile_phones: take mobile telephone numbers.
    :param min_interval: least seconds between two requests, over the portal's own.
    :param max_vanished_share: share (0 to 1) of the source's records that may be missing from a
        run, over the portal's own.
    :param max_refused_share: share (0 to 1) of bad rows from which a run stops, over the portal's
        own.
    :param max_changed_share: share (0 to 1) of the known records whose names or numbers may become
        others before a person is asked, over the portal's own.
    :param date_order: how the dates of a file are written: `day_first` or `month_first` (American);
        by default it is found out, and the run stops where it cannot be.
    :param options: options that the kind brings itself, with their defaults.
    """

    kind: str
    record_type: str = ""
    owner_org: str = ""
    departments: tuple[str, ...] = ()
    priority: int = 0
    title: str = ""
    licence: str = ""
    columns: Mapping[str, str] = member(default_factory=dict)
    mobile_phones: bool = False
    min_interval: float | None = None
    max_vanished_share: float | None = None
    max_refused_share: float | None = None
    max_changed_share: float | None = None
    date_order: str = ""
    options: Mapping[str, Any] = member(default_factory=dict)

    def value(self, name: str) -> Any:
        """Return the value of an option, of the engine's or of the kind's own."""
        return self.options[name] if name in self.options else getattr(self, name)

    def changed(self, values: Mapping[str, Any]) -> Settings:
        """Return the settings with other values of some options."""
        own = {name: value for name, value in values.items() if name in self.options}
        others = {name: value for name, value in values.items() if name not in self.options}
        return replace(self, **others, options={**self.options, **own})


class BadOptionError(Exception):
    """A value that an option cannot have; ``code`` is that of a :class:`Problem`."""

    def __init__(self, code: str, **detail: Any) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


def text(value: Any) -> str:
    """Read an option that is a text."""
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise BadOptionError("text")
    return value.strip()


def flag(value: Any) -> bool:
    """Read an option that is true or false."""
    if not isinstance(value, bool):
        raise BadOptionError("flag")
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 1000:
        raise BadOptionError("whole_number", low=0, high=1000)
    return value


def year(value: Any) -> int:
    """Read an option that is a year."""
    number = int(value) if isinstance(value, str) and value.isdecimal() else value
    if isinstance(number, bool) or not isinstance(number, int) or number not in _YEARS:
        raise BadOptionError("year", low=_YEARS[0], high=_YEARS[-1])
    return number


def _number(value: Any, code: str, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= high:
        raise BadOptionError(code, low=0, high=high)
    return float(value)


def choice(*choices: str) -> Callable[[Any], str]:
    """Return what reads an option that is one of some words."""

    def check(value: Any) -> str:
        if value not in choices:
            raise BadOptionError("choice", choices=", ".join(choices))
        return value

    return check


def address(value: Any) -> str:
    """Read an option that is an address of the web, without a secret in it."""
    url = text(value)
    fault = address_fault(url)
    if fault:
        raise BadOptionError(fault)
    return url.rstrip("/")


def _columns(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or len(value) > 200:
        raise BadOptionError("columns")
    if not all(isinstance(v, str) and k.strip() and v.strip() for k, v in value.items()):
        raise BadOptionError("columns")
    return {heading.strip(): field.strip() for heading, field in value.items()}


def _departments(value: Any) -> tuple[str, ...]:
    if value == ALL:
        return (ALL,)
    if not isinstance(value, list) or len(value) > 200:
        raise BadOptionError("departments")
    if not all(isinstance(name, str) and name.strip() and name != ALL for name in value):
        raise BadOptionError("departments")
    return tuple(name.strip() for name in value)


_CHECKS: Mapping[str, Callable[[Any], Any]] = {
    "record_type": text,
    "owner_org": text,
    "departments": _departments,
    "priority": _whole,
    "title": text,
    "licence": choice(*LICENCES),
    "columns": _columns,
    "mobile_phones": flag,
    "min_interval": lambda value: _number(value, "seconds", 3600),
    "max_vanished_share": lambda value: _number(value, "share", 1),
    "max_refused_share": lambda value: _number(value, "share", 1),
    "max_changed_share": lambda value: _number(value, "share", 1),
    "date_order": choice(*date_order.ORDERS),
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
#: Every option that the engine knows.
OPTIONS = tuple(_CHECKS)


def known_options(source_type: str) -> tuple[str, ...]:
    """Return the options of a kind of ours, none for a harvester of another extension.

    :param source_type: name of the harvester
    """
    kind = SOURCE_KINDS.get(source_type.removeprefix(PREFIX))
    return kind.all_options if kind and source_type.startswith(PREFIX) else ()


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
    own = {name: option.default for name, option in known.own.items()}
    for key, value in given.items():
        if key not in known.all_options:
            options = ", ".join(sorted(known.all_options))
            problems.append(Problem(str(key)[:60], "unknown_key", {"known": options}))
            continue
        try:
            if key in known.own:
                own[key] = known.own[key].read(value)
            else:
                values[key] = _CHECKS[key](value)
        except BadOptionError as bad:
            problems.append(Problem(key, bad.code, bad.detail))
    if problems:
        raise SettingsError(problems)
    usual = Settings(kind, record_type=known.record_type, priority=known.priority)
    return replace(usual, **values, options=own)


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
