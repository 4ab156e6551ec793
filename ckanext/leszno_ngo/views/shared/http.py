"""What HTTP asks of a file that anyone may have: validators, compression, other sites' scripts."""

from __future__ import annotations

import datetime as dt
import hashlib
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import ckan.plugins.toolkit as tk
from flask import Response
from werkzeug.http import http_date, is_resource_modified

#: Headers that scripts of other sites may read.
_EXPOSED = "Content-Disposition, ETag, Link, X-Total-Count"
#: How long a browser may remember that it may ask, in seconds.
_PREFLIGHT_AGE = 86_400
_GZIP = 31  # zlib's name for the gzip format with its largest window


@dataclass(frozen=True)
class Validators:
    """By what a client sees that its copy is still good (RFC 9110, 8.8).

    ``tag`` is a weak one: two files of the same data differ in the time they were made.
    """

    tag: str
    changed: dt.datetime | None

    @property
    def is_known(self) -> bool:
        """Whether the client has this state of the data already."""
        return not is_resource_modified(
            tk.request.environ, etag=f'W/"{self.tag}"', last_modified=self.changed
        )

    def put_on(self, response: Response) -> Response:
        """Set the headers; the client may keep the file, and asks each time if it is still good."""
        response.set_etag(self.tag, weak=True)
        if self.changed:
            response.headers["Last-Modified"] = http_date(self.changed)
        return response


def validators(parts: Iterable[object], changed: dt.datetime | None) -> Validators:
    """Make validators.

    :param parts: everything that the file depends on
    :param changed: when the data last changed (with a time zone)
    """
    digest = hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:32]
    return Validators(digest, changed)


def in_words(status: int, message: str) -> Response:
    """Answer a program with a sentence."""
    return Response(f"{message}\n", status, content_type="text/plain; charset=utf-8")


def search_is_away() -> Response:
    """Answer a program while Solr is away."""
    return in_words(503, tk._("The search engine does not answer. Try again in a few minutes"))


def not_modified(known: Validators) -> Response:
    """Answer a client that has the file already."""
    response = known.put_on(Response(status=304))
    del response.headers["Content-Type"]
    return response


def compressed(response: Response) -> Response:
    """Compress a streamed response where the client accepts gzip; nothing is held back whole."""
    response.vary.add("Accept-Encoding")
    if tk.request.accept_encodings["gzip"] > 0:
        response.response = _gzip(response.iter_encoded())
        response.headers["Content-Encoding"] = "gzip"
    return response


def _gzip(pieces: Iterator[bytes]) -> Iterator[bytes]:
    compressor = zlib.compressobj(wbits=_GZIP)
    for piece in pieces:
        if packed := compressor.compress(piece):
            yield packed
    yield compressor.flush()


def for_everyone(response: Response) -> Response:
    """Let scripts of other sites read it: the data are public, no cookie changes them."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = _EXPOSED
    if tk.request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "If-Modified-Since, If-None-Match"
        response.headers["Access-Control-Max-Age"] = str(_PREFLIGHT_AGE)
    return response
