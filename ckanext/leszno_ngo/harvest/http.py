"""Fetching from servers one does not control: bounded in time, size and number of tries.

One request at a time, politely: a least interval between requests, back-off when
the server asks for it, a User-Agent that says who calls. What comes back is streamed
to a temporary file and checked as it comes; a body is never trusted to be what the
headers say. Nothing here knows what the data mean.
"""

from __future__ import annotations

import math
import netrc
import re
import tempfile
import time
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field as member
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import SplitResult, unquote, urljoin, urlsplit, urlunsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.auth import HTTPBasicAuth

from ckanext.leszno_ngo import web_addresses
from ckanext.leszno_ngo.harvest import addresses, timed_answers
from ckanext.leszno_ngo.harvest.model import SourceError
from ckanext.leszno_ngo.harvest.settings import secret_parameters

#: Host and port.
Server = tuple[str, int]
_HTTPS = 443
_PIECE = 1 << 16
_UNPACKED_PIECE = 1 << 20
_MAX_REDIRECTS = 5
_RETRIED = {429, 500, 502, 503, 504}
_CODES = {401: "forbidden", 403: "forbidden", 404: "not_found", 410: "not_found", 204: "empty"}
_REDIRECTS = {301, 302, 303, 307, 308}
_NUMBER = re.compile(r"[0-9]{1,18}")
_HTML_TYPES = {"text/html", "application/xhtml+xml"}

#: Media types a table may come as; servers seldom know better than octet-stream.
TABLE_TYPES = frozenset(
    {
        "",
        "text/csv",
        "text/plain",
        "text/tab-separated-values",
        "text/comma-separated-values",
        "application/csv",
        "application/octet-stream",
        "binary/octet-stream",
        "application/download",
        "application/force-download",
        "application/vnd.ms-excel",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/zip",
        "application/x-zip-compressed",
    }
)
#: Media types of a JSON API.
JSON_TYPES = frozenset({"application/json", "text/json", "application/problem+json"})


@dataclass(frozen=True, slots=True)
class Policy:
    """How a server is treated.

    :param user_agent: who calls, with an address where the caller can be reached.
    :param connect_timeout: seconds to connect.
    :param read_timeout: seconds for the headers, and between two pieces of the body.
    :param total_timeout: seconds for one try, body included.
    :param max_bytes: size of a body, unpacked, bytes.
    :param tries: tries of one request in all.
    :param backoff: seconds before the second try; doubled before each next one.
    :param max_wait: longest wait the server may ask for (``Retry-After``), seconds.
    :param min_interval: least time between the starts of two requests, seconds.
    :param refuse_private: refuse hosts that have an address that is not public (a
        portal's own network). A host that has none is refused in the same words, at
        once, so that nobody learns which names the portal's own network knows.
    """

    user_agent: str = "ckanext-leszno_ngo"
    connect_timeout: float = 10.0
    read_timeout: float = 30.0
    total_timeout: float = 300.0
    max_bytes: int = 100_000_000
    tries: int = 4
    backoff: float = 1.0
    max_wait: float = 120.0
    min_interval: float = 0.0
    refuse_private: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's answer whose body is a file.

    :param status: HTTP status.
    :param url: address that answered, after redirects.
    :param content_type: media type, small letters, without parameters.
    :param last_modified: the ``Last-Modified`` header, or ``""``.
    :param path: the body; lives as long as the ``with`` of :meth:`Client.fetch`.
    :param size: its size, bytes.
    """

    status: int
    url: str
    content_type: str
    last_modified: str
    path: Path
    size: int


class _RetryError(Exception):
    """A failure after which another try makes sense."""

    def __init__(self, error: SourceError, wait: float | None = None):
        super().__init__(error.code)
        self.error = error
        self.wait = wait


class _Session(requests.Session):
    """Leaves redirects alone; otherwise it reads each one's address, and its whole body."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Say that an answer leads nowhere.

        :param resp: the answer
        """


class _Adapter(HTTPAdapter):
    """Connects by pools of its own."""

    def __init__(self, pools: dict[str, Any]) -> None:
        self._pools = pools
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools


def shown_url(url: str) -> str:
    """Return an address fit for a report.

    :param url: any address.
    :returns: the address without user, password, query and fragment, which may hold keys; nothing
        of what cannot be taken apart.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return ""
    # A port that is no number is left out.
    port = f":{parts.port}" if web_addresses.parts(url) and parts.port else ""
    return urlunsplit((parts.scheme, host + port, parts.path, "", ""))


