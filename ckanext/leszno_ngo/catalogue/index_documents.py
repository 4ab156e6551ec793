"""The index documents of many records, and one request that sends them.

``PackageSearchIndex.index_package`` makes the documents, with every plugin's
``before_dataset_index``: they are CKAN's own.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from types import SimpleNamespace
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import pysolr
import sqlalchemy as sa
from ckan import model
from ckan.lib.search import index as core
from ckan.lib.search.common import make_connection

from ckanext.leszno_ngo import services
from ckanext.leszno_ngo.catalogue import stored
from ckanext.leszno_ngo.ckan_compat import indexing

log = logging.getLogger(__name__)

Document = dict[str, Any]


def documents(shown: Sequence[stored.StoredRecord]) -> list[Document]:
    """Make the index documents of records.

    :param shown: the records; those in a state that the index leaves out give no document
    :returns: one document a record, as CKAN sends it to Solr
    """
    made: list[Document] = []
    packages = {record.package.id: record.package for record in shown}
    make = indexing.document_maker(made, packages, _indexing_plugins(list(packages)))
    for record in shown:
        make(dict(record.default, with_custom_schema=record.custom))
    return made


def send(made: Sequence[Document], *, commit: bool = True) -> list[str]:
    """Send documents to Solr in one request.

    A document that Solr refuses must not keep the others out: then the request is made again in
    halves.

    :param made: documents
    :param commit: make them visible at once, unless ``ckan.search.solr_commit`` says otherwise
    :returns: the ids of the records whose documents did not get in
    """
    if not made:
        return []
    commit = commit and tk.config["ckan.search.solr_commit"]
    try:
        make_connection().add(docs=list(made), commit=commit)
    except (pysolr.SolrError, OSError) as error:
        if len(made) == 1 or not services.is_refusal(error):
            log.error("Solr did not take %d documents: %s", len(made), str(error)[:500])
            return [document["id"] for document in made]
        half = len(made) // 2
        return send(made[:half], commit=commit) + send(made[half:], commit=commit)
    return []


def remove(ids: Iterable[str]) -> None:
    """Take records out of the index.

    :param ids: ids of records, in the index or not
    :raises ckan.lib.search.SearchIndexError: when Solr cannot be reached
    """
    index = core.PackageSearchIndex()
    for id_ in ids:
        index.delete_package({"id": id_})


def commit() -> None:
    """Make everything sent to Solr visible in searches.

    :raises ckan.lib.search.SearchIndexError: when Solr cannot be reached
    """
    core.PackageSearchIndex().commit()


def _indexing_plugins(ids: list[str]) -> list[Any]:
    """Return the plugins that say something of a document, ckanext-harvest's objects read."""
    plugins = stored.hooks(p.IPackageController, "before_dataset_index")
    harvest = indexing.harvest_plugin()
    if harvest is None:
        return plugins
    answers = indexing.HarvestHook(harvest, _harvest_objects(ids))
    return [answers if plugin is harvest else plugin for plugin in plugins]


def _harvest_objects(ids: list[str]) -> dict[str, Any]:
    from ckanext.harvest.model import HarvestObject, HarvestSource  # only where the plugin is on

    query = (
        sa.select(HarvestObject.package_id, HarvestObject.id, HarvestSource.id, HarvestSource.title)
        .join(HarvestSource, HarvestSource.id == HarvestObject.harvest_source_id)
        .where(
            HarvestObject.package_id == sa.any_(sa.literal(ids, sa.ARRAY(sa.UnicodeText))),
            HarvestObject.current.is_(True),
        )
        .distinct(HarvestObject.package_id)
        .order_by(HarvestObject.package_id, HarvestObject.import_finished.desc())
    )
    return {
        package: SimpleNamespace(id=object_, source=SimpleNamespace(id=source, title=title))
        for package, object_, source, title in model.Session.execute(query)
    }
