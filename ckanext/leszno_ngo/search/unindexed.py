"""What is saved while Solr is away is put into the search when it is back.

CKAN writes to Solr before it commits, so a search that is away would cost what a person typed.
Here such a record is stored all the same, and noted in a table in the same transaction; a job or
the command ``ckan leszno-ngo reindex --waiting`` takes it up.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

import sqlalchemy as sa
from ckan import logic, model
from ckan.lib import jobs
from ckan.lib.search import SearchIndexError
from ckan.lib.search.index import PackageSearchIndex
from redis.exceptions import RedisError
from sqlalchemy import event

from ckanext.leszno_ngo import services
from ckanext.leszno_ngo.catalogue.contexts import site_user
from ckanext.leszno_ngo.ckan_compat import indexing
from ckanext.leszno_ngo.request_state import Slot

log = logging.getLogger(__name__)

#: Whether something was saved in this request that the search lacks.
IS_LACKING: Slot[bool] = Slot("leszno_ngo_unindexed", False)

_JOB = f"{__name__}.take_up"
#: How long after a failure the job tries, in seconds.
_AGAIN = 60
_NOTED = "leszno_ngo_unindexed"

_NOTE = sa.text(
    "INSERT INTO leszno_ngo_unindexed (package_id) VALUES (:id) "
    "ON CONFLICT (package_id) DO UPDATE SET noted = now()"
)
_WAITING = sa.text("SELECT package_id, noted FROM leszno_ngo_unindexed ORDER BY noted")
_DONE = sa.text("DELETE FROM leszno_ngo_unindexed WHERE package_id = :id AND noted = :noted")
_COUNT = sa.text("SELECT count(*) FROM leszno_ngo_unindexed")


class PatientIndex(PackageSearchIndex):
    """CKAN's index of packages, which notes what Solr cannot take now."""

    def index_package(self, pkg_dict: dict[str, Any] | None, defer_commit: bool = False) -> None:
        """Send a package to Solr, or note it.

        :raises SearchIndexError: Solr answers, and refuses the document
        """
        try:
            super().index_package(
                pkg_dict and indexing.without_relationships(pkg_dict), defer_commit
            )
        except SearchIndexError as error:
            if pkg_dict is None or services.is_refusal(error):
                raise
            note(pkg_dict["id"])

    def delete_package(self, pkg_dict: dict[str, Any]) -> None:
        """Take a package out of Solr, or note it."""
        try:
            super().delete_package(pkg_dict)
        except SearchIndexError as error:
            if services.is_refusal(error):
                raise
            note(pkg_dict["id"])


def install() -> None:
    """Have CKAN index packages by :class:`PatientIndex`."""
    indexing.replace_package_index(PatientIndex)


def note(package_id: str) -> None:
    """Note a package that Solr lacks, in the current transaction.

    :param package_id: its id
    """
    model.Session.execute(_NOTE, {"id": package_id})
    model.Session().info[_NOTED] = True
    IS_LACKING.set(True)


def count() -> int:
    """Return how many packages wait for Solr."""
    return model.Session.scalar(_COUNT) or 0


def take_up() -> int:
    """Put into the search what waits for it (a job of RQ).

    :returns: how many packages wait still
    """
    for package_id, noted in model.Session.execute(_WAITING).all():
        try:
            _index(package_id)
        except SearchIndexError as error:
            model.Session.rollback()
            log.warning("Solr is still away: %s", error)
            _ask_again()
            break
        model.Session.execute(_DONE, {"id": package_id, "noted": noted})
        model.Session.commit()
    return count()


def _index(package_id: str) -> None:
    index = PackageSearchIndex()
    if model.Package.get(package_id) is None:
        index.delete_package({"id": package_id})
        return
    plain, custom = logic.package_show_default_and_custom_schemas(
        {"ignore_auth": True, "user": site_user()}, package_id
    )
    index.update_dict({**plain, "with_custom_schema": custom})


@event.listens_for(model.Session, "after_commit")
def _committed(session: Any) -> None:
    if not session.in_nested_transaction() and session.info.pop(_NOTED, False):
        _ask_again()


@event.listens_for(model.Session, "after_rollback")
def _undone(session: Any) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_NOTED, None)


def _ask_again() -> None:
    """Have the job run in a while; the table remains where Redis is away, too."""
    try:
        jobs.get_queue().enqueue_in(
            dt.timedelta(seconds=_AGAIN), _JOB, meta={"title": "Records that the search lacks"}
        )
    except RedisError as error:
        log.warning("Nothing will take up what the search lacks by itself: %s", error)
