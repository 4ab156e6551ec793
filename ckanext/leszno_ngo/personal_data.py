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

KINDS = ("pesel", "private_email")

_ELEVEN_DIGITS = re.compile(r"(?<![\d-])\d{6}[ \u00a0-]?\d{5}(?![\d-]?\d)", re.ASCII)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@([a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.IGNORECASE)
_BIRTH_YEARS = range(1900, 2100)


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
