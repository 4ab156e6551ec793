"""CKAN's own side: its configuration, its commands, its first accounts."""

from __future__ import annotations

import configparser
import os
import subprocess
from collections.abc import Sequence

from devstack import process
from devstack.settings import DATASTORE_READER, Settings

#: What `make run` has beside the plugins of the tests: tables of the registers, and their preview.
MORE_PLUGINS = ("datastore", "datatables_view")


def write_configuration(settings: Settings) -> None:
    """Write the configuration of ``make run``: that of the tests, with this checkout's addresses.

    One list of plugins and schemas, in ``test.ini``, serves both.

    :param settings: ports, secrets and paths
    """
    parser = configparser.RawConfigParser()
    parser.optionxform = str  # type: ignore[assignment]
    parser.read(settings.root / "test.ini", encoding="utf-8")
    section = parser["app:main"]
    storage = settings.storage / "run"
    section.update(
        {
            "sqlalchemy.url": settings.database_url("run"),
            "ckan.redis.url": settings.redis_url("run"),
            "solr_url": settings.solr_url("run"),
            "ckan.site_url": settings.site_url,
            "ckan.storage_path": str(storage),
            "ckan.datastore.write_url": settings.datastore_url("run", "ckan"),
            "ckan.datastore.read_url": settings.datastore_url("run", DATASTORE_READER),
            "ckan.plugins": " ".join([section["ckan.plugins"], *MORE_PLUGINS]),
            "ckan.views.default_views": "datatables_view",
            "SECRET_KEY": settings.secret,
            "testing": "false",
            "ckan.auth.create_unowned_dataset": "false",
            # A server on this machine may play a register for whoever tries the harvest.
            "ckanext.leszno_ngo.harvest.allow_private_addresses": "true",
        }
    )
    storage.mkdir(parents=True, exist_ok=True)
    fresh = settings.ini.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write("# Written by `make run` and `make stack`; changes are lost.\n")
        parser.write(stream)
    fresh.replace(settings.ini)


def command(settings: Settings, role: str) -> list[str]:
    """Give the beginning of a ``ckan`` command line.

    :param settings: paths
    :param role: ``run`` has a configuration of its own; the other roles are ``test.ini`` pointed
        at their services by :meth:`Settings.variables`
    :returns: program and arguments
    """
    ini = settings.ini if role == "run" else settings.root / "test.ini"
    return [str(settings.bin / "ckan"), "-c", str(ini)]


def call(settings: Settings, arguments: Sequence[str], role: str = "run") -> str:
    """Run one ``ckan`` command and wait for it.

    :param settings: paths
    :param arguments: what follows ``ckan -c …``
    :param role: one of ROLES
    :returns: what it printed
    :raises ServiceError: it failed; what it printed is in the text
    """
    done = subprocess.run(
        [*command(settings, role), *arguments],
        env={**os.environ, **settings.variables(role)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise process.ServiceError(f"ckan {' '.join(arguments)} failed:\n{done.stdout[-3000:]}")
    return done.stdout


def migrate(settings: Settings, role: str) -> None:
    """Bring a role's database to the present tables of CKAN and of every plugin.

    :param settings: paths
    :param role: one of ROLES
    """
    call(settings, ["db", "upgrade"], role)
