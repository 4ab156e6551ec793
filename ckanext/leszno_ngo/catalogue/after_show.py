"""What a record has when it is shown and not as it is stored: ``computed``, and no passwords."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.catalogue import addresses, computed

KEY = "computed"


def after_dataset_show(record: dict[str, Any]) -> None:
    """Set ``computed`` of a record of one of our types (``computed.compute``), and hide passwords.

    :param record: as ``package_show`` gives it; the index may hold an older ``computed``, which is
        replaced
    """
    addresses.hide_logins(record)
    record_type = record_types.get(record.get("type"))
    if record_type is None:
        return
    values = computed.compute(record_type, record, dt.datetime.now(dt.timezone.utc))
    if values:
        record[KEY] = values


def after_dataset_search(found: dict[str, Any]) -> dict[str, Any]:
    """Set ``computed`` of every record found, and hide passwords; no query is made.

    :param found: the answer of ``package_search``
    :returns: the same dict
    """
    for record in found["results"]:
        after_dataset_show(record)
    return found
