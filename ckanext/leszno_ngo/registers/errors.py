"""Why a register cannot be published."""

from __future__ import annotations

from typing import Any


class RegisterError(Exception):
    """A register cannot be published; what was published before stays as it is.

    :param code: ``busy`` (another run has it), ``index`` (the search does not have all records),
        ``storage`` (the portal keeps no files), ``owner`` (no such organisation)
    :param data: what the text about it needs
    """

    def __init__(self, code: str, **data: Any) -> None:
        super().__init__(f"{code} {data}" if data else code)
        self.code = code
        self.data = data
