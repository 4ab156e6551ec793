"""The open API of the National Court Register (KRS): extracts and the day's bulletin.

``GET /api/krs/OdpisAktualny/{krs}?rejestr=S|P&format=json`` gives the current extract:
200 with JSON, 404 when the number is not in that register, 204 when the body was
removed from the register. ``GET /api/krs/Biuletyn/{day}`` lists the numbers changed on
a day. Persons' names are masked by the register in structured fields only, so an
extract is read by a list of what is wanted; the rest of it (statute entries, boards,
founders, liquidators, supervising bodies) is never looked at and never kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from ckanext.leszno_ngo import sent_json
from ckanext.leszno_ngo.harvest.http import JSON_TYPES, Answer, Client
from ckanext.leszno_ngo.harvest.model import RawRow, Refusal, SourceError, display_text

BASE_URL = "https://api-krs.ms.gov.pl"
#: The bulletin is published since this day.
FIRST_BULLETIN = date(2021, 12, 8)

_MAX_NUMBERS = 1_000_000
# S: associations, foundations; P: enterprises. An NGO is looked for in S first.
_REGISTERS = ("S", "P")

# The only parts of an extract that are read: field → path below "odpis".
_TEXTS = {
    "krs": "naglowekA.numerKRS",
    "register": "naglowekA.rejestr",
    "state_date": "naglowekA.stanZDnia",
    "registered_date": "naglowekA.dataRejestracjiWKRS",
    "last_entry_date": "naglowekA.dataOstatniegoWpisu",
    "legal_form": "dane.dzial1.danePodmiotu.formaPrawna",
    "legal_name": "dane.dzial1.danePodmiotu.nazwa",
    "regon": "dane.dzial1.danePodmiotu.identyfikatory.regon",
    "nip": "dane.dzial1.danePodmiotu.identyfikatory.nip",
    "opp": "dane.dzial1.danePodmiotu.czyPosiadaStatusOPP",
    "voivodeship": "dane.dzial1.siedzibaIAdres.siedziba.wojewodztwo",
    "county": "dane.dzial1.siedzibaIAdres.siedziba.powiat",
    "municipality": "dane.dzial1.siedzibaIAdres.siedziba.gmina",
    "town": "dane.dzial1.siedzibaIAdres.siedziba.miejscowosc",
    "street": "dane.dzial1.siedzibaIAdres.adres.ulica",
    "building_number": "dane.dzial1.siedzibaIAdres.adres.nrDomu",
    "flat_number": "dane.dzial1.siedzibaIAdres.adres.nrLokalu",
    "postal_code": "dane.dzial1.siedzibaIAdres.adres.kodPocztowy",
    "post_office": "dane.dzial1.siedzibaIAdres.adres.poczta",
    "email": "dane.dzial1.siedzibaIAdres.adresPocztyElektronicznej",
    "website": "dane.dzial1.siedzibaIAdres.adresStronyInternetowej",
    "edelivery_address": "dane.dzial1.siedzibaIAdres.adresDoDoreczenElektronicznychWpisanyDoBAE",
    "aims": "dane.dzial3.celDzialaniaOrganizacji.celDzialania",
}
_PKD = {
    "pkd_paid": ("dane.dzial3.przedmiotDzialalnosciOPP.odplatnyPkd",),
    "pkd_unpaid": ("dane.dzial3.przedmiotDzialalnosciOPP.nieodplatnyPkd",),
    "pkd_business": (
        "dane.dzial3.przedmiotDzialalnosci.przedmiotPrzewazajacejDzialalnosci",
        "dane.dzial3.przedmiotDzialalnosci.przedmiotPozostalejDzialalnosci",
    ),
}
# Sections of dzial6 by what they do to the body's status, the gravest first.
_STATUS = (
    ("postepowanieUpadlosciowe", "in_bankruptcy"),
    ("likwidacja", "in_liquidation"),
    ("rozwiazanieUniewaznienie", "in_liquidation"),
)


def _at(data: Any, path: str) -> Any:
    """Return what stands at a path; None where a part of it is missing or no object."""
    for key in path.split("."):
        if not isinstance(data, Mapping):
            return None
        data = data.get(key)
    return data


def _entries(value: Any) -> list[Mapping[str, Any]]:
    """Return the objects of a section that the register writes as a list or as one object."""
    found = value if isinstance(value, list) else [value]
    return [entry for entry in found if isinstance(entry, Mapping) and entry]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip() if isinstance(value, (str, int)) else ""


def _pkd(extract: Mapping[str, Any], paths: Iterable[str]) -> str:
    """Return codes one a line, in the register's order, each once.

    Some entries give a division alone ("86"), or no subclass ("86.90").
    """
    parts = ("kodDzial", "kodKlasa", "kodPodklasa")
    codes = (
        ".".join(filter(None, (_text(entry.get(part)) for part in parts)))
        for path in paths
        for entry in _entries(_at(extract, path))
    )
    return "\n".join(dict.fromkeys(filter(None, codes)))


def _suspended(section: Any) -> bool:
    return any(
        _text(entry.get("dataZawieszenia")) and not _text(entry.get("dataWznowienia"))
        for entry in _entries(section)
    )


def _going_on(section: Any) -> bool:
    """Tell whether a proceeding of section 6 has been opened and not ended."""
    return any(
        not any("zakoncz" in key.lower() for key, value in entry.items() if value)
        for entry in _entries(section)
    )


def _status(extract: Mapping[str, Any]) -> str:
    section = _at(extract, "dane.dzial6") or {}
    for key, status in _STATUS:
        if _going_on(_at(section, key)):
            return status
    if _suspended(_at(section, "zawieszenieWznowienie")):
        return "suspended"
    return "active"


def read_extract(data: Any) -> dict[str, str]:
    """Return what is wanted of a current extract.

    :param data: the JSON of ``OdpisAktualny``.
    :returns: field → text: the fields of the record type, ``state_date`` and
        ``register`` (``RejS``, ``RejP``), texts as the register writes them; PKD codes
        one a line; ``opp`` ``true`` or ``false``; ``status`` from section 6. A field
        that the extract does not give is ``""``.
    :raises SourceError: ``format`` when it is no current extract.
    """
    extract = _at(data, "odpis")
    if not isinstance(extract, Mapping) or not _text(_at(extract, "naglowekA.numerKRS")):
        raise SourceError("format", found="json")
    values = {field: _text(_at(extract, path)) for field, path in _TEXTS.items()}
    for field, paths in _PKD.items():
        values[field] = _pkd(extract, paths)
    values["status"] = _status(extract)
    return values


def _read_json(answer: Answer) -> Any:
    body = answer.path.read_bytes()
    if body.lstrip()[:1] == b"<":
        raise SourceError("html", url=answer.url)
    try:
        return sent_json.read(body, None)
    except ValueError as error:
        raise SourceError("json", url=answer.url) from error


class KrsApi:
    """The API, asked politely.

    :param client: fetches; its policy keeps the interval between requests.
    :param base_url: address of the API without ``/api/krs``.
    :param give_up_after: failures one after another after which the API is taken to
        be away and the run stops.
    """

    def __init__(self, client: Client, base_url: str = BASE_URL, *, give_up_after: int = 5):
        self._client = client
        self._base = base_url.rstrip("/")
        self._give_up_after = give_up_after

    def extract(self, krs: str) -> dict[str, str] | None:
        """Fetch what is wanted of a body's current extract.

        :param krs: number, 10 digits.
        :returns: the values, as :func:`read_extract`; of a body removed from the
            register only ``krs`` and ``status`` (``removed``); None when the number is
            in neither register.
        :raises SourceError: as :meth:`.http.Client.fetch`; ``json``, ``html``,
            ``format``; ``other_number`` when the answer is about another body.
        """
        for register in _REGISTERS:
            with self._client.fetch(
                f"{self._base}/api/krs/OdpisAktualny/{krs}",
                params={"rejestr": register, "format": "json"},
                types=JSON_TYPES,
                statuses=(200, 204, 404),
            ) as answer:
                if answer.status == 204:
                    return {"krs": krs, "status": "removed"}
                if answer.status == 200:
                    return self._checked(krs, read_extract(_read_json(answer)))
        return None

    def _checked(self, krs: str, values: dict[str, str]) -> dict[str, str]:
        if values["krs"].zfill(10) != krs:
            raise SourceError("answered_other", expected=krs, found=values["krs"])
        return values

    def bulletin(self, day: date) -> list[str]:
        """Fetch the numbers of the bodies whose entries changed on a day.

        :param day: the day, not before :data:`FIRST_BULLETIN`.
        :returns: numbers of 10 digits, each once, in ascending order; empty on a day
            without changes (the API says 404, 204 or ``null`` then).
        :raises SourceError: as :meth:`.http.Client.fetch`; ``json``, ``html``,
            ``format``; ``day`` for a day before the first bulletin.
        """
        if day < FIRST_BULLETIN:
            raise SourceError("day", day=day.isoformat(), first=FIRST_BULLETIN.isoformat())
        with self._client.fetch(
            f"{self._base}/api/krs/Biuletyn/{day.isoformat()}",
            types=JSON_TYPES,
            statuses=(200, 204, 404),
        ) as answer:
            numbers = (_read_json(answer) or []) if answer.status == 200 else []
        if not isinstance(numbers, list) or len(numbers) > _MAX_NUMBERS:
            raise SourceError("format", found="json")
        texts = {str(number).strip() for number in numbers}
        bad = [
            text for text in texts if not (text.isascii() and text.isdigit() and len(text) <= 10)
        ]
        if bad:
            raise SourceError("format", found=display_text(min(bad)))
        return sorted({text.zfill(10) for text in texts})

    def rows(self, numbers: Iterable[str]) -> Iterator[RawRow | Refusal]:
        """Yield what the register says of each number.

        :param numbers: KRS numbers of 10 digits.
        :returns: a row for each body found or removed; a refusal for a number that is
            in neither register (``not_found``) or whose answer cannot be used (code of
            the error). Rows are numbered from 1 as asked.
        :raises SourceError: the last error, when ``give_up_after`` numbers one after
            another failed.
        """
        failures = 0
        for row, krs in enumerate(numbers, 1):
            outcome, error = self._row(row, krs)
            failures = failures + 1 if error else 0
            if error and failures >= self._give_up_after:
                raise error
            yield outcome

    def _row(self, row: int, krs: str) -> tuple[RawRow | Refusal, SourceError | None]:
        try:
            values = self.extract(krs)
        except SourceError as error:
            return Refusal(row, "krs", krs, error.code, error.detail), error
        if values is None:
            return Refusal(row, "krs", krs, "not_found"), None
        return RawRow(row, values), None
