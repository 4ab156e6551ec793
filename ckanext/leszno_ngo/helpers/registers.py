"""Registers as datasets: whether what their pages offer is current."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.registers import condition, identity
from ckanext.leszno_ngo.registers.errors import explain


def leszno_ngo_stale_since(dataset: dict[str, Any]) -> str | None:
    """Return since when a dataset lacks changes of the register that it shows.

    :param dataset: as ``package_show`` gives it
    :returns: a day, ``yyyy-mm-dd``; ``None`` for other datasets and current registers
    """
    record_type = record_types.get(dataset.get(identity.REGISTER_OF) or "")
    types = [record_type] if record_type else []
    found = condition.stale(types, dt.datetime.now(dt.timezone.utc)) if types else []
    return found[0].day if found else None


def leszno_ngo_stale_reason(stale: condition.Stale) -> str:
    """Say why a register could not be published; ``""`` where nothing has tried."""
    return explain(stale.error) if stale.error else ""
