"""Records as linked data: one map a type (``RecordType.linked_data``), one object a record.

The object is JSON-LD with its context inside, so that nothing asks another host for one. RDF in
other notations is made from it by rdflib. In a page the object has schema.org's terms alone,
written as search engines read them.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from ckanext.leszno_ngo import config, datetimes, identifiers, vocabularies
from ckanext.leszno_ngo.exports import display_values
from ckanext.leszno_ngo.exports.about import About
from ckanext.leszno_ngo.record_types import Field, LinkedData, LinkedPart, RecordType

SCHEMA_ORG = "https://schema.org/"
#: Prefix → namespace, of every name in the types' maps.
PREFIXES: Mapping[str, str] = {
    "schema": SCHEMA_ORG,
    "org": "http://www.w3.org/ns/org#",
    "rov": "http://www.w3.org/ns/regorg#",
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
#: Language of what people write in records.
CONTENT_LANGUAGE = "pl"

Node = dict[str, Any]

# What a type without a map says, of the fields that it has.
_PLAIN = {"title": ("schema:name",), "notes": ("schema:description",)}
# Kinds of values: how a field's value is written.
_KINDS = {
    "money": "money",
    "number": "number",
    "percent": "number",
    "date": "date",
    "datetime": "datetime",
    "link": "uri",
    "links": "uri",
    "flag": "flag",
    "email": "plain",
    "phone": "plain",
    "identifier": "plain",
    "list": "plain",
    "long_text": "text",
}
_COERCIONS: Mapping[str, Mapping[str, str]] = {
    "text": {"@language": CONTENT_LANGUAGE},
    "date": {"@type": "xsd:date"},
    "datetime": {"@type": "xsd:dateTime"},
    "uri": {"@type": "@id"},
}
# Characters that an address may have; others are written as %XX (RFC 3986).
_ADDRESS = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_DAY = len("2026-12-15")
_KEPT = ":/?#[]@!$&'()*+,;=%-._~"


def _street(record: Mapping[str, Any]) -> str:
    lines = display_values.address(record)
    has_post = any(record.get(name) for name in ("postal_code", "post_office", "town"))
    return ", ".join(lines[:-1] if has_post else lines)


def _krs_extract(record: Mapping[str, Any]) -> str:
    return dict(identifiers.register_links(record)).get("krs_api", "")


def _event_status(record: Mapping[str, Any]) -> str:
    name = "EventCancelled" if record.get("cancelled_date") else "EventScheduled"
    return SCHEMA_ORG + name


def _utc(name: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda record: display_values.utc(record[name]).isoformat() if record.get(name) else ""


#: What maps may name beside fields: name → (kind, how it is worked out).
WORKED_OUT: Mapping[str, tuple[str, Callable[[Mapping[str, Any]], Any]]] = {
    "street_line": ("plain", _street),
    "org_id": ("plain", identifiers.org_id),
    "krs_extract": ("uri", _krs_extract),
    "event_status": ("uri", _event_status),
    "metadata_created": ("datetime", _utc("metadata_created")),
    "metadata_modified": ("datetime", _utc("metadata_modified")),
}


_PAGE_DATES = {"metadata_created": "datePublished", "metadata_modified": "dateModified"}

#: Gives a field of a record or of a table's row by its name; ``KeyError`` for none.
Columns = Callable[[str], Field]


@dataclass(frozen=True)
class Source:
    """Where a value comes from and how it is written."""

    name: str
    kind: str
    work_out: Callable[[Mapping[str, Any]], Any] | None = None
    vocabulary: str = ""

    def of(self, values: Mapping[str, Any]) -> Any:
        """The value that a record, or a row, has."""
        return self.work_out(values) if self.work_out else values.get(self.name)


_PLAIN_SOURCE = Source("", "plain")
_ADDRESS_SOURCE = Source("", "uri")


@dataclass(frozen=True)
class Addresses:
    """The addresses that things have: the catalogue's own, which never change.

    ``page`` is the address of a record's page with ``{type}`` and ``{name}`` in it.
    """

    page: str

    @property
    def root(self) -> str:
        """The address of the catalogue, without a slash at its end."""
        return self.page.removesuffix("/{type}/{name}")

    @property
    def publisher(self) -> str:
        """Who publishes the catalogue."""
        return f"{self.root}/id/publisher"

    @property
    def municipality(self) -> str:
        """The municipality that the catalogue is about."""
        return f"{self.root}/id/municipality"

    def record(self, id_: str) -> str:
        """What a record is about; the address leads to the record's page, and stays when the
        name in the page's address changes.
        """
        return f"{self.root}/id/{quote(id_, safe='')}"

    def page_of(self, record: Mapping[str, Any]) -> str:
        """The page of a record."""
        return self.page.replace("{type}", record["type"]).replace("{name}", record["name"])

    def vocabulary(self, name: str) -> str:
        """A vocabulary."""
        return f"{self.root}/vocabulary/{name}"

    def term(self, vocabulary: str, code: str) -> str:
        """A term of a vocabulary."""
        return f"{self.vocabulary(vocabulary)}#{quote(code, safe='')}"


def linked_data_of(record_type: RecordType) -> LinkedData:
    """Return the map of a type; a type that declares none says its title and description."""
    if record_type.linked_data:
        return record_type.linked_data
    known = {field.name for field in record_type.fields}
    properties = {name: said for name, said in _PLAIN.items() if name in known}
    return LinkedData(types=("schema:Thing",), properties=properties)


@dataclass(frozen=True)
class Writer:
    """Writes records of one type.

    ``coerced`` says how the context reads a bare text, property by property. ``lang`` is the
    language of terms' labels, both languages where it is empty; ``for_page`` leaves schema.org's
    terms alone.
    """

    record_type: RecordType
    addresses: Addresses
    coerced: Mapping[str, str]
    lang: str = ""
    for_page: bool = False

    def context(self) -> Node | str:
        """The context of what :meth:`node` gives."""
        if self.for_page:
            return SCHEMA_ORG.rstrip("/")
        prefixes = {name: url for name, url in PREFIXES.items() if name != "schema"}
        terms = {_key(name): _COERCIONS[kind] for name, kind in sorted(self.coerced.items())}
        return {"@vocab": SCHEMA_ORG, **prefixes, **terms}

    def node(self, record: Mapping[str, Any]) -> Node:
        """Write a record.

        :param record: the record as ``package_show`` gives it
        :returns: a JSON-LD object without its context
        """
        made: Node = {"@id": self.addresses.record(record["id"])}
        self._fill(made, linked_data_of(self.record_type), record, self._field, made["@id"])
        page: Node = {"@id": self.addresses.page_of(record), "@type": "WebPage"}
        for name, said in _PAGE_DATES.items():
            source = _source(name, self._field)
            self._say(page, f"schema:{said}", source, source.of(record))
        made["mainEntityOfPage"] = page
        return made

    def _field(self, name: str) -> Field:
        return self.record_type.field(name)

    def _fill(
        self,
        made: Node,
        node: LinkedData,
        values: Mapping[str, Any],
        field: Columns,
        address: str,
        *,
        is_told: bool = False,
    ) -> bool:
        """Write what a map says into ``made``; return whether there was anything to say."""
        types = [_key(name) for name in node.types if self._is_shown(name)]
        if types:
            made["@type"] = types[0] if len(types) == 1 else types
        for name, properties in node.properties.items():
            source = _source(name, field)
            value = source.of(values)
            for property_ in properties if value not in (None, "", [], False) else ():
                is_told |= self._say(made, property_, source, value)
        for part in node.parts:
            is_told |= self._add_part(made, part, values, field, address)
        for property_, value in node.fixed.items() if is_told else ():
            self._say_fixed(made, property_, value)
        return is_told

    def _say_fixed(self, made: Node, property_: str, value: str) -> None:
        if value.startswith("{"):
            self._say(made, property_, _ADDRESS_SOURCE, getattr(self.addresses, value.strip("{}")))
        else:
            self._say(made, property_, _PLAIN_SOURCE, value)

    def _is_shown(self, name: str) -> bool:
        return not self.for_page or name.startswith("schema:")

    def _add_part(
        self,
        made: Node,
        part: LinkedPart,
        values: Mapping[str, Any],
        field: Columns,
        address: str,
    ) -> bool:
        leading = [name for name in part.by if self._is_shown(name)]
        if not leading or (part.when and not values.get(part.when)):
            return False
        is_added = False
        for row, columns in _rows(part, values, field):
            own = self._address_of(part, row, address)
            node: Node = {"@id": own} if own else {}
            is_told = bool(part.when or (part.id and own))
            if self._fill(node, part.node, row, columns, own or address, is_told=is_told):
                is_added = True
                for name in leading:
                    _append(made, _key(name), node)
        return is_added

    def _address_of(self, part: LinkedPart, row: Mapping[str, Any], address: str) -> str:
        if part.id:
            return self.addresses.record(row[part.id]) if row.get(part.id) else ""
        return f"{address.partition('#')[0]}#{part.name}" if part.name else ""

    def _say(self, made: Node, property_: str, source: Source, value: Any) -> bool:
        """Write the values of a property; return whether there was one that can be written."""
        if not self._is_shown(property_):
            return False
        values = value if isinstance(value, list) else [value]
        written = [self._written(property_, source, one) for one in values]
        for one in written:
            if one is not None:
                _append(made, _key(property_), one)
        return any(one is not None for one in written)

    def _written(self, property_: str, source: Source, value: Any) -> Any:
        kind = source.kind
        if kind == "record":
            return {"@id": self.addresses.record(str(value))}
        if kind == "term":
            return self._term(source.vocabulary, str(value))
        if kind == "money":
            return {"@type": "MonetaryAmount", "currency": "PLN", "value": _number(value)}
        if kind == "number":
            return _number(value)
        if kind == "flag":
            return True
        text = _READ[kind](value)
        if kind == "datetime" and text and datetimes.is_day(text):
            kind = "date"
        return self._text(property_, kind, text) if text else None

    def _text(self, property_: str, kind: str, text: str) -> Any:
        if self.for_page:
            return text
        if self.coerced.get(property_, "plain") == kind:
            return text
        if kind == "uri":
            return {"@id": text}
        return {"@value": text, **_COERCIONS.get(kind, {})}

    def _term(self, vocabulary: str, code: str) -> Any:
        languages = (self.lang,) if self.lang else vocabularies.LANGUAGES
        made = term(self.addresses, vocabulary, code, languages)
        if not self.for_page:
            return made
        label = made["name"][0]["@value"]
        return {"@type": "DefinedTerm", "name": label, "termCode": code, "url": made["@id"]}


def writer(
    record_type: RecordType, addresses: Addresses, *, lang: str = "", for_page: bool = False
) -> Writer:
    """Make a writer of a type's records.

    :param record_type: the records' type
    :param addresses: addresses of the catalogue
    :param lang: language of terms' labels, ``pl`` or ``en``; both where it is empty
    :param for_page: whether for a page (``<script type="application/ld+json">``)
    """
    coerced = {} if for_page else _coerced(record_type)
    return Writer(record_type, addresses, coerced, lang, for_page)


def term(
    addresses: Addresses,
    vocabulary: str,
    code: str,
    languages: Sequence[str] = vocabularies.LANGUAGES,
) -> Node:
    """Write a term of a vocabulary, with what it is called and what is the same elsewhere."""
    return dict(_term(addresses, vocabulary, code, tuple(languages)))


@functools.lru_cache(maxsize=4096)
def _term(addresses: Addresses, vocabulary: str, code: str, languages: tuple[str, ...]) -> Node:
    known = vocabularies.get(vocabulary)
    names = [{"@value": known.label(code, lang), "@language": lang} for lang in languages]
    made: Node = {
        "@id": addresses.term(vocabulary, code),
        "@type": ["DefinedTerm", "skos:Concept"],
        "name": names,
        "skos:prefLabel": names,
        "termCode": code,
    }
    same = known.get(code)
    elsewhere = same.extra.get("same_as") if same else None
    if elsewhere:
        made["skos:exactMatch"] = {"@id": elsewhere}
    return made


def publisher(addresses: Addresses) -> Node:
    """Write the body that publishes the catalogue, with its REGON."""
    body = config.publisher()
    made: Node = {
        "@id": addresses.publisher,
        "@type": ["GovernmentOrganization", "org:FormalOrganization"],
        "name": body.name,
    }
    if body.url:
        made["url"] = {"@id": body.url}
    if body.email:
        made["email"] = body.email
    if body.regon:
        made["identifier"] = {
            "@type": "PropertyValue",
            "propertyID": "REGON",
            "value": body.regon,
        }
    return made


def document(write: Writer, nodes: Sequence[Node]) -> Node:
    """Put objects into a whole JSON-LD document."""
    context = write.context()
    return (
        {"@context": context, **nodes[0]}
        if len(nodes) == 1
        else {"@context": context, "@graph": list(nodes)}
    )


def about_node(about: About, addresses: Addresses, name: str, lang: str) -> Node:
    """Write what a file says of itself: from whom, on what terms, when, of which search."""
    made: Node = {
        "@id": about.address,
        "@type": "DataFeed",
        "name": {"@value": name, "@language": lang},
        "license": {"@id": about.licence_url},
        "publisher": publisher(addresses),
        "dateModified": {"@value": about.time, "@type": "xsd:dateTime"},
        "inLanguage": CONTENT_LANGUAGE,
    }
    if about.search:
        made["isBasedOn"] = {"@id": about.search}
    return made


def _key(name: str) -> str:
    return name.removeprefix("schema:")


def _append(made: Node, key: str, value: Any) -> None:
    """Add a value to a property: the first stands alone, more are a list."""
    if key not in made:
        made[key] = value
    elif isinstance(made[key], list):
        made[key].append(value)
    else:
        made[key] = [made[key], value]


def kind_of(field: Field) -> str:
    """Say how a field's values are written: ``text`` is Polish, ``plain`` has no language."""
    if field.link:
        return "record"
    if field.vocabulary:
        return "term"
    if field.display in _KINDS:
        return _KINDS[field.display]
    return {"text": "text", "number": "number", "amount": "number"}.get(field.index, "plain")


