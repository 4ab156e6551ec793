"""How a JSON-LD document is written: as JSON, in other notations of RDF, inside a page."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from ckanext.leszno_ngo.exports.jsonld_mapping import PREFIXES


@dataclass(frozen=True)
class Notation:
    """A way to write RDF: its media type, and how a JSON-LD document is written in it."""

    media_type: str
    write: Callable[[Mapping[str, Any]], bytes]


def _indented(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def rdf(document: Mapping[str, Any], notation: str) -> bytes:
    """Write a JSON-LD document in another notation.

    :param document: with its context inside
    :param notation: rdflib's name of it: ``turtle``, ``pretty-xml``
    """
    import rdflib

    graph = rdflib.Graph()
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace, override=True, replace=True)
    graph.parse(data=json.dumps(document), format="json-ld")
    return graph.serialize(format=notation, encoding="utf-8")


#: Suffix → notation.
NOTATIONS: Mapping[str, Notation] = {
    "jsonld": Notation("application/ld+json", _indented),
    "ttl": Notation("text/turtle", lambda document: rdf(document, "turtle")),
    "rdf": Notation("application/rdf+xml", lambda document: rdf(document, "pretty-xml")),
}


def for_script(document: Mapping[str, Any]) -> Markup:
    """Write JSON that cannot end the ``<script>`` it stands in, whatever its texts hold."""
    text = json.dumps(document, ensure_ascii=False)
    # In JSON these characters stand in texts alone, where \\uXXXX is the same character.
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704  (nothing that HTML reads is left in it)
