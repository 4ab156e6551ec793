"""Typed access to the options declared in ``config_declaration.yaml``."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, TypeVar

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import colours, content_policy, languages

_PREFIX = "ckanext.leszno_ngo."
_Kind = TypeVar("_Kind")


@dataclass(frozen=True)
class Municipality:
    """The municipality whose organisations the catalogue keeps."""

    teryt: str
    name: str
    voivodeship: str
    same_as: tuple[str, ...] = ()


@dataclass(frozen=True)
class Publisher:
    """The body that publishes the catalogue; ``office`` is who answers questions about the data."""

    name: str
    regon: str
    url: str
    email: str
    office: str


@dataclass(frozen=True)
class Registers:
    """How registers are published as datasets (``delay`` in seconds)."""

    owner_org: str
    auto: bool
    delay: int


@dataclass(frozen=True)
class HarvestLimits:
    """The limits inside which a harvest works (units in ``config_declaration.yaml``)."""

    batch_size: int
    max_vanished_share: float
    max_refused_share: float
    max_changed_share: float
    missing_days: int
    undo_days: int
    max_bytes: int
    max_seconds: int
    max_memory: int
    timeout: int
    retries: int
    user_agent: str
    allow_private_addresses: bool
    credentials: str


@dataclass(frozen=True)
class Retention:
    """For how many days things are kept that are not the catalogue itself; 0 is for ever."""

    activities: int
    harvest_jobs: int
    harvest_logs: int
    waiting: int
    decisions: int
    bin: int
    kept_forms: int
    snapshots: int
    backups: int


@dataclass(frozen=True)
class Tiles:
    """Pictures under the points of a map.

    ``url`` is an address template with ``{z}``, ``{x}`` and ``{y}``, empty for maps without
    pictures; ``attribution`` says whose map it is, ``attribution_url`` on what terms.
    """

    url: str
    attribution: str
    attribution_url: str


@dataclass(frozen=True)
class Statement:
    """What the accessibility statement says (dates are ``yyyy-mm-dd``, ``status`` is a code)."""

    publisher: str
    published: str
    updated: str
    prepared: str
    status: str
    person: str
    email: str
    phone: str
    buildings_url: str


def _get(name: str):
    return tk.config[_PREFIX + name]


def _group(kind: type[_Kind], prefix: str, **own: Any) -> _Kind:
    """Read a group of options: each field has the option of its name after the prefix.

    :param own: fields whose option is not taken as it is
    """
    names = [field.name for field in fields(kind) if field.name not in own]  # type: ignore[arg-type]
    return kind(**{name: _get(f"{prefix}.{name}") for name in names}, **own)


def _share(name: str) -> float:
    # Not a validator of the declaration: CKAN checks options before it knows plugins' validators.
    value = _get(name)
    try:
        share = float(value)
    except ValueError as error:
        raise ValueError(f"{_PREFIX}{name} must be a number from 0 to 1, not {value!r}") from error
    if not 0 <= share <= 1:
        raise ValueError(f"{_PREFIX}{name} must be a number from 0 to 1, not {value!r}")
    return share


def language(locale: str | None = None) -> str:
    """Return the language of texts, ``pl`` or ``en`` (``languages.spoken``).

    :param locale: that of a page; the portal's own by default
    """
    own = tk.config["ckan.locale_default"] if locale is None else locale
    return languages.spoken(own, tk.config["ckan.locales_offered"])


def municipality() -> Municipality:
    """Return the configured municipality."""
    addresses = tuple(_get("municipality.same_as").split())
    return _group(Municipality, "municipality", same_as=addresses)


def harvest_limits() -> HarvestLimits:
    """Return the limits of a harvest run."""
    return _group(
        HarvestLimits,
        "harvest",
        batch_size=max(1, _get("harvest.batch_size")),
        max_vanished_share=_share("harvest.max_vanished_share"),
        max_refused_share=_share("harvest.max_refused_share"),
        max_changed_share=_share("harvest.max_changed_share"),
    )


def retention() -> Retention:
    """Return how long things are kept (days)."""
    return _group(Retention, "retention", kept_forms=max(1, _get("retention.kept_forms")))


def erasures_file() -> str:
    """Return the path of the list of erasures; ``""`` where it is in the storage."""
    return _get("erasures.file")


def krs_url() -> str:
    """Return the base address of the KRS open API, without a slash at its end."""
    return _get("krs.url").rstrip("/")


def krs_min_interval() -> float:
    """Return the least time in seconds between two requests to the KRS open API."""
    return float(_get("krs.min_interval"))


def licence() -> str:
    """Return the licence of the exported data, ``cc-by`` or ``cc-zero``."""
    return _get("licence")


def publisher_name() -> str:
    """Return the name of the body that publishes the catalogue."""
    return _get("publisher.name")


def publisher() -> Publisher:
    """Return the body that publishes the catalogue."""
    return _group(Publisher, "publisher")


def registers() -> Registers:
    """Return how registers are published as datasets."""
    return _group(Registers, "registers", delay=max(0, _get("registers.delay")))


def giving_prefix() -> str:
    """Return the publisher's prefix of 360Giving identifiers, without ``360G-``."""
    return _get("threesixtygiving.prefix")