def _source(name: str, field: Columns) -> Source:
    known = WORKED_OUT.get(name)
    if known:
        return Source(name, *known)
    declared = field(name)
    return Source(name, kind_of(declared), vocabulary=declared.vocabulary or "")


def _rows(
    part: LinkedPart, values: Mapping[str, Any], field: Columns
) -> Iterator[tuple[Mapping[str, Any], Columns]]:
    """Yield what a part is made of, with the fields it has: the record itself, or each row."""
    if not part.each:
        yield values, field
        return
    columns = _columns(part, field)
    for row in values.get(part.each) or ():
        yield row if isinstance(row, Mapping) else {"value": row}, columns


def _columns(part: LinkedPart, field: Columns) -> Columns:
    """Return the fields that a part's map names: the record's, or the columns of a table."""
    if not part.each:
        return field
    table = field(part.each)
    return ({column.name: column for column in table.subfields} or {"value": table}).__getitem__


def uses(node: LinkedData, field: Columns) -> Iterator[tuple[str, str]]:
    """Yield what a map says: pairs (property, kind of its values), parts' as well.

    :param node: the map
    :param field: gives a field of the type by its name
    :raises KeyError: the map names a field that the type does not have
    """
    for name, properties in node.properties.items():
        yield from ((property_, _source(name, field).kind) for property_ in properties)
    for property_, value in node.fixed.items():
        yield property_, "uri" if value.startswith("{") else "plain"
    for part in node.parts:
        yield from ((property_, "node") for property_ in part.by)
        yield from uses(part.node, _columns(part, field))


