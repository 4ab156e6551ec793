"""Amounts, whole numbers, per cent, a year, and numbers by which bodies are known."""

from __future__ import annotations

from decimal import Decimal

from ckanext.leszno_ngo import identifiers, polish
from ckanext.leszno_ngo.values.refusal import ValueRefusedError

_MOST = Decimal(10) ** 12
_LAST_PERCENT = 100
_YEARS = range(1990, 2101)


def amount(value: str) -> str:
    """Return an amount of złoty, or another number that is not negative: ``1234.50``, ``45000``.

    :param value: any Polish spelling: ``45.000 zł``, ``1 234,50``, ``280 tys. zł``
    :raises ValueRefusedError: ``amount``; ``amount_range`` for one below 0 or beyond a billion
    """
    return _plain(_number(value))


def whole_number(value: str) -> str:
    """Return a whole number that is not negative, in digits alone.

    :raises ValueRefusedError: as :func:`amount`; ``whole_number``
    """
    number = _number(value)
    if number % 1:
        raise ValueRefusedError("whole_number")
    return _plain(number)


def percent(value: str) -> str:
    """Return a number of per cent from 0 to 100; the sign ``%`` may stand behind it.

    :raises ValueRefusedError: as :func:`amount`; ``percent``
    """
    number = _number(value.strip().removesuffix("%").strip())
    if number > _LAST_PERCENT:
        raise ValueRefusedError("percent")
    return _plain(number)


def year(value: str) -> str:
    """Return a year of four digits, from 1990 to 2100.

    :raises ValueRefusedError: ``year``
    """
    written = value.strip()
    is_year = len(written) == 4 and written.isascii() and written.isdigit()
    if not is_year or int(written) not in _YEARS:
        raise ValueRefusedError("year")
    return written


def identifier(kind: str, value: str) -> str:
    """Return a KRS, REGON, NIP or TERYT number in its one spelling; ``""`` for a filler.

    :raises ValueRefusedError: a code of :class:`.identifiers.IdentifierError`
    """
    try:
        return identifiers.NORMALISERS[kind](value)
    except identifiers.IdentifierError as error:
        if error.code == "empty":
            return ""
        raise ValueRefusedError(error.code) from error


def _number(value: str) -> Decimal:
    try:
        number = polish.parse_amount(value)
    except polish.AmountError as error:
        raise ValueRefusedError("amount") from error
    if not 0 <= number <= _MOST:
        raise ValueRefusedError("amount_range")
    return number


def _plain(number: Decimal) -> str:
    return str(int(number)) if number % 1 == 0 else str(number.quantize(Decimal("0.01")))
