"""``ckan leszno-ngo erase``, ``personal-data`` and ``prune``."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable
from pathlib import Path

import ckan.plugins.toolkit as tk
import click
from ckan import model

from ckanext.leszno_ngo import text
from ckanext.leszno_ngo.harvest import messages
from ckanext.leszno_ngo.privacy import erased, erasure, listed, pruning, wording
from ckanext.leszno_ngo.privacy.erasure import NothingToEraseError, Place, Wanted
from ckanext.leszno_ngo.privacy.patterns import TooShortError


@click.command("erase", short_help="Erase a person's data everywhere.")
@click.option("--record", default="", help="Id or name of a record to be erased whole.")
@click.option(
    "--text",
    "texts",
    multiple=True,
    help="A name, number or address to be masked wherever it is; - reads them from the standard "
    "input, one a line, so that they are in no history of a shell.",
)
@click.option("--dry-run", is_flag=True, help="Only say where it was found.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--again",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Repeat the erasures of this file, after a backup was restored.",
)
def erase(
    record: str, texts: tuple[str, ...], dry_run: bool, yes: bool, again: Path | None
) -> None:  # noqa: FBT001
    """Erase a record, or a text wherever it is: say where it was found, ask, take it out.

    Every store is looked through: database, DataStore, index, published files and snapshots,
    queue and sessions, logs that the portal writes. What only people can do is said at the end.
    """
    with messages.portal_language():
        wanted = _again(again) if again else [_wanted(record, _lines(texts))]
        for one in wanted:
            _tell(tk._("Found"), erasure.preview(one))
        if dry_run or not wanted:
            return
        if not yes and not click.confirm(tk._("Erase it for good?")):
            sys.exit(1)
        for one in wanted:
            _tell(tk._("Erased"), erasure.erase(one))
        for line in wording.by_hand():
            click.echo(f"- {line}")


@click.command("personal-data", short_help="List what is public and may hold personal data.")
@click.option("--no-rows", is_flag=True, help="Leave out the rows of tables.")
def personal_data(no_rows: bool) -> None:  # noqa: FBT001
    """List public records, files and rows of tables that may name persons or hold numbers and
    addresses of theirs, as CSV.

    For the data protection officer, to be looked through: a line is a place to look at, no finding.
    It says what kind of data may stand where, never the data itself.
    """
    with messages.portal_language():
        writer = csv.writer(click.get_text_stream("stdout"), lineterminator="\r\n")
        writer.writerow(wording.LISTED)
        for one in listed.everything(rows=not no_rows):
            writer.writerow([text.safe_cell(cell) for cell in wording.listed(one)])


@click.command("prune", short_help="Delete what is kept longer than it should be.")
@click.option("--dry-run", is_flag=True, help="Only count.")
def prune(dry_run: bool) -> None:  # noqa: FBT001
    """Delete harvest jobs, reports, old versions and the like that are older than `retention` says.

    For cron, once a day. It prints the rows of each table before and after.
    """
    with messages.portal_language():
        for table, (before, after) in pruning.prune(dry_run=dry_run).items():
            click.echo(f"{table:<28}{before:>10} → {after:>10}")


def _lines(texts: Iterable[str]) -> list[str]:
    found = [text for text in texts if text != "-"]
    if "-" in texts:
        found += click.get_text_stream("stdin").read().splitlines()
    return found


def _wanted(record: str, texts: list[str]) -> Wanted:
    try:
        return Wanted.of(record, texts)
    except NothingToEraseError as error:
        raise click.UsageError(tk._("There is no such record; give --record or --text")) from error
    except TooShortError as error:
        raise click.UsageError(wording.too_short()) from error


def _again(path: Path) -> list[Wanted]:
    """Return what a file of erasures names and what is there again."""
    try:
        noted = erased.read(path)
    except ValueError as error:
        raise click.UsageError(f"{path}: {error}") from error
    records = [one.digest for one in noted if one.kind == "record"]
    found = [Wanted.of(id_) for id_ in records if model.Package.get(id_)]
    texts = erased.texts_with(noted, model.Session.connection())
    click.echo(tk._("Erasures in the file: %(count)s") % {"count": len(noted)})
    return found + ([Wanted.of(texts=texts)] if texts else [])


def _tell(heading: str, places: list[Place]) -> None:
    click.echo(f"{heading}:")
    for place in places:
        click.echo(f"  {wording.store(place.store)}: {place.name or '…'}: {place.number}")
    if not places:
        click.echo(f"  {tk._('nothing')}")
