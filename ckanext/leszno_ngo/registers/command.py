"""``ckan leszno-ngo publish``: registers as datasets, by hand or by cron."""

from __future__ import annotations

import sys

import ckan.plugins.toolkit as tk
import click

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.exports import formats
from ckanext.leszno_ngo.harvest import messages
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.registers import job
from ckanext.leszno_ngo.registers.errors import explain


@click.command("publish", short_help="Publish the registers as datasets.")
@click.argument("types", nargs=-1, metavar="[TYPE]...")
@click.option("--snapshot", is_flag=True, help="Keep today's state as a file that never changes.")
@click.option("--force", is_flag=True, help="Make the files again though nothing has changed.")
def publish(types: tuple[str, ...], snapshot: bool, force: bool) -> None:
    """Bring the registers of the record types given (of all, if none is) up to date.

    The exit code is 0 only when all were published; what failed stays as it was.
    """
    with messages.portal_language():
        wanted = [_type(name) for name in types] or record_types.all_types()
        well = job.publish_all(wanted, snapshot=snapshot, force=force, tell=_tell)
    sys.exit(0 if well else 1)


def _type(name: str) -> RecordType:
    record_type = record_types.get(name)
    if record_type is None or record_type.register is None:
        raise click.UsageError(tk._("There is no register of %(name)s") % {"name": name})
    return record_type


def _tell(record_type: RecordType, outcome: job.Done) -> None:
    if isinstance(outcome, Exception):
        click.echo(f"{record_type.name}: {explain(outcome)}", err=True)
        return
    said = {
        "created": tk._("published for the first time"),
        "updated": tk._("published again"),
        "unchanged": tk._("nothing has changed"),
        "empty": tk._("no records yet"),
        "removed": tk._("its dataset was deleted by somebody, and stays deleted"),
    }
    click.echo(f"{record_type.name}: {said[outcome.status]} ({outcome.count})")
    for suffix in outcome.left_out:
        most = formats.FORMATS[suffix].largest
        said_of = {"format": suffix.upper(), "most": most}
        click.echo(tk._("  without %(format)s, which holds %(most)s entries at most") % said_of)
    for name in outcome.snapshots:
        click.echo(f"  + {name}")
    if not outcome.table:
        click.echo(tk._("the DataStore did not take it: see the log"), err=True)
