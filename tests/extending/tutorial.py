"""The plugin of docs/tutorial.md: its files, as the text has them and as they are here."""

import re
from pathlib import Path

from tests.shared_data import ROOT

TEXT = ROOT / "docs" / "tutorial.md"
FOLDER = Path(__file__).parent / "ckanext-playgrounds"


def files():
    """Return the files that the tutorial writes: path → content."""
    text = TEXT.read_text(encoding="utf-8")
    blocks = re.findall(r"^`([\w./-]+)`:\n\n```\w+\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return dict(blocks)


def entry_point():
    """Return where the plugin is, as its ``pyproject.toml`` says."""
    text = (FOLDER / "pyproject.toml").read_text(encoding="utf-8")
    return re.search(r'^playgrounds = "(.+)"$', text, re.MULTILINE)[1]
