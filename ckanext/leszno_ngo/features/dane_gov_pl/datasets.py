"""The register datasets as dane.gov.pl takes them in: for its CKAN importer, and its supplier XML.

The importer deletes for good what it saw before and does not see now, and a list that it cannot
read fails whole: so a list is made only when every dataset in it would be taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ckanext.leszno_ngo.exports.display_values import plain_text

#: Licences that the importer takes, CKAN's identifier → what the supplier XML calls it.
LICENCES: Mapping[str, str | None] = {
    "cc-by": "CC BY 4.0",
    "cc-by-sa": "CC BY-SA 4.0",
    "cc-nc": "CC BY-NC 4.0",
    # The XML's list has no CC0: there are no conditions to name then.
    "cc-zero": None,
}
#: Smaller files are refused (bytes).
SMALLEST = 1024
#: Version of the supplier XML: the schema 1.10 with the fields that came later.
VERSION = "1.13"
NAMESPACE = f"urn:otwarte-dane:harvester:{VERSION}"

_LONGEST_TITLE, _LONGEST_TEXT = 300, 1000
_DATASET = ("id", "title", "name", "notes", "license_id", "metadata_created", "metadata_modified")
_ORGANISATION = ("id", "title", "name", "description", "created", "image_url")
_RESOURCE = ("id", "name", "description", "url", "format", "created", "last_modified")
# Codes of the EU's vocabulary `frequency` → the XML's.
_FREQUENCIES = {
    "DAILY": "daily",
    "WEEKLY": "weekly",
    "MONTHLY": "monthly",
    "QUARTERLY": "quarterly",
    "ANNUAL_2": "everyHalfYear",
    "ANNUAL": "yearly",
}

Dataset = Mapping[str, Any]


class NotOfferedError(Exception):
    """The list cannot be offered.

    :param code: ``nothing`` (no dataset), ``https`` (the addresses are not https), ``licence`` (a
        dataset has another licence than those that are taken), ``owner`` (one has no organisation)
    :param name: which dataset
    """

    def __init__(self, code: str, name: str = "") -> None:
        super().__init__(f"{code} {name}".strip())
        self.code = code
        self.name = name


def check(datasets: Sequence[Dataset], site_url: str) -> None:
    """See whether dane.gov.pl would take every dataset.

    :param datasets: as ``package_show`` gives them
    :param site_url: address of the portal, with which the files' addresses begin
    :raises NotOfferedError: it would not
    """
    if not site_url.startswith("https://"):
        raise NotOfferedError("https", site_url)
    if not datasets:
        raise NotOfferedError("nothing")
    for dataset in datasets:
        if dataset["license_id"] not in LICENCES:
            raise NotOfferedError("licence", dataset["name"])
        if not dataset.get("organization"):
            raise NotOfferedError("owner", dataset["name"])


def files(dataset: Dataset) -> list[Mapping[str, Any]]:
    """Return the resources that are offered: files by https that are large enough."""
    return [
        resource
        for resource in dataset["resources"]
        if resource["url"].startswith("https://") and (resource.get("size") or 0) >= SMALLEST
    ]


def for_importer(datasets: Iterable[Dataset]) -> list[dict[str, Any]]:
    """Return what the CKAN importer reads of each dataset, and nothing else.

    :param datasets: as ``package_show`` gives them
    """
    return [
        {
            **{key: dataset.get(key) or "" for key in _DATASET},
            "title": dataset["title"].strip(),
            "organization": {key: dataset["organization"].get(key) or "" for key in _ORGANISATION},
            "tags": [{"id": tag["id"], "name": tag["name"]} for tag in dataset["tags"]],
            "resources": [
                {key: resource.get(key) or "" for key in _RESOURCE} for resource in files(dataset)
            ],
        }
        for dataset in datasets
    ]


def supplier_xml(
    datasets: Iterable[Dataset], english: Mapping[str, Mapping[str, str]], teryt: str
) -> bytes:
    """Write the supplier's file. The same datasets always give the same bytes.

    :param datasets: as ``package_show`` gives them
    :param english: dataset id → its ``title`` and ``notes`` in English, where there are any
    :param teryt: TERYT identifier of the area that the data are of
    """
    # The schema wants its own elements qualified: a default namespace does that without prefixes.
    root = Element("datasets", xmlns=NAMESPACE)
    for dataset in datasets:
        root.append(_dataset(dataset, english.get(dataset["id"], {}), teryt))
    indent(root)
    return tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _dataset(dataset: Dataset, english: Mapping[str, str], teryt: str) -> Element:
    element = Element("dataset", status="published")
    _add(element, "extIdent", dataset["id"])
    _add_texts(element, "title", dataset["title"], english.get("title"), _LONGEST_TITLE)
    _add_texts(element, "description", dataset["notes"], english.get("notes"), _LONGEST_TEXT)
    _add(element, "url", dataset["url"])
    _add(element, "updateFrequency", _FREQUENCIES.get(_code(dataset["frequency"]), "notApplicable"))
    categories = SubElement(element, "categories")
    for theme in dataset["theme"]:
        _add(categories, "category", _code(theme))
    element.append(_conditions(LICENCES[dataset["license_id"]]))
    resources = SubElement(element, "resources")
    resources.extend(_resource(one, teryt) for one in files(dataset))
    tags = SubElement(element, "tags")
    for tag in dataset["tags"]:
        _add(tags, "tag", tag["name"], lang="pl")
    _add(element, "lastUpdateDate", _moment(dataset["metadata_modified"]))
    for name, value in _flags():
        _add(element, name, value)
    return element


def _conditions(licence: str | None) -> Element:
    element = Element("conditions")
    if licence:
        _add(element, "source", "true")
        _add(element, "modification", "true")
        _add(element, "dbOrCopyrighted", licence)
        _add(element, "dbOrCopyrightedLicenseChosen", licence)
    return element


def _resource(resource: Mapping[str, Any], teryt: str) -> Element:
    element = Element("resource", status="published")
    _add(element, "extIdent", resource["id"])
    _add(element, "url", resource["url"])
    _add_texts(element, "title", resource["name"], None, _LONGEST_TITLE)
    _add_texts(element, "description", resource["description"], None, _LONGEST_TEXT)
    _add(element, "availability", "local")
    day = resource.get("state_date") or resource["last_modified"]
    _add(element, "dataDate", day[: len("2026-12-31")])
    _add(element, "lastUpdateDate", _moment(resource["last_modified"]))
    for name, value in (*_flags(), ("containsProtectedData", "false")):
        _add(element, name, value)
    _add(SubElement(element, "regions"), "terytIdent", teryt)
    return element


def _flags() -> Iterator[tuple[str, str]]:
    for name in (
        "hasDynamicData",
        "hasHighValueData",
        "hasHighValueDataFromEuropeanCommissionList",
        "hasResearchData",
    ):
        yield name, "false"


def _add(parent: Element, tag: str, text: str, **attributes: str) -> None:
    SubElement(parent, tag, attributes).text = plain_text(text)


def _add_texts(parent: Element, tag: str, polish: str, english: str | None, most: int) -> None:
    element = SubElement(parent, tag)
    _add(element, "polish", _shortened(polish, most))
    if english:
        _add(element, "english", _shortened(english, most))


def _shortened(text: str, most: int) -> str:
    text = plain_text(text).strip()
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _code(address: str) -> str:
    """Return the code at the end of the address of a vocabulary's term."""
    return address.rpartition("/")[2]


def _moment(value: str) -> str:
    """Write CKAN's time (UTC without saying so) as an ``xs:dateTime``."""
    return f"{value.partition('.')[0]}Z"
