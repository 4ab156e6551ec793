"""Child processes that never outlive their supervisor."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


class ServiceError(Exception):
    """A service did not start, or died."""


class Terminated(BaseException):
    """The supervisor was asked to end (SIGTERM or SIGHUP)."""


def die_with_parent(sign: int) -> None:
    """Have the kernel send this process a signal when its parent dies, even by SIGKILL.

    :param sign: signal number
    :raises OSError: the kernel refused
    """
    if _libc.prctl(PR_SET_PDEATHSIG, sign, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")


def raise_on_termination() -> None:
    """Turn SIGTERM and SIGHUP into an exception, so that the services are stopped in order."""

    def handler(sign: int, _frame: object) -> None:
        raise Terminated(sign)

    for sign in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(sign) is not signal.SIG_IGN:  # as nohup leaves SIGHUP
            signal.signal(sign, handler)


@dataclass
class Service:
    """A running background process."""

    name: str
    process: subprocess.Popen[Any]
    log: Path
    stop_signal: int = signal.SIGTERM

    def wait_until(self, ready: Callable[[], bool], seconds: float = 60) -> None:
        """Wait until the service answers.

        :param ready: asked every tenth of a second
        :param seconds: patience
        :raises ServiceError: it died or did not answer in time; the end of its log is in the text
        """
        deadline = time.monotonic() + seconds
        while not ready():
            if self.process.poll() is not None:
                raise ServiceError(
                    f"{self.name} ended with code {self.process.returncode}:\n{self.tail()}"
                )
            if time.monotonic() > deadline:
                raise ServiceError(f"{self.name} gave no answer in {seconds:.0f} s:\n{self.tail()}")
            time.sleep(0.1)

    def tail(self, lines: int = 25) -> str:
        """Give the end of the log.

        :param lines: how many lines
        :returns: text
        """
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return "\n".join([*text.splitlines()[-lines:], f"(whole log: {self.log})"])

    def ask_to_stop(self) -> None:
        """Send the stop signal, if the process still runs."""
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)

    def finish(self, seconds: float = 15) -> None:
        """Wait for the end after :meth:`ask_to_stop`, then kill.

        :param seconds: patience
        """
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def start(
    name: str,
    command: Sequence[str | Path],
    log: Path,
    *,
    env: Mapping[str, str] | None = None,
    user: Mapping[str, int] | None = None,
    stop_signal: int = signal.SIGTERM,
    cwd: Path | None = None,
) -> Service:
    """Start a background service in a session of its own, out of the terminal's Ctrl-C.

    :param name: for messages
    :param command: program and arguments
    :param log: file that takes its output
    :param env: variables laid over the process's own
    :param user: ``user`` and ``group`` ids to become, when root
    :param stop_signal: what ends it in order
    :param cwd: working folder
    :returns: the service, perhaps not ready yet
    """
    with log.open("wb") as output:
        process: subprocess.Popen[Any] = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(env or {})},
            cwd=cwd,
            start_new_session=True,
            preexec_fn=_dying_with(stop_signal),
            **identity(user),
        )
    return Service(name, process, log, stop_signal)


def identity(user: Mapping[str, int] | None) -> dict[str, Any]:
    """Give the subprocess arguments that drop root's privileges.

    :param user: ``user`` and ``group`` ids, or None to stay
    :returns: keyword arguments of subprocess functions
    """
    return {**user, "extra_groups": []} if user else {}


def foreground(
    command: Sequence[str | Path],
    env: Mapping[str, str] | None = None,
    *,
    errors: IO[bytes] | None = None,
) -> int:
    """Run a program on the terminal and wait for it; Ctrl-C is the program's to handle.

    :param command: program and arguments
    :param env: variables laid over the process's own
    :param errors: file that takes its error output in the terminal's place
    :returns: its exit code; 128 + signal number when a signal ended it
    :raises KeyboardInterrupt: after Ctrl-C, when the program has ended
    :raises Terminated: passed on to the program first
    """
    # A Ctrl-C between the start and the waiting would end this process, and the program with it.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process = subprocess.Popen(
            [str(part) for part in command],
            env={**os.environ, **(env or {})},
            stderr=errors,
            preexec_fn=_dying_with(signal.SIGTERM),
        )
    except BaseException:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        raise
    try:
        code = _wait_through_interrupts(process, before)
    except Terminated:
        process.terminate()
        process.wait()
        raise
    return code if code >= 0 else 128 - code


def _wait_through_interrupts(process: subprocess.Popen[bytes], mask: set[int]) -> int:
    """Wait; after Ctrl-C, which the program has got too, give it some time to end by itself.

    ``mask``: the blocked signals from here on.
    """
    patience, interrupted = None, False
    while True:
        try:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            code = process.wait(patience)
        except KeyboardInterrupt:  # noqa: PERF203 - waits again
            patience, interrupted = 30, True
        except subprocess.TimeoutExpired:
            process.kill()
        else:
            if interrupted:
                raise KeyboardInterrupt
            return code


def _dying_with(sign: int) -> Callable[[], None]:
    parent = os.getpid()

    def prepare() -> None:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        die_with_parent(sign)
        if os.getppid() != parent:
            os._exit(1)

    return prepare
