"""The stack never changes the mode of a folder it has not made."""

import ast
import os
import pwd
import stat
import subprocess
from pathlib import Path

import pytest

from devstack import postgres, settings

SOURCES = sorted(Path(postgres.__file__).parent.rglob("*.py"))
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_no_module_changes_modes(source):
    called = {
        node.func.attr
        for node in ast.walk(ast.parse(source.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert not called & {"chmod", "fchmod", "lchmod", "fchmodat"}


@pytest.fixture
def private(tmp_path):
    """A checkout that only root reaches."""
    folder = tmp_path / "private"
    folder.mkdir(mode=0o700)
    here = settings.load({}, folder)
    settings.prepare(here)
    yield here
    postgres.remove(here)


@pytest.fixture
def nobody():
    user = pwd.getpwnam("nobody")
    return {"user": user.pw_uid, "group": user.pw_gid}


@needs_root
def test_where_nobody_cannot_go_the_database_goes_elsewhere(private, nobody):
    before = modes(private.state)
    home, programs = postgres._place(private, nobody)
    assert modes(private.state) == before
    assert private.state not in home.parents
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert home.stat().st_uid == nobody["user"]
    version = subprocess.run(
        [programs / "bin" / "postgres", "--version"], capture_output=True, cwd="/", **nobody
    )
    assert version.returncode == 0


@needs_root
def test_the_place_elsewhere_is_remembered_and_removed(private, nobody):
    home, _ = postgres._place(private, nobody)
    again, _ = postgres._place(settings.load({}, private.root), nobody)
    assert home == again
    postgres.remove(private)
    assert not home.exists()


@needs_root
def test_a_folder_that_is_not_ours_is_never_removed(private, tmp_path):
    stranger = tmp_path / "stranger"
    stranger.mkdir()
    (stranger / "belongs-to").write_text("/somebody/else")
    private.annex = str(stranger)
    postgres.remove(private)
    assert stranger.exists()


def modes(folder):
    return {path: path.stat().st_mode for path in [folder, *folder.parents]}
