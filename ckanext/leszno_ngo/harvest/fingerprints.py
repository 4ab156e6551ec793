"""Raw rows recognised without being read again: most rows of a source never change. Pure.

Normalising a row costs a hundred times what recognising it does. A fingerprint holds only for the
code, the vocabularies and the settings that made a record of the row; these are in its salt.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from ckanext.leszno_ngo.harvest.model import RawRow

_PACKAGE = Path(__file__).resolve().parent.parent
_SIZE = 16


@cache
def _release() -> bytes:
    """Return a digest of this package's code and data."""
    digest = hashlib.blake2b(digest_size=_SIZE)
    for path in sorted(_PACKAGE.rglob("*")):
        if path.suffix in {".py", ".yaml", ".txt"}:
            digest.update(path.relative_to(_PACKAGE).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.digest()


class Fingerprints:
    """Fingerprints of the rows of one source.

    :param settings: everything beside the row that its record depends on, as ``repr`` shows it
    """

    def __init__(self, settings: object) -> None:
        self._salted = hashlib.blake2b(_release() + repr(settings).encode(), digest_size=_SIZE)

    def of(self, row: RawRow) -> str:
        """Return the fingerprint of a row's values; where it stands in the source is no matter."""
        digest = self._salted.copy()
        for name, value in sorted(row.values.items()):
            # The lengths keep two rows apart whose texts only together are the same.
            digest.update(f"{name}\0{len(value)}\0{value}\0".encode("utf-8", "surrogatepass"))
        return digest.hexdigest()
