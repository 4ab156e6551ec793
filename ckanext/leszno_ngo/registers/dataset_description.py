"""What a register's dataset and its resources say of themselves.

The fields are those of ``schemas/dataset.yaml``, which ckanext-dcat's profiles read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import config, polish, record_types, vocabularies
from ckanext.leszno_ngo.exports import formats
from ckanext.leszno_ngo.exports.about import About
from ckanext.leszno_ngo.exports.about import about as origin
from ckanext.leszno_ngo.exports.formats import Format
from ckanext.leszno_ngo.record_types import RecordType, Register
from ckanext.leszno_ngo.registers import identity
from ckanext.leszno_ngo.registers.content import Content

_EU = "http://publications.europa.eu/resource/authority/"
POLISH = f"{_EU}language/POL"
PUBLIC = f"{_EU}access-right/PUBLIC"
AVAILABLE = f"{_EU}planned-availability/AVAILABLE"
STABLE = f"{_EU}planned-availability/STABLE"
_LOCAL_AUTHORITY = "http://purl.org/adms/publishertype/LocalAuthority"

#: The part of a register that says how its records are asked for.
API = "api"
#: Field of a resource: ``file``, ``snapshot`` or ``api``.
PART = "register_part"

# CKAN has no name of its own for these.
_FORMAT_NAMES = {"jsonld": "JSON-LD", "jsonl": "JSONL"}
_NAMES = {
    "api": {"pl": "Opis API (OpenAPI)", "en": "API description (OpenAPI)"},
    "api_notes": {
        "pl": "Jak pytać o te rekordy programem: adresy, parametry i przykłady.",
        "en": "How a program asks for these records: addresses, parameters and examples.",
    },
    "preview": {"pl": "Podgląd", "en": "Preview"},
    "service": {"pl": "API katalogu", "en": "API of the catalogue"},
    "file_notes": {
        "pl": "Wszystkie rekordy rejestru, aktualizowane po zmianach.",
        "en": "All records of the register, kept up to date.",
    },
    "left_out": {
        "pl": "Pliku {format} nie ma: mieści najwyżej {most} wpisów.",
        "en": "There is no {format} file: it holds {most} entries at most.",
    },
    "snapshot": {"pl": "Stan na {day} (CSV)", "en": "State as of {day} (CSV)"},
    "snapshot_notes": {
        "pl": "Rejestr z tego dnia. Ten plik się nie zmienia i można się na niego powoływać.",
        "en": "The register as it was on that day. This file does not change and may be cited.",
    },
}


def language() -> str:
    """Return the language of the files and of what is said of them, ``pl`` or ``en``."""
    return config.language()


def text(key: str, **values: str) -> str:
    """Return one of this module's texts in the portal's language."""
    return record_types.localised(_NAMES[key], language()).format(**values)


def file_formats(record_type: RecordType) -> dict[str, Format]:
    """Return the formats that a type's register has as files: no feeds.

    :returns: suffix → format
    """
    of_type = formats.formats_for(record_type)
    return {name: f for name, f in of_type.items() if f.in_register and not f.is_feed}


def about(record_type: RecordType) -> About:
    """Describe the origin of a register's files."""
    some = "leszno-ngo-name"
    page = tk.url_for(f"{record_type.name}.read", id=some, qualified=True, locale="default")
    search = tk.url_for(f"{record_type.name}.search", qualified=True, locale="default")
    return origin({}, search, page.replace(some, "{name}"), search)


