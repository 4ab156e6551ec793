"""compose.yaml does what docs/operators.md asks for: what cron does, packages by their hashes."""

import os
import re
import subprocess

import pytest
import yaml

from devstack.settings import ROOT

COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8").replace("$$", "$"))
RECIPE = COMPOSE["x-ckan"]["build"]["dockerfile_inline"]
OPERATORS = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
# What an image or a portal brings itself.
OF_CKAN = {"ckan", "psycopg2-binary"}


# ---------------------------------------------------------------------------------- cron
def cron():
    """Hours → command of each line of cron in the operators' page."""
    lines = re.findall(r"^    ((?:[\d*/,-]+ +){5})ckan -c \S+ (.+)$", OPERATORS, re.MULTILINE)
    return {command.strip(): hours.split() for hours, command in lines}


def scripted(tmp_path, nights=3, rounds=4):
    """Run the script of the schedule for some nights; return what it called, in its order."""
    log = tmp_path / "log"
    programs = {
        "ckan": f'echo "ckan $*" >> {log}; test "$1" != harvester',  # one fails each time
        "sleep": f'echo "sleep $*" >> {log}\n'
        f"test $(grep -c ^sleep {log}) -lt {nights * rounds} || kill $PPID",
        "date": f"n=$(grep -c ^sleep {log}); echo 2026-01-0$((1 + n / {rounds}))",
    }
    for name, text in programs.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    log.touch()
    env = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    subprocess.run(COMPOSE["services"]["schedule"]["command"], env=env, timeout=30, check=False)
    return [line for line in log.read_text().splitlines() if "config-tool" not in line]


def test_the_schedule_does_all_that_cron_does(tmp_path):
    called = scripted(tmp_path)
    commands = cron()
    assert len(commands) >= 3
    for command, (minute, hour, *_days) in commands.items():
        times = called.count(f"ckan {command}")
        if hour == "*":
            assert times == 12, command
            assert called.count(f"sleep {int(minute.removeprefix('*/')) * 60}") == 12
        else:
            assert times == 3, f"{command}: once a day"


# ---------------------------------------------------------------------------------- packages
def joined(text):
    return text.replace("\\\n", " ")


@pytest.mark.parametrize("text", [RECIPE, OPERATORS], ids=["image", "operators"])
def test_everything_is_installed_by_its_hash(text):
    found = re.findall(r"(?m)(?:^    |&& |RUN )pip install ([^&\n]+)", joined(text))
    assert found
    for arguments in found:
        options = {part for part in arguments.split() if part.startswith("--")}
        assert "--no-deps" in options, arguments
        # The extension alone has no hash: it is the checkout, built by what is installed already.
        assert options & {"--require-hashes", "--no-build-isolation"}, arguments
    assert sum("--require-hashes -r" in arguments for arguments in found) == 1
    assert "COPY requirements.lock" in RECIPE
    assert "pip install" not in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", [RECIPE, OPERATORS], ids=["image", "operators"])
def test_all_of_the_lock_is_installed_but_what_ckan_brings(text):
    (awk,) = re.findall(r"awk '[^']+'", joined(text))
    done = subprocess.run(
        ["sh", "-c", f"{awk} requirements.lock"], cwd=ROOT, capture_output=True, check=True
    )
    kept = done.stdout.decode()
    names = re.compile(r"(?m)^([\w.-]+)==.*\\\n(?: +--hash=sha256:\w{64}.*\n)+")
    assert set(names.findall(kept)) == set(names.findall(LOCK)) - OF_CKAN
    assert names.sub("", kept) == ""


def test_the_image_is_of_the_ckan_that_the_lock_is_of():
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    (of_image,) = re.findall(r"(?m)^CKAN_IMAGE=\S+:(\S+)$", example)
    assert re.findall(r"(?m)^ckan==(\S+)", LOCK) == [of_image]
