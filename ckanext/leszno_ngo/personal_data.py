"""Personal data in free texts: PESEL and mobile numbers, private mailboxes, home addresses.

Registers' free texts are not masked as their structured fields are; what is found here must be
taken out before a text goes to the catalogue, its index, its activity stream or a log.
"""

from __future__ import annotations

import re
from bisect import bisect, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stdnum.exceptions import ValidationError
from stdnum.pl import pesel as _pesel

from . import personal_spellings, vocabularies
from .polish import fold, persons

#: What is found: numbers, addresses, and the names of persons beside them.
KINDS = ("pesel", "private_email", "mobile_phone", "home_address", "person")
#: What stands in the place of personal data.
MASK = "[…]"

_ELEVEN_DIGITS = re.compile(r"(?<![\d-])\d{6}[ \u00a0-]?\d{5}(?![\d-]?\d)", re.ASCII)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@([a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.IGNORECASE)
_BIRTH_YEARS = range(1900, 2100)

# Beginnings of Polish mobile numbers (numbering plan, UKE).
_MOBILE_PREFIX = r"(?:45|5[0137]|60|66|69|7[2389]|88)"
_MOBILE = re.compile(_MOBILE_PREFIX + r"\d{7}", re.ASCII)
_NINE_DIGITS = re.compile(
    # A country's number, and nine digits in the groups that people write.
    r"(?<![\d,-])(?<!\d[ .])(?:(?:\+|00) ?48[ -]?|\(\+?48\) ?|48[ -]|0[ -]?)?"
    r"(\(\d{3}\)[ -]?\d{3}[ -]?\d{3}"
    r"|\d{3}([ \u00a0./-]{1,3})\d{3}\2\d{3}|\d{3}([ \u00a0./-]{1,3})\d{2}\3\d{2}\3\d{2}"
    r"|\d{2}([ \u00a0./-]{1,3})\d{3}\4\d{2}\4\d{2}|\d{9}|\d(?: \d){8})(?![\d-]?\d)",
    re.ASCII,
)
# Identifiers (RFC 9562) and digests: their digits are nobody's numbers.
_HEX_IDENTIFIER = re.compile(
    r"(?<![\da-z])(?:[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}"
    r"|(?=\d{0,31}[a-f])[\da-f]{32,128})(?![\da-z])",
    re.ASCII | re.IGNORECASE,
)
# Numbers of nine digits that are no telephone's, by what stands before and after.
_OTHER_BEFORE = re.compile(
    r"(?:regon|krs|nip|nr rej\w{0,9}|konto|konta|rachun\w{0,5}|iban|kwot\w{0,5})[ .:\w]{0,12}$"
)
_OTHER_AFTER = re.compile(r"\s{0,2}(?:,\d\d|zl|pln|eur|usd|tys|mln|osob|m2|km)\b")

# Where a person lives: said by a word before, by a flat's number, or by a person's name before.
_STREET = r"(?:ul|al|os|pl)\.?[ ]{0,2}|(?:ulic[aey]|alej[aei]|osiedl[eu]|plac[u]?)[ ]"
_NUMBER = r"\d{1,3}[a-z]?"
_FLAT = r"(?:[ ]?/[ ]?|[ ]?m\.?[ ]?|[ ]?(?:mieszk\w*|lok)\.?[ ]?)" + _NUMBER
_NAME = r"(?:\d{1,2} )?(?:[^\W\d_][\w.'’-]{0,40}[ ,]{1,3}){1,5}"
_PLACE = r"(?:,?[ ]{0,2}\d{2}-\d{3}(?:[ ][^\W\d_]{2,40})?)?"
_AT_HOME = re.compile(
    r"\b(?:zam(?:\.|\b)|zamieszka(?:ł[ay]?|łego|łej|łemu|ły)|zamieszkują\w{2,3}|mieszka(?:jąc\w{1,3})?|"
    r"adres(?:u|em)? (?:domow\w{1,3}|prywatn\w{1,3}|zamieszkania|pobytu)|miejsce zamieszkania)"
    r"[ ]{0,2}:?[ ]{0,2}(" + _NAME + _NUMBER + r"\b(?:" + _FLAT + r"\b)?" + _PLACE + r")",
    re.IGNORECASE,
)
_WITH_FLAT = re.compile(
    r"\b(?:" + _STREET + r")" + _NAME + _NUMBER + _FLAT + r"\b" + _PLACE, re.IGNORECASE
)
_OF_SOMEBODY = re.compile(
    r"[ ,:(–-]{1,4}((?:" + _STREET + r")" + _NAME + _NUMBER + r"\b" + _PLACE + r")", re.IGNORECASE
)

# A person's name stands this far (characters) from their number or address at most.
_BESIDE = 60
_LIKE_A_NAME = r"[^\W\d_a-ząćęłńóśźż][^\W\d_]{1,40}"
_CONTACT_WORDS = (
    r"(?:[\s,:;.()–-]{1,4}"
    r"(?:tel|telefon|telefonu|kom|komórka|kontakt|nr|pod|mob|gsm|e-?mail|mail|lub)){0,4}"
    r"[\s,:;.()–-]{0,4}"
)
_NAME_BEFORE = re.compile(
    r"(?<![\w-])(?<!im\. )(?<!imienia )"
    rf"({_LIKE_A_NAME}(?:[ -]{_LIKE_A_NAME}){{1,2}}){_CONTACT_WORDS}\Z"
)


@dataclass(frozen=True)
class Finding:
    """A piece of personal data in a text: its kind (`KINDS`) and place, never the value itself."""

    kind: str
    start: int
    end: int


def find(text: str) -> list[Finding]:
    """Personal data in a text, in the order of the text; no two overlap.

    A PESEL is eleven digits, in whatever groups, with a right check digit and a possible date of
    birth from 1900 on. A mobile number has nine digits in groups that people make, and a prefix of
    the numbering plan. Signs of an e-mail address may be words ("(at)", "kropka"). A home address
    is one that a word ("zam."), a flat's number or a person's name before it makes a person's. A
    ``person`` is a name beside one of these; names that stand alone are `persons.find`'s. Nothing
    is found in a UUID or in a digest in hexadecimal digits.
    """
    text = _HEX_IDENTIFIER.sub(lambda match: "_" * len(match[0]), text)
    found = _with_numbers(text)
    named = [(name.start, name.end) for name in persons.find(text)] if text else []
    found += [
        Finding("home_address", *match.span(1))
        for _, end in named
        if (match := _OF_SOMEBODY.match(text, end))
    ]
    return _apart([*found, *_beside(text, found, named)])


def _with_numbers(text: str) -> list[Finding]:
    spans = {
        "pesel": (m.span() for m in _ELEVEN_DIGITS.finditer(text) if is_pesel(m[0])),
        "private_email": (m.span() for m in _EMAIL.finditer(text) if is_private_domain(m[1])),
        "mobile_phone": (m.span() for m in _NINE_DIGITS.finditer(text) if _is_mobile(text, m)),
        "home_address": (
            *(match.span(1) for match in _AT_HOME.finditer(text)),
            *(match.span() for match in _WITH_FLAT.finditer(text)),
        ),
    }
    found = [Finding(kind, *span) for kind, found in spans.items() for span in found]
    return [*found, *_in_odd_spellings(text)]


def _in_odd_spellings(text: str) -> Iterator[Finding]:
    plain = personal_spellings.plain(text)
    for span in personal_spellings.pesels(plain):
        if is_pesel(span.value) and not _is_other(plain, span.start, span.end):
            yield Finding("pesel", span.start, span.end)
    for span in personal_spellings.phones(plain):
        if is_mobile(span.value) and not _is_other(plain, span.start, span.end):
            yield Finding("mobile_phone", span.start, span.end)
    for span in personal_spellings.emails(plain):
        if is_private_domain(span.value):
            yield Finding("private_email", span.start, span.end)


def _is_mobile(text: str, match: re.Match[str]) -> bool:
    if not is_mobile(match[1]) or match[1].endswith("000 000"):
        return False
    return not _is_other(text, match.start(), match.end())


def _is_other(text: str, start: int, end: int) -> bool:
    """Whether a number is an amount, an account or a register's, by the words around it."""
    before, after = fold(text[max(0, start - 24) : start]), fold(text[end : end + 8])
    return bool(_OTHER_AFTER.match(after) or _OTHER_BEFORE.search(before))


def _beside(text: str, found: list[Finding], named: list[tuple[int, int]]) -> Iterator[Finding]:
    """Yield the names that belong to numbers and addresses, and those that stand beside them."""
    places = [(f.start, f.end) for f in found if f.kind != "pesel"]
    places += [m.span() for m in _EMAIL.finditer(text)] if named else []
    for start, end in _chained(named, places):
        yield Finding("person", start, end)
    # In capitals every word looks like a name.
    if text.isupper():
        return
    for start, _ in places:
        match = _NAME_BEFORE.search(text, max(0, start - 2 * _BESIDE), start)
        if match and not persons.is_body(match[1]):
            yield Finding("person", *match.span(1))


def _chained(
    named: list[tuple[int, int]], places: list[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Yield the spans near a place, and those near such spans: "Jan Nowak, Anna Nowak, tel. …"."""
    reached, seen = sorted(places), set(places)
    for spans in (named, named[::-1]):
        for start, end in spans:
            near = any(
                start - _BESIDE <= e and s <= end + _BESIDE for s, e in _around(reached, start)
            )
            if near and (start, end) not in seen:
                seen.add((start, end))
                insort(reached, (start, end))
                yield start, end


def _around(places: list[tuple[int, int]], start: int) -> list[tuple[int, int]]:
    at = bisect(places, (start,))
    return places[max(0, at - 2) : at + 2]


def _apart(found: Iterable[Finding]) -> list[Finding]:
    """Order findings; of two that overlap the wider one stays."""
    kept: list[Finding] = []
    for one in sorted(found, key=lambda f: (f.start, -f.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
        elif one.end > kept[-1].end:
            kept[-1] = Finding(kept[-1].kind, kept[-1].start, one.end)
    return kept


def redact(text: str, replacement: str = MASK, kinds: Iterable[str] = KINDS) -> str:
    """The text with personal data of the given kinds replaced."""
    return masked(text, replacement, kinds)[0]


def masked(
    text: str, replacement: str = MASK, kinds: Iterable[str] = KINDS
) -> tuple[str, list[str]]:
    """Replace personal data in a text, and say what was replaced.

    :param text: the text
    :param replacement: what stands in its place
    :param kinds: which of `KINDS`
    :returns: the text, and the kinds of what was replaced, one for each place
    """
    wanted = frozenset(kinds)
    found = [finding for finding in find(text) if finding.kind in wanted]
    for finding in reversed(found):
        text = text[: finding.start] + replacement + text[finding.end :]
    return text, [finding.kind for finding in found]


def may_be_person(name: str, *, registered: bool = False) -> bool:
    """Whether a name may be a person's, or several persons' (`persons.may_be`)."""
    return persons.may_be(name, registered=registered)


def is_mobile(number: str) -> bool:
    """Whether a Polish number of nine digits, in any spelling, is of a mobile telephone."""
    return bool(_MOBILE.fullmatch("".join(sign for sign in number if sign.isdigit())))


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
