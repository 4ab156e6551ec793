"""How a body is reached: telephone, e-mail, web page, the state's electronic address."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import phonenumbers

from ckanext.leszno_ngo.values.refusal import ValueRefusedError
from ckanext.leszno_ngo.values.texts import line

_BETWEEN_NUMBERS = re.compile(r"[,;\n]| lub ")
_PHONE = re.compile(
    r"(?:tel(?:efon)?\.?:? ?)?(?P<number>\+?[(0-9][0-9 ()./\u2010-\u2015-]{4,38})"
    r"(?:,? ?(?:wew(?:n|nętrzny)?|w|ext)\.? ?(?P<extension>[0-9]{1,6}))?",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[a-z0-9._%+-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}")
_HOST = re.compile(
    r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+(?:[^\W\d_]{2,24}|xn--[a-z0-9-]{2,59})", re.IGNORECASE
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_HOST_WITH_PORT = re.compile(r"[^/]+:\d")
_NOT_IN_ADDRESSES = re.compile(r"[\s\"'<>\\]")
_EDELIVERY = re.compile(r"AE:PL-[0-9]{5}-[0-9]{5}-[A-Z]{5}-[0-9]{2}")


def phone(value: str) -> str:
    """Return telephone numbers as they are dialled from abroad: ``+48 65 529 81 00``.

    :param value: a number in any spelling (of Poland where it has no country), or several parted
        by commas, semicolons or "lub"; an extension behind ``wew.``
    :returns: each in the international spelling (ITU-T E.123), parted by a comma and a space
    :raises ValueRefusedError: ``phone`` for what is no number of the numbering plan
    """
    pieces = [piece.strip() for piece in _BETWEEN_NUMBERS.split(_joined_extensions(line(value)))]
    return ", ".join(dict.fromkeys(_one_phone(piece) for piece in pieces if piece))


def _joined_extensions(value: str) -> str:
    """Take away the comma before an extension: it parts no numbers."""
    return re.sub(r", ?(?=(?:wew|ext)\b)", " ", value, flags=re.IGNORECASE)


def _one_phone(value: str) -> str:
    match = _PHONE.fullmatch(value)
    if match is None:
        raise ValueRefusedError("phone", hidden=True)
    digits = re.sub(r"[^0-9+]", "", match["number"])
    # Ways to write Poland's code, and the 0 that was dialled before 2009.
    digits = re.sub(r"^00(?=48)|^(?=48[0-9]{9}$)", "+", digits)
    digits = re.sub(r"^(\+48)?0(?=[1-9][0-9]{8}$)", r"\1", digits)
    try:
        number = phonenumbers.parse(digits, "PL")
    except phonenumbers.NumberParseException as error:
        raise ValueRefusedError("phone", hidden=True) from error
    if not phonenumbers.is_valid_number(number):
        raise ValueRefusedError("phone", hidden=True)
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return f"{written} wew. {match['extension']}" if match["extension"] else written


def phones(canonical: str) -> list[str]:
    """Return the numbers of a value of :func:`phone`, each without its extension."""
    return [number.partition(" wew. ")[0] for number in canonical.split(", ")]


def email(value: str) -> str:
    """Return an e-mail address in small letters.

    :raises ValueRefusedError: ``email`` for no address
    """
    address = line(value).strip(" .,;<>").lower().removeprefix("mailto:")
    if not _EMAIL.fullmatch(address):
        raise ValueRefusedError("email", hidden="@" in address)
    return address


def web_address(value: str) -> str:
    """Return an address of a web page, http or https, its scheme and host in small letters.

    One without a scheme gets ``https://``.

    :raises ValueRefusedError: ``website``, also for one with a name and a password in it
    """
    address = line(value).strip(" ,;")
    hidden = "@" in address
    if not _SCHEME.match(address) or _HOST_WITH_PORT.match(address):
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").rstrip(".")
        usable = "@" not in parts.netloc and (parts.port is None or parts.port > 0)
    except ValueError as error:
        raise ValueRefusedError("website", hidden=hidden) from error
    scheme = parts.scheme.lower()
    if scheme not in ("http", "https") or not usable or not _HOST.fullmatch(host):
        raise ValueRefusedError("website", hidden=hidden)
    if _NOT_IN_ADDRESSES.search(address):
        raise ValueRefusedError("website", hidden=hidden)
    return parts._replace(scheme=scheme, netloc=parts.netloc.lower().rstrip(".")).geturl()


def edelivery_address(value: str) -> str:
    """Return an address of the state's base of electronic addresses.

    :raises ValueRefusedError: ``edelivery_address``
    """
    address = line(value).upper().replace(" ", "")
    address = address if address.startswith("AE:") else f"AE:{address}"
    if not _EDELIVERY.fullmatch(address):
        raise ValueRefusedError("edelivery_address")
    return address
