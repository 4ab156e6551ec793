"""Where everything is, and what is remembered between runs."""

from __future__ import annotations

import json
import os
import secrets
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from devstack import ports

ROOT = Path(__file__).resolve().parent.parent

#: Service name to the port it prefers at first (None: any free one).
SERVICES: dict[str, int | None] = {"web": 5000, "postgres": None, "valkey": None, "solr": None}

#: CKAN 2.12 has a Redis client that gives up after five seconds; the harvest's worker waits for
#: its next job for hours. (Seconds; 24 days are the most a socket takes.)
PATIENCE = "socket_timeout=2000000"

#: What is kept in the state folder between runs.
REMEMBERED = ("ports", "password", "secret", "accounts", "annex")

#: Accounts of `make run`: a sysadmin and an official, administrator of a department.
ACCOUNTS = ("administrator", "redaktor")

#: A role is a use of the stack with data of its own: name to Redis database number.
ROLES = {"run": 0, "test": 1, "bench": 2, "test2": 3}

#: The roles of the test suite's workers. A single process has the first.
TEST_ROLES = ("test", "test2")

#: PostgreSQL's user that may only read the DataStore.
DATASTORE_READER = "datastore_reader"


@dataclass
class Settings:
    """Paths of one checkout and the choices kept in its state folder."""

    root: Path
    state: Path
    jars: Path
    wishes: Mapping[str, str]
    ports: dict[str, int] = field(default_factory=dict)
    password: str = ""
    secret: str = ""
    accounts: dict[str, str] = field(default_factory=dict)
    annex: str = ""

    @property
    def venv(self) -> Path:
        """The virtual environment, one for each Python version."""
        return self.state / f"venv-{sys.version_info.major}.{sys.version_info.minor}"

    @property
    def bin(self) -> Path:
        """The virtual environment's programs."""
        return self.venv / "bin"

    @property
    def logs(self) -> Path:
        """The services' logs."""
        return self.state / "logs"

    @property
    def storage(self) -> Path:
        """CKAN's uploaded files."""
        return self.state / "storage"

    @property
    def ini(self) -> Path:
        """CKAN's configuration for ``make run`` and for commands by hand."""
        return self.state / "ckan.ini"

    @property
    def harvested(self) -> Path:
        """A mark: the bundled register has been harvested to its end."""
        return self.state / "harvested"

    @property
    def exemplified(self) -> Path:
        """A mark: the example records have been loaded."""
        return self.state / "examples"

    @property
    def published(self) -> Path:
        """A mark: the registers have been published as datasets."""
        return self.state / "published"

    @property
    def file(self) -> Path:
        """What is remembered between runs."""
        return self.state / "settings.json"

    def choose_ports(self, services: Iterable[str]) -> None:
        """Choose this run's ports of some services, and remember them.

        :param services: names from SERVICES
        :raises ValueError: a variable holds no port number
        """
        wanted = {name: SERVICES[name] for name in services}
        self.ports.update(ports.choose(wanted, self.wishes, self.ports))
        self.save()

    def save(self) -> None:
        """Write the remembered choices, for the owner only (there is a password)."""
        kept = {name: getattr(self, name) for name in REMEMBERED}
        fresh = self.file.with_suffix(".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(kept, stream, indent=1)
        fresh.replace(self.file)

    def database_url(self, role: str) -> str:
        """Give the SQLAlchemy URL of a role's database.

        :param role: one of ROLES
        :returns: URL with the password
        """
        return f"postgresql://ckan:{self.password}@127.0.0.1:{self.ports['postgres']}/ckan_{role}"

    def datastore_url(self, role: str, user: str) -> str:
        """Give the SQLAlchemy URL of a role's DataStore.

        :param role: one of ROLES
        :param user: PostgreSQL's user
        :returns: URL with the password
        """
        address = f"127.0.0.1:{self.ports['postgres']}/ckan_{role}_datastore"
        return f"postgresql://{user}:{self.password}@{address}"

    def redis_url(self, role: str) -> str:
        """Give the Redis URL of a role.

        :param role: one of ROLES
        :returns: URL with the database number
        """
        return f"redis://127.0.0.1:{self.ports['valkey']}/{ROLES[role]}?{PATIENCE}"

    def solr_url(self, role: str) -> str:
        """Give the URL of a role's Solr core.

        :param role: one of ROLES, or ``stock`` for the core with CKAN's own schema
        :returns: URL
        """
        return f"http://127.0.0.1:{self.ports['solr']}/solr/ckan_{role}"

    def test_role(self) -> str:
        """Give the role of this test process.

        :returns: one of TEST_ROLES, by the number that pytest-xdist gives to its workers
        """
        return TEST_ROLES[int(self.wishes.get("PYTEST_XDIST_WORKER", "gw0")[2:])]

    @property
    def site_url(self) -> str:
        """The address of ``make run``."""
        return f"http://127.0.0.1:{self.ports['web']}"

    def variables(self, role: str) -> dict[str, str]:
        """Give the environment variables that point CKAN at a role's services.

        :param role: one of ROLES
        :returns: the variables CKAN itself reads, which win over any ini file
        """
        return {
            "CKAN_SQLALCHEMY_URL": self.database_url(role),
            "CKAN_REDIS_URL": self.redis_url(role),
            "CKAN_SOLR_URL": self.solr_url(role),
            "CKAN_STORAGE_PATH": str(self.storage / role),
            "CKAN_SITE_URL": self.site_url if role == "run" else "http://test.ckan.net",
            "CKAN_DATASTORE_WRITE_URL": self.datastore_url(role, "ckan"),
            "CKAN_DATASTORE_READ_URL": self.datastore_url(role, DATASTORE_READER),
        }


def load(environ: Mapping[str, str], root: Path = ROOT) -> Settings:
    """Find the paths and read what is remembered; writes nothing.

    :param environ: environment variables (``STATE``, ``JARS``, ``PORT``, ``POSTGRES_PORT`` …)
    :param root: the checkout
    :returns: settings; ports are empty before the first start
    """
    state = Path(environ.get("STATE") or root / ".state").expanduser()
    state = state if state.is_absolute() else root / state
    jars = Path(environ.get("JARS") or state / "jars").expanduser()
    settings = Settings(root=root, state=state, jars=jars, wishes=environ)
    if settings.file.exists():
        for name, value in json.loads(settings.file.read_text(encoding="utf-8")).items():
            setattr(settings, name, value)
    return settings


def prepare(settings: Settings) -> None:
    """Make the state folder and the secrets, once.

    :param settings: as loaded
    :raises PermissionError: the state folder belongs to somebody else
    """
    settings.state.mkdir(parents=True, exist_ok=True)
    if settings.state.stat().st_uid != os.geteuid():
        raise PermissionError(
            f"{settings.state} belongs to another user; set STATE= to a new folder"
        )
    settings.logs.mkdir(exist_ok=True)
    settings.storage.mkdir(exist_ok=True)
    settings.password = settings.password or secrets.token_urlsafe(18)
    settings.secret = settings.secret or secrets.token_urlsafe(32)
    settings.accounts = settings.accounts or {n: secrets.token_urlsafe(9) for n in ACCOUNTS}
    settings.save()
