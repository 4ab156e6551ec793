"""``ckan leszno-ngo harvest``: a source harvested by hand, as an ordinary harvest source."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import click
from ckan import model
from ckan.types import Context

from ckanext.leszno_ngo import polish, record_types, sent_json
from ckanext.leszno_ngo.catalogue.contexts import site_user
from ckanext.leszno_ngo.harvest import jobs, mend, messages, run, settings, store, undo
from ckanext.leszno_ngo.harvest.http import shown_url
from ckanext.leszno_ngo.harvest.jobs import SavedSource
from ckanext.leszno_ngo.harvest.model import SourceError, display_text
from ckanext.leszno_ngo.harvest.report import Report
from ckanext.leszno_ngo.harvest.source_kinds import SOURCE_KINDS
from ckanext.leszno_ngo.record_types import RecordType

#: Exit codes; 0 only when the run went to its end and nothing was refused.
REFUSED, STOPPED, CANCELLED = 1, 2, 130


class SourceKindName(click.ParamType):
    """A kind of source that some plugin brings; known when the command runs, not before."""

    name = "kind"

    @property
    def choices(self) -> tuple[str, ...]:
        """The kinds, as ``click.Choice`` has its choices."""
        return tuple(SOURCE_KINDS)

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str | None:
        """Show the kinds in the usage."""
        return f"[{'|'.join(self.choices)}]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Refuse a kind that no plugin brings."""
        return click.Choice(self.choices).convert(value, param, ctx)


class _Harvest(click.Command):
    """The command, with options that kinds of sources bring."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the options of every kind after those of all sources."""
        own = {name: one for kind in SOURCE_KINDS.values() for name, one in kind.own.items()}
        brought = [option.command for option in own.values() if option.command]
        *params, helping = super().get_params(ctx)
        return [*params, *brought, helping]


@click.command("harvest", cls=_Harvest, short_help="Harvest a file or an address.")
@click.argument("source", metavar="[PATH_OR_URL]", required=False)
@click.option("--format", "kind", type=SourceKindName(), required=True)
@click.option("--dry-run", is_flag=True, help="Say what would be done; change nothing.")
@click.option(
    "--report",
    "report_file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write every refused row to this CSV file.",
)
@click.option("--source", "name", help="Name of the harvest source; made when there is none.")
@click.option("--owner-org", "--owner", help="Organisation that new records belong to.")
@click.option("--title", help="The source's name as records show it.")
@click.option("--licence", type=click.Choice(settings.LICENCES), help="The source's licence.")
@click.option("--min-interval", type=float, help="Of an API: least seconds between requests.")
@click.option("--confirm", "confirmed", default="", help="Plan that a stopped run asked about.")
@click.option("--options", help="More options of the source: JSON (docs/harvest.md).")
def harvest(
    source: str | None,
    kind: str,
    dry_run: bool,
    report_file: Path | None,
    name: str | None,
    options: str | None,
    confirmed: str,
    **given: Any,
) -> None:
    """Harvest PATH_OR_URL and say what was added, changed, marked and refused.

    The address of a register may be left out where the portal's configuration has it (KRS).
    The exit code is 0 only when nothing was refused, 1 when something was, 2 when the run
    stopped, 130 when it was cancelled.
    """
    with messages.portal_language():
        changes = _changes(kind, options, given)
        source = source or SOURCE_KINDS[kind].usual_address()
        if not source:
            raise click.UsageError(tk._("Give a file or a web address"))
        file = None if _is_address(source) else Path(source)
        harvest_source = _harvest_source(source, kind, name, changes, dry_run=dry_run)
        outcome = _perform(harvest_source, file, changes, confirmed, dry_run=dry_run)
        _tell(outcome, report_file)
    sys.exit(STOPPED if outcome.stop else 0 if outcome.clean else REFUSED)


