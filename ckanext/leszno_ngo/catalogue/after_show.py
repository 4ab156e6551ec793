"""What is added to a record when it is shown, and never stored: the key ``computed``."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.catalogue import computed

KEY = "computed"


def after_dataset_show(record: dict[str, Any]) -> None:
    """Set ``computed`` of a record of one of our types (``computed.compute``).

    :param record: as ``package_show`` gives it; the index may hold an older ``computed``, which is
        replaced
    """
    record_type = record_types.get(record.get("type"))
    if record_type is None:
        return
    values = computed.compute(record_type, record, dt.datetime.now(dt.timezone.utc))
    if values:
        record[KEY] = values


def after_dataset_search(found: dict[str, Any]) -> dict[str, Any]:
    """Set ``computed`` of every record found; no query is made.

    :param found: the answer of ``package_search``
    :returns: the same dict
    """
    for record in found["results"]:
        after_dataset_show(record)
    return found
