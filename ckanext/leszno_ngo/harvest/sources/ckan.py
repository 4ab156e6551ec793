"""Another CKAN with this extension: its records by the search API, page by page."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from ckanext.leszno_ngo import sent_json
from ckanext.leszno_ngo.harvest.http import JSON_TYPES, Client, shown_url
from ckanext.leszno_ngo.harvest.model import RawRow, Refusal, SourceError, display_text

_PAGE = 200


def _result(body: bytes, where: str) -> tuple[int, list[Any]]:
    if body.lstrip()[:1] == b"<":
        raise SourceError("html", url=where)
    try:
        answer = sent_json.read(body, None)
    except ValueError as error:
        raise SourceError("json", url=where) from error
    result = answer.get("result") if isinstance(answer, Mapping) else None
    if not isinstance(result, Mapping) or answer.get("success") is not True:
        raise SourceError("format", found="json", url=where)
    count, records = result.get("count"), result.get("results")
    if not isinstance(count, int) or not isinstance(records, list):
        raise SourceError("format", found="json", url=where)
    return count, records


def as_text(value: Any) -> str:
    """Return a record's value as a raw row carries it.

    :param value: a value of the other catalogue's JSON.
    :returns: the text itself; anything else as JSON; ``""`` for null.
    """
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


class CkanCatalogue:
    """The other catalogue.

    :param client: fetches.
    :param url: address of its front page.
    :param record_type: the record type (``dataset_type``) wanted.
    :param fields: the fields wanted; nothing else of a record is read.
    :param page: records asked for at a time.
    """

    def __init__(
        self,
        client: Client,
        url: str,
        record_type: str,
        fields: Collection[str],
        *,
        page: int = _PAGE,
    ):
        self._client = client
        self._url = url.rstrip("/") + "/api/3/action/package_search"
        self._type = record_type
        self._fields = tuple(fields)
        self._page = page

    def _fetch(self, start: int, since: str) -> tuple[int, list[Any]]:
        query = f'dataset_type:"{self._type}"'
        if since:
            query += f" AND metadata_modified:[{since} TO *]"
        params = {
            "fq": query,
            # The only order that does not move while records are being changed.
            "sort": "id asc",
            "start": str(start),
            "rows": str(self._page),
        }
        with self._client.fetch(self._url, params=params, types=JSON_TYPES) as answer:
            return _result(answer.path.read_bytes(), shown_url(answer.url))

    def rows(self, since: str = "") -> Iterator[RawRow | Refusal]:
        """Yield the other catalogue's records.

        :param since: only records modified since, ``yyyy-mm-ddThh:mm:ssZ``; all if empty.
        :returns: rows whose values are the wanted fields (:func:`as_text`) and ``id``;
            refusals of entries that are no records of the type.
        :raises SourceError: as :meth:`.http.Client.fetch`; ``json``, ``html``,
            ``format``; ``changed`` when the catalogue changed while it was read (its
            count moved, a record came twice or pages ended early): records may have
            been missed, so the run must be repeated. May come after rows.
        """
        count, records = self._fetch(0, since)
        seen: set[str] = set()
        read = 0
        while records:
            for entry in records:
                read += 1
                outcome = self._row(read, entry)
                if isinstance(outcome, RawRow):
                    if outcome.values["id"] in seen:
                        raise SourceError("changed", why="twice")
                    seen.add(outcome.values["id"])
                yield outcome
            if read >= count:
                break
            now, records = self._fetch(read, since)
            if now != count:
                raise SourceError("changed", why="count", before=count, after=now)
        if read != count:
            raise SourceError("changed", why="gap", expected=count, found=read)
        if not count and not since:
            raise SourceError("no_rows")

    def _row(self, number: int, entry: Any) -> RawRow | Refusal:
        if not isinstance(entry, Mapping) or not isinstance(entry.get("id"), str):
            return Refusal(number, "id", "", "format")
        if entry.get("type") != self._type:
            return Refusal(number, "type", display_text(entry.get("type")), "other_type")
        values = {field: as_text(entry[field]) for field in self._fields if field in entry}
        return RawRow(number, {**values, "id": entry["id"]})
