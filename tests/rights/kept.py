"""Everything that a portal keeps, as digests: tables, index, queues, files, tables of data."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.lib.redis import connect_to_redis

#: Tables in which reading writes: the read mark, and the DataStore's cache of counts of rows.
UPKEEP = frozenset({"dashboard", "_table_stats"})
#: Columns that say when an account or a token was seen.
SEEN = {"user": "last_active", "api_token": "last_access"}
#: Statements of a GET that are no change of what the portal keeps.
UPKEEP_STATEMENTS = (
    "UPDATE api_token SET last_access",
    'UPDATE "user" SET last_active',
    "UPDATE dashboard SET",
    "INSERT INTO dashboard",
)
#: Keys of Redis that every visitor makes; RDF of the catalogue is kept as a cache keeps it.
_OF_VISITS = (b"session:", b"leszno_ngo:written")
#: Keys that other tests leave, and that run out by themselves.
RUNNING_OUT = ("*kept_forms*", "*leszno_ngo:login*", "rq:workers*")


def row(table: str) -> str:
    """Give a row ``t`` of a table as text, without when somebody was seen."""
    return f"(to_jsonb(t) - '{SEEN[table]}')::text" if table in SEEN else "t::text"


def state_of(storage: str) -> dict[str, Any]:
    """Return digests of everything a portal keeps.

    :param storage: the folder of its files
    """
    from ckanext.leszno_ngo.search import solr

    model.Session.rollback()
    kept = {**_tables(model.meta.engine), **_tables_of_data()}
    answer = solr.ask("*:*", rows=1000, fl="id,_version_", facet="false", defType="lucene")
    kept["index"] = sorted((doc["id"], doc.get("_version_")) for doc in answer.docs)
    redis = connect_to_redis()
    kept["queues"] = sorted(
        (key, redis.dump(key))
        for key in redis.scan_iter(count=1000)
        if not any(own in key for own in _OF_VISITS)
    )
    files = sorted(
        p for p in Path(storage).rglob("*") if p.is_file() and "webassets" not in p.parts
    )
    kept["files"] = [(str(f), hashlib.sha256(f.read_bytes()).hexdigest()) for f in files]
    return kept


def _tables(engine: Any, prefix: str = "") -> dict[str, Any]:
    found = {}
    with engine.connect() as connection:
        for name in sorted(set(sa.inspect(connection).get_table_names()) - UPKEEP):
            digest = (
                f"SELECT md5(string_agg({row(name)}, '|' ORDER BY {row(name)})) FROM \"{name}\" t"
            )
            found[prefix + name] = connection.execute(sa.text(digest)).scalar()
    return found


def _tables_of_data() -> dict[str, Any]:
    from ckanext.datastore.backend.postgres import get_read_engine

    return _tables(get_read_engine(), "datastore/")