def _coerced(record_type: RecordType) -> dict[str, str]:
    """Find the properties whose texts are of one kind, which the context can say once.

    What the record itself says counts before what its parts do; a part's text of another kind says
    its own.
    """
    whole = linked_data_of(record_type)
    found: dict[str, set[str]] = {f"schema:{said}": {"datetime"} for said in _PAGE_DATES.values()}
    for node in (replace(whole, parts=()), whole):
        kinds: dict[str, set[str]] = {}
        for property_, kind in uses(node, record_type.field):
            if kind in _READ:
                kinds.setdefault(property_, set()).add(kind)
        found = {**kinds, **found}
    return {
        name: next(iter(kinds))
        for name, kinds in found.items()
        if len(kinds) == 1 and kinds <= _COERCIONS.keys()
    }


def _number(value: Any) -> int | float:
    number = float(value)
    return int(number) if number.is_integer() else number


def _uri(value: Any) -> str | None:
    text = display_values.plain_text(value).strip()
    return quote(text, safe=_KEPT) if _ADDRESS.match(text) else None


def _day(value: Any) -> str | None:
    return str(value)[:_DAY]


def _moment(value: Any) -> str | None:
    text = str(value)
    return text if datetimes.is_day(text) else datetimes.from_stored(text).isoformat()


_READ: Mapping[str, Callable[[Any], str | None]] = {
    "text": display_values.plain_text,
    "plain": display_values.plain_text,
    "uri": _uri,
    "date": _day,
    "datetime": _moment,
}


def vocabulary(addresses: Addresses, name: str) -> Node:
    """Write a vocabulary with its terms (SKOS).

    :param addresses: addresses of the catalogue
    :param name: name of a vocabulary
    :returns: a whole JSON-LD document
    """
    known = vocabularies.get(name)
    scheme = addresses.vocabulary(name)
    names = [{"@value": text, "@language": lang} for lang, text in known.labels.items()]
    terms = [
        {**term(addresses, name, code), "skos:inScheme": {"@id": scheme}} for code in known.codes
    ]
    head: Node = {
        "@id": scheme,
        "@type": ["DefinedTermSet", "skos:ConceptScheme"],
        "name": names,
        "skos:prefLabel": names,
        "dct:source": {"@value": known.source, "@language": CONTENT_LANGUAGE},
        "publisher": publisher(addresses),
    }
    prefixes = {prefix: url for prefix, url in PREFIXES.items() if prefix != "schema"}
    return {"@context": {"@vocab": SCHEMA_ORG, **prefixes}, "@graph": [head, *terms]}
