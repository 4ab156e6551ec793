"""Commands: ``ckan leszno-ngo …``."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import click
import sqlalchemy as sa
from ckan import model

from ckanext.leszno_ngo import (
    config,
    inline_markup,
    portal_settings,
    record_types,
    services,
    text,
    type_files,
)
from ckanext.leszno_ngo.catalogue import batch, derived, rederived
from ckanext.leszno_ngo.harvest import messages
from ckanext.leszno_ngo.harvest.command import harvest, harvest_restore, mend_places, undo_run
from ckanext.leszno_ngo.logic import publishing
from ckanext.leszno_ngo.privacy.command import erase, personal_data, prune
from ckanext.leszno_ngo.registers.command import publish
from ckanext.leszno_ngo.search import quality as found
from ckanext.leszno_ngo.search import unindexed

__all__ = ["leszno_ngo"]


class _Commands(click.Group):
    """Commands that say in a sentence that PostgreSQL, Solr or Redis is away."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command.

        :raises click.ClickException: one of the services does not answer
        """
        try:
            return super().invoke(ctx)
        except services.AWAY as error:
            raise click.ClickException(services.sentence(error, tk.config)) from error


@click.group(
    name="leszno-ngo", cls=_Commands, short_help="Records of the programme of cooperation."
)
def leszno_ngo() -> None:
    """Harvest, check and publish the records of the programme of cooperation."""


@leszno_ngo.command("reindex", short_help="Put every record into the search again.")
@click.option("--waiting", is_flag=True, help="Only what was saved while the search was away.")
def reindex(waiting: bool) -> None:
    """Put every record into the search again, in bulk.

    It is needed after a change of the Solr configuration or of a record type's schema; other
    datasets are ``ckan search-index rebuild``'s. The exit code is 1 when the search engine did
    not take some records.
    """
    if waiting:
        _take_up()
        return
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
    if unindexed.count():
        _take_up()


def _take_up() -> None:
    before = unindexed.count()
    left = unindexed.take_up()
    with messages.portal_language():
        click.echo(tk._("Put into the search: %(count)s") % {"count": before - left})
        if left:
            failed = tk._("The search engine did not take: %(count)s. Try again when it answers")
            click.echo(failed % {"count": left}, err=True)
            sys.exit(1)


@leszno_ngo.command("quality", short_help="Say what needs mending in the records.")
@click.option("--type", "type_name", metavar="TYPE", help="Only records of this type.")
@click.option("--organization", metavar="NAME", help="Only the records of this organisation.")
@click.option("--json", "as_json", is_flag=True, help="Print every record found, as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Print every record found, as CSV.")
@click.option("--strict", is_flag=True, help="The exit code is 1 for warnings, too.")
def quality(
    type_name: str | None, organization: str | None, as_json: bool, as_csv: bool, strict: bool
) -> None:
    """Say what needs mending in the records: a table of rules with the number of records.

    The rules are those of the page /panel/jakosc. The exit code is 1 when a rule of the level
    "error" finds something (with --strict: any rule), 2 for a wrong option.
    """
    if type_name and not record_types.get(type_name):
        raise click.BadParameter(f"there is no record type {type_name}", param_hint="--type")
    units = _unit(organization)
    with messages.portal_language():
        report = found.report(units, type_name)
        if as_json:
            click.echo(json.dumps(list(_found(report)), ensure_ascii=False, indent=1))
        elif as_csv:
            writer = csv.writer(click.get_text_stream("stdout"), lineterminator="\r\n")
            writer.writerow(_COLUMNS)
            for row in _found(report):
                writer.writerow([text.safe_cell(row[name]) for name in _COLUMNS])
        else:
            _print_counts(report)
    sys.exit(1 if (report.counts if strict else report.errors) else 0)


_COLUMNS = ("rule", "level", "type", "id", "title", "url", "edit_url")


def _unit(name: str | None) -> list[str] | None:
    if name is None:
        return None
    organization = model.Group.get(name)
    if organization is None or not organization.is_organization:
        raise click.BadParameter(f"there is no organisation {name}", param_hint="--organization")
    return [organization.id]


def _found(report: found.Report) -> Iterator[dict[str, Any]]:
    for count, record in found.everything(report):
        name, type_name = record["name"], record["dataset_type"]
        yield {
            "rule": count.term.code,
            "level": count.level,
            "type": type_name,
            "id": record["id"],
            "title": record["title"],
            "url": tk.url_for(f"{type_name}.read", id=name, qualified=True),
            "edit_url": tk.url_for(f"{type_name}.edit", id=name, qualified=True),
        }


def _print_counts(report: found.Report) -> None:
    lang = config.language()
    if not report.counts:
        click.echo(tk._("Nothing to mend here."))
    for count in report.counts:
        label = count.term.label(lang)
        click.echo(f"{count.total:>8}  {count.level:<8} {count.term.code:<20} {label}")
        for record_type, number in count.types:
            click.echo(f"{number:>8}    {record_type.name}")


@leszno_ngo.command("check-settings", short_help="Say which settings of the portal are open.")
def check_settings() -> None:
    """Say which settings let people do more than they should on a city's portal.

    Each line is an option of ckan.ini with its value and what it opens. Without a line in ckan.ini
    the portal has the safe value. The exit code is 1 when something is open. Departments in which
    nobody may publish are named, too: an upgrade may have left them so.
    """
    with messages.portal_language():
        found = list(portal_settings.open_settings(tk.config))
        for key, why in found:
            value = "…" if key == "SECRET_KEY" else tk.config.get(key)
            click.echo(f"{key} = {value}\n    {tk._(why)}")
        if not found:
            click.echo(tk._("No setting is open."))
        for plugin, template in inline_markup.unmended(tk.config["plugin_template_paths"]):
            said = tk._(
                "The plugin %(plugin)s is not supported: %(template)s has scripts or styles in the "
                "page itself, which browsers do not run here (docs/operators.md)"
            )
            click.echo(said % {"plugin": plugin, "template": template})
        for plugin in sorted(inline_markup.WRITE_STYLES & set(tk.config["ckan.plugins"])):
            said = tk._(
                "The plugin %(plugin)s is not supported: its scripts write styles into the page, "
                "which browsers do not heed here (docs/operators.md)"
            )
            click.echo(said % {"plugin": plugin})
        for title in publishing.departments_without_publisher():
            said = tk._(
                "Nobody in the department %(title)s may publish: make one of its members an "
                "administrator, or set ckanext.leszno_ngo.publish_role = editor"
            )
            click.echo(said % {"title": title})
    sys.exit(1 if found else 0)


@leszno_ngo.command("check-types", short_help="Say what is wrong in type files.")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check_types(files: tuple[Path, ...]) -> None:
    """Say what is wrong in type files, without loading them.

    FILES are schemas with the section record_type that the portal may not have yet; without any,
    the portal's own are checked. Each line is a fault: the file, its line, the place, what was
    found there and what is allowed. The exit code is 1 when there is one.
    """
    found = type_files.faults(files)
    for fault in found:
        click.echo(str(fault))
    if not found:
        with messages.portal_language():
            click.echo(tk._("The type files are right."))
    sys.exit(1 if found else 0)


@leszno_ngo.command("derive", short_help="Work out again what rules have derived.")
@click.option("--write", "writing", is_flag=True, help="Write it; without it nothing is changed.")
@click.option("--list", "listing", is_flag=True, help="Name each entry with both values.")
def derive(writing: bool, listing: bool) -> None:
    """Work out again, for stored records, what rules have derived: the spheres of organisations.

    Records keep what the rules of the day gave; after an upgrade that mends rules this brings them
    up to date. What a person chose stays. The exit code is 1 when something is left to do.
    """
    looked_at = declared = outdated = written = 0
    with messages.portal_language():
        for record_type in record_types.all_types():
            for chunk in rederived.find(record_type):
                looked_at += chunk.looked_at
                declared += chunk.declared
                outdated += len(chunk.outdated)
                if listing:
                    _list_derived(record_type, chunk)
                if writing and chunk.outdated:
                    written += rederived.write(chunk.outdated)
        click.echo(tk._("Entries looked at: %(count)s") % {"count": looked_at})
        click.echo(tk._("Chosen by people, left as they are: %(count)s") % {"count": declared})
        click.echo(tk._("Derived otherwise today: %(count)s") % {"count": outdated})
        click.echo(tk._("Written: %(count)s") % {"count": written})
        click.echo(tk._("Left to do: %(count)s") % {"count": outdated - written})
    sys.exit(1 if outdated > written else 0)


def _list_derived(record_type: record_types.RecordType, chunk: rederived.Chunk) -> None:
    marks = derived.marks(record_type)
    for record, values in chunk.outdated:
        said = "; ".join(
            f"{messages.field_label(record_type, name)}: "
            f"{', '.join(record.get(name) or ['–'])} → {', '.join(value or ['–'])}"
            for name, value in values.items()
            if name not in marks
        )
        click.echo(f"{record['title']} (/{record_type.name}/{record['name']}): {said}")


leszno_ngo.add_command(harvest)
leszno_ngo.add_command(harvest_restore)
leszno_ngo.add_command(mend_places)
leszno_ngo.add_command(undo_run)
leszno_ngo.add_command(publish)
leszno_ngo.add_command(erase)
leszno_ngo.add_command(personal_data)
leszno_ngo.add_command(prune)
