"""What a person's words become (see docs/search.md)."""

from __future__ import annotations

from typing import Any


def build(search_params: dict[str, Any]) -> dict[str, Any]:
    """Turn a person's words into a query."""
    return search_params
