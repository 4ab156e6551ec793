"""What goes into the index for a record (see docs/search.md)."""

from __future__ import annotations

from typing import Any


def before_dataset_index(pkg_dict: dict[str, Any]) -> dict[str, Any]:
    """Add what the record's type declares to its index document."""
    return pkg_dict
