"""Blocks of the documentation pages, to be executed."""

import re

from tests.shared_data import ROOT


def blocks(page: str, language: str) -> list[str]:
    """Return the blocks of a language on a page of ``docs/``."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def block(page: str, language: str, part: str) -> str:
    """Return the one block of a language that has a text in it."""
    (found,) = [text for text in blocks(page, language) if part in text]
    return found


def python_block(page: str, part: str) -> str:
    """Return the one block of Python that has a text in it."""
    return block(page, "python", part)
