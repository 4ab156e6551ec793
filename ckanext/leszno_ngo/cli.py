"""Commands: ``ckan leszno-ngo …``."""

from __future__ import annotations

import sys

import ckan.plugins.toolkit as tk
import click
import sqlalchemy as sa
from ckan import model

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.catalogue import batch
from ckanext.leszno_ngo.harvest import messages
from ckanext.leszno_ngo.harvest.command import harvest
from ckanext.leszno_ngo.registers.command import publish

__all__ = ["leszno_ngo"]


@click.group(name="leszno-ngo", short_help="Records of the programme of cooperation.")
def leszno_ngo() -> None:
    """Harvest, check and publish the records of the programme of cooperation."""


@leszno_ngo.command("reindex", short_help="Put every record into the search again.")
def reindex() -> None:
    """Put every record into the search again, in bulk.

    It is needed after a change of the Solr configuration or of a record type's schema; other
    datasets are ``ckan search-index rebuild``'s. The exit code is 1 when the search engine did
    not take some records.
    """
    names = [record_type.name for record_type in record_types.all_types()]
    query = sa.select(model.Package.id).where(
        model.Package.type.in_(names), model.Package.state == model.State.ACTIVE
    )
    ids = list(model.Session.scalars(query.order_by(model.Package.id)))
    model.Session.rollback()
    with messages.portal_language():
        try:
            batch.index(ids)
        except batch.NotIndexed as away:
            failed = tk._("The search engine did not take: %(count)s. Try again when it answers")
            click.echo(failed % {"count": len(away.ids)}, err=True)
            sys.exit(1)
        click.echo(tk._("Put into the search: %(count)s") % {"count": len(ids)})


leszno_ngo.add_command(harvest)
leszno_ngo.add_command(publish)
