"""Values of organisations as sources write them: status, spheres, activities, 1.5 % of tax."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ckanext.leszno_ngo.cooperation import legal_forms
from ckanext.leszno_ngo.harvest import values
from ckanext.leszno_ngo.values import KINDS, ValueRefusedError, codes, texts


def status(value: str) -> str:
    """Return the code of a body's status.

    :raises ValueRefusedError: ``status`` for a word the vocabulary does not know
    """
    code = legal_forms.status_from_wording(texts.line(value))
    if code is None:
        raise ValueRefusedError("status")
    return code


#: Field → function that brings its value to form.
FIELDS: Mapping[str, Callable[[str], Any]] = {
    "register_number": values.register_number,
    "registered_date": values.day,
    "removed_date": values.day,
    "last_entry_date": values.day,
    "aims": values.long_text,
    "status": status,
    "opp": KINDS["flag"],
    "opp_tax_years": KINDS["years"],
    "pkd_paid": KINDS["pkd"],
    "pkd_unpaid": KINDS["pkd"],
    "pkd_business": KINDS["pkd"],
    "spheres": partial(codes.codes, vocabulary="spheres"),
}
