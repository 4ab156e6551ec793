"""Whether an exported file would say something new, known without making it.

A file depends on the records found, on the names of what they point at, and on the clock where
the type has states. The database notes every change of a public record, deletions too
(``catalogue/changes.py``), and the index says what a search sees of them.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.search import solr

_LAST_CHANGE = sa.text("SELECT max(changed) FROM leszno_ngo_change WHERE type = ANY(:types)")
_PACKAGE = "ckanext-leszno-ngo"


@dataclass(frozen=True)
class Freshness:
    """``parts`` tell one state of the data from another; ``changed`` is when it began."""

    parts: tuple[object, ...]
    changed: dt.datetime | None


def facets(record_type: RecordType) -> dict[str, Any]:
    """Return what to ask Solr beside a search, whatever it finds (``json.facet``).

    :param record_type: the type of the file's records
    :returns: name → facet: when the type's records and what they point at were last changed, and
        which of the dates that make its states have passed
    """
    types = record_type.named_types
    domain = {"domain": {"query": solr.public_filters(types)}}
    last = {"type": "query", "q": "*:*", **domain, "facet": {"last": "max(metadata_modified)"}}
    past = dict.fromkeys(name for state in record_type.states for name in state.past)
    own = solr.literal(record_type.name)
    passed = {
        name: {
            "type": "query",
            "q": f"+dataset_type:{own} +{name}:[* TO NOW/MINUTE]",
            **domain,
            "facet": {"last": f"max({name})"},
        }
        for name in past
    }
    return {"changed": last, **passed}


def freshness_of(record_type: RecordType, seen: Mapping[str, Any] | None = None) -> Freshness:
    """Return the state of the data that files of a type are made of; one SQL statement.

    :param seen: Solr's answer to :func:`facets`; where it is not at hand, Solr is asked
    :raises ckan.lib.search.SearchError: Solr is away
    """
    types = record_type.named_types
    noted = model.Session.execute(_LAST_CHANGE, {"types": types}).scalar()
    seen = _asked(record_type) if seen is None else seen
    passed = [one.get("last") for name, one in seen.items() if name not in ("changed", "count")]
    moments = [dt.datetime.fromisoformat(last.replace("Z", "+00:00")) for last in passed if last]
    if noted:
        moments.append(noted.astimezone(dt.timezone.utc))
    parts = (
        version(_PACKAGE),
        noted,
        *(f"{k}: {v}" for k, v in sorted(seen.items()) if k != "count"),
    )
    return Freshness(parts, max(moments, default=None))


def _asked(record_type: RecordType) -> Mapping[str, Any]:
    asked: dict[str, Any] = {"json.facet": json.dumps(facets(record_type))}
    answer = solr.ask("*:*", rows=0, facet="false", **asked)
    return answer.raw_response.get("facets", {})
