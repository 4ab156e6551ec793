"""Services start, answer, and never outlive their supervisor."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from devstack import process

SUPERVISOR = """
import sys, time
from pathlib import Path
from devstack import process
process.raise_on_termination()
service = process.start("sleeper", ["sleep", "300"], Path(sys.argv[1]))
try:
    print(service.process.pid, flush=True)
    time.sleep(300)
except process.Terminated:
    service.ask_to_stop()
    service.finish()
    print("in order", flush=True)
"""


def gone(pid, seconds=10):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not Path(f"/proc/{pid}").exists() or "\nState:\tZ" in status(pid):
            return True
        time.sleep(0.05)
    return False


def status(pid):
    try:
        return Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return "\nState:\tZ"


@pytest.fixture
def supervisor(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, tmp_path / "log"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(process.__file__).parent.parent,
    ) as running:
        yield running, int(running.stdout.readline())
        running.kill()


def test_a_killed_supervisor_takes_its_services_with_it(supervisor):
    running, service = supervisor
    running.kill()
    running.wait()
    assert gone(service)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGHUP])
def test_a_terminated_supervisor_stops_its_services_in_order(supervisor, sign):
    running, service = supervisor
    running.send_signal(sign)
    assert running.communicate(timeout=20)[0] == "in order\n"
    assert gone(service)


def test_a_service_that_ends_early_is_told_with_its_last_words(tmp_path):
    service = process.start("faulty", ["sh", "-c", "echo no such table; exit 3"], tmp_path / "log")
    with pytest.raises(process.ServiceError, match="(?s)faulty ended with code 3.*no such table"):
        service.wait_until(lambda: False, 20)


def test_a_service_that_never_answers_is_given_up(tmp_path):
    service = process.start("mute", ["sleep", "300"], tmp_path / "log")
    with pytest.raises(process.ServiceError, match="gave no answer"):
        service.wait_until(lambda: False, 0.2)
    service.ask_to_stop()
    service.finish()


def test_a_service_deaf_to_its_stop_signal_is_killed(tmp_path):
    script = "trap '' TERM; echo up; while :; do sleep 300 & wait; done"
    service = process.start("deaf", ["sh", "-c", script], tmp_path / "log")
    service.wait_until(lambda: service.log.read_text() == "up\n", 20)
    service.ask_to_stop()
    service.finish(0.2)
    assert service.process.returncode == -signal.SIGKILL


def test_a_service_is_out_of_the_terminals_process_group(tmp_path):
    service = process.start("apart", ["sleep", "300"], tmp_path / "log")
    assert os.getpgid(service.process.pid) != os.getpgrp()
    service.ask_to_stop()
    service.finish()


def test_ctrl_c_waits_for_the_program_and_then_stops_the_stack_too(tmp_path):
    # As on a terminal: the signal goes to the whole group.
    program = "trap 'sleep 0.3; echo ended; exit 0' INT; echo begun; while :; do sleep 0.1; done"
    # A suite in the background ignores the signal, and its children would too.
    script = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
        f"from devstack import process; process.foreground(['sh', '-c', {program!r}])"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        cwd=Path(process.__file__).parent.parent,
    ) as running:
        assert running.stdout.readline() == "begun\n"
        os.killpg(running.pid, signal.SIGINT)
        try:
            output, errors = running.communicate(timeout=30)
        finally:
            running.kill()
    assert output == "ended\n"
    assert "KeyboardInterrupt" in errors


@pytest.mark.parametrize(("script", "code"), [("exit 0", 0), ("exit 5", 5), ("kill -9 $$", 137)])
def test_the_exit_code_of_a_program_on_the_terminal_is_handed_on(script, code):
    assert process.foreground(["sh", "-c", script]) == code
