"""Secrets that were saved with harvest sources before they were kept apart: found and moved."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from ckanext.leszno_ngo.harvest import secret_options
from ckanext.leszno_ngo.harvest.secret_options import Parted
from ckanext.leszno_ngo.harvest.settings import known_options

_TABLE = sa.table("leszno_ngo_source_secret", sa.column("source_id"), sa.column("content", sa.JSON))
_SOURCE = sa.table("harvest_source", *map(sa.column, ("id", "url", "config", "type")))


def move(connection: sa.Connection) -> int:
    """Move the secrets of all sources to where they are kept, in the connection's transaction.

    :param connection: of the database
    :returns: how many sources had some
    """
    tables = set(sa.inspect(connection).get_table_names())
    if "harvest_source" not in tables:
        return 0
    moved = 0
    for source_id, url, config, type_ in connection.execute(sa.select(_SOURCE)).all():
        known = known_options(type_ or "")
        parted = secret_options.part(url or "", config or "", known)
        if parted.has_any:
            _keep(connection, source_id, parted)
            _clean(connection, source_id, parted, tables)
            moved += 1
        if "activity" in tables:
            _clean_activities(connection, source_id, known)
    return moved


def _keep(connection: sa.Connection, source_id: str, parted: Parted) -> None:
    connection.execute(sa.delete(_TABLE).where(_TABLE.c.source_id == source_id))
    connection.execute(sa.insert(_TABLE).values(source_id=source_id, content=content(parted)))


def content(parted: Parted) -> dict[str, Any]:
    """Return the secrets of a source as they are kept.

    :param parted: the source as it is saved
    :returns: ``url``, ``options`` (list of place and value), and ``hosts``: the servers that they
        were given for
    """
    options = [[list(place), value] for place, value in parted.options.items()]
    hosts = sorted(secret_options.hosts(parted.url, parted.config))
    return {"url": parted.secret_url, "options": options, "hosts": hosts}


def note_hosts(connection: sa.Connection) -> None:
    """Note the servers of sources whose secrets were kept before all servers were noted.

    :param connection: of the database
    """
    if "harvest_source" not in sa.inspect(connection).get_table_names():
        return
    query = sa.select(_TABLE.c.source_id, _TABLE.c.content, _SOURCE.c.url, _SOURCE.c.config)
    query = query.join_from(_TABLE, _SOURCE, _SOURCE.c.id == _TABLE.c.source_id)
    for source_id, kept, url, config in connection.execute(query).all():
        hosts = sorted(secret_options.hosts(url or "", config or ""))
        update = sa.update(_TABLE).where(_TABLE.c.source_id == source_id)
        connection.execute(update.values(content={**kept, "hosts": hosts}))


def _clean(connection: sa.Connection, source_id: str, parted: Parted, tables: set[str]) -> None:
    connection.execute(
        sa.update(_SOURCE)
        .where(_SOURCE.c.id == source_id)
        .values(url=parted.url, config=parted.config)
    )
    connection.execute(
        sa.text(
            "UPDATE package SET url = :url, extras = CASE WHEN extras ? 'config'"
            " THEN jsonb_set(extras, '{config}', to_jsonb(CAST(:config AS text))) ELSE extras END"
            " WHERE id = :id"
        ).bindparams(url=parted.url, config=parted.config, id=source_id)
    )
    if "harvest_gather_error" in tables:
        _clean_errors(connection, source_id, parted)
    if "leszno_ngo_unindexed" in tables:
        connection.execute(
            sa.text(
                "INSERT INTO leszno_ngo_unindexed (package_id) SELECT id FROM package"
                " WHERE id = :id AND state = 'active' ON CONFLICT DO NOTHING"
            ).bindparams(id=source_id)
        )


def _clean_activities(connection: sa.Connection, source_id: str, known: Collection[str]) -> None:
    """Take the secrets out of copies of a source, which may have others than it has today."""
    table = sa.table("activity", sa.column("id"), sa.column("object_id"), sa.column("data"))
    query = sa.select(table.c.id, sa.cast(table.c.data, sa.Text)).where(
        table.c.object_id == source_id, table.c.data.isnot(None)
    )
    for id_, text in connection.execute(query).all():
        data = json.loads(text)
        package = data.get("package") if isinstance(data, dict) else None
        if not isinstance(package, dict):
            continue
        copies = [package, *(e for e in package.get("extras") or () if e.get("key") == "config")]
        for copy in copies:
            name = "value" if "key" in copy else "config"
            said = (str(copy.get("url") or ""), str(copy.get(name) or ""))
            parted = secret_options.part(*said, known)
            copy |= {"url": parted.url} if copy.get("url") else {}
            copy |= {name: parted.config} if copy.get(name) else {}
        clean = json.dumps(data, ensure_ascii=False)
        if json.loads(text) != data:
            change = sa.text("UPDATE activity SET data = :data WHERE id = :id")
            connection.execute(change.bindparams(data=clean, id=id_))


def _clean_errors(connection: sa.Connection, source_id: str, parted: Parted) -> None:
    """Take the secrets out of what runs have said."""
    values = secret_options.words(parted.secret_url, parted.options)
    of_source = "SELECT id FROM harvest_job WHERE source_id = :id"
    for table, owned in (
        ("harvest_gather_error", f"harvest_job_id IN ({of_source})"),
        (
            "harvest_object_error",
            "harvest_object_id IN (SELECT id FROM harvest_object WHERE harvest_source_id = :id)",
        ),
    ):
        query = sa.text(f"SELECT id, message FROM {table} WHERE {owned}")  # noqa: S608
        for id_, message in connection.execute(query.bindparams(id=source_id)).all():
            clean = secret_options.hidden(message or "", values)
            if clean != (message or ""):
                change = f"UPDATE {table} SET message = :message WHERE id = :id"  # noqa: S608
                connection.execute(sa.text(change).bindparams(message=clean, id=id_))