def giving_funders() -> dict[str, str]:
    """Return the identifiers of other funders: name → identifier of org-id.guide."""
    pairs = (pair.partition("=") for pair in _get("threesixtygiving.funders").split(";"))
    return {name.strip(): org_id.strip() for name, equals, org_id in pairs if equals}


def type_file_keys() -> frozenset[str]:
    """Return the keys of other plugins that may stand in type files."""
    return frozenset(_get("type_files.keys").split())


def switched_off() -> tuple[str, ...]:
    """Return the plugins of features that the portal goes without."""
    return tuple(_get("switched_off").split())


def map_tiles() -> Tiles:
    """Return where the pictures of maps come from."""
    return _group(Tiles, "map", url=_get("map.tile_url"))


def allowed_sources() -> content_policy.Sources:
    """Return from where pages may load more than from the portal: directive → sources.

    :raises ValueError: the option cannot be read, or would undo the policy
    """
    name = "content_policy.allow"
    try:
        return content_policy.parse(_get(name))
    except ValueError as error:
        raise ValueError(f"{_PREFIX}{name}: {error}") from error


def colour() -> str:
    """Return the city's own colour, ``#rrggbb``; empty for that of the catalogue.

    :raises ValueError: the option is no colour, or one that cannot be read on pages
    """
    name = "colour"
    try:
        return colours.parse(_get(name)) if _get(name) else ""
    except ValueError as error:
        raise ValueError(f"{_PREFIX}{name}: {error}") from error


def suggestion_limit() -> int:
    """Return how many suggestions appear while a person types, 1 to 20."""
    return min(20, max(1, _get("search.suggestions")))


def statement() -> Statement:
    """Return what the accessibility statement says."""
    return _group(Statement, "statement", publisher=publisher_name())


def page_text_option(name: str) -> str:
    """Return the key of the option with the City's own text of a page about the portal."""
    return f"{_PREFIX}pages.{name}"


def page_text(name: str) -> str:
    """Return the City's own text (Markdown) of a page about the portal, ``""`` for none."""
    return _get(f"pages.{name}")


def law_limits_path() -> str | None:
    """Return the path of the portal's own file of the law's numbers, ``None`` for none."""
    return _get("law.limits") or None


def trusted_proxies() -> list[str]:
    """Return the addresses and networks of the proxies whose word on the client is believed."""
    return _get("trusted_proxies").split()


def upload_types() -> tuple[str, ...]:
    """Return the endings of files that may be uploaded, in small letters and without a dot."""
    return tuple(kind.lower().lstrip(".") for kind in _get("uploads.types"))


def publish_role() -> str:
    """Return the role in a department from which a person may publish: ``admin`` or ``editor``."""
    return _get("publish_role")
