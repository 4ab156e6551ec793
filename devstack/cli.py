"""The commands behind the Makefile."""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence

from devstack import process, settings, venv
from devstack.settings import Settings

#: Arguments of pytest for the whole suite: a worker a role, and what took longest.
WHOLE_SUITE = [
    f"--numprocesses={len(settings.TEST_ROLES)}",
    "--dist=worksteal",
    "--durations=25",
]

#: Further ones for coverage, 90 per cent at least. The tracer makes tests 60 per cent slower.
COVERAGE = [
    "--cov=ckanext.leszno_ngo",
    "--cov-report=term:skip-covered",
    "--cov-fail-under=90",
]

#: Set once the virtual environment's own Python runs.
INSIDE = "LESZNO_NGO_DEVSTACK"


def main(arguments: Sequence[str]) -> int:
    """Run one command.

    :param arguments: command line without the program
    :returns: exit code
    """
    parser = argparse.ArgumentParser(prog="python -m devstack", description=__doc__)
    parser.add_argument("command", choices=sorted(COMMANDS))
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="arguments handed on")
    options = parser.parse_args(arguments)
    try:
        return _run(options.command, options.rest)
    except KeyboardInterrupt:
        return 130
    except process.Terminated as stop:
        return 128 + stop.args[0]
    except (process.ServiceError, PermissionError, ValueError) as error:
        print(f"devstack: {error}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        print(f"devstack: {shlex.join(error.cmd)} failed", file=sys.stderr)
        return 1


def _run(name: str, rest: list[str]) -> int:
    here = settings.load(os.environ)
    if name == "clean":
        return clean(here)
    settings.prepare(here)
    if os.environ.get(INSIDE) != str(here.venv):
        venv.ensure(here)
        variables = {**os.environ, **venv.environment(here), INSIDE: str(here.venv)}
        python = str(here.bin / "python")
        sys.stdout.flush()
        os.execve(python, [python, "-m", "devstack", name, *rest], variables)  # noqa: S606
    process.raise_on_termination()
    process.die_with_parent(process.signal.SIGTERM)
    return COMMANDS[name](here, rest)


def clean(here: Settings) -> int:
    """Remove the state folder and the database's folder outside it, if there is one."""
    from devstack import postgres, stack

    if here.state.exists():
        with stack.alone(here):
            postgres.remove(here)
            shutil.rmtree(here.state)
    return 0


def test(here: Settings, rest: list[str]) -> int:
    """Run the suite on services of its own, with fresh databases.

    The whole suite runs in two workers; a part runs in one process.
    """
    if rest:
        return _suite(here, rest, settings.TEST_ROLES[:1])
    return _suite(here, WHOLE_SUITE, settings.TEST_ROLES)


def coverage(here: Settings, _rest: list[str]) -> int:
    """Run the whole suite and demand that it covers the extension."""
    return _suite(here, [*WHOLE_SUITE, *COVERAGE], settings.TEST_ROLES)


def _suite(here: Settings, arguments: Sequence[str], roles: Sequence[str]) -> int:
    from devstack import ckan, postgres, stack

    with stack.exclusive(here, "test"), stack.Stack(here, for_tests=True):
        for role in roles:
            postgres.recreate_database(here, role)
            postgres.recreate_datastore(here, role)
            ckan.migrate(here, role)
        return process.foreground(
            [here.bin / "python", "-m", "pytest", "--ckan-ini=test.ini", *arguments],
            here.variables("test"),
        )


def run(here: Settings, _rest: list[str]) -> int:
    """Serve the catalogue with the register of Leszno in it."""
    from devstack import demo

    return demo.run(here)


def services(here: Settings, _rest: list[str]) -> int:
    """Start the services alone and keep them until Ctrl-C."""
    from devstack import ckan, stack

    with stack.Stack(here, for_tests=True) as running:
        for role in ("run", "test"):
            ckan.migrate(here, role)
        environment = write_environment(here)
        print(f"PostgreSQL, Valkey and Solr are ready. In another shell:\n\n    . {environment}\n")
        print("then, for example:\n\n    ckan user list\n    pytest tests\n")
        print(f"Addresses and passwords: {here.ini}. Ctrl-C here stops them.", flush=True)
        running.watch()
    return 0


def write_environment(here: Settings) -> str:
    """Write the file a shell reads to use ``ckan`` and ``pytest`` by hand.

    :param here: paths
    :returns: its path
    """
    variables = {**venv.environment(here), "CKAN_INI": str(here.ini), "STATE": str(here.state)}
    variables["PATH"] = f"{here.bin}:$PATH"
    lines = [f'export {name}="{value}"\n' for name, value in variables.items()]
    path = here.state / "env"
    path.write_text("".join(lines), encoding="utf-8")
    return str(path)


def bench(here: Settings, rest: list[str]) -> int:
    """Run the benchmarks on a database and a core of their own."""
    from devstack import ckan, postgres, stack

    with stack.exclusive(here, "bench"), stack.Stack(here):
        postgres.recreate_database(here, "bench")
        ckan.migrate(here, "bench")
        variables = {
            **here.variables("bench"),
            "CKAN_INI": str(here.root / "test.ini"),
            "LESZNO_NGO_STOCK_SOLR_URL": here.solr_url("stock"),
        }
        return process.foreground([here.bin / "python", "-m", "benchmarks.run", *rest], variables)


def lint(here: Settings, _rest: list[str]) -> int:
    """Check style, formatting and types; every check runs, the worst code is returned."""
    checks = (["ruff", "check", "."], ["ruff", "format", "--check", "."], ["pyright"])
    return max(process.foreground([here.bin / check[0], *check[1:]]) for check in checks)


def lock(here: Settings, rest: list[str]) -> int:
    """Compile the lock files again from their ``.in`` files, with the hash of every file."""
    compiler = [here.bin / "uv", "pip", "compile", "--quiet", "--universal"]
    options = ["--python-version=3.10", "--override=overrides.txt", "--no-emit-index-url"]
    plain = ["--generate-hashes", "--no-header", "--no-annotate", *rest]
    for name, constraint in (("requirements", None), ("dev-requirements", "requirements.lock")):
        extra = [f"--constraint={constraint}"] if constraint else []
        code = process.foreground(
            [*compiler, *options, *plain, *extra, f"{name}.in", "-o", f"{name}.lock"]
        )
        if code:
            return code
    return 0


def translations(_here: Settings, _rest: list[str]) -> int:
    """Check the translations and compile them; faults are printed."""
    from devstack import i18n

    found = i18n.build()
    print("\n".join(found) or f"{i18n.COMPILED.relative_to(i18n.ROOT)} is written")
    return 1 if found else 0


def reference(_here: Settings, _rest: list[str]) -> int:
    """Write the reference pages of ``docs/`` again."""
    from devstack import reference as pages

    print("\n".join(str(path.relative_to(pages.ROOT)) for path in pages.build()))
    return 0


def screenshots(here: Settings, _rest: list[str]) -> int:
    """Take the screenshots of ``README.md`` from a catalogue that ``make run`` serves."""
    from devstack import screenshots as pictures

    return pictures.take(here.site_url, here.root / "docs" / "pictures")


COMMANDS: dict[str, Callable[..., int]] = {
    "run": run,
    "test": test,
    "stack": services,
    "bench": bench,
    "coverage": coverage,
    "lint": lint,
    "screenshots": screenshots,
    "lock": lock,
    "i18n": translations,
    "docs": reference,
    "clean": clean,
}