def dataset(
    record_type: RecordType,
    register: Register,
    content: Content,
    left_out: Mapping[str, Format] = MappingProxyType({}),
) -> dict[str, Any]:
    """Return the fields of a register's dataset, but for its id and resources.

    :param record_type: the type
    :param register: what its schema declares of the register
    :param content: what the register says now
    :param left_out: the formats that do not hold so many records, by suffix
    :returns: a part of what ``package_create`` takes; values as ``package_show`` gives them
    """
    lang, publisher = language(), config.publisher()
    return {
        "title": record_types.localised(register.title, lang),
        "notes": "\n\n".join([record_types.localised(register.notes, lang), *_missing(left_out)]),
        "license_id": config.licence(),
        "theme": [f"{_EU}data-theme/{code}" for code in register.theme],
        "frequency": f"{_EU}frequency/{register.frequency}",
        "language": [POLISH if lang == "pl" else f"{_EU}language/ENG"],
        "access_rights": PUBLIC,
        "url": tk.url_for(f"{record_type.name}.search", qualified=True, locale="default"),
        "publisher": [
            {
                "name": publisher.name,
                "url": publisher.url,
                "email": publisher.email,
                "type": _LOCAL_AUTHORITY,
                "identifier": f"PL-REGON-{publisher.regon}",
                "regon": publisher.regon,
            }
        ],
        "contact": [{"name": publisher.office, "email": publisher.email, "url": publisher.url}],
        "spatial_coverage": list(_places()),
        "temporal_coverage": _period(content),
        identity.REGISTER_OF: record_type.name,
        "content_digest": content.digest,
    }


def _missing(left_out: Mapping[str, Format]) -> Iterator[str]:
    for suffix, wanted in left_out.items():
        most = polish.format_number(wanted.largest or 0, language())
        yield text("left_out", format=format_name(suffix), most=most)


def format_name(suffix: str) -> str:
    """Return the name of a format as the portal says it, such as ``ODS``."""
    return _FORMAT_NAMES.get(suffix) or tk.h.unified_resource_format(suffix)


def _places() -> Iterator[dict[str, str]]:
    municipality = config.municipality()
    place = {"text": municipality.name, "teryt": municipality.teryt}
    if not municipality.same_as:
        yield place
    for address in municipality.same_as:
        yield {"uri": address, **place}


def _period(content: Content) -> list[dict[str, str]]:
    days = {"start": content.start, "end": content.end}
    period = {name: day for name, day in days.items() if day}
    return [period] if period else []


def file_name(register: Register, suffix: str, day: str = "") -> str:
    """Return the end of a file's address, such as ``dotacje-2026-12-31.csv``."""
    return f"{register.name}-{day}.{suffix}" if day else f"{register.name}.{suffix}"


def file(dataset_id: str, suffix: str, wanted: Format) -> dict[str, Any]:
    """Return the fields of a file's resource that do not depend on what is in the file."""
    return {
        "id": identity.resource_id(dataset_id, suffix),
        "name": record_types.localised(wanted.label, language()),
        "description": text("file_notes"),
        "format": format_name(suffix),
        "mimetype": wanted.content_type.partition(";")[0],
        "availability": AVAILABLE,
        PART: "file",
        **_common(),
    }


def snapshot(dataset_id: str, part: str, day: str, shown_day: str) -> dict[str, Any]:
    """Return the fields of the resource that keeps a past state.

    :param part: the end of its id's name, such as ``snapshot-2026``
    :param day: the day of the data, ``yyyy-mm-dd``
    :param shown_day: the same for people
    """
    return {
        "id": identity.resource_id(dataset_id, part),
        "name": text("snapshot", day=shown_day),
        "description": text("snapshot_notes"),
        "format": "CSV",
        "mimetype": "text/csv",
        "availability": STABLE,
        "state_date": day,
        PART: "snapshot",
        **_common(),
    }


def api(dataset_id: str) -> dict[str, Any]:
    """Return the resource that describes the API."""
    site = tk.url_for("home.index", qualified=True, locale="default").rstrip("/")
    description = f"{site}/api/leszno-ngo/openapi.json"
    return {
        "id": identity.resource_id(dataset_id, API),
        "name": text("api"),
        "description": text("api_notes"),
        "url": description,
        "format": "JSON",
        "mimetype": "application/json",
        "availability": AVAILABLE,
        "access_services": [
            {
                "uri": f"{site}/api/3/action",
                "title": text("service"),
                "description": text("api_notes"),
                "endpoint_url": f"{site}/api/3/action",
                "endpoint_description": description,
                "license": licence_url(),
            }
        ],
        PART: API,
        **_common(),
    }


def licence_url() -> str:
    """Return the address of the licence of the data."""
    licence: Any = vocabularies.get("licences").get(config.licence())
    return licence.extra["url"]


def _common() -> Mapping[str, Any]:
    spoken = POLISH if language() == "pl" else f"{_EU}language/ENG"
    return {"license": licence_url(), "language": [spoken]}
