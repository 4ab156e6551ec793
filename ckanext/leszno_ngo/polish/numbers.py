"""Numbers and amounts of money: for people, and from people's texts."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

NBSP = "\u00a0"

_CURRENCY = re.compile(r"(?:zł(?:otych|ote|oty)?|zl|pln)\.?$", re.IGNORECASE)
_SCALES = {"tys": 1_000, "tys.": 1_000, "mln": 1_000_000, "mln.": 1_000_000}
_SCALE = re.compile(r"(?<=[\d\s])(tys\.?|mln\.?)$", re.IGNORECASE)
_SPACES = re.compile(r"[\s\u00a0\u2009\u202f']+")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:(?P<mark>[. ])\d{3})(?:(?P=mark)\d{3})*(?:,\d{1,2})?(?:,-)?")
_PLAIN = re.compile(r"\d{1,15}(?:[.,]\d{1,2})?(?:,-)?")
_MAX_LENGTH = 40


class AmountError(ValueError):
    """A text is not an amount of money.

    `code`: `empty` or `format` (also for a negative amount, and for `10,000`, which may be ten
    or ten thousand). `value` is what was given.
    """

    def __init__(self, code: str, value: str) -> None:
        super().__init__(f"{code}: {value!r}")
        self.code = code
        self.value = value


def parse_amount(value: str) -> Decimal:
    """An amount in złoty from a text.

    :param value: `45.000 PLN`, `14.500 zł`, `10 000 zł`, `1 234,56`, `1234.56`, `280 tys. zł`, `1,1
        mln zł`. A dot or a space before three digits parts thousands; a comma, or a dot before
        one or two digits, begins the grosze.
    :returns: the amount in złoty.
    :raises AmountError: see the class.
    """
    text = _SPACES.sub(" ", value[:_MAX_LENGTH]).strip()
    if not text:
        raise AmountError("empty", value)
    text = _CURRENCY.sub("", text).strip()
    scale = _SCALE.search(text)
    if scale:
        text = text[: scale.start()].strip()
    if len(value) > _MAX_LENGTH or not text.isascii():
        raise AmountError("format", value)
    amount = _number(text, value)
    return amount * _SCALES[scale[1].lower()] if scale else amount


def _number(text: str, value: str) -> Decimal:
    if _GROUPED.fullmatch(text):
        digits = text.replace(".", "").replace(" ", "")
    elif _PLAIN.fullmatch(text):
        digits = text
    else:
        raise AmountError("format", value)
    return Decimal(digits.removesuffix(",-").replace(",", "."))


def decimals_of(number: int | float | Decimal, most: int = 2) -> int:
    """How many digits after the comma a number needs.

    :param most: no more than these
    :returns: 1 of `62.5`, 0 of `62.0`, 2 of `62.504`.
    """
    rounded = Decimal(str(number)).quantize(Decimal(1).scaleb(-most), rounding=ROUND_HALF_UP)
    exponent = rounded.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def format_number(number: int | float | Decimal, lang: str = "pl", decimals: int = 0) -> str:
    """A number for people.

    :param decimals: how many digits after the comma; the number is rounded half up.
    :returns: Polish: `9181`, `10 000`, `1234,50` (no-break spaces from five digits on, as CLDR
        has it); English: `9,181`, `1,234.50`.
    """
    quantum = Decimal(1).scaleb(-decimals)
    rounded = Decimal(str(number)).quantize(quantum, rounding=ROUND_HALF_UP)
    english = f"{rounded:,.{decimals}f}"
    if lang.lower().startswith("en"):
        return english
    separator = NBSP if abs(rounded) >= 10_000 else ""
    return english.replace(",", separator).replace(".", ",")


def format_money(amount: int | float | Decimal, lang: str = "pl") -> str:
    """An amount in złoty for people: `1 100 000 zł`, `1234,50 zł`; English `PLN 1,234.50`."""
    decimals = 0 if Decimal(str(amount)) % 1 == 0 else 2
    number = format_number(amount, lang, decimals)
    return f"PLN{NBSP}{number}" if lang.lower().startswith("en") else f"{number}{NBSP}zł"
