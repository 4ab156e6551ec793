"""Values brought to the one form that their kind has, whatever road they come by.

Forms and the API (``logic.validators``), harvests (``harvest.values``) and tables of results call
the same function of a kind. It takes a text and returns the canonical value, or raises
:class:`ValueRefusedError` with a stable code; a canonical value comes back as it is. What a road
asks beyond that (a harvest publishes no mobile numbers) is the road's own rule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ckanext.leszno_ngo.values import codes, contact, days, numbers, places, texts
from ckanext.leszno_ngo.values.refusal import ValueRefusedError

__all__ = ["KINDS", "ValueRefusedError"]

#: Kind → function that brings a text to the kind's form.
KINDS: Mapping[str, Callable[[Any], Any]] = {
    "line": texts.line,
    "long_text": texts.long_text,
    "phone": contact.phone,
    "email": contact.email,
    "web_address": contact.web_address,
    "edelivery_address": contact.edelivery_address,
    "postal_code": places.postal_code,
    "building_number": places.building_number,
    "street": places.street,
    "place_name": places.place_name,
    "district": places.district,
    "county": places.county,
    "voivodeship": places.voivodeship,
    "latitude": places.latitude,
    "longitude": places.longitude,
    "flag": codes.flag,
    "pkd": codes.pkd,
    "years": codes.years,
    "day": days.day,
    "moment": days.moment,
    "moment_of_end": days.moment_of_end,
    "amount": numbers.amount,
    "whole_number": numbers.whole_number,
    "percent": numbers.percent,
    "year": numbers.year,
    **{kind: partial(numbers.identifier, kind) for kind in ("krs", "regon", "nip", "teryt")},
}