def _origin(url: str) -> tuple[str, str, int | None]:
    if not addresses.is_web_address(url):
        raise SourceError("address")
    parts = urlsplit(url)
    return parts.scheme, str(parts.hostname), parts.port


def _target(response: requests.Response) -> str:
    """Return where a redirect leads to; servers write an address in UTF-8.

    :raises SourceError: ``address``
    """
    try:
        return urljoin(response.url, response.headers["location"].encode("latin-1").decode())
    except ValueError as error:
        raise SourceError("address") from error


def _check_redirect(old: str, new: str) -> None:
    """Allow a redirect within one server, and from http to https on the same host."""
    old_scheme, old_host, old_port = _origin(old)
    new_scheme, new_host, new_port = _origin(new)
    same = (old_scheme, old_host, old_port) == (new_scheme, new_host, new_port)
    upgraded = old_host == new_host and (old_scheme, new_scheme) == ("http", "https")
    if not (same or upgraded):
        raise SourceError("redirect", url=shown_url(old), to=shown_url(new))


@dataclass(frozen=True, slots=True)
class Keys:
    """What lets us in at a server; sent to its host and port alone, and by https alone.

    :param credentials: server → name and password.
    :param parameters: server → parameters of the query, name and value.
    """

    credentials: Mapping[Server, tuple[str, str]] = member(default_factory=dict)
    parameters: Mapping[Server, Sequence[tuple[str, str]]] = member(default_factory=dict)

    def put_into(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add what the request's server wants."""
        parts = web_addresses.parts(request.url or "")
        if parts is None or parts.scheme != "https":
            return request
        server = _server(parts)
        parameters = self.parameters.get(server)
        if parameters:
            request.prepare_url(str(request.url), list(parameters))
        known = self.credentials.get(server)
        return HTTPBasicAuth(*known)(request) if known else request


def _server(parts: SplitResult) -> Server:
    """Return the server of an address; two of one host at two ports may belong to two people.

    :raises ValueError: the port is no number
    """
    return str(parts.hostname), parts.port or _HTTPS


def keys_of(addresses: Iterable[str]) -> Keys:
    """Read names, passwords and keys out of whole addresses.

    :param addresses: such as ``https://user:password@host/a.csv?token=…``; what cannot be taken
        apart lets nobody in anywhere
    """
    credentials, parameters = {}, {}
    for address in addresses:
        parts = web_addresses.parts(address)
        if parts is None:
            continue
        server = _server(parts)
        if parts.username:
            credentials[server] = (unquote(parts.username), unquote(parts.password or ""))
        if found := secret_parameters(address):
            parameters[server] = found
    return Keys(credentials, parameters)


def credentials_of(file: Path) -> dict[Server, tuple[str, str]]:
    """Read names and passwords of servers.

    :param file: in the format of ``.netrc``, whose machines may have a port (``host:8443``); its
        ``default`` is not heeded
    :returns: server → name and password
    :raises SourceError: ``credentials``
    """
    try:
        hosts = netrc.netrc(str(file)).hosts
        return {
            _server(urlsplit(f"//{host}")): (login, password)
            for host, (login, _, password) in hosts.items()
            if host != "default" and login and password
        }
    except (OSError, netrc.NetrcParseError, ValueError) as error:
        raise SourceError("credentials") from error


def _is_number(header: str) -> bool:
    return bool(_NUMBER.fullmatch(header))


def _retry_after(header: str | None, now: datetime) -> float | None:
    """Return the seconds of a ``Retry-After`` header (seconds or HTTP date), None without one."""
    if not header:
        return None
    if _is_number(header.strip()):
        return float(header)
    try:
        when = parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=timezone.utc)
    return max(0.0, (when - now).total_seconds())


