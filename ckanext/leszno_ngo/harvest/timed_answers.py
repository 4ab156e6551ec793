"""Answers of servers that come in time as a whole, however often a little of them comes.

A socket's own timeout counts from one piece to the next: a server that sends a byte, or an interim
answer (100 Continue, RFC 9110, section 15.2), every now and then would be waited for without end.
"""

from __future__ import annotations

import http.client
import io
import time
from typing import Any


class _TimedReader(io.RawIOBase):
    """Reads from a socket until a moment, in seconds of the monotonic clock."""

    def __init__(self, raw: io.RawIOBase, end: float) -> None:
        self._raw = raw
        self.end = end

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if time.monotonic() > self.end:
            raise TimeoutError("the answer takes too long")
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


def within(head: float, whole: float) -> type[http.client.HTTPResponse]:
    """Return a class of answers, the ``response_class`` of a connection.

    :param head: seconds for the status and the headers, interim answers included
    :param whole: seconds for the body after them
    :returns: the class; what takes longer raises ``TimeoutError``, after the wait for one more
        piece at most
    """

    class TimedResponse(http.client.HTTPResponse):
        def __init__(self, sock: Any, *arguments: Any, **options: Any) -> None:
            super().__init__(sock, *arguments, **options)
            self._reader = _TimedReader(self.fp.detach(), time.monotonic() + head)
            self.fp = io.BufferedReader(self._reader)

        def begin(self) -> None:
            super().begin()
            self._reader.end = time.monotonic() + whole

    return TimedResponse
