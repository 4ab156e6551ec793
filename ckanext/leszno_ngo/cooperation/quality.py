"""Rules of good data of the cooperation: grants, their recipients and days, spheres."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ckanext.leszno_ngo.catalogue.quality import QualityRule, Record
from ckanext.leszno_ngo.cooperation import type_keys
from ckanext.leszno_ngo.record_types import RecordType

_WORDS = "cooperation_quality_rule"


def _spheres_missing(record_type: RecordType, record: Record) -> bool:
    return any(field.name == "spheres" for field in record_type.fields) and not record.get(
        "spheres"
    )


def _award_day_missing(record_type: RecordType, record: Record) -> bool:
    declared = type_keys.threesixtygiving(record_type)
    return bool(declared) and not any(record.get(name) for name in (declared or {})["awarded"])


def _amount_zero(record_type: RecordType, record: Record) -> bool:
    name = record_type.money.get("amount") if type_keys.ledger(record_type) else None
    value = record.get(name) if name else None
    return value not in (None, "") and float(value) == 0


def _recipient_unlinked(record_type: RecordType, record: Record) -> bool:
    declared = type_keys.threesixtygiving(record_type)
    return bool(declared) and not record.get((declared or {})["recipient"]["link"])


def _award_future(record_type: RecordType) -> Iterator[str]:
    declared = type_keys.threesixtygiving(record_type)
    if declared:
        yield f"+{declared['awarded'][0]}:[NOW/DAY+1DAY TO *]"


#: Code → rule.
RULES: Mapping[str, QualityRule] = {
    "dates_order": QualityRule(_WORDS, finding=("order_of_dates", "dates_out_of_order")),
    "award_future": QualityRule(_WORDS, query=_award_future),
    "award_day_missing": QualityRule(_WORDS, _award_day_missing),
    "recipient_missing": QualityRule(_WORDS, finding=("grant_recipient", "recipient_missing")),
    "amount_zero": QualityRule(_WORDS, _amount_zero),
    "amounts_order": QualityRule(_WORDS, finding=("order_of_amounts", "amounts_out_of_order")),
    "recipient_unlinked": QualityRule(_WORDS, _recipient_unlinked),
    "programme_missing": QualityRule(_WORDS, finding=("grant_recipient", "call_missing")),
    "spheres_missing": QualityRule(_WORDS, _spheres_missing),
}
