"""The wheel: complete, installable without the source tree, and CKAN starts with it.

Builds the sdist and the wheel, installs the wheel with the packages of ``requirements.lock`` into
a new environment (uv, a few seconds with a warm cache) and starts CKAN from an empty folder.
"""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.shared_data import ROOT

PACKAGE = ROOT / "ckanext" / "leszno_ngo"
CHECKS = Path(__file__).with_name("installed_checks.py")


def run(*command, cwd, env=None):
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout[-4000:]}"
    return done.stdout


def uv() -> str:
    beside = Path(sys.executable).with_name("uv")
    found = str(beside) if beside.exists() else shutil.which("uv")
    assert found, "uv is needed (dev-requirements.lock has it)"
    return found


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """A wheel built from the sdist, so that both are complete."""
    folder = tmp_path_factory.mktemp("dist")
    run(uv(), "build", "--quiet", "--python", sys.executable, "--out-dir", folder, ROOT, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The folder of programs of a new environment with the wheel in it."""
    folder = tmp_path_factory.mktemp("venv")
    run(uv(), "venv", "--quiet", "--python", sys.executable, folder / "v", cwd=folder)
    python = folder / "v" / "bin" / "python"
    pip = (uv(), "pip", "install", "--quiet", "--python", python)
    run(*pip, "--no-deps", "--require-hashes", "-r", ROOT / "requirements.lock", cwd=folder)
    run(*pip, "--no-deps", wheel, cwd=folder)
    return python.parent


@pytest.fixture
def outside(tmp_path):
    """An empty folder with a configuration, and variables without the source tree.

    Bytecode is beside the modules, where the first start of Python put it.
    """
    shutil.copy(ROOT / "test.ini", tmp_path / "ckan.ini")
    left_out = {"PYTHONPATH", "PYTHONPYCACHEPREFIX", "VIRTUAL_ENV", "CKAN_INI"}
    return tmp_path, {k: v for k, v in os.environ.items() if k not in left_out}


def files_of_the_package():
    """Every file of the package but what is no part of it: caches and marks of empty folders."""
    for file in PACKAGE.rglob("*"):
        name = file.relative_to(PACKAGE.parent.parent).as_posix()
        if file.is_file() and "__pycache__" not in name and file.name != ".gitkeep":
            yield name


def test_the_wheel_has_every_file_of_the_package(wheel):
    inside = set(zipfile.ZipFile(wheel).namelist())
    assert not set(files_of_the_package()) - inside


def test_the_newest_section_of_the_changelog_is_the_version():
    """Both of a release: ``pyproject.toml`` is the one place that has the number."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    number = re.search(r'(?m)^version = "(.+)"$', project)[1]
    assert re.findall(r"(?m)^## \[([^\]]+)\]", changes)[:2] == ["Unreleased", number]


def test_every_language_is_there_compiled(wheel):
    inside = set(zipfile.ZipFile(wheel).namelist())
    folders = {n.rpartition("/")[0] for n in inside if "/LC_MESSAGES/" in n}
    assert folders
    # The one file of a language that CKAN reads; several .po files go into it.
    assert not {f"{folder}/ckanext-leszno_ngo.mo" for folder in folders} - inside


def test_the_wheel_has_nothing_but_the_package(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    foreign = [
        n for n in names if not n.startswith("ckanext/leszno_ngo/") and ".dist-info/" not in n
    ]
    assert not foreign
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_requirements_name_what_is_imported(installed, outside):
    """Every dependency of the wheel is in the lock, in a version that it allows."""
    folder, env = outside
    run(uv(), "pip", "check", "--python", installed / "python", cwd=folder, env=env)


def test_it_starts_outside_the_source_tree(installed, outside):
    folder, env = outside
    output = run(installed / "python", "-I", CHECKS, "ckan.ini", cwd=folder, env=env)
    assert output.splitlines()[-1] == "all checks passed", output


def test_the_command_line_starts(installed, outside):
    folder, env = outside
    ckan = (installed / "ckan", "-c", folder / "ckan.ini")
    assert "leszno-ngo" in run(*ckan, "leszno-ngo", "--help", cwd=folder, env=env)
    run(*ckan, "config", "validate", cwd=folder, env=env)
