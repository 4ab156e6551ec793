"""How reports name records: whoever reads a report sees the names of what they may read.

A kept line has a mark in the place of a record's name (``⟦id⟧``) and of a value that stands in it
(``⟦id|value⟧``). When the line is shown, the mark becomes what this reader may know today.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.catalogue import links
from ckanext.leszno_ngo.harvest.model import Mark, Refusal, display_text

_MARK = re.compile(r"⟦([\w-]{1,100})(?:\|([^⟦⟧|]{0,200}))?⟧")
#: How lines that were kept before there were marks end a record's name: its page's address.
_PAGE = re.compile(r"\(/([a-z0-9-]{1,60})/([a-z0-9_-]{1,100})\)")
_HIDDEN = "…"
#: What a mark is made of; in a value that stands in one it would break the mark.
_SIGNS = str.maketrans(dict.fromkeys("⟦⟧|", " "))


def marked(refusal: Refusal) -> Refusal:
    """Put marks in the place of ids of records, and of what stands in them.

    :param refusal: a row set aside, with ids in its data
    """
    detail = dict(refusal.detail)
    id_ = detail.get("record") or detail.get("record_id")
    if "records" in detail:
        detail["records"] = Mark(", ".join(map(mark, detail["records"])))
    if "record" in detail:
        detail["record"] = mark(detail["record"])
    if id_ and "stands" in detail:
        detail["stands"] = mark(id_, detail["stands"])
    if id_ and "title" in detail:
        detail["title"] = mark(id_)
    return replace(refusal, detail=detail)


def mark(id_: str, value: str = "") -> Mark:
    """Return the mark of a record, or of a value that stands in it."""
    said = display_text(value).translate(_SIGNS).strip()
    return Mark(f"⟦{id_}|{said}⟧" if said else f"⟦{id_}⟧")


def titled(refusal: Refusal, titles: Mapping[str, str]) -> Refusal:
    """Put titles in the place of ids of records, for the operator's terminal and file.

    :param refusal: a row set aside, with ids in its data
    :param titles: what people call the records, by id
    """
    detail = dict(refusal.detail)
    if "records" in detail:
        detail["records"] = [titles.get(id_, id_) for id_ in detail["records"]]
    if "record" in detail:
        detail["record"] = titles.get(detail["record"], detail["record"])
    return replace(refusal, detail=detail)


class Reader:
    """Shows lines to one reader.

    :param context: of whoever reads; what the portal itself asks for, to mail it, is for anybody
    :param lines: all lines that are to be shown
    """

    def __init__(self, context: Context, lines: Iterable[str]) -> None:
        reader = Context(user=_name(context))
        texts = [str(line or "") for line in lines]
        marks = [mark[1] for text in texts for mark in _MARK.finditer(text)]
        pages = {page[2] for text in texts for page in _PAGE.finditer(text)}
        self._targets = links.targets(reader, marks)
        types = [one.name for one in record_types.all_types()]
        self._seen = links.find(reader, sorted(pages), types) if pages else {}
        self._types = frozenset(types)

    def shown(self, line: str) -> str:
        """Return a line as its reader may see it."""
        pages = _PAGE.finditer(line or "")
        if any(page[1] in self._types and page[2] not in self._seen for page in pages):
            return tk._("This line names an entry that you may not see")
        return _MARK.sub(self._named, line or "")

    def _named(self, mark: re.Match[str]) -> str:
        target = self._targets.get(mark[1])
        if target is None or not target.name:
            return _HIDDEN if mark[2] else tk._("an entry that you may not see")
        return mark[2] or f"{target.title} (/{target.type}/{target.name})"


def entries(context: Context, ids: Iterable[str]) -> Mapping[str, str]:
    """Return the titles of those of some records that a reader may see, by id.

    :param context: of the reader
    :param ids: the records
    """
    found = links.targets(context, ids)
    return {id_: target.title for id_, target in found.items() if target.name}


def _name(context: Context) -> str:
    user = context.get("user") or ""
    is_portal = context.get("ignore_auth") or user == tk.config["ckan.site_id"]
    return "" if is_portal else user


def in_summary(context: Context, job: dict[str, Any]) -> dict[str, Any]:
    """Return a job with the lines of its summaries as their reader may see them.

    :param context: of the reader
    :param job: as ckanext-harvest gives it
    """
    names = [name for name in job if name.endswith("error_summary")]
    reader = Reader(context, (one["message"] for name in names for one in job[name]))
    shown = {
        name: [{**one, "message": reader.shown(one["message"])} for one in job[name]]
        for name in names
    }
    return {**job, **shown}
