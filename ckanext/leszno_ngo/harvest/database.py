"""PostgreSQL that stops answering while a source is harvested: why, and what the job says."""

from __future__ import annotations

import logging

from ckan import model
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from ckanext.leszno_ngo import services
from ckanext.leszno_ngo.harvest.model import SourceError

log = logging.getLogger(__name__)

#: What is raised where it does not answer, and where it refuses what is written as well.
AWAY = services.DATABASE
REFUSED = (DBAPIError, *AWAY)

# Reason → code of ``messages.STOPS``.
_STOPS = {"database": "database_away", "disk": "database_full", "connections": "database_busy"}


def stop(error: SQLAlchemyError) -> SourceError:
    """Give up the current transaction of a run.

    :param error: one of :data:`AWAY`
    :returns: why the run stopped
    """
    model.Session.rollback()
    reason = _STOPS[services.database_fault(error)]
    log.error("The database went away (%s): %s", reason, name(error))
    return SourceError(reason)


def name(error: SQLAlchemyError) -> str:
    """Return the name of an error for the log: the database's own, without the statement."""
    return type(getattr(error, "orig", None) or error).__name__
