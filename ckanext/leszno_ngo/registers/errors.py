"""Why a register cannot be published."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk


class RegisterError(Exception):
    """A register cannot be published; what was published before stays as it is.

    :param code: ``busy`` (another run has it), ``index`` (the search does not have all records),
        ``storage`` (the portal keeps no files), ``owner`` (no such organisation), ``other``
        (a fault that has no text of its own; ``error`` is its name)
    :param data: what the text about it needs
    """

    def __init__(self, code: str, **data: Any) -> None:
        super().__init__(f"{code} {data}" if data else code)
        self.code = code
        self.data = data


def explain(error: Exception) -> str:
    """Say for people why a register was not published.

    :param error: what kept it
    :returns: a sentence in the reader's language
    """
    if not isinstance(error, RegisterError):
        return f"{type(error).__name__}: {error}"
    said = {
        "busy": tk._("another run is publishing it now"),
        "index": tk._(
            "the search has %(found)s of %(expected)s records: run `ckan leszno-ngo reindex`"
        ),
        "storage": tk._("the portal keeps no files: set ckan.storage_path"),
        "owner": tk._(
            "there is no organisation %(name)s: set ckanext.leszno_ngo.registers.owner_org"
        ),
        "other": tk._("a fault of the portal (%(error)s): its log says more"),
    }
    return said[error.code] % error.data
