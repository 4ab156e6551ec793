"""A record as a grant of the 360Giving Data Standard 1.4, by the map that its type declares.

``record_type.threesixtygiving`` says which field is which property; this module knows the standard
and no field. Standard: https://standard.threesixtygiving.org (schema 1.4.3); identifiers of
bodies: org-id.guide. A person never gets a name or a number of theirs in it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any

from ckanext.leszno_ngo import (
    config,
    datetimes,
    identifiers,
    personal_data,
    polish,
    text,
    vocabularies,
)
from ckanext.leszno_ngo.catalogue import computed
from ckanext.leszno_ngo.cooperation import type_keys
from ckanext.leszno_ngo.exports import display_values
from ckanext.leszno_ngo.exports.about import About
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.search import solr

Grant = dict[str, Any]
Record = Mapping[str, Any]

#: Grants whose linked records are read at once.
CHUNK = 500

_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d+)?(?:[/?#][!-~]*)?")
_NOT_IN_ADDRESS = frozenset('<>"{}|\\^`')
_MOST_CHARACTERS = 20_000
_INDIVIDUAL = {"pl": "Osoba fizyczna", "en": "Individual"}
_TASK = {"pl": "Zadanie publiczne: {title}", "en": "Public task: {title}"}
# The publisher's codelists: TERYT is the state's register of territorial units.
_GEO_CODE_TYPE = "TERYT"
_LOCAL_AUTHORITY = "GLS050"


@dataclass(frozen=True)
class Settings:
    """What every grant of a file shares: identifiers of the publisher, the file's origin."""

    prefix: str
    publisher: config.Publisher
    funders: Mapping[str, str]
    municipality: config.Municipality
    lang: str
    about: About

    def own_id(self, *parts: str) -> str:
        """Make an identifier of the publisher's own: ``360G-leszno-…``."""
        return "-".join(["360G", self.prefix, *parts])

    @property
    def city(self) -> Grant:
        """The publisher as an organisation of the standard."""
        return {"id": f"PL-REGON-{self.publisher.regon}", "name": self.publisher.name}


def settings(lang: str, about: About) -> Settings:
    """Read the portal's options.

    :param lang: language of labels, ``pl`` or ``en``
    :param about: origin of the file
    """
    return Settings(
        prefix=config.giving_prefix(),
        publisher=config.publisher(),
        funders=config.giving_funders(),
        municipality=config.municipality(),
        lang=lang,
        about=about,
    )


def grants(
    records: Iterable[Record], record_type: RecordType, shared: Settings
) -> Iterator[Grant | None]:
    """Turn records into grants, in constant memory.

    :param records: records as ``package_show`` gives them
    :param record_type: their type, with ``threesixtygiving``
    :param shared: what all of them share
    :returns: a grant a record; ``None`` for one that is no grant (who withdrew), or lacks what the
        standard demands: a day of the award, an amount, a recipient
    :raises ckan.lib.search.SearchError: Solr is away
    """
    declared = type_keys.threesixtygiving(record_type)
    assert declared  # formats.FORMATS offers the format only to types that declare it
    remaining = iter(records)
    while chunk := list(islice(remaining, CHUNK)):
        linked = _linked(chunk, declared)
        for record in chunk:
            yield _Reader(record, record_type, declared, linked, shared).grant()


def _linked(chunk: Sequence[Record], declared: Mapping[str, Any]) -> dict[str, Record]:
    """Read the public records that grants point at, and those that these point at."""
    link, through = declared["recipient"]["link"], declared["funder"]["through"]
    partners = declared["partners"]
    first = _public(
        record.get(name)
        for record in chunk
        for name in (link, through, partners["link"], declared["programme"])
    )
    known = {str(record.get(name)) for record in chunk for name in (through, partners["link"])}
    second = [first[id_] for id_ in known if id_ in first]
    parties = [row.get(partners["party"]["link"]) for r in second for row in _rows(r, partners)]
    wanted = {str(id_) for id_ in (*parties, *(r.get(link) for r in second)) if id_}
    return {**first, **_public(wanted - set(first))}


def _public(ids: Iterable[Any]) -> dict[str, Record]:
    """Return the public records of ids, by one request to Solr."""
    wanted = sorted({str(id_) for id_ in ids if id_})
    if not wanted:
        return {}
    answer = solr.ask(
        "*:*",
        fq=[*solr.public_filters(()), f"{{!terms f=id}}{','.join(wanted)}"],
        fl="id,validated_data_dict",
        rows=len(wanted),
        facet="false",
    )
    return {document["id"]: json.loads(document["validated_data_dict"]) for document in answer.docs}


