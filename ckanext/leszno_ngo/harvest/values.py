"""One value of a source brought to the form its field has, or a reason why it cannot be.

Each function takes a text that is not empty and gives the field's value; a text that
means "nothing here" gives ``""``. What cannot be taken raises :class:`ValueRefusedError`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlsplit

from ckanext.leszno_ngo import (
    bounds,
    dates,
    identifiers,
    legal_forms,
    personal_data,
    polish,
    text,
    vocabularies,
)

#: Longest line and longest text (characters) that a record's fields take.
MAX_LINE = bounds.NAME
MAX_TEXT = bounds.TEXT

_NOTHING = {"", "-", "--", "—", "–", "brak", "brak danych", "nie dotyczy", "n/d", "nd", "nie ma"}


class ValueRefusedError(ValueError):
    """A value that its field cannot take.

    :param code: reason, a stable code.
    :param hidden: the value must not be shown in a report: it may be personal data.
    """

    def __init__(self, code: str, *, hidden: bool = False):
        super().__init__(code)
        self.code = code
        self.hidden = hidden


# ---------------------------------------------------------------- texts


class MaskedText(str):
    """A text in which personal data was masked; ``kinds`` are those of ``personal_data.KINDS``."""

    kinds: tuple[str, ...] = ()


# A line of a body's own address has its flat's number: that is no home.
_IN_A_LINE = frozenset(personal_data.KINDS) - {"home_address", "person"}


def line(value: str) -> str:
    """Return a line of text without control characters, tags and personal numbers.

    :raises ValueRefusedError: ``too_long``; ``personal_data`` when there is a PESEL, a mobile
        number or a private e-mail address in it.
    """
    cleaned = text.clean(value, MAX_LINE + 1)
    if len(cleaned) > MAX_LINE:
        raise ValueRefusedError("too_long")
    if any(finding.kind in _IN_A_LINE for finding in personal_data.find(cleaned)):
        raise ValueRefusedError("personal_data", hidden=True)
    return cleaned


def long_text(value: str) -> str:
    """Return a longer text; line breaks stay, personal data are masked.

    Masked are private e-mail addresses, mobile numbers, home addresses, and the names beside them.

    :returns: a :class:`MaskedText` where something was masked
    :raises ValueRefusedError: ``personal_data`` when there is a PESEL in it: who wrote
        one person's number there wrote more about that person.
    """
    cleaned = text.clean(value, MAX_TEXT, lines=True)
    redacted, kinds = personal_data.masked(cleaned)
    if "pesel" in kinds:
        raise ValueRefusedError("personal_data", hidden=True)
    if not kinds:
        return cleaned
    told = MaskedText(redacted)
    told.kinds = tuple(kinds)
    return told


# A list of thousands of rows names hundreds of places.
@lru_cache(maxsize=8192)
def place(value: str) -> str:
    """Return the name of a town or municipality as people write it: ``Leszno``."""
    name = line(value)
    name = re.sub(r"^(?:M\.\s*ST\.|M\.|MIASTO|GMINA)\s*(?=\w)", "", name, flags=re.IGNORECASE)
    return polish.readable_name(name) if name.isupper() else name


@lru_cache(maxsize=2048)
def county(value: str) -> str:
    """Return a county's name: a city's own, or an adjective in small letters."""
    name = re.sub(r"^powiat\s+", "", line(value), flags=re.IGNORECASE)
    if re.search(r"(?:s|c|dz)ki(?: \w+)?$", name, re.IGNORECASE):
        return name.lower()
    return place(name)


def street(value: str) -> str:
    """Return a street as people write it: ``ul. Kazimierza Karasia``, ``Rynek``."""
    name = line(value)
    if name.isupper():
        name = polish.readable_name(name)
    prefix = re.match(r"(?:Ul|Al|Os|Pl|Aleja|Aleje|Plac|Osiedle|Ulica)\b", name)
    return name[0].lower() + name[1:] if prefix else name


def building_number(value: str) -> str:
    """Return a building's or flat's number: ``15``, ``772B``.

    :raises ValueRefusedError: ``building_number`` when it is longer than any number.
    """
    number = re.sub(r"(?<=\d) (?=[A-Za-z]$)", "", line(value).replace('"', ""))
    if len(number) > 20:
        raise ValueRefusedError("building_number")
    return number


def postal_code(value: str) -> str:
    """Return a postal code ``64-100``.

    :raises ValueRefusedError: ``postal_code``.
    """
    digits = re.sub(r"[\s-]", "", line(value))
    if not re.fullmatch(r"\d{5}", digits, re.ASCII):
        raise ValueRefusedError("postal_code")
    return f"{digits[:2]}-{digits[2:]}"


# ---------------------------------------------------------------- codes


def _folded(value: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", polish.fold(value)).split())


def status(value: str) -> str:
    """Return the code of a body's status.

    :raises ValueRefusedError: ``status`` for a word the vocabulary does not know.
    """
    code = legal_forms.status_from_wording(line(value))
    if code is None:
        raise ValueRefusedError("status")
    return code


@cache
def _voivodeships() -> Mapping[str, str]:
    terms = vocabularies.get("voivodeship").terms
    return {_folded(name): term.code for term in terms for name in (term.code, term.label("pl"))}


@lru_cache(maxsize=256)
def voivodeship(value: str) -> str:
    """Return the code of a voivodeship.

    :raises ValueRefusedError: ``voivodeship``.
    """
    name = re.sub(r"^(?:woj|wojewodztwo) ", "", _folded(line(value)))
    if name not in _voivodeships():
        raise ValueRefusedError("voivodeship")
    return _voivodeships()[name]


_YES = {"tak", "t", "true", "1", "x", "yes", "y", "posiada", "opp", "prawda"}
_NO = {"nie", "n", "false", "0", "no", "brak", "nie posiada", "falsz"}


def flag(value: str) -> bool:
    """Return yes or no.

    :raises ValueRefusedError: ``flag``.
    """
    word = _folded(value)
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueRefusedError("flag")


def codes(value: str, vocabulary: str) -> list[str]:
    """Return a list of a vocabulary's codes, one a line.

    :raises ValueRefusedError: the vocabulary's name, when one of them is not its code.
    """
    found = list(dict.fromkeys(line(entry) for entry in value.splitlines() if entry.strip()))
    if not all(vocabularies.get(vocabulary).get(code) for code in found):
        raise ValueRefusedError(vocabulary)
    return found


_PKD = re.compile(r"(?<!\d)(\d\d)[. ]?(\d\d)[. ]?([A-Za-z])(?![A-Za-z])", re.ASCII)


# A division ("86"), group ("86.9") or class ("86.90") alone: nothing else may stand in the entry.
_PKD_WHOLE = re.compile(r"(?:dział\s?)?(\d\d)(?:[. ]?(\d\d?))?", re.ASCII | re.IGNORECASE)


def pkd(value: str) -> list[str]:
    """Return PKD codes (``94.99.Z``, ``86``), each once, in the source's order.

    :raises ValueRefusedError: ``pkd`` when there is none, or an entry of a list has none.
    """
    entries = re.split(r"[\n;,]+", text.clean(value, MAX_TEXT, lines=True))
    found: list[str] = []
    for entry in filter(str.strip, entries):
        whole = _PKD_WHOLE.fullmatch(entry.strip())
        codes = [whole.groups()] if whole else _PKD.findall(entry)
        if not codes:
            raise ValueRefusedError("pkd")
        found += [".".join(filter(None, parts)).upper() for parts in codes]
    return list(dict.fromkeys(found))


def years(value: str) -> list[str]:
    """Return years of four digits, each once, in order.

    :raises ValueRefusedError: ``years``.
    """
    found = sorted(set(value.split()))
    if not all(re.fullmatch(r"(?:19|20)\d\d", year, re.ASCII) for year in found):
        raise ValueRefusedError("years")
    return found


# ---------------------------------------------------------------- numbers, dates


def day(value: str) -> str:
    """Return a date ``yyyy-mm-dd``.

    :raises ValueRefusedError: ``date_`` and a code of :class:`.dates.DateError`.
    """
    return _day(value, month_first=False)


def american_day(value: str) -> str:
    """Return a date ``yyyy-mm-dd`` of one whose numbers have the month first.

    :raises ValueRefusedError: as :func:`day`.
    """
    return _day(value, month_first=True)


def _day(value: str, *, month_first: bool) -> str:
    try:
        return dates.parse_date(value, month_first=month_first).isoformat()
    except dates.DateError as error:
        raise ValueRefusedError(f"date_{error.code}") from error


def identifier(kind: str, value: str) -> str:
    """Return a KRS, REGON, NIP or TERYT number in its one spelling; ``""`` for a filler.

    :raises ValueRefusedError: a code of :class:`.identifiers.IdentifierError`.
    """
    try:
        return identifiers.NORMALISERS[kind](value)
    except identifiers.IdentifierError as error:
        if error.code == "empty":
            return ""
        raise ValueRefusedError(error.code) from error


# ---------------------------------------------------------------- contact


_EMAIL = re.compile(r"[a-z0-9._%+-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}")
# What boxes of a body are called; compared with the beginning of a word.
_OFFICE_WORDS = (
    "biuro",
    "kontakt",
    "sekretariat",
    "info",
    "office",
    "contact",
    "zarzad",
    "fundacj",
    "stowarzysz",
    "klub",
    "poczta",
    "mail",
    "email",
    "redakcja",
    "admin",
    "osp",
    "uks",
    "oddzial",
    "kolo",
    "hufiec",
    "towarzystwo",
)


def _names_a_person(address: str, name: str) -> bool:
    """Tell whether a box looks like ``forename.surname``.

    It does when its two or more words are of letters alone and none is of an office,
    of the body's name or of the domain.
    """
    box, _, domain = address.partition("@")
    words = re.split(r"[._-]+", box)
    if len(words) < 2 or not all(word.isalpha() and len(word) > 1 for word in words):
        return False
    known = set(_folded(name).split()) | set(re.split(r"[.-]", domain))
    return not any(
        word.startswith(_OFFICE_WORDS) or any(other.startswith(word) for other in known)
        for word in words
    )


def email(value: str, name: str) -> str:
    """Return an e-mail address of a body.

    :param value: the address.
    :param name: the body's name, by which its own box is known from a person's.
    :raises ValueRefusedError: ``email`` for no address; ``private_email`` when the box is
        at a provider of private boxes or looks like a person's.
    """
    address = text.clean(value, MAX_LINE).strip(" .,;<>").removeprefix("mailto:").lower()
    if not _EMAIL.fullmatch(address):
        raise ValueRefusedError("email", hidden="@" in address)
    if personal_data.is_private_email(address) or _names_a_person(address, name):
        raise ValueRefusedError("private_email", hidden=True)
    return address


def phone(value: str, *, mobile: bool) -> str:
    """Return a telephone number of an office, ``+48 65 529 81 00``.

    :param value: one Polish number in any spelling.
    :param mobile: take mobile numbers; in a register they are mostly a person's own.
    :raises ValueRefusedError: ``phone``; ``mobile_phone``.
    """
    digits = re.sub(r"^(?:\+|00)48|^48(?=\d{9}$)|^0(?=\d{9}$)", "", re.sub(r"[^\d+]", "", value))
    if not re.fullmatch(r"[1-9]\d{8}", digits, re.ASCII) or re.search(r"[^\W\d_]{5}", value):
        raise ValueRefusedError("phone", hidden=True)
    if not personal_data.is_mobile(digits):
        return f"+48 {digits[:2]} {digits[2:5]} {digits[5:7]} {digits[7:]}"
    if not mobile:
        raise ValueRefusedError("mobile_phone", hidden=True)
    return f"+48 {digits[:3]} {digits[3:6]} {digits[6:]}"


_HOST = re.compile(
    r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+(?:[^\W\d_]{2,24}|xn--[a-z0-9-]{2,59})", re.IGNORECASE
)


def website(value: str) -> str:
    """Return an address of a web page, http or https.

    A register's address has no scheme and is in capitals; it gets ``https://`` and, being
    in capitals, small letters.

    :raises ValueRefusedError: ``website``.
    """
    address = text.clean(value, MAX_LINE).strip(" .,;")
    hidden = "@" in address
    if address.isupper():
        address = address.lower()
    if not re.match(r"[a-z][a-z0-9+.-]*:", address, re.IGNORECASE) or re.match(
        r"[^/]+:\d", address
    ):
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        usable = not parts.username and (parts.port is None or parts.port > 0)
    except ValueError as error:
        raise ValueRefusedError("website", hidden=hidden) from error
    scheme = parts.scheme.lower()
    if scheme not in ("http", "https") or not usable or not _HOST.fullmatch(host):
        raise ValueRefusedError("website", hidden=hidden)
    if re.search(r"[\s\"'<>\\]", address):
        raise ValueRefusedError("website", hidden=hidden)
    return parts._replace(scheme=scheme, netloc=parts.netloc.lower()).geturl()


def edelivery_address(value: str) -> str:
    """Return an address of the state's base of electronic addresses.

    :raises ValueRefusedError: ``edelivery_address``.
    """
    address = line(value).upper().replace(" ", "")
    address = address if address.startswith("AE:") else f"AE:{address}"
    if not re.fullmatch(r"AE:PL-\d{5}-\d{5}-[A-Z]{5}-\d{2}", address, re.ASCII):
        raise ValueRefusedError("edelivery_address")
    return address


# ---------------------------------------------------------------- addresses in one cell


_POSTAL = re.compile(r"(?<!\d)(\d{2}\s?-\s?\d{3})(?!\d)")
# What stands behind the street's name, at the end of the text.
_NUMBER = re.compile(
    r"(?<=\D)[\s,]{1,9}(?:nr\s{0,9})?(?P<building>\d{1,9}\s?[A-Za-z]?)"
    r"(?:\s{0,9}(?:/|m\.?|lok\.?|lokal)\s{0,9}(?P<flat>\d{1,9}\s?[A-Za-z]?))?$",
    re.IGNORECASE,
)

# A plot of land ("dz. nr 5/12 obr. 3") is no street.
_PLOT = re.compile(r"\b(?:dz|działk\w*|obr|obręb)\b", re.IGNORECASE)


def address(value: str) -> dict[str, str]:
    """Return the parts of an address written in one cell.

    :param value: ``ul. Karasia 15/2, 64-100 Leszno``, ``64-100 Leszno, Rynek 1``,
        ``Leszno``.
    :returns: those of ``street``, ``building_number``, ``flat_number``, ``postal_code``,
        ``town`` that are there, as texts still to be brought to form.
    :raises ValueRefusedError: ``address`` when it has digits but no known shape.
    """
    whole = line(value)
    match = _POSTAL.search(whole)
    before, after = (whole[: match.start()], whole[match.end() :]) if match else ("", whole)
    pieces = [piece.strip(" ,;") for piece in re.split(r"[,;\n]", after) if piece.strip(" ,;")]
    parts = {"postal_code": match[1]} if match else {}
    if before.strip(" ,;"):
        parts |= _street_parts(before.strip(" ,;"))
        town = pieces
    elif match:
        town, rest = pieces[:1], pieces[1:]
        parts |= _street_parts(" ".join(rest)) if rest else {}
    else:
        town = [piece for piece in pieces if not re.search(r"\d", piece)][-1:]
        rest = [piece for piece in pieces if piece not in town]
        parts |= _street_parts(" ".join(rest)) if rest else {}
    if town:
        parts["town"] = " ".join(town)
    return parts


def _street_parts(value: str) -> dict[str, str]:
    match = _NUMBER.search(value)
    if match is None or _PLOT.search(value):
        if re.search(r"\d", value):
            raise ValueRefusedError("address", hidden=True)
        return {"street": value}
    found = {
        "street": value[: match.start()].strip(" ,"),
        "building_number": match["building"],
        "flat_number": match["flat"],
    }
    return {key: part for key, part in found.items() if part}


def is_nothing(value: str) -> bool:
    """Tell whether a cell says that there is nothing: empty, a dash, "brak"."""
    return value.strip().casefold() in _NOTHING


#: Field → function that brings its value to form. Fields whose value depends on more
#: than the cell (e-mail, telephone, legal form) are in ``normalise``.
FIELDS: Mapping[str, Callable[[str], Any]] = {
    "krs": lambda value: identifier("krs", value),
    "regon": lambda value: identifier("regon", value),
    "nip": lambda value: identifier("nip", value),
    "teryt": lambda value: identifier("teryt", value),
    "register_number": line,
    "legal_name": line,
    "title": line,
    "status": status,
    "registered_date": day,
    "removed_date": day,
    "last_entry_date": day,
    "opp": flag,
    "opp_tax_years": years,
    "voivodeship": voivodeship,
    "county": county,
    "municipality": place,
    "town": place,
    "district": place,
    "street": street,
    "building_number": building_number,
    "flat_number": building_number,
    "postal_code": postal_code,
    "post_office": place,
    "website": website,
    "edelivery_address": edelivery_address,
    "aims": long_text,
    "notes": long_text,
    "pkd_paid": pkd,
    "pkd_unpaid": pkd,
    "pkd_business": pkd,
    "spheres": lambda value: codes(value, "spheres"),
}
