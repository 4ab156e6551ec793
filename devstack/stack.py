"""The three services together, started once in a checkout and stopped in order."""

from __future__ import annotations

import contextlib
import fcntl
import time
from collections.abc import Iterator
from types import TracebackType
from typing import IO

from devstack import ckan, postgres, process, solr, valkey
from devstack.settings import SERVICES, Settings

#: How long the services of another process may take to come up, or to stop, in seconds.
PATIENCE = 90


class Stack:
    """PostgreSQL, Valkey and Solr; those of this checkout that run already are used as they are."""

    def __init__(self, settings: Settings, *, for_tests: bool = False) -> None:
        self.settings = settings
        self.for_tests = for_tests
        self.services: list[process.Service] = []
        self._lock: IO[str] | None = None
        #: There while the owner of the services stops them; void when nobody holds the lock.
        self._stopping = settings.state / "stack.stopping"

    def __enter__(self) -> Stack:
        self._lock = (self.settings.state / "stack.lock").open("w")
        if self._joins_another(self._lock):
            print("Using the services that run in this checkout.", flush=True)
            return self
        self._stopping.unlink(missing_ok=True)
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def is_owner(self) -> bool:
        """Whether this process started the services."""
        return bool(self.services)

    def stop(self) -> None:
        """Stop what this object started, last started first."""
        if self.services:
            self._stopping.touch()
        for service in reversed(self.services):
            service.ask_to_stop()
        for service in reversed(self.services):
            service.finish()
        if self.services:
            self._stopping.unlink(missing_ok=True)
        self.services.clear()
        if self._lock:
            self._lock.close()

    def watch(self) -> None:
        """Wait for ever.

        :raises ServiceError: one of the services died
        """
        while True:
            for service in self.services:
                if service.process.poll() is not None:
                    raise process.ServiceError(f"{service.name} has died:\n{service.tail()}")
            time.sleep(0.5)

    def _start(self) -> None:
        settings = self.settings
        settings.choose_ports(SERVICES)
        solr.jars(settings)
        self.services.append(solr.start(settings, thorough=not self.for_tests))
        for module in (postgres, valkey):
            self.services.append(module.start(settings))
        java, database, queue = self.services
        database.wait_until(lambda: postgres.is_ready(settings))
        queue.wait_until(lambda: valkey.is_ready(settings))
        postgres.create_databases(settings)
        ckan.write_configuration(settings)
        java.wait_until(lambda: solr.is_ready(settings))

    def _joins_another(self, lock: IO[str]) -> bool:
        """Wait until the services of another process are up, or are stopped and the lock is ours.

        :returns: whether another process has the services
        """
        deadline = time.monotonic() + PATIENCE
        while not _try_lock(lock):
            if not self._stopping.exists() and self._is_up():
                return True
            if time.monotonic() > deadline:
                raise process.ServiceError("the services that run in this checkout do not answer")
            time.sleep(0.3)
        return False

    def _is_up(self) -> bool:
        return _is_up(self.settings) and self.settings.ini.exists()


def exclusive(settings: Settings, role: str) -> IO[str]:
    """Take a role's data for this process alone.

    :param settings: paths
    :param role: one of ROLES
    :returns: the lock, held while it is open
    :raises ServiceError: another process in this checkout has it
    """
    lock = (settings.state / f"{role}.lock").open("w")
    if not _try_lock(lock):
        raise process.ServiceError(f"another `make {role}` is at work in this checkout")
    return lock


def _is_up(settings: Settings) -> bool:
    from devstack.settings import load

    settings.ports = load(settings.wishes, settings.root).ports
    if not settings.ports:
        return False
    return postgres.is_ready(settings) and valkey.is_ready(settings) and solr.is_ready(settings)


def _try_lock(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextlib.contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Hold the checkout while nothing runs in it.

    :param settings: paths
    :raises ServiceError: services of this checkout run
    """
    with (settings.state / "stack.lock").open("w") as lock:
        if not _try_lock(lock):
            raise process.ServiceError("services of this checkout run: stop them first")
        yield
