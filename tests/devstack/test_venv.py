"""The lock files: every package has its version and the hashes of its files."""

import re

import pytest

from devstack import settings, venv

LOCKS = ("requirements.lock", "dev-requirements.lock")


def requirements(name):
    text = (settings.ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_with_its_hashes(name):
    without = [
        line
        for line in requirements(name)
        if not re.match(r"[\w.\[\]-]+==\S+( ; [^#]+?)?( +--hash=sha256:[0-9a-f]{64})+$", line)
    ]
    assert not without


def test_the_installer_is_pinned_like_the_rest():
    assert re.fullmatch(
        r"uv==[\d.]+( --hash=sha256:[0-9a-f]{64})+", venv.uv_requirement(settings.load({}))
    )


def test_a_lock_without_hashes_is_refused(tmp_path):
    (tmp_path / venv.LOCK).write_text("uv==0.13.9\n", encoding="utf-8")
    with pytest.raises(ValueError, match="hashes"):
        venv.uv_requirement(settings.load({}, tmp_path))
