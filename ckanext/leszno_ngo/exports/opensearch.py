"""OpenSearch 1.1: how a browser or another program searches the catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

CONTENT_TYPE = "application/opensearchdescription+xml; charset=utf-8"
SUGGESTIONS_TYPE = "application/x-suggestions+json"
WORDS = "{searchTerms}"

_NAMESPACE = "http://a9.com/-/spec/opensearch/1.1/"
# The most characters that OpenSearch 1.1 allows.
_SHORT, _LONG, _DESCRIPTION = 16, 48, 1024


def description(
    short: str, long: str, text: str, urls: Mapping[str, str], image: str, lang: str
) -> bytes:
    """Write the description document.

    :param short: the name in a browser's list of search engines
    :param long: the site's title
    :param text: what can be found
    :param urls: media type of an answer → address with :data:`WORDS` in it
    :param image: address of the site's icon
    :param lang: language of what is found
    """
    ElementTree.register_namespace("", _NAMESPACE)
    root = ElementTree.Element(f"{{{_NAMESPACE}}}OpenSearchDescription")
    for name, value in (
        ("ShortName", short[:_SHORT].strip()),
        ("LongName", long[:_LONG].strip()),
        ("Description", text[:_DESCRIPTION].strip()),
        ("Language", lang),
        ("InputEncoding", "UTF-8"),
        ("OutputEncoding", "UTF-8"),
        ("Image", image),
    ):
        ElementTree.SubElement(root, f"{{{_NAMESPACE}}}{name}").text = value
    for media_type, template in urls.items():
        rel = "suggestions" if media_type == SUGGESTIONS_TYPE else "results"
        ElementTree.SubElement(
            root,
            f"{{{_NAMESPACE}}}Url",
            {"type": media_type, "rel": rel, "method": "get", "template": template},
        )
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def suggestions(
    words: str, found: Sequence[Mapping[str, Any]], labels: Sequence[str], urls: Sequence[str]
) -> list[Any]:
    """Write suggestions as browsers read them (OpenSearch Suggestions 1.1).

    :param words: what was typed so far
    :param found: what ``search.suggest`` gives
    :param labels: what kind of record each one is
    :param urls: the page of each one
    """
    return [words, [one["title"] for one in found], list(labels), list(urls)]
