"""360Giving Data Standard 1.4: a JSON package of grants, and a CSV with the standard's headings.

The mapping of a grant is in :mod:`.mapping`.
"""

from __future__ import annotations

import itertools
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ckanext.leszno_ngo import record_types, text
from ckanext.leszno_ngo.cooperation.threesixtygiving import mapping
from ckanext.leszno_ngo.cooperation.threesixtygiving.mapping import Grant
from ckanext.leszno_ngo.exports import chunks
from ckanext.leszno_ngo.exports.about import About
from ckanext.leszno_ngo.exports.formats import NothingFitsError
from ckanext.leszno_ngo.record_types import RecordType

CONTENT_TYPE = "application/json"
CSV_CONTENT_TYPE = "text/csv; charset=utf-8"

_VERSION = "1.4"
# Rows of a CSV wait in memory up to this size, then on the disk.
_SPOOL = 4 * 1024 * 1024
_DESCRIPTIONS = {
    "pl": "Dotacje z katalogu współpracy, bez tych, z których zrezygnowano.",
    "en": "Grants of the catalogue of cooperation, without those declined.",
}


@dataclass(frozen=True)
class Heading:
    """A property's heading: a title of the standard's schema, and what is in an object of it."""

    title: str
    inner: Mapping[str, Heading] = field(default_factory=dict)
    is_list: bool = False


def _texts(**titles: str) -> dict[str, Heading]:
    return {name: Heading(title) for name, title in titles.items()}


_LOCATION = _texts(
    name="Name",
    countryCode="Country Code",
    geoCode="Geographic Code",
    geoCodeType="Geographic Code Type",
)
_ORGANISATION = {
    **_texts(
        id="Identifier",
        name="Name",
        addressLocality="City",
        addressCountry="Country",
        postalCode="Postal Code",
        organisationType="Organisation Type",
        url="Web Address",
    ),
    "location": Heading("Location", _LOCATION, is_list=True),
}
_EVENT = _texts(startDate="Start Date", endDate="End Date")
_PROGRAMME = _texts(code="Code", title="Title", url="URL")
_CLASSIFICATION = _texts(vocabulary="Vocabulary", code="Code", title="Title")

#: The properties that a grant of ours may have, in the order of a table's columns.
HEADINGS: Mapping[str, Heading] = {
    **_texts(
        id="Identifier",
        title="Title",
        description="Description",
        currency="Currency",
        amountAppliedFor="Amount Applied For",
        amountAwarded="Amount Awarded",
        amountDisbursed="Amount Disbursed",
        awardDate="Award Date",
        url="URL",
    ),
    "plannedDates": Heading("Planned Dates", _EVENT, is_list=True),
    "actualDates": Heading("Actual Dates", _EVENT, is_list=True),
    "recipientOrganization": Heading("Recipient Org", _ORGANISATION, is_list=True),
    "recipientIndividual": Heading("Recipient Ind", _texts(id="Identifier", name="Name")),
    "beneficiaryLocation": Heading("Beneficiary Location", _LOCATION, is_list=True),
    "fundingOrganization": Heading("Funding Org", _ORGANISATION, is_list=True),
    "grantProgramme": Heading("Grant Programme", _PROGRAMME, is_list=True),
    "fromOpenCall": Heading("From An Open Call?"),
    "classifications": Heading("Classifications", _CLASSIFICATION, is_list=True),
    "relatedActivity": Heading("Related Activity", is_list=True),
    **_texts(
        regrantType="For Regrant Type",
        locationScope="Location Scope",
        dateModified="Last Modified",
        dataSource="Data Source",
    ),
}

# A cell's place: numbers that sort in the order of columns.
_Place = tuple[int, ...]


