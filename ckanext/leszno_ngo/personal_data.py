"""Personal data in free texts: PESEL numbers and addresses in private mailboxes.

Registers' free texts are not masked as their structured fields are; what is found here must be
taken out before a text goes to the catalogue, its index, its activity stream or a log.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from stdnum.exceptions import ValidationError
from stdnum.pl import pesel as _pesel

from . import vocabularies
from .polish import fold

KINDS = ("pesel", "private_email")

_ELEVEN_DIGITS = re.compile(r"(?<![\d-])\d{6}[ \u00a0-]?\d{5}(?![\d-]?\d)", re.ASCII)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@([a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.IGNORECASE)
_BIRTH_YEARS = range(1900, 2100)

# What a body's name has in it and a person's has not (beginnings of words without diacritics).
_BODY = re.compile(
    r"\b(?:akadem|bank|bibliotek|biur|bractw|caritas|centr|cech|chor|choragi|dom\b|druzyn|firm|forum|"
    r"fundacj|fundusz|galeri|gmin|grup|hufiec|inicjatyw|instytut|izb|kapel|klub|kol[ao]\b|komitet|"
    r"kongregacj|konfederacj|lig|miast|ministerst|muze|narodow|ochotnicz|oddzial|organizacj|orkiestr|"
    r"osrod|osp|parafi|polsk|powiat|przedsiebiorst|przedszkol|rad[ay]\b|ruch|samorzad|sekcj|siec|"
    r"spol|sportow|stowarzysz|szkol|teatr|towarzyst|uniwersyt|unia|urzad|warsztat|wojewod|wspolnot|"
    r"zaklad|zespol|zgromadz|zrzesz|zwiaz|[kmulz]{1,2}k?s\b|[klz]ks\b|lzs\b|tkkf|pck|zhp|zhr|kgw)"
)
_PERSON_WORDS = range(2, 5)
_NAME_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*\.?")


@dataclass(frozen=True)
class Finding:
    """A piece of personal data in a text: its kind (`KINDS`) and place, never the value itself."""

    kind: str
    start: int
    end: int


def find(text: str) -> list[Finding]:
    """Personal data in a text, in the order of the text.

    A PESEL is eleven digits (a space or dash after the sixth is allowed) with a right check digit
    and a possible date of birth from 1900 on.
    """
    found = [
        Finding("pesel", match.start(), match.end())
        for match in _ELEVEN_DIGITS.finditer(text)
        if is_pesel(match[0])
    ]
    found += [
        Finding("private_email", match.start(), match.end())
        for match in _EMAIL.finditer(text)
        if is_private_domain(match[1])
    ]
    return sorted(found, key=lambda finding: finding.start)


def redact(text: str, replacement: str = "[…]", kinds: Iterable[str] = KINDS) -> str:
    """The text with personal data of the given kinds replaced."""
    wanted = frozenset(kinds)
    for finding in reversed(find(text)):
        if finding.kind in wanted:
            text = text[: finding.start] + replacement + text[finding.end :]
    return text


def may_be_person(name: str) -> bool:
    """Whether a name may be a person's: two to four words with nothing of a body in them.

    It errs on the side of the person: "Leszczyński Wiatr" may be one.
    """
    words = name.split()
    if len(words) not in _PERSON_WORDS or not all(map(_NAME_WORD.fullmatch, words)):
        return False
    return not _BODY.search(fold(name)) and all(word[0].isupper() for word in words)


def is_pesel(number: str) -> bool:
    """Whether the digits are a person's PESEL number."""
    try:
        digits = _pesel.validate(number.replace("\u00a0", ""))
    except ValidationError:
        return False
    return _pesel.get_birth_date(digits).year in _BIRTH_YEARS


def is_private_email(address: str) -> bool:
    """Whether an e-mail address is in a private persons' mailbox provider's domain."""
    return is_private_domain(address.rpartition("@")[2])


def is_private_domain(domain: str) -> bool:
    """Whether a domain is one of the vocabulary `private_email_domains`."""
    return vocabularies.get("private_email_domains").get(domain.lower().rstrip(".")) is not None
