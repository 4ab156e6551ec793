"""Dumps of the DataStore's tables as XML, whatever their columns are called."""

from __future__ import annotations

import re

import ckan.plugins as p

from ckanext.leszno_ngo.ckan_compat.declarations import InternalUse

USES = (
    InternalUse(
        title="Names of columns in XML",
        package="ckan",
        version="2.12.0",
        reason="A column whose name has no letter, or one that XML has not, makes a dump no XML",
        upstream="upstream.md#ckan-names-of-columns-in-xml",
        names={"ckanext.datastore.writer:xml_element_name_rules": None},
        plugin="datastore",
    ),
)
#: Letters that names have in every version of XML: Latin, Greek and Cyrillic ones.
_LETTERS = (
    "A-Za-zÀ-ÖØ-öø-\u0131\u0134-\u013e\u0141-\u0148\u014a-\u017e\u0388-\u038a\u038c"
    "\u038e-\u03a1\u03a3-\u03ce\u0401-\u040c\u040e-\u044f\u0451-\u045c\u045e-\u0481\u0490-\u04c4"
)
#: What CKAN puts in for what it finds in a name, after its own rules.
_RULES = [
    (re.compile(f"[^{_LETTERS}0-9_.-]"), ""),
    (re.compile(r"\A(?:xml|[\d.-])+", re.IGNORECASE), ""),
    (re.compile(r"\A\Z"), "column"),
]


def install() -> None:
    """Have CKAN leave out of the names what is in no name of XML; one of nothing is `column`."""
    if not p.plugin_loaded("datastore"):
        return
    from ckanext.datastore import writer

    rules = writer.xml_element_name_rules
    rules.extend(rule for rule in _RULES if rule not in rules)
