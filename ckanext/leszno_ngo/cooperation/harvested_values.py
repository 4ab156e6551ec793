"""Values of organisations as sources write them: status, spheres, activities, 1.5 % of tax."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ckanext.leszno_ngo.cooperation import legal_forms
from ckanext.leszno_ngo.harvest import values
from ckanext.leszno_ngo.polish import persons
from ckanext.leszno_ngo.values import KINDS, ValueRefusedError, codes, texts


def status(value: str) -> str:
    """Return the code of a body's status.

    :raises ValueRefusedError: ``status`` for a word the vocabulary does not know
    """
    code = legal_forms.status_from_wording(texts.line(value))
    if code is None:
        raise ValueRefusedError("status")
    return code


def register_number(value: str) -> str:
    """Return a body's number in a register of the city.

    :raises ValueRefusedError: as :func:`values.line`; ``personal_data`` also when it names a person
    """
    number = values.line(value)
    if persons.named_in_line(number):
        raise ValueRefusedError("personal_data", hidden=True)
    return number


#: Field → function that brings its value to form.
FIELDS: Mapping[str, Callable[[str], Any]] = {
    "register_number": register_number,
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