def stream(
    records: Iterable[Mapping[str, Any]], record_type: RecordType, lang: str, about: About
) -> Iterator[bytes]:
    """Write records as a package of grants, piece by piece.

    :param records: records as ``package_show`` gives them
    :param record_type: their type, with ``threesixtygiving``
    :param lang: language of labels, ``pl`` or ``en``
    :param about: origin of the file
    :returns: pieces of the file. ``count`` and ``leftOut``, after the grants, are how many there
        are and how many records are none (:func:`.mapping.grants`)
    :raises NothingFitsError: with the first piece: there is no grant, and the standard's
        package has one at least
    """
    shared = mapping.settings(lang, about)
    left_out = 0

    def grants() -> Iterator[Grant]:
        nonlocal left_out
        given = 0
        for grant in mapping.grants(records, record_type, shared):
            if grant is None:
                left_out += 1
            else:
                given += 1
                yield grant
        if not given:
            raise NothingFitsError

    return chunks.json_list(
        _package(record_type, shared), "grants", grants(), lambda: {"leftOut": left_out}
    )


def _package(record_type: RecordType, shared: mapping.Settings) -> dict[str, Any]:
    about = shared.about
    title = record_types.localised(record_type.label_plural, shared.lang)
    return {
        "version": _VERSION,
        "title": f"{title} – {about.publisher} ({about.generated:%Y-%m-%d})",
        "description": _DESCRIPTIONS[shared.lang],
        "issued": f"{about.generated:%Y-%m-%d}",
        "modified": about.time,
        "identifier": shared.own_id(f"{about.generated:%Y%m%dT%H%M%SZ}"),
        "publisher": {
            "name": about.publisher,
            "identifier": shared.city["id"],
            "website": shared.publisher.url,
        },
        "downloadURL": about.address,
        **({"accessURL": about.search} if about.search else {}),
        "license": about.licence_url,
        "query": dict(about.query),
    }


def stream_csv(
    records: Iterable[Mapping[str, Any]], record_type: RecordType, lang: str, about: About
) -> Iterator[bytes]:
    """Write records as a table of grants: headings by the standard's titles (``Recipient
    Org:0:Name``), one row a grant, no cell that a spreadsheet takes for a formula.

    How often a column with a number repeats (spheres of a task, partners of a joint offer) is known
    when all grants have been seen: until then rows wait in a temporary file, not in memory.

    :param records: records as ``package_show`` gives them
    :param record_type: their type, with ``threesixtygiving``
    :param lang: language of labels, ``pl`` or ``en``
    :param about: origin of the file
    :returns: pieces of the file
    :raises NothingFitsError: with the first piece: there is no grant
    """
    columns: dict[_Place, str] = {place: name for place, name, _ in _cells(HEADINGS, _SAMPLE)}
    with tempfile.SpooledTemporaryFile(max_size=_SPOOL, mode="w+", encoding="utf-8") as waiting:
        for grant in mapping.grants(records, record_type, mapping.settings(lang, about)):
            if grant is not None:
                cells = list(_cells(HEADINGS, grant))
                columns.update((place, name) for place, name, _ in cells)
                waiting.write(chunks.dump_json({name: value for _, name, value in cells}) + "\n")
        if not waiting.tell():
            raise NothingFitsError
        waiting.seek(0)
        names = [columns[place] for place in sorted(columns)]
        rows = ([text.safe_cell(row.get(n)) for n in names] for row in map(json.loads, waiting))
        yield from chunks.table(itertools.chain([names], rows))


def _cells(
    headings: Mapping[str, Heading],
    values: Mapping[str, Any],
    place: _Place = (),
    prefix: str = "",
) -> Iterator[tuple[_Place, str, Any]]:
    """Flatten a grant: the place of a cell, its heading, its value."""
    for number, (name, heading) in enumerate(headings.items()):
        for index, item in enumerate(_list(values.get(name))):
            own = f"{prefix}{heading.title}" + (f":{index}" if heading.is_list else "")
            here = (*place, number, index)
            if heading.inner:
                yield from _cells(heading.inner, item, here, f"{own}:")
            else:
                yield here, own, item


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _sample(headings: Mapping[str, Heading]) -> dict[str, Any]:
    """A grant with each property once: its columns are in every file, whatever is found."""
    return {name: _sample(h.inner) if h.inner else "" for name, h in headings.items()}


_SAMPLE = _sample(HEADINGS)
