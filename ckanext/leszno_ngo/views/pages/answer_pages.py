"""Pages that answer a search: what is no entry of the catalogue, and lists of one kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import ckan.plugins.toolkit as tk
from ckan import model
from werkzeug.routing import BuildError

from ckanext.leszno_ngo import datetimes, record_types
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.search import lexicon
from ckanext.leszno_ngo.search.lexicon import Entry
from ckanext.leszno_ngo.search.reading import Reading
from ckanext.leszno_ngo.views.shared import global_search

#: More than these would hide the entries.
MOST = 2
_NEEDS_OFFERED = 12
_SUGGESTED, _SUGGESTIONS = (lexicon.NEEDS, lexicon.ABBREVIATIONS, lexicon.ANSWERS), 4


@dataclass(frozen=True)
class Answer:
    """A page that answers what was typed."""

    title: str
    url: str
    about: str = ""


def answers(read: Reading | None, lang: str, own: str = "") -> list[Answer]:
    """Return the pages that answer what was typed.

    :param read: what was typed; ``None`` for what is not plain words
    :param lang: language of their names
    :param own: name of the record type whose page shows them: its own list is no answer there
    """
    if read is None or read.elsewhere:
        return []
    found = [one for entry in read.answers for one in _pages(entry, read, lang)]
    kinds = [kind for name in read.kinds if name != own and (kind := record_types.get(name))]
    found += [_list_of(kind, lang) for kind in kinds]
    return list({one.url: one for one in found}.values())[:MOST]


def _pages(entry: Entry, read: Reading, lang: str) -> Iterator[Answer]:
    """Give the pages of an entry of the lexicon; none where the portal has no such page."""
    about = record_types.localised(entry.details.get("about", {}), lang)
    if entry.page.get("registers"):
        named = [name for group in read.groups for one in group.entries for name in one.types]
        yield from _registers(named, lang)
    url = _address(entry)
    if url:
        yield Answer(entry.label(lang), url, about)


def _registers(named: Sequence[str], lang: str) -> Iterator[Answer]:
    """Give the datasets of kinds of records; of the first kind where none is named."""
    known = [kind for kind in record_types.all_types() if kind.register]
    for kind in [one for one in known if one.name in named] or known[:1]:
        register = kind.register
        if register and (published := model.Package.get(register.name)) and published.is_active():
            title = record_types.localised(register.title, lang)
            yield Answer(title, tk.h.url_for("dataset.read", id=register.name))


def needs(lang: str) -> list[Answer]:
    """Return situations that people may choose from, each a search of its own."""
    offered = (e for e in lexicon.get().entries if e.details.get("offered"))
    chosen = [entry for entry, _number in zip(offered, range(_NEEDS_OFFERED), strict=False)]
    everything = global_search.endpoint(global_search.everything())
    return [Answer(e.label(lang), tk.h.url_for(everything, q=e.label(lang))) for e in chosen]


def beginning_with(text: str, lang: str) -> list[tuple[Entry, str]]:
    """Return needs, kinds and pages that begin like what was typed so far.

    :param text: what was typed
    :param lang: language of their names
    :returns: entries of the lexicon, each with the address that answers it
    """
    everything = global_search.endpoint(global_search.everything())
    found = []
    for entry in lexicon.get().beginning_with(text):
        if entry.role == lexicon.ANSWERS:
            address = _address(entry)
        elif entry.types:
            address = tk.h.url_for(f"{entry.types[0]}.search")
        else:
            address = tk.h.url_for(everything, q=entry.label(lang))
        if entry.role in _SUGGESTED and address:
            found.append((entry, address))
    return found[:_SUGGESTIONS]


def elsewhere(read: Reading | None, lang: str) -> Iterator[Answer]:
    """Give what was asked for and is not in the catalogue, with where to find it."""
    for entry in read.elsewhere if read else ():
        about = record_types.localised(entry.details.get("about", {}), lang)
        yield Answer(entry.label(lang), "", about)


def _list_of(record_type: RecordType, lang: str) -> Answer:
    title = record_types.localised(record_type.label_plural, lang)
    about = record_types.localised(record_type.description, lang)
    return Answer(title, tk.h.url_for(f"{record_type.name}.search"), about)


def _address(entry: Entry) -> str:
    page = entry.page
    if page.get("registers"):
        return tk.h.url_for("dataset.search")
    if "type" in page:
        kind = record_types.get(page["type"])
        return tk.h.url_for(f"{kind.name}.search", **page.get("values", {})) if kind else ""
    year = datetimes.today(dt.datetime.now(dt.timezone.utc)).year
    values = {k: str(v).replace("<year>", str(year)) for k, v in page.get("values", {}).items()}
    try:
        return tk.h.url_for(page["endpoint"], **values)
    except BuildError:
        # The page is of a plugin that the portal does not have.
        return ""
