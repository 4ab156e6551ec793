"""Why a value cannot be taken."""

from __future__ import annotations


class ValueRefusedError(ValueError):
    """A value that its field cannot take.

    :param code: reason, a stable code
    :param hidden: the value must not be shown in a report: it may be personal data
    """

    def __init__(self, code: str, *, hidden: bool = False):
        super().__init__(code)
        self.code = code
        self.hidden = hidden
