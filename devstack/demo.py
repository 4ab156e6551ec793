"""``make run``: the catalogue with the city's register and examples of everything in it."""

from __future__ import annotations

import json
import os
import subprocess
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from devstack import ckan, contents, process, stack
from devstack.settings import Settings

#: The list as of 30 November 2024, for that tax year (art. 27a), as of February.
SOURCE = [
    "--source=opp-leszno",
    "--title=Wykaz organizacji pożytku publicznego (luty 2025)",
    "--tax-year=2024",
    "--licence=public-information",
]
#: Exit code of the harvest command when it set rows aside.
REFUSED = 1
REGISTER = "devstack/data/opp-leszno-2025.csv"


def run(here: Settings) -> int:
    """Serve the catalogue until Ctrl-C.

    :param here: paths
    :returns: exit code; never returns while all is well
    """
    with stack.exclusive(here, "run"), stack.Stack(here) as running:
        here.choose_ports(["web"])
        ckan.write_configuration(here)
        if not fill(here)["records"] or not here.harvested.exists():
            harvest(here)
        if not here.exemplified.exists():
            show_examples(here)
        if not here.published.exists():
            publish(here)
        web = serve(here)
        running.services.append(web)
        web.wait_until(lambda: is_served(here), 120)
        print(ready_message(here), flush=True)
        running.services.append(gather(here))
        running.services.append(work(here))
        running.watch()
    return 0


def fill(here: Settings) -> dict[str, int]:
    """Bring the tables up to date; make the accounts and the organisation where they are missing.

    :param here: paths and passwords
    :returns: see :func:`devstack.contents.main`
    :raises ServiceError: it failed; the end of its output is in the text
    """
    done = subprocess.run(
        [here.bin / "python", "-m", "devstack.contents", here.ini],
        input=json.dumps(here.accounts),
        env={**os.environ, **here.variables("run")},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise process.ServiceError(
            f"the catalogue could not be prepared:\n{done.stderr[-3000:]}{done.stdout[-1000:]}"
        )
    return json.loads(done.stdout.splitlines()[-1])


def harvest(here: Settings) -> None:
    """Harvest the bundled register; a refused row is told and does not stop the start.

    An interrupted harvest is done again at the next start.

    :param here: paths
    """
    print("Harvesting the register of Leszno …", flush=True)
    log = here.logs / "first-harvest.log"
    command = [*ckan.command(here, "run"), "leszno-ngo", "harvest", here.root / REGISTER]
    options = ["--format=opp", f"--owner-org={contents.ORGANISATION['name']}", *SOURCE]
    with log.open("wb") as errors:
        code = process.foreground([*command, *options], here.variables("run"), errors=errors)
    if code in (0, REFUSED):
        here.harvested.touch()
    if code:
        print(f"The harvest ended with code {code} ({log}); the catalogue starts all the same.")


def show_examples(here: Settings) -> None:
    """Load the example records, once: those that a person removes stay away.

    :param here: paths
    """
    print("Loading example records …", flush=True)
    done, log = _logged(
        here, "examples", [here.bin / "python", "-m", "devstack.examples", here.ini]
    )
    if not done:
        print(f"The examples were not loaded whole ({log}); the catalogue starts all the same.")
        return
    here.exemplified.touch()


def publish(here: Settings) -> None:
    """Publish the registers as datasets; from then on background jobs keep them up to date.

    :param here: paths
    """
    print("Publishing the registers as datasets …", flush=True)
    done, log = _logged(here, "publish", [*ckan.command(here, "run"), "leszno-ngo", "publish"])
    if not done:
        print(f"Not every register was published ({log}); the catalogue starts all the same.")
        return
    here.published.touch()


def _logged(here: Settings, name: str, command: Sequence[str | Path]) -> tuple[bool, Path]:
    """Run a program, its output in a log of its own; returns whether all went well, and the log."""
    log = here.logs / f"{name}.log"
    with log.open("w") as told:
        done = subprocess.run(
            command,
            env={**os.environ, **here.variables("run")},
            stdout=told,
            stderr=told,
            check=False,
        )
    return not done.returncode, log


def serve(here: Settings) -> process.Service:
    """Start CKAN's web server.

    :param here: paths and port
    :returns: the service, perhaps not ready yet
    """
    return process.start(
        "CKAN",
        [*ckan.command(here, "run"), "run", "--host=127.0.0.1", f"--port={here.ports['web']}"]
        + ["--disable-reloader", "--disable-debugger", "--threaded"],
        here.logs / "ckan.log",
        env=here.variables("run"),
        cwd=here.root,
    )


def gather(here: Settings) -> process.Service:
    """Start the process that harvests when somebody presses "Reharvest" on a source's page.

    The extension's harvesters do the whole job in their first stage, so the second queue of
    ckanext-harvest needs no process here.

    :param here: paths
    :returns: the service
    """
    return process.start(
        "Harvest worker",
        [*ckan.command(here, "run"), "harvester", "gather-consumer"],
        here.logs / "harvest.log",
        env=here.variables("run"),
        cwd=here.root,
    )


def work(here: Settings) -> process.Service:
    """Start the process that does background jobs: registers are published after changes.

    :param here: paths
    :returns: the service
    """
    return process.start(
        "Job worker",
        [*ckan.command(here, "run"), "jobs", "worker"],
        here.logs / "jobs.log",
        env=here.variables("run"),
        cwd=here.root,
    )


def is_served(here: Settings) -> bool:
    """Tell whether the front page is there.

    :param here: the address
    :returns: True at HTTP 200
    """
    try:
        with urllib.request.urlopen(here.site_url, timeout=60) as answer:
            return answer.status == 200
    except urllib.error.HTTPError as error:
        raise process.ServiceError(f"the front page answers HTTP {error.code}") from error
    except OSError:
        return False


def ready_message(here: Settings) -> str:
    """Say where the catalogue is and who may sign in.

    :param here: address and accounts
    :returns: text of a few lines
    """
    lines = [f"\nReady: {here.site_url}\n"]
    roles = {contents.SYSADMIN: "sysadmin", contents.EDITOR: "official"}
    for name, password in here.accounts.items():
        lines.append(f"  {roles[name]:9} {name:14} {password}")
    lines.append("\nCtrl-C stops everything; the data stays until `make clean`.")
    return "\n".join(lines)
