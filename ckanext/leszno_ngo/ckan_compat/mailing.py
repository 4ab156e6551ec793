"""CKAN's letters, of which none waits for ever: CKAN gives its connection no time limit."""

from __future__ import annotations

import smtplib
import socket
import threading
from contextlib import suppress

from ckan.lib import mailer

from ckanext.leszno_ngo.ckan_compat import guard
from ckanext.leszno_ngo.ckan_compat.declarations import InternalUse
from ckanext.leszno_ngo.ckan_compat.rebinding import Instead

#: Seconds that sending a letter may take, whatever the server does.
LONGEST = 20.0

_SMTP = InternalUse(
    title="A time limit for letters",
    package="ckan",
    version="2.12.0",
    reason="A mail server that takes a connection and says nothing would hold a request, or the "
    "queue of jobs, until somebody ends the process",
    upstream="upstream.md#ckan-a-time-limit-for-letters",
    names={"ckan.lib.mailer:smtplib": None, "ckan.lib.mailer:smtplib.SMTP": None},
)
USES = (_SMTP,)
_OWN = smtplib.SMTP


class LimitedSMTP(smtplib.SMTP):
    """A connection to a mail server that ends after :data:`LONGEST` seconds, also in a line."""

    def __init__(self, host: str = "", port: int = 0) -> None:
        self._limit = threading.Timer(LONGEST, self._end)
        self._limit.daemon = True
        self._limit.start()
        try:
            super().__init__(host, port, timeout=LONGEST)
        except BaseException:
            self._limit.cancel()
            raise

    def _end(self) -> None:
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection, and forget the limit."""
        self._limit.cancel()
        super().close()


def _connection(host: str, port: int) -> smtplib.SMTP:
    # What is not Python's own class has been put there on purpose, by CKAN's tests for one.
    is_own = smtplib.SMTP is _OWN
    return LimitedSMTP(host, port) if is_own else smtplib.SMTP(host, port)


def install() -> None:
    """Have CKAN send its letters by :class:`LimitedSMTP`.

    :raises ckan.exceptions.CkanConfigurationException: CKAN sends them otherwise
    """
    guard.require(_SMTP)
    mailer.smtplib = Instead(smtplib, SMTP=_connection)  # type: ignore[attr-defined]