@click.command("harvest-restore", short_help="Take the clearing of a source back.")
@click.argument("name", metavar="NAME")
def harvest_restore(name: str) -> None:
    """Bring back the records that clearing the harvest source NAME sent to the bin last.

    The exit code is 0 when all are back, 1 when something stands in the place of some.
    """
    with messages.portal_language():
        user = Context(ignore_auth=True, user=site_user())
        try:
            done = tk.get_action("harvest_source_restore")(user, {"id": name})
        except tk.ObjectNotFound as error:
            raise click.UsageError(tk._("There is no source %(name)s") % {"name": name}) from error
        except tk.ValidationError as error:
            said = " ".join(map(str, error.error_summary.values()))
            raise click.ClickException(said) from error
        said = tk.ungettext("%(num)d record is back", "%(num)d records are back", done["restored"])
        click.echo(said)
        for one in done["failed"]:
            click.echo(tk._("Not restored: %(title)s: %(why)s") % one)
    sys.exit(REFUSED if done["failed"] else 0)


def _changes(kind: str, options: str | None, given: dict[str, Any]) -> dict[str, Any]:
    """Return the settings given on the command line, checked as those of the form are."""
    chosen = {key: value for key, value in given.items() if value is not None}
    try:
        more = sent_json.read(options) if options else {}
        text = json.dumps({**more, **chosen}) if isinstance(more, dict) else options
    except ValueError:
        text = options
    try:
        parsed = settings.parse(kind, text)
    except settings.SettingsError as error:
        raise click.UsageError(" ".join(map(messages.problem, error.problems))) from error
    return {key: parsed.value(key) for key in json.loads(text or "{}")}


def _is_address(source: str) -> bool:
    return source.startswith(("http://", "https://"))


def _harvest_source(
    source: str, kind: str, name: str | None, changes: dict[str, Any], *, dry_run: bool
) -> SavedSource:
    name = name or _name(source, kind)
    type_ = settings.PREFIX + kind
    package = model.Package.get(name)
    if package is not None:
        found = SavedSource.of(package.id)
        if found is None or found.type != type_:
            raise click.UsageError(
                tk._("%(name)s is there already and is no source of this format") % {"name": name}
            )
        return found
    # The path of a file on the server is nobody's business.
    url = source if _is_address(source) else f"file:{Path(source).name}"
    title = changes.get("title") or (
        shown_url(source) if _is_address(source) else Path(source).name
    )
    # What the operator makes may change what the operator may: its web runs do the same.
    kept = {"departments": settings.ALL, **changes}
    options = json.dumps(kept, ensure_ascii=False)
    owner = _organisation(changes.get("owner_org"))
    if dry_run:
        return SavedSource("", url, title, type_, json.dumps({**changes, "owner_org": owner}))
    made = tk.get_action("harvest_source_create")(
        {"ignore_auth": True, "user": site_user()},
        {
            "name": name,
            "title": title,
            "url": url,
            "source_type": type_,
            "frequency": "MANUAL",
            "owner_org": owner,
            "config": options,
        },
    )
    return SavedSource(made["id"], url, title, type_, options)


def _name(source: str, kind: str) -> str:
    """Return the name of the harvest source that a file or an address has by itself."""
    text = shown_url(source).split("://")[1] if _is_address(source) else Path(source).stem
    slug = re.sub(r"[^a-z0-9]+", "-", polish.fold(text)).strip("-")
    return f"{kind}-{slug}"[:100].rstrip("-")


def _organisation(wanted: str | None) -> str:
    if wanted:
        organisation = model.Group.get(wanted)
        if organisation is None or not organisation.is_organization:
            raise click.UsageError(tk._("There is no organisation %(name)s") % {"name": wanted})
        return organisation.id
    if tk.config["ckan.auth.create_unowned_dataset"]:
        return ""
    organisations = model.Session.query(model.Group.id).filter_by(
        is_organization=True, state="active"
    )
    found = [id_ for (id_,) in organisations.limit(2)]
    if len(found) != 1:
        raise click.UsageError(tk._("Say which organisation has the records: --owner-org NAME"))
    return found[0]


