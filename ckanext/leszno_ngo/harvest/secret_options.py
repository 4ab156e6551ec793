"""What in a source's address and options is a secret, taken out and put back. Pure.

Options of harvesters of other extensions are any JSON; what is a secret in them is told by its
name (``password``, ``apikey``, ``Authorization`` …) or by what it looks like (``Bearer …``, an
address with a password). In its place stands :data:`STANDS_FOR`, wherever the options are kept,
shown or logged.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as member
from typing import Any
from urllib.parse import quote

from ckanext.leszno_ngo import sent_json
from ckanext.leszno_ngo.harvest import source_servers
from ckanext.leszno_ngo.harvest.settings import (
    has_secret,
    secret_parameters,
    split,
    without_secret,
)

#: What stands in the place of a secret.
STANDS_FOR = "********"
Path = source_servers.Path

_PARTS = (
    *("password", "passwd", "passphrase", "pwd", "secret", "token", "apikey", "accesskey"),
    *("privatekey", "authorization", "credential", "cookie", "bearer", "signature", "haslo"),
)
_WHOLE = frozenset({"auth", "key", "pass", "sig", "basicauth", "httpauth", "xapikey"})
_HEADER = re.compile(
    r"\s{0,9}(?:proxy-)?(?:authorization|cookie|[\w-]{0,40}(?:token|key|secret|password))"
    r"\s{0,9}[:=]\s{0,9}\S",
    re.IGNORECASE,
)
_SCHEME = re.compile(
    r"\s{0,9}(?:bearer|basic|token|apikey|digest)\s{1,9}[\w.~+/=:,-]{6,8000}\s{0,9}", re.IGNORECASE
)
_ADDRESS = re.compile(r"\s{0,9}[a-z][a-z0-9+.-]{1,20}://", re.IGNORECASE)
# Shorter values are not looked for in texts: they stand in words, too.
_SHORTEST = 4


@dataclass(frozen=True)
class Parted:
    """A source without its secrets, and the secrets.

    :param url: the address, without a password or a key
    :param config: the options (JSON), :data:`STANDS_FOR` in the place of secrets
    :param secret_url: the whole address, ``""`` where it has no secret
    :param options: where a secret stands in the options → the secret
    """

    url: str
    config: str
    secret_url: str = ""
    options: Mapping[Path, Any] = member(default_factory=dict)

    @property
    def has_any(self) -> bool:
        """Whether there are secrets."""
        return bool(self.secret_url or self.options)


def part(url: str, config: str, known: Collection[str] = ()) -> Parted:
    """Take the secrets out of a source.

    :param url: its address
    :param config: its options, JSON; what is none is left as it is
    :param known: options that are no secrets, whatever words are in them
    """
    shown = without_secret(url) if has_secret(url) else url
    given = _read(config)
    if given is None:
        return Parted(shown, config, url if shown != url else "")
    found: dict[Path, Any] = {}
    kept = {name: given[name] for name in known if name in given} if known else {}
    rest = {name: given[name] for name in given if name not in kept} if kept else given
    left = _without(rest, (), found, is_secret=False)
    if kept:
        left = {name: kept.get(name, left.get(name)) for name in given}
        left |= _without_addresses(kept, found)
    said = json.dumps(left, ensure_ascii=False, indent=2) if found else config
    return Parted(shown, said, url if shown != url else "", found)


def join(config: str, options: Mapping[Path, Any]) -> str:
    """Put secrets back into options.

    :param config: the options, JSON
    :param options: where a secret stands → the secret
    """
    given = _read(config)
    if given is None or not options:
        return config
    for path in places(config):
        if path in options:
            _put(given, path, options[path])
    return json.dumps(given, ensure_ascii=False)


def is_readable(config: str) -> bool:
    """Whether secrets can be told in options: they are JSON, or there are none.

    :param config: the options
    """
    return not config.strip() or _read(config) is not None


def places(config: str) -> list[Path]:
    """Return where :data:`STANDS_FOR` stands in options."""
    return [path for path, value in _leaves(_read(config)) if value == STANDS_FOR]


def stays(place: Path, before: str, now: str) -> bool:
    """Say whether a place in options is of the same thing in both.

    What is in a list goes by its number: where the list has become another one, nobody knows whose
    secret stands there.

    :param place: where something stands in both
    :param before: the options (JSON) that were kept, without their secrets
    :param now: those that are to be kept, without their secrets
    """
    first = next((n for n, step in enumerate(place) if isinstance(step, int)), None)
    if first is None:
        return True
    return _at(_read(before), place[:first]) == _at(_read(now), place[:first])


def hosts(url: str, config: str) -> set[str]:
    """Return the servers that a source leads to, each with its place (``source_servers``).

    :param url: its address
    :param config: its options (JSON), without their secrets
    """
    leaves = ((path, value) for path, value in _leaves(_read(config)) if value != STANDS_FOR)
    return source_servers.servers_of_url(url, leaves)


def hidden(text: str, secrets: Iterable[Any]) -> str:
    """Return a text without secrets.

    :param text: any text, such as a line of a log
    :param secrets: the values, addresses with passwords among them
    """
    for value in sorted(map(str, secrets), key=len, reverse=True):
        if len(value) >= _SHORTEST:
            shown = without_secret(value) if _ADDRESS.match(value) else STANDS_FOR
            text = text.replace(value, shown).replace(
                quote(value, safe="", errors="replace"), shown
            )
    return text


def words(secret_url: str, options: Mapping[Path, Any]) -> list[str]:
    """Return what must stand in no log: secrets, and the parts of an address that are ones."""
    found = [str(value) for value in options.values()]
    for address in [secret_url, *found]:
        if _ADDRESS.match(address):
            parts = split(address)
            found += [address, *filter(None, (parts.password, parts.netloc.rpartition("@")[0]))]
            found += [value for _name, value in secret_parameters(address)]
    return found


def _read(config: str) -> Any:
    try:
        given = sent_json.read(config or "", None)
    except ValueError:
        return None
    return given if isinstance(given, (dict, list)) else None


def _is_name(name: str) -> bool:
    plain = re.sub(r"[^a-z]", "", name.lower().replace("ł", "l"))
    return plain in _WHOLE or any(part in plain for part in _PARTS)


def _is_value(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    looks_so = _HEADER.match(value) or _SCHEME.fullmatch(value)
    return bool(looks_so or (_ADDRESS.match(value) and has_secret(value.strip())))


def _without(given: Any, path: Path, found: dict[Path, Any], *, is_secret: bool) -> Any:
    if isinstance(given, dict):
        return {
            name: _without(value, (*path, name), found, is_secret=is_secret or _is_name(str(name)))
            for name, value in given.items()
        }
    if isinstance(given, list):
        return [
            _without(value, (*path, number), found, is_secret=is_secret)
            for number, value in enumerate(given)
        ]
    if isinstance(given, bool) or given in (None, "", STANDS_FOR):
        return given
    if is_secret or _is_value(given):
        found[path] = given
        return STANDS_FOR
    return given


def _without_addresses(kept: Mapping[str, Any], found: dict[Path, Any]) -> dict[str, Any]:
    """Take passwords out of known options that are addresses; they stay addresses."""
    whole = {
        name: value
        for name, value in kept.items()
        if isinstance(value, str) and _ADDRESS.match(value) and has_secret(value)
    }
    found.update({(name,): value for name, value in whole.items()})
    return {name: without_secret(value) for name, value in whole.items()}


def _leaves(given: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    if isinstance(given, dict):
        for name, value in given.items():
            yield from _leaves(value, (*path, name))
    elif isinstance(given, list):
        for number, value in enumerate(given):
            yield from _leaves(value, (*path, number))
    else:
        yield path, given


def _at(given: Any, path: Path) -> Any:
    for step in path:
        given = given[step]
    return given


def _put(given: Any, path: Path, value: Any) -> None:
    for step in path[:-1]:
        given = given[step]
    given[path[-1]] = value
