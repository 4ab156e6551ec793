"""What the commands and the page of erasing say."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import config
from ckanext.leszno_ngo.logic import findings
from ckanext.leszno_ngo.privacy import erased
from ckanext.leszno_ngo.privacy.listed import Listed
from ckanext.leszno_ngo.privacy.patterns import SHORTEST


def store(code: str) -> str:
    """Return what a store is called (``erasure.Place.store``)."""
    return {
        "database": tk._("Database"),
        "datastore": tk._("DataStore"),
        "index": tk._("Search index"),
        "files": tk._("Files"),
        "queue": tk._("Queue, sessions and drafts"),
        "logs": tk._("Logs"),
        "accounts": tk._("Accounts of officials (change them by hand)"),
        "columns": tk._("Names of columns in the DataStore (load the table again without them)"),
        "closed": tk._("Files that cannot be looked into (open them by hand)"),
        "likely": tk._("Files that have it and cannot be changed (edit them by hand)"),
    }[code]


def too_short() -> str:
    """Say that a text is too short to be looked for."""
    return tk._("Give a longer text: at least %(count)s letters or digits") % {"count": SHORTEST}


#: The columns of the list of what is public and may hold personal data.
LISTED = ("kind", "type", "department", "title", "url", "file", "row", "field", "what", "where")


def listed(one: Listed) -> tuple[str, ...]:
    """Return a line of that list.

    :param one: the place
    """
    record = one.record
    kinds = {"record": tk._("entry"), "file": tk._("file"), "row": tk._("row of a table")}
    address = tk.h.url_for(f"{record['type']}.read", id=record["name"], qualified=True)
    return (
        kinds[one.kind],
        record["type"],
        (record.get("organization") or {}).get("title") or "",
        record.get("title") or record["name"],
        address,
        one.file,
        str(one.row or ""),
        one.field,
        findings.personal_kind(one.place.kind),
        findings.said_where(one.place),
    )


def by_hand() -> list[str]:
    """Return what the portal cannot do itself."""
    days = config.retention().backups
    return [
        tk._(
            "Backups: keep the file %(file)s outside them for %(days)s days. After a restore run: "
            "ckan leszno-ngo erase --again %(file)s"
        )
        % {"file": erased.file() or "leszno_ngo_erasures.jsonl", "days": days},
        tk._(
            "Logs that the portal does not write itself (web server, proxy, PostgreSQL, Solr, "
            "the system): the operator looks through them."
        ),
        tk._("E-mails that were sent, and copies that others made of the open data."),
        tk._("Scans and pictures: a text in them is not found."),
        tk._("Other forms of a name (in other cases, with a typing error): erase each of them."),
    ]