def _perform(
    harvest_source: SavedSource,
    file: Path | None,
    changes: dict[str, Any],
    confirmed: str,
    *,
    dry_run: bool,
) -> Report:
    given: dict[str, Any] = {
        "file": file,
        "changes": changes,
        "confirmed": confirmed,
        "operator": True,
    }
    if dry_run:
        with _bar() as progress:
            return jobs.perform(harvest_source, "", dry_run=True, progress=progress, **given)
    source_id = harvest_source.id
    job_id = store.start_job(source_id)
    try:
        with _bar() as progress:
            return jobs.perform(harvest_source, job_id, progress=progress, **given)
    except KeyboardInterrupt:
        jobs.ended(job_id, "cancelled")
        sys.exit(CANCELLED)
    finally:
        jobs.finish(job_id, source_id)


@click.command("undo", short_help="Undo a run of a harvest.")
@click.argument("job_id", metavar="JOB")
@click.option("--dry-run", is_flag=True, help="Say what would be undone; change nothing.")
def undo_run(job_id: str, dry_run: bool) -> None:
    """Undo the run of the harvest job JOB: the id at the end of the address of its page.

    Values, additions and marks of the run go; what people or later runs have changed since stays
    and is listed. The exit code is 1 when something stays, 2 when nothing can be undone.
    """
    with messages.portal_language():
        try:
            found = undo.undo(job_id, dry_run=dry_run)
        except SourceError as stop:
            click.echo(messages.stop(stop), err=True)
            sys.exit(STOPPED)
        if found == undo.Undone():
            click.echo(tk._("Nothing of this run can be undone"), err=True)
            sys.exit(STOPPED)
        if dry_run:
            click.echo(tk._("Nothing was changed: this is what a run would do."))
        click.echo(tk._("Put back as before: %(count)s") % {"count": found.restored})
        click.echo(tk._("Additions taken back: %(count)s") % {"count": found.removed})
        click.echo(tk._("Not undone: %(count)s") % {"count": len(found.left)})
        for one in found.left:
            click.echo(f"  {messages.left(None, one.title, one.reason, one.fields)}")
    sys.exit(REFUSED if found.left else 0)


@click.command("mend-places", short_help="Mend places put together from several sources.")
@click.option("--write", "writing", is_flag=True, help="Mend them; without it nothing is changed.")
def mend_places(writing: bool) -> None:
    """Find records with a place of several sources, such as a TERYT of another town, and mend it.

    Says field by field what stands and what the sources have; changes nothing without --write.
    Where a person has changed the place it is only said: a person decides. The exit code is 1 when
    something is left to do.
    """
    left = 0
    with messages.portal_language():
        for record_type in record_types.all_types():
            for mixed in mend.find(record_type):
                for one in mixed:
                    click.echo(_mixed_line(record_type, one))
                outcomes = mend.write(record_type, mixed) if writing else []
                left += len(mixed) - sum(o.status == "updated" for o in outcomes)
        click.echo(tk._("Left to do: %(count)s") % {"count": left})
    sys.exit(1 if left else 0)


def _mixed_line(record_type: RecordType, one: mend.Mixed) -> str:
    said = "; ".join(
        f"{messages.field_label(record_type, name)}: "
        f"{display_text(one.record.get(name) or '–')} → {display_text(value or '–')}"
        for name, value in one.wanted.items()
    )
    named = f"{one.record['title']} (/{record_type.name}/{one.record['name']})"
    if one.by_hand:
        named += ", " + tk._("changed by hand: decide it in the form")
    return f"{named}: {said}"


@contextmanager
def _bar() -> Iterator[run.Progress]:
    """Show a bar on a terminal; in a log there is none."""
    shown: dict[str, Any] = {}

    def progress(_stage: str, done: int, total: int | None) -> None:
        if total is None or not sys.stderr.isatty():
            return
        if "bar" not in shown:
            shown["bar"] = click.progressbar(length=total, label=tk._("Rows"), file=sys.stderr)
            shown["bar"].__enter__()
            shown["done"] = 0
        shown["bar"].update(done - shown["done"])
        shown["done"] = done

    try:
        yield progress
    finally:
        if "bar" in shown:
            shown["bar"].__exit__(None, None, None)


def _tell(outcome: Report, report_file: Path | None) -> None:
    record_type = record_types.get(outcome.record_type)
    for line in outcome.lines(record_type):
        click.echo(line)
    if report_file is not None:
        outcome.write_csv(report_file, record_type)
        click.echo(tk._("Refused rows: %(file)s") % {"file": report_file})
