"""The background job, and many registers at once."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable
from typing import Any

from ckan import model
from sqlalchemy.exc import SQLAlchemyError

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.registers import changes, condition
from ckanext.leszno_ngo.registers.errors import RegisterError
from ckanext.leszno_ngo.registers.publish import Outcome, publish

log = logging.getLogger(__name__)

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
        began = dt.datetime.now(dt.timezone.utc)
        try:
            outcome: Any = publish(record_type, snapshot=snapshot, force=force)
            well = well and (outcome is None or outcome.table)
        except Exception as error:  # noqa: BLE001 - whatever fails, the other registers go on
            model.Session.rollback()
            outcome, well = error, False
        _remember(record_type, outcome, began)
        if outcome is not None:
            tell(record_type, outcome)
    return well


def _remember(record_type: RecordType, outcome: Done | None, began: dt.datetime) -> None:
    """Note how current the register is, where there is one."""
    if isinstance(outcome, RegisterError) and outcome.code == "busy":
        return
    try:
        if isinstance(outcome, Exception):
            log.error("%s", record_type.name, exc_info=outcome)
            condition.failed(record_type.name, outcome, began)
        elif outcome is not None:
            condition.checked(record_type.name, began)
    except SQLAlchemyError:
        model.Session.rollback()
        log.exception("The condition of the register of %s was not noted", record_type.name)


def run() -> None:
    """Publish the registers whose records have changed and come to rest (a job of RQ)."""
    taken, wait = changes.due()
    if taken:
        changes.look_again(_AGAIN)

    def tell(record_type: RecordType, outcome: Done) -> None:
        if isinstance(outcome, Exception):
            log.error("The register of %s was not published: %s", record_type.name, outcome)
        else:
            log.info("The register of %s: %s", record_type.name, outcome)
            changes.settled(record_type.name, taken[record_type.name])

    known = {name: record_types.get(name) for name in taken}
    for name, record_type in known.items():
        if record_type is None or record_type.register is None:
            changes.settled(name, taken[name])
    publish_all([one for one in known.values() if one], tell=tell)
    if wait is not None:
        changes.wait(wait)
