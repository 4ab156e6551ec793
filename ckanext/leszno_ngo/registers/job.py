"""The background job, and many registers at once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.search import SearchIndexError
from ckan.lib.search.common import SearchError, SolrConnectionError
from sqlalchemy.exc import SQLAlchemyError

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.registers import changes
from ckanext.leszno_ngo.registers.errors import RegisterError
from ckanext.leszno_ngo.registers.publish import Outcome, publish

log = logging.getLogger(__name__)

#: What may go wrong with one register and leaves the others to be published.
FAULTS = (
    RegisterError,
    SearchError,
    SearchIndexError,
    SolrConnectionError,
    SQLAlchemyError,
    OSError,
    tk.ValidationError,
)
# After a failure the job comes again; Solr or the disk may be back (seconds).
_AGAIN = 300

Done = Outcome | Exception


def publish_all(
    types: Iterable[RecordType],
    *,
    snapshot: bool = False,
    force: bool = False,
    tell: Callable[[RecordType, Done], None],
) -> bool:
    """Publish registers one after another; one that fails does not keep the others.

    :param types: record types; those that declare no register are left out
    :param snapshot: see :func:`publish.publish`
    :param force: see there
    :param tell: called with what became of each
    :returns: whether all went well
    """
    well = True
    for record_type in types:
        try:
            outcome: Any = publish(record_type, snapshot=snapshot, force=force)
            well = well and (outcome is None or outcome.table)
        except FAULTS as error:
            model.Session.rollback()
            outcome, well = error, False
        if outcome is not None:
            tell(record_type, outcome)
    return well


def run() -> None:
    """Publish the registers whose records have changed and come to rest (a job of RQ)."""
    taken, wait = changes.due()
    failed: list[str] = []

    def tell(record_type: RecordType, outcome: Done) -> None:
        if isinstance(outcome, Exception):
            log.error("The register of %s was not published: %s", record_type.name, outcome)
            failed.append(record_type.name)
        else:
            log.info("The register of %s: %s", record_type.name, outcome)

    publish_all([t for t in map(record_types.get, taken) if t], tell=tell)
    if failed:
        changes.request(failed)
        wait = min(wait or _AGAIN, _AGAIN)
    if wait is not None:
        changes.wait(wait)
