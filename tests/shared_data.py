"""Real input that is kept beside the checkout and never copied into the project."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT.parent / "shared" / "data"


def shared(name: str) -> Path:
    """Return a file or folder of the shared data, or skip the test where it is absent.

    :param name: path under the folder, such as ``opp/opp-list-2025.csv``
    """
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"needs {path}, which is not part of the project (see docs/development.md)")
    return path