def _rows(record: Record, partners: Mapping[str, Any]) -> Iterator[Record]:
    if _is(record, partners["only"]):
        for row in record.get(partners["table"]) or ():
            if _is(row, partners["each"]):
                yield row


def _is(record: Record, values: Mapping[str, Sequence[str]]) -> bool:
    """Whether each of the fields has one of its values."""
    return all(record.get(name) in allowed for name, allowed in values.items())


@dataclass(frozen=True)
class _Reader:
    """Reads one record by the map."""

    record: Record
    record_type: RecordType
    declared: Mapping[str, Any]
    linked: Mapping[str, Record]
    shared: Settings

    def grant(self) -> Grant | None:
        """The whole grant, in the standard's order of properties."""
        without = self.declared["without"]
        numbers = dict(self._numbers())
        awarded, recipient = self._awarded(), self._recipient()
        if any(self.record.get(name) in values for name, values in without.items()):
            return None
        if not awarded or not recipient or "amountAwarded" not in numbers:
            return None
        return _kept(
            {
                "id": self.shared.own_id(self.record["id"]),
                **self._texts(),
                "currency": "PLN",
                **numbers,
                "awardDate": awarded,
                # A page's address is made of its title, in which a person may be named.
                "url": None if self._is_individual() else self._page(self.record),
                **self._events(),
                **recipient,
                "beneficiaryLocation": [
                    {
                        "name": self.shared.municipality.name,
                        "countryCode": "PL",
                        "geoCode": self.shared.municipality.teryt,
                        "geoCodeType": _GEO_CODE_TYPE,
                    }
                ],
                "fundingOrganization": [self._funder()],
                "grantProgramme": self._programme(),
                "classifications": list(self._classifications()),
                "relatedActivity": self._related(),
                "dateModified": _moment(self.record),
                "dataSource": _address(self.record.get(self.declared["source"]))
                or self.shared.about.search
                or self.shared.about.address,
                **dict(self._codes()),
                "locationScope": _LOCAL_AUTHORITY,
            }
        )

    def _texts(self) -> Grant:
        said = {name: self._text(fields) for name, fields in self.declared["texts"].items()}
        title = said["title"] or self.record["name"]
        # A description is demanded; it must not only say the title again.
        description = said["description"] or _TASK[self.shared.lang].format(title=title)
        return {"title": title, "description": description}

    def _text(self, fields: Sequence[str]) -> str:
        values = (self._redacted(str(self.record.get(name) or "")) for name in fields)
        return next((value for value in values if value), "")

    def _redacted(self, value: str) -> str:
        value = personal_data.redact(text.clean(value, _MOST_CHARACTERS, lines=True))
        name = self.record.get(self.declared["recipient"]["name"])
        if self._is_individual() and name:
            return value.replace(name, _INDIVIDUAL[self.shared.lang])
        return value

    def _numbers(self) -> Iterator[tuple[str, float]]:
        for name, field in self.declared["numbers"].items():
            number = _number(self.record.get(field))
            if number is not None:
                yield name, number

    def _awarded(self) -> str | None:
        days = (_day(self.record.get(name)) for name in self.declared["awarded"])
        return next((day for day in days if day), None)

    def _events(self) -> Grant:
        found: Grant = {}
        for event in self.declared["events"]:
            dates = _kept(
                {
                    "startDate": _day(self.record.get(event["start"])),
                    "endDate": _day(self.record.get(event["end"])),
                }
            )
            if dates and _is(self.record, event.get("only", {})):
                found[event["property"]] = [dates]
        return found

    def _is_individual(self) -> bool:
        """Whether the recipient may be a person: not in the catalogue, no word of a body."""
        names = self.declared["recipient"]
        name = str(self.record.get(names["name"]) or "")
        return not self.record.get(names["link"]) and personal_data.may_be_person(name)

    def _recipient(self) -> Grant:
        if self._is_individual():
            id_ = self.shared.own_id("individual", self.record["id"])
            return {"recipientIndividual": {"id": id_, "name": _INDIVIDUAL[self.shared.lang]}}
        found = [self._organisation(self.record, self.declared["recipient"]), *self._partners()]
        by_id = {body["id"]: body for body in reversed(found) if body}
        return {"recipientOrganization": list(reversed(by_id.values()))} if by_id else {}

    def _partners(self) -> Iterator[Grant | None]:
        """The other bodies of a joint offer."""
        partners = self.declared["partners"]
        partnership = self.linked.get(str(self.record.get(partners["link"])))
        for row in _rows(partnership, partners) if partnership else ():
            name = str(row.get(partners["party"]["name"]) or "")
            if row.get(partners["party"]["link"]) or not personal_data.may_be_person(name):
                yield self._organisation(row, partners["party"])

    def _organisation(self, row: Record, names: Mapping[str, str]) -> Grant | None:
        """A body that a record, or a row of a table, links to or only names."""
        id_, name = row.get(names["link"]), text.clean(str(row.get(names["name"]) or ""), 1_000)
        body = self.linked.get(str(id_)) if id_ else None
        if body:
            return self._known(body)
        if not name:
            return None
        return {"id": self.shared.own_id(str(id_)) if id_ else self._id_by(name), "name": name}

    def _id_by(self, name: str) -> str:
        """An identifier of a body that only its name tells: the same name, the same identifier."""
        digest = hashlib.sha256(polish.fold(name).encode()).hexdigest()[:8]
        return self.shared.own_id("org", *filter(None, [polish.slug(name, 50), digest]))

    def _known(self, body: Record) -> Grant:
        says = self.declared["organisation"]
        form = body.get(says["type"])
        teryt = body.get(says["teryt"])
        return _kept(
            {
                "id": identifiers.org_id(body) or self.shared.own_id(body["id"]),
                "name": text.clean(body.get("title") or body["name"], 1_000),
                "addressLocality": text.clean(body.get(says["addressLocality"]), 200),
                "addressCountry": "PL" if body.get(says["addressLocality"]) else None,
                "postalCode": text.clean(body.get(says["postalCode"]), 20),
                "organisationType": form
                and vocabularies.get("legal_form").label(form, self.shared.lang),
                "url": _address(body.get(says["url"])),
                "location": [{"geoCode": teryt, "geoCodeType": _GEO_CODE_TYPE, "countryCode": "PL"}]
                if teryt
                else None,
            }
        )

    def _funder(self) -> Grant:
        names = self.declared["funder"]
        name = text.clean(str(self.record.get(names["name"]) or ""), 1_000)
        if not computed.is_the_city(name):
            return {"id": self.shared.funders.get(name) or self._id_by(name), "name": name}
        # What an operator passes on (art. 16a) is the operator's grant, of the City's money.
        passed_on = self.linked.get(str(self.record.get(names["through"])))
        if not passed_on:
            return self.shared.city
        return self._organisation(passed_on, self.declared["recipient"]) or self.shared.city

    def _programme(self) -> list[Grant]:
        call = self.linked.get(str(self.record.get(self.declared["programme"])))
        if not call:
            return []
        title = text.clean(call.get("title") or call["name"], 1_000)
        return [{"code": call["id"], "title": title, "url": self._page(call)}]

    def _classifications(self) -> Iterator[Grant]:
        for name, scheme in self.declared["classifications"].items():
            values = self.record.get(name) or []
            vocabulary = vocabularies.get(self.record_type.field(name).vocabulary or "")
            for code in [values] if isinstance(values, str) else values:
                title = vocabulary.label(code, self.shared.lang)
                yield {"vocabulary": scheme, "code": code, "title": title}

    def _related(self) -> list[str]:
        id_ = self.record.get(self.declared["funder"]["through"])
        return [self.shared.own_id(str(id_))] if id_ in self.linked else []

    def _codes(self) -> Iterator[tuple[str, str]]:
        for coded in self.declared["codes"]:
            code = coded["values"].get(self.record.get(coded["field"]))
            if code and not self.record.get(coded.get("without", "")):
                yield coded["property"], code

    def _page(self, record: Record) -> str:
        return self.shared.about.page_of(record["name"], record["type"])


def _kept(values: Grant) -> Grant:
    """Leave out what has no value."""
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def _number(value: Any) -> float | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return float(number) if number.is_finite() else None


def _day(value: Any) -> str | None:
    try:
        return datetimes.day(str(value)).isoformat() if value else None
    except ValueError:
        return None


def _moment(record: Record) -> str:
    return display_values.utc(record["metadata_modified"]).strftime("%Y-%m-%dT%H:%M:%SZ")


def _address(value: Any) -> str | None:
    """A web address as a URI of the standard (RFC 3986), ``None`` for anything else."""
    address = str(value or "")
    good = _ADDRESS.fullmatch(address) and not _NOT_IN_ADDRESS & set(address)
    return address if good else None