class Client:
    """Fetches by one policy; keeps the interval between requests.

    :param policy: how servers are treated.
    :param credentials: server → name and password, sent to it alone and by https alone.
    :param keys: what lets us in besides, of one source.
    :param clock: monotonic seconds; given by tests.
    :param sleep: waits so many seconds; given by tests.
    :param today: the current time, for HTTP dates; given by tests.
    :param resolver: resolves names where private addresses are refused; given by tests.
    """

    def __init__(
        self,
        policy: Policy | None = None,
        *,
        credentials: Mapping[Server, tuple[str, str]] = MappingProxyType({}),
        keys: Keys | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        today: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
        resolver: addresses.Resolver = addresses.resolve,
    ):
        self.policy = policy or Policy()
        self._clock = clock
        self._sleep = sleep
        self._today = today
        self._last = -math.inf
        self._session = _Session()
        # No credentials from CKAN's own .netrc for a host that a source's owner chose.
        own = keys or Keys()
        merged = Keys({**credentials, **own.credentials}, own.parameters)
        self._session.auth = merged.put_into
        self._session.headers.update(
            {"User-Agent": self.policy.user_agent, "Accept-Encoding": "gzip, identity"}
        )
        if self.policy.refuse_private:
            # A proxy would connect in our place, past the guard.
            self._session.trust_env = False
        answers = timed_answers.within(self.policy.read_timeout, self.policy.total_timeout)
        pools = addresses.pools(answers, resolver if self.policy.refuse_private else None)
        self._session.mount("http://", _Adapter(pools))
        self._session.mount("https://", _Adapter(pools))

    @contextmanager
    def fetch(
        self,
        url: str,
        *,
        params: dict[str, str] | None = None,
        types: Collection[str] = TABLE_TYPES,
        statuses: Collection[int] = (200,),
    ) -> Iterator[Answer]:
        """Fetch an address into a temporary file.

        :param url: http or https address.
        :param params: parameters of the query.
        :param types: media types allowed for a 200; ``""`` stands for none given.
        :param statuses: statuses that are answers; any other is an error.
        :returns: a context manager that gives the :class:`Answer`; the file is
            removed at its end.
        :raises SourceError: ``address``, ``private_address``, ``redirect``,
            ``redirects``, ``timeout``, ``unreachable``, ``not_found``, ``forbidden``,
            ``empty``, ``rate_limited``, ``server_error``, ``http_status``, ``html``,
            ``content_type``, ``content_encoding``, ``too_big``, ``truncated``.
        """
        with tempfile.TemporaryDirectory(prefix="leszno-ngo-") as folder:
            path = Path(folder) / "body"
            yield self._with_tries(url, params, types, statuses, path)

    def _with_tries(
        self,
        url: str,
        params: dict[str, str] | None,
        types: Collection[str],
        statuses: Collection[int],
        path: Path,
    ) -> Answer:
        wait = self.policy.backoff
        for left in range(self.policy.tries - 1, -1, -1):
            answer = self._attempt(url, params, types, statuses, path)
            if isinstance(answer, Answer):
                return answer
            pause = wait if answer.wait is None else answer.wait
            if not left or pause > self.policy.max_wait:
                raise answer.error from answer
            self._sleep(pause)
            wait *= 2
        raise ValueError("a policy has at least one try")

    def _attempt(self, *request: Any) -> Answer | _RetryError:
        try:
            return self._once(*request)
        except _RetryError as failure:
            return failure

    def _once(
        self,
        url: str,
        params: dict[str, str] | None,
        types: Collection[str],
        statuses: Collection[int],
        path: Path,
    ) -> Answer:
        for _ in range(_MAX_REDIRECTS + 1):
            with self._request(url, params) as response:
                if response.status_code in _REDIRECTS and "location" in response.headers:
                    target = _target(response)
                    _check_redirect(url, target)
                    url, params = target, None
                    continue
                self._check_status(response, statuses)
                content_type = _content_type(response, types)
                size = self._save(response, path)
                if response.status_code == 200 and not size:
                    raise SourceError("empty", url=shown_url(url), status=200)
                modified = response.headers.get("last-modified", "")
                return Answer(
                    response.status_code, response.url, content_type, modified, path, size
                )
        raise SourceError("redirects", url=shown_url(url), limit=_MAX_REDIRECTS)

    @contextmanager
    def _request(self, url: str, params: dict[str, str] | None) -> Iterator[requests.Response]:
        _origin(url)
        self._keep_interval()
        policy = self.policy
        where = shown_url(url)
        try:
            with self._session.get(
                url,
                params=params,
                stream=True,
                allow_redirects=False,
                timeout=(policy.connect_timeout, policy.read_timeout),
            ) as response:
                yield response
        except addresses.NotPublicError as error:
            raise SourceError("private_address", url=where) from error
        except (requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError) as error:
            raise _RetryError(SourceError("timeout", url=where)) from error
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema) as error:
            raise SourceError("address") from error
        except urllib3.exceptions.ProtocolError as error:
            raise _RetryError(SourceError("truncated", url=where)) from error
        except (
            requests.RequestException,
            urllib3.exceptions.HTTPError,
            ConnectionError,
        ) as error:
            raise _RetryError(SourceError("unreachable", url=where)) from error

    def _keep_interval(self) -> None:
        pause = self._last + self.policy.min_interval - self._clock()
        if pause > 0:
            self._sleep(pause)
        self._last = self._clock()

    def _check_status(self, response: requests.Response, statuses: Collection[int]) -> None:
        status = response.status_code
        if status in statuses:
            return
        where = shown_url(response.url)
        if status in _RETRIED:
            code = "rate_limited" if status == 429 else "server_error"
            wait = _retry_after(response.headers.get("retry-after"), self._today())
            raise _RetryError(SourceError(code, url=where, status=status), wait)
        raise SourceError(_CODES.get(status, "http_status"), url=where, status=status)

    def _save(self, response: requests.Response, path: Path) -> int:
        """Write the body to a file and return its size; stop at the policy's bounds."""
        deadline = self._clock() + self.policy.total_timeout
        where = shown_url(response.url)
        size = 0
        with path.open("wb") as file:
            for piece in _unpacked(response, where):
                size += len(piece)
                if size > self.policy.max_bytes:
                    raise SourceError("too_big", url=where, limit=self.policy.max_bytes)
                if self._clock() > deadline:
                    raise _RetryError(SourceError("timeout", url=where))
                file.write(piece)
        return size


