"""Plain sentences about a record (``in_short`` of its type), made of what its fields say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.leszno_ngo.exports.display_values import display_value
from ckanext.leszno_ngo.record_types import RecordType, localised
from ckanext.leszno_ngo.record_types.model import PLACEHOLDER

_UNKNOWN = (None, "", [])


def sentences(record_type: RecordType, record: Mapping[str, Any], lang: str) -> list[str]:
    """Return the sentences that a record has all the values of, and that fit its state.

    :param record: as ``package_show`` gives it
    :param lang: ``pl`` or ``en``
    """
    state = (record.get("computed") or {}).get("state")
    fitting = (one for one in record_type.in_short if not one.states or state in one.states)
    texts = (localised(one.text, lang) for one in fitting)
    return [_filled(record_type, record, text, lang) for text in texts if _is_known(record, text)]


def _is_known(record: Mapping[str, Any], text: str) -> bool:
    return all(record.get(name) not in _UNKNOWN for name in PLACEHOLDER.findall(text))


def _filled(record_type: RecordType, record: Mapping[str, Any], text: str, lang: str) -> str:
    return PLACEHOLDER.sub(
        lambda found: display_value(record_type.field(found[1]), record[found[1]], lang), text
    )
