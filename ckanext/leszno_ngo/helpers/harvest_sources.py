"""What the pages of harvest sources show."""

from __future__ import annotations

from typing import Any

from ckanext.leszno_ngo.harvest import clear


def leszno_ngo_cleared(source_id: str) -> dict[str, Any] | None:
    """Return what can be restored of a harvest source that was cleared.

    :param source_id: the source
    :returns: ``at`` (ISO 8601, UTC) and ``number`` of records; ``None`` where there is nothing
    """
    found = clear.last_cleared(source_id)
    return {"at": found[0].isoformat(), "number": found[1]} if found else None