def _content_type(response: requests.Response, types: Collection[str]) -> str:
    found = response.headers.get("content-type", "").split(";")[0].strip().lower()
    if response.status_code == 200 and found not in types:
        code = "html" if found in _HTML_TYPES else "content_type"
        raise SourceError(code, url=shown_url(response.url), found=found)
    return found


def _piece(response: requests.Response, where: str) -> bytes:
    try:
        return response.raw.read(_PIECE, decode_content=False)
    except ValueError as error:  # of a piece whose size is below nought
        raise _RetryError(SourceError("truncated", url=where)) from error


def _unpacked(response: requests.Response, where: str) -> Iterator[bytes]:
    """Yield the body unpacked, never more than a piece at a time (a bomb stays packed)."""
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing not in ("identity", "", "gzip", "x-gzip", "deflate"):
        raise SourceError("content_encoding", url=where, found=packing)
    expected = response.headers.get("content-length", "")
    received = 0
    # 47: gzip or zlib, whichever the header of the data says.
    unpacker = zlib.decompressobj(47) if packing not in ("identity", "") else None
    while piece := _piece(response, where):
        received += len(piece)
        yield from [piece] if unpacker is None else _unpack(unpacker, piece, where)
    short = _is_number(expected) and received < int(expected)
    if short or (unpacker is not None and received and not unpacker.eof):
        raise _RetryError(SourceError("truncated", url=where))


def _unpack(unpacker: Any, piece: bytes, where: str) -> Iterator[bytes]:
    try:
        while piece:
            yield unpacker.decompress(piece, _UNPACKED_PIECE)
            piece = unpacker.unconsumed_tail
    except zlib.error as error:
        raise SourceError("content_encoding", url=where, found="damaged") from error
