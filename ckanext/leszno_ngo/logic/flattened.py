"""Fields of a record that CKAN is validating, in the phase after all fields (``__after``)."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import FlattenDataDict

_PARTS_OF_EXTRAS = 3


def value(data: FlattenDataDict, name: str) -> Any:
    """Read a field; ``None`` where it is missing."""
    found = data.get((name,))
    return None if found is tk.missing else found


def set_value(data: FlattenDataDict, name: str, new: str) -> None:
    """Set a field, which has been copied to the extras already."""
    data[(name,)] = new
    taken = [
        key
        for key in data
        if key[0] == "extras" and len(key) == _PARTS_OF_EXTRAS and key[2] == "key"
    ]
    index = next((key[1] for key in taken if data[key] == name), None)
    if index is None:
        index = max((key[1] for key in taken), default=-1) + 1
        data[("extras", index, "key")] = name
    data[("extras", index, "value")] = new
