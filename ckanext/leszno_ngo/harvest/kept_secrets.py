"""Secrets of harvest sources, kept apart: given when a source is saved, put back when it runs.

Whatever shows, copies or logs a source has :data:`STANDS_FOR` in their place. A harvester of
another extension finds them in its source while it works and at no other time; what it logs and
what it says went wrong is without them. A secret goes to the servers that it was given for: where
the source is led to another one, it has to be given again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckanext.harvest.model import HarvestGatherError, HarvestObjectError, HarvestSource
from ckanext.harvest.utils import DATASET_TYPE_NAME
from sqlalchemy import event
from sqlalchemy.orm.attributes import set_committed_value

from ckanext.leszno_ngo.ckan_compat import harvesting
from ckanext.leszno_ngo.harvest import secret_options
from ckanext.leszno_ngo.harvest.moved_secrets import content
from ckanext.leszno_ngo.harvest.secret_options import STANDS_FOR, Parted, Path
from ckanext.leszno_ngo.harvest.settings import PREFIX, known_options

log = logging.getLogger(__name__)
_table = sa.table("leszno_ngo_source_secret", sa.column("source_id"), sa.column("content", sa.JSON))
#: What the source that is being saved was given, before it is kept.
_given: ContextVar[Parted | None] = ContextVar("given", default=None)
#: The source whose harvester is at work: its id, whole address and whole options.
_at_work: ContextVar[tuple[str, str, str] | None] = ContextVar("at_work", default=None)


def secrets_of_source(source_id: str) -> tuple[str, dict[Path, Any]]:
    """Return the secrets of a source.

    :param source_id: the source
    :returns: its whole address, ``""`` where that has none, and the places of its options
    """
    kept = _kept(source_id)
    return kept.get("url", ""), {tuple(place): value for place, value in kept.get("options", ())}


def _kept(source_id: str) -> dict[str, Any]:
    """Return what is kept of a source (``moved_secrets.content``)."""
    query = sa.select(_table.c.content).where(_table.c.source_id == source_id)
    return model.Session.scalar(query) or {}


def addresses(source_id: str) -> tuple[str, ...]:
    """Return the whole addresses of a source of ours that have a secret.

    :param source_id: the source; ``""`` for one that is not saved
    """
    url, options = secrets_of_source(source_id)
    return tuple(filter(None, (url, *map(str, options.values()))))


# ---------------------------------------------------------------------------------- saving
@contextmanager
def apart(source: Mapping[str, Any], stored: Any = None) -> Iterator[dict[str, Any]]:
    """Save a source without the secrets in its options, which are kept by :func:`keep`.

    :param source: what the action of ckanext-harvest, or of CKAN, is given
    :param stored: the ``HarvestSource`` that is being updated, ``None`` for a new one: no secret
        of another source is ever meant
    :returns: the same without secrets
    :raises ValidationError: a secret that stands for itself is not known, or would go elsewhere
    """
    if _given.get() is not None:
        yield dict(source)
        return
    type_ = source.get("source_type") or (stored.type if stored else "")
    known = known_options(str(type_ or ""))
    config = source.get("config")
    if not isinstance(config, str):
        # ckanext-harvest leaves the stored options as they are; the address may be another one.
        if stored is not None:
            _standing(source, secret_options.part("", stored.config or "", known), stored)
        yield dict(source)
        return
    parted = secret_options.part("", config, known)
    options = {**_standing(source, parted, stored), **parted.options}
    token = _given.set(Parted("", parted.config, "", options))
    try:
        yield {**source, "config": parted.config}
    finally:
        _given.reset(token)


def keep(source: Mapping[str, Any]) -> None:
    """Keep the secrets of a source that is being saved, in the current transaction.

    :param source: the harvest source as ckanext-harvest is about to keep it
    """
    given = _given.get()
    if given is None:
        return
    kept, address = _kept(source["id"]), str(source.get("url") or "")
    url = kept.get("url", "")
    leads_elsewhere = not secret_options.hosts(address, given.config) <= set(kept.get("hosts", ()))
    if url and (leads_elsewhere or secret_options.part(url, "").url != address):
        url = ""  # it is of another address
    model.Session.execute(sa.delete(_table).where(_table.c.source_id == source["id"]))
    found = content(Parted(address, given.config, url, given.options))
    if url or given.options:
        model.Session.execute(sa.insert(_table).values(source_id=source["id"], content=found))


def stored(source: Mapping[str, Any]) -> Any:
    """Return the source that CKAN's ``package_update`` would change.

    :param source: what the action is given
    :returns: the ``HarvestSource``, ``None`` where the record is none
    """
    named = source.get("id") or source.get("name")
    package = model.Package.get(named) if isinstance(named, str) else None
    if package is None or package.type != DATASET_TYPE_NAME:
        return None
    return HarvestSource.get(package.id)


def _standing(source: Mapping[str, Any], parted: Parted, stored: Any) -> dict[Path, Any]:
    """Return the known secrets that are to stay: what stands for them is sent back."""
    places = secret_options.places(parted.config)
    standing = [place for place in places if place not in parted.options]
    if not standing:
        return {}
    known = secrets_of_source(stored.id)[1] if stored else {}
    if not set(standing) <= set(known):
        raise _refusal(tk._("Give the secret that %(sign)s stands for"))
    config = stored.config or ""
    if not all(secret_options.stays(place, config, parted.config) for place in standing):
        raise _refusal(
            tk._("A list in the options has changed: give the secrets in it again (%(sign)s)")
        )
    url = source.get("url") or stored.url
    if not secret_options.hosts(url, parted.config) <= set(_kept(stored.id).get("hosts", ())):
        raise _refusal(
            tk._("The source leads to another server now: give the secret again (%(sign)s)")
        )
    return {place: known[place] for place in standing}


def _refusal(said: str) -> tk.ValidationError:
    return tk.ValidationError({"config": [said % {"sign": STANDS_FOR}]})


# ---------------------------------------------------------------------------------- at work
@contextmanager
def put_back(source: Any) -> Iterator[None]:
    """Let a harvester find the secrets in its source, and keep them out of logs and reports.

    :param source: the ``HarvestSource``
    """
    url, options = secrets_of_source(source.id) if source is not None else ("", {})
    if source is None or source.type.startswith(PREFIX) or not (url or options):
        yield
        return
    if not secret_options.hosts(source.url, source.config or "") <= set(
        _kept(source.id).get("hosts", ())
    ):
        log.warning("Source %s leads to another server: its secrets are not used", source.id)
        yield
        return
    if secret_options.part(url, "").url != source.url:
        url = ""  # it is of another address
    whole = (source.id, url or source.url, secret_options.join(source.config or "", options))
    token = _at_work.set(whole)
    words = secret_options.words(url, options)
    try:
        _fill(source)
        with _unsaid(words):
            yield
    finally:
        _at_work.reset(token)
        if source in model.Session:
            model.Session.expire(source, ["url", "config"])


def _fill(source: Any, *_: Any) -> None:
    """Put the secrets into a source that is read while its harvester works (SQLAlchemy's event)."""
    whole = _at_work.get()
    if whole and whole[0] == source.__dict__.get("id"):
        set_committed_value(source, "url", whole[1])
        set_committed_value(source, "config", whole[2])


@contextmanager
def _unsaid(words: list[str]) -> Iterator[None]:
    """Take words out of what is logged and noted as an error meanwhile."""
    before = logging.getLogRecordFactory()

    def record(*args: Any, **more: Any) -> logging.LogRecord:
        made = before(*args, **more)
        made.msg, made.args = secret_options.hidden(_message(made), words), ()
        if made.exc_info:
            said = logging.Formatter().formatException(made.exc_info)
            made.exc_text, made.exc_info = secret_options.hidden(said, words), None
        return made

    def note(_target: Any, value: Any, *_: Any) -> Any:
        return secret_options.hidden(value, words) if isinstance(value, str) else value

    noted = (HarvestGatherError.message, HarvestObjectError.message)
    for attribute in noted:
        event.listen(attribute, "set", note, retval=True)
    logging.setLogRecordFactory(record)
    try:
        yield
    finally:
        logging.setLogRecordFactory(before)
        for attribute in noted:
            event.remove(attribute, "set", note)


def _message(made: logging.LogRecord) -> str:
    """Return what a record says; a line whose values do not fit is said without them.

    ``logging`` reports such a line and goes on; from its factory the error would end the harvest.
    """
    try:
        return made.getMessage()
    except Exception:  # noqa: BLE001 - any value may break while it is put into words
        return made.msg if isinstance(made.msg, str) else f"({type(made.msg).__name__})"


def install() -> None:
    """Have ckanext-harvest call harvesters with the secrets of their sources; once."""
    harvesting.call_stages_in(put_back)
    for name in ("load", "refresh"):
        if not event.contains(HarvestSource, name, _fill):
            event.listen(HarvestSource, name, _fill)
