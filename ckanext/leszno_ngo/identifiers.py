"""Numbers that identify a Polish organisation: KRS, REGON, NIP, TERYT.

Registers, spreadsheets and people write the same number in many ways; `normalise_*` gives the
one canonical spelling or raises `IdentifierError`. Check digits are python-stdnum's work.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

from stdnum.exceptions import ValidationError
from stdnum.pl import nip as _nip
from stdnum.pl import regon as _regon

from . import bounds

ERROR_CODES = ("empty", "characters", "length", "checksum", "structure")
KINDS = ("krs", "regon", "nip", "teryt")

_SPACING = re.compile(r"[\s\u00ad\u200b-\u200d\u2060\ufeff.\-\u2010-\u2015\u2212/]+")
_SPREADSHEET_FRACTION = re.compile(r"(?<=\d)\.0+$")
_PREFIX = re.compile(r"^(krs|regon|nip|teryt)?\W*(?:(?:nr|numer|no)\b)?\W*", re.IGNORECASE)
_COUNTRY = re.compile(r"^\W*(?:nip\W*)?PL(?=\W*\d)", re.IGNORECASE)
_PREFIXED = re.compile(r"\b(krs|regon|nip|teryt)\b\W*(?:nr\W*)?(?:PL\W?)?(\d[\d \u00a0-]*)", re.I)
_BARE_NUMBER = re.compile(r"(?<![\w-])(?:PL ?)?\d[\d -]{5,20}\d(?![\w-])")
_ONLY_NUMBER = re.compile(r"(?:PL)?\d{3,14}", re.IGNORECASE)

# The Ministry's search and GUS's have no address for a single entry, so they are search pages.
_KRS_SEARCH = "https://wyszukiwarka-krs.ms.gov.pl/"
_KRS_API = "https://api-krs.ms.gov.pl/api/krs/OdpisAktualny/{krs}?rejestr=S&format=json"
_OPP_REPORTS = "https://sprawozdaniaopp.niw.gov.pl/"
_REGON_SEARCH = "https://wyszukiwarkaregon.stat.gov.pl/appBIR/index.aspx"


class IdentifierError(ValueError):
    """A value is not a number of the kind asked for.

    `code` is one of `ERROR_CODES`; `value` is what was given, for the message made higher up.
    `structure` is TERYT's: the digits are not those of any municipality.
    """

    def __init__(self, code: str, value: str) -> None:
        super().__init__(f"{code}: {value!r}")
        self.code = code
        self.value = value


def _digits(value: str, kind: str) -> str:
    if len(value) > bounds.NUMBER:
        raise IdentifierError("length", value[: bounds.NUMBER])
    text = unicodedata.normalize("NFKC", value).strip()
    text = _PREFIX.sub(
        lambda match: "" if match[1] in (None, "") or match[1].lower() == kind else match[0],
        text,
        count=1,
    )
    text = _SPACING.sub("", _SPREADSHEET_FRACTION.sub("", text))
    if not text:
        raise IdentifierError("empty", value)
    if not (text.isascii() and text.isdigit()):
        raise IdentifierError("characters", value)
    if not text.strip("0"):
        # Registers' files fill the column with zeros where there is no number.
        raise IdentifierError("empty", value)
    return text


def normalise_krs(value: str) -> str:
    """A KRS number as ten digits.

    :param value: 1–10 digits in any spelling; leading zeros that a spreadsheet or the KRS
        bulletin lost are restored. KRS has no check digit.
    :raises IdentifierError: `empty`, `characters`, `length`.
    """
    digits = _digits(value, "krs")
    if len(digits) > 10:
        raise IdentifierError("length", value)
    return digits.zfill(10)


def normalise_regon(value: str) -> str:
    """A REGON number: nine digits, or fourteen of a local unit.

    :param value: any spelling. The KRS API pads nine digits with `00000`: that tail is taken off
        before any check, because one such number in five also passes the 14-digit check. Leading
        zeros lost by a spreadsheet are restored (6–8 digits, 12–13 digits).
    :raises IdentifierError: `empty`, `characters`, `length`, `checksum`.
    """
    digits = _digits(value, "regon")
    if 6 <= len(digits) <= 9:
        digits = digits.zfill(9)
    elif 12 <= len(digits) <= 14:
        digits = digits.zfill(14)
    else:
        raise IdentifierError("length", value)
    return _checked(digits.removesuffix("00000") if len(digits) == 14 else digits, value, _regon)


def normalise_nip(value: str) -> str:
    """A NIP (tax number) as ten digits.

    :param value: any spelling, with or without the prefix `PL`.
    :raises IdentifierError: `empty`, `characters`, `length`, `checksum`.
    """
    without_country = _COUNTRY.sub("", value[: bounds.NUMBER + 1])
    digits = _digits(without_country, "nip")
    if len(digits) != 10:
        raise IdentifierError("length", value)
    return _checked(digits, value, _nip)


def normalise_teryt(value: str) -> str:
    """A municipality's TERYT identifier (TERC with its kind) as seven digits.

    :param value: seven digits, or six where the leading zero of the voivodeship was lost.
    :raises IdentifierError: `empty`, `characters`, `length`; `structure` when the voivodeship
        is not one of 02, 04 … 32, county or municipality is 00, or the kind is not 1–5, 8 or 9.
    """
    digits = _digits(value, "teryt")
    if len(digits) not in (6, 7):
        raise IdentifierError("length", value)
    digits = digits.zfill(7)
    voivodeship, county, municipality = digits[:2], digits[2:4], digits[4:6]
    known = int(voivodeship) in range(2, 33, 2) and digits[6] in "1234589"
    if not known or "00" in (county, municipality):
        raise IdentifierError("structure", value)
    return digits


def _checked(digits: str, value: str, checker) -> str:
    try:
        return checker.validate(digits)
    except ValidationError as error:
        raise IdentifierError("checksum", value) from error


NORMALISERS: Mapping[str, Callable[[str], str]] = {
    "krs": normalise_krs,
    "regon": normalise_regon,
    "nip": normalise_nip,
    "teryt": normalise_teryt,
}


def format_nip(nip: str) -> str:
    """A canonical NIP as people read it: 697-00-20-756."""
    return f"{nip[:3]}-{nip[3:5]}-{nip[5:7]}-{nip[7:]}"


def format_regon(regon: str) -> str:
    """A canonical REGON as people read it: without breaks, or 9 + 5 digits of a local unit."""
    return regon if len(regon) == 9 else f"{regon[:9]} {regon[9:]}"


def guess(text: str) -> list[tuple[str, str]]:
    """Which identifiers a person's words may be.

    :param text: what a person typed: a number, a number with its name, or words around one. In a
        text longer than `bounds.WORDS` none is looked for.
    :returns: pairs (kind, canonical number), likeliest first, without repetitions. A bare number
        of ten digits is a KRS number if it begins with `00`, as all of them and no NIP do;
        otherwise a NIP, if its check digit says so. A shorter one may always be a KRS number
        that lost its zeros.
    """
    if len(text) > bounds.WORDS:
        return []
    words = unicodedata.normalize("NFKC", text).strip()
    named = [(match[1].lower(), match[2]) for match in _PREFIXED.finditer(words)]
    if named:
        return _unique(_guess_kinds(number, (kind,)) for kind, number in named)
    bare = _SPACING.sub("", words)
    if _ONLY_NUMBER.fullmatch(bare):
        return _guess_kinds(bare, _likely_kinds(bare))
    numbers = (match[0] for match in _BARE_NUMBER.finditer(words))
    return _unique(
        _guess_kinds(number, _likely_kinds(_SPACING.sub("", number)))
        for number in numbers
        if len(_SPACING.sub("", number)) >= 7
    )


def _likely_kinds(digits: str) -> tuple[str, ...]:
    if not digits.isdigit():  # "PL" in front
        return ("nip",)
    if len(digits) == 10:
        return ("krs",) if digits.startswith("00") else ("nip",)
    if len(digits) > 10:
        return ("regon",)
    return ("regon", "krs") if len(digits) == 9 else ("krs", "regon")


def _guess_kinds(number: str, kinds: tuple[str, ...]) -> list[tuple[str, str]]:
    canonical = ((kind, _canonical_or_none(kind, number)) for kind in kinds)
    return [(kind, found) for kind, found in canonical if found]


def _canonical_or_none(kind: str, number: str) -> str | None:
    try:
        return NORMALISERS[kind](number)
    except IdentifierError:
        return None


def _unique(groups) -> list[tuple[str, str]]:
    return list(dict.fromkeys(pair for group in groups for pair in group))


def register_links(record: Mapping[str, object]) -> list[tuple[str, str]]:
    """Pages of official registers for a record.

    :param record: with any of `krs`, `regon`, `nip` (canonical) and the flag `opp`.
    :returns: pairs (label key, URL). Keys: `krs_search` and `regon_search` (pages where the
        number is to be typed in), `krs_api` (the current extract as data), `opp_reports`
        (database of public-benefit organisations' reports).
    """
    links = []
    krs = record.get("krs")
    if krs:
        links.append(("krs_search", _KRS_SEARCH))
        links.append(("krs_api", _KRS_API.format(krs=krs)))
        if record.get("opp"):
            links.append(("opp_reports", _OPP_REPORTS))
    if record.get("regon") or record.get("nip"):
        links.append(("regon_search", _REGON_SEARCH))
    return links


def org_id(record: Mapping[str, object]) -> str | None:
    """The record's identifier in the scheme of org-id.guide, e.g. `PL-KRS-0000030897`.

    :param record: with any of `krs`, `regon`, `nip` (canonical); the first of them counts.
    :returns: the identifier, or None for a record with none of the three.
    """
    for kind in ("krs", "regon", "nip"):
        if record.get(kind):
            return f"PL-{kind.upper()}-{record[kind]}"
    return None
