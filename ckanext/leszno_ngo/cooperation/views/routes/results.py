"""Results of a call: a file, its rows looked through and mended on a page, then published.

Nothing is kept on the server between the steps: the page's form carries every row, so that what
an official typed or chose is never lost. Who may not publish keeps the table, looked through, with
the call; whoever publishes finds it there.
"""

from __future__ import annotations

import datetime as dt
import logging
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage, MultiDict

from ckanext.leszno_ngo import dates, datetimes, record_types
from ckanext.leszno_ngo.catalogue import batch, identity
from ckanext.leszno_ngo.cooperation import type_keys
from ckanext.leszno_ngo.cooperation.award_results import (
    judging,
    kept_tables,
    made_records,
    publication,
)
from ckanext.leszno_ngo.cooperation.award_results.offers import FIELDS, MOST_ROWS, Offer
from ckanext.leszno_ngo.cooperation.sources import results_file
from ckanext.leszno_ngo.cooperation.views.pages.results_table import Page, label, shown
from ckanext.leszno_ngo.harvest import messages
from ckanext.leszno_ngo.harvest.model import RawRow, Refusal, SourceError
from ckanext.leszno_ngo.logic import publishing
from ckanext.leszno_ngo.search.solr import AWAY
from ckanext.leszno_ngo.views.shared import form_kinds, kept_forms, personal_data_asked
from ckanext.leszno_ngo.views.shared.contexts import request_context
from ckanext.leszno_ngo.views.shared.per_type import add_routes

log = logging.getLogger(__name__)

results = Blueprint("leszno_ngo_results", __name__)

_LONGEST_CELL = 1_000
_NUMBER = re.compile("[0-9]{1,6}")
_CHANGING = ("publish", "prepare", "discard")


@results.record
def _add_routes(state: BlueprintSetupState) -> None:
    """Add a route for each type that declares results."""
    with_results = [t.name for t in record_types.all_types() if type_keys.results(t)]
    add_routes(state, "results", "results/<id>", show, with_results, methods=["GET", "POST"])


def show(package_type: str, id: str) -> ResponseReturnValue:
    """Take a file of results, show its rows, publish them.

    :param package_type: name of a record type with results
    :param id: the call's id or name
    :returns: the page; after publishing, the call's own page
    """
    record_type = record_types.get(package_type)
    assert record_type
    try:
        call = tk.get_action("package_show")(request_context(), {"id": id})
        tk.check_access("leszno_ngo_results", request_context(), {"id": call["id"]})
    except tk.ObjectNotFound:
        return tk.abort(404)
    except tk.NotAuthorized:
        return tk.abort(403, tk._("You may not publish the results of this call"))
    day = tk.request.form.get("day") or call.get(type_keys.results(record_type).resolved)  # type: ignore[union-attr]
    page = Page(
        record_type, call, day or datetimes.today(dt.datetime.now(dt.timezone.utc)).isoformat()
    )
    page.seen = tk.request.form.get("seen", "")
    if tk.request.form.get("do") not in _CHANGING:  # what changes something says what it saw
        page.seen = page.seen or _version(page)
    if tk.request.method == "POST":
        done = _discard(page) if tk.request.form.get("do") == "discard" else _answer(page)
        if done:
            return done
    elif not _take_kept(page):
        _take_prepared(page)
    return tk.render("leszno_ngo/results.html", shown(page))


def _take_kept(page: Page) -> bool:
    """Show the rows as they were typed and not published, where the address asks for them."""
    form = form_kinds.of_record("results", page.record_type.name)
    kept = kept_forms.asked_for(form, page.call["id"])
    if kept is None:
        return False
    typed = MultiDict(kept.fields)
    page.day, page.seen = typed.get("day", page.day), typed.get("seen", "")
    page.offers = _offers_of_form(page, typed) or None
    if page.offers:
        _look_through(page)
    return True


def _take_prepared(page: Page) -> None:
    """Show the table that waits for whoever publishes."""
    page.prepared = kept_tables.prepared(page.call["id"])
    if page.prepared is None:
        return
    page.day, page.offers = page.prepared.day, page.prepared.offers
    _look_through(page)


def _answer(page: Page) -> ResponseReturnValue | None:
    form, file = tk.request.form, tk.request.files.get("file")
    if file and file.filename:
        _read_file(page, file)
    elif "row" in form:
        page.offers = _offers_of_form(page, form) or None
    if page.offers is None and not page.errors:
        page.errors.append(tk._("Choose a file"))
    if page.offers is None:
        return None
    wanted = tk.request.form.get("do")
    if wanted == "publish":
        _may_publish(page)
    done = _look_through(page, publish=wanted == "publish")
    return _prepare(page) if wanted == "prepare" and page.is_clean else done


def _may_publish(page: Page) -> None:
    try:
        tk.check_access("leszno_ngo_publish", request_context(), {"id": page.call["id"]})
    except tk.NotAuthorized:
        page.errors.append(publishing.refusal())


def _prepare(page: Page) -> ResponseReturnValue | None:
    assert page.offers is not None
    identity.turn()
    waiting = kept_tables.prepared(page.call["id"])
    if not (waiting and waiting.holds(page.offers, page.day)):  # a double click keeps it once
        if page.seen != _version(page):
            return _changed_meanwhile(page)
        kept_tables.prepare(page.call["id"], page.offers, page.day, tk.current_user.name)
    said = tk._("The results are kept with the call. An administrator of the department publishes")
    tk.h.flash_success(said)
    return tk.redirect_to(f"{page.record_type.name}.read", id=page.call["name"])


def _changed_meanwhile(page: Page) -> None:
    """Say it once: whoever has looked goes on with what they typed."""
    page.seen = _version(page)
    page.errors.append(
        tk._(
            "Somebody has changed the call, its grants or the table that waits to be published "
            "since you opened this page. Your rows are below as you typed them. Look at the call, "
            "then check again and publish"
        )
    )


def _version(page: Page) -> str:
    return made_records.version(request_context(), page.record_type, page.call["id"])


def _discard(page: Page) -> ResponseReturnValue | None:
    identity.turn()
    waiting = kept_tables.prepared(page.call["id"])
    if waiting and page.seen != _version(page):
        _take_prepared(page)
        return _changed_meanwhile(page)
    kept_tables.discard(page.call["id"])
    tk.h.flash_success(tk._("The table was discarded. Nothing was published"))
    return tk.redirect_to(f"{page.record_type.name}.read", id=page.call["name"])


def _look_through(page: Page, *, publish: bool = False) -> ResponseReturnValue | None:
    """Match and check the rows; publish them where all is right and that is wanted."""
    assert page.offers is not None
    if page.is_too_long:
        return None
    day = _day(page)
    try:
        judging.judge(page.record_type, page.offers)
        if day and page.is_clean:
            return _publish(page, day, dry_run=not publish)
    except AWAY as error:
        log.error("Results could not be matched: %s", error)
        page.errors.append(tk._("The search does not work now. Try again in a while"))
    return None


def _publish(page: Page, day: dt.date, *, dry_run: bool) -> ResponseReturnValue | None:
    assert page.offers is not None
    try:
        done = publication.publish(
            page.record_type,
            page.call["id"],
            page.offers,
            day,
            tk.current_user.name,
            seen=page.seen,
            answer=personal_data_asked.answer(),
            dry_run=dry_run,
        )
    except publication.AskedFirst:
        page.is_asked = True
        return None
    except publication.ChangedMeanwhile:
        if kept_tables.was_published(
            page.call["id"], kept_tables.sending(page.seen, page.offers, day)
        ):
            tk.h.flash_notice(tk._("These results are published already, once"))
            return tk.redirect_to(f"{page.record_type.name}.read", id=page.call["name"])
        return _changed_meanwhile(page)
    except publication.Refused as refused:
        page.errors += [_of_call(page, *error) for error in refused.errors.items()]
        return None
    except batch.NotIndexed as error:
        log.error("Results are stored but not indexed: %s", error.ids)
        tk.h.flash_error(tk._("The results are saved, but the search does not know them yet"))
        return tk.redirect_to(f"{page.record_type.name}.read", id=page.call["name"])
    if dry_run:
        return None
    tk.h.flash_success(
        tk._(
            "The results are published. Grants: %(created)s new, %(updated)s changed, "
            "%(unchanged)s as before; offers without a grant: %(refused)s"
        )
        % vars(done)
    )
    return tk.redirect_to(f"{page.record_type.name}.read", id=page.call["name"])


def _of_call(page: Page, name: str, found: Any) -> str:
    """Say what keeps the call itself from being saved: its field, and why."""
    texts = found if isinstance(found, list) else [found]
    said = " ".join(text for text in texts if isinstance(text, str))
    known = {field.name: field.label for field in page.record_type.fields}
    heading = tk.h.leszno_ngo_text(known[name]) if name in known else name
    return f"{page.call['title']}, {heading}: {said}"


def _day(page: Page) -> dt.date | None:
    try:
        return dates.parse_date(page.day)
    except dates.DateError:
        page.day_error = tk._("Give the day of the decision, for example 15.01.2027")
        return None


def _offers_of_form(page: Page, form: MultiDict[str, str]) -> list[Offer]:
    """Return the rows that a form sends; too many are shown as they were typed, and not read."""
    numbers = dict.fromkeys(filter(_NUMBER.fullmatch, form.getlist("row")))
    if len(numbers) > MOST_ROWS:
        said = tk._(
            "The form has %(rows)s rows, more than %(most)s. They are below as you typed them, and "
            "nothing was checked. Is it the right table?"
        )
        page.errors.append(said % {"rows": len(numbers), "most": MOST_ROWS})
    return [_offer_of_form(form, number) for number in numbers]


def _offer_of_form(form: MultiDict[str, str], number: str) -> Offer:
    values = {name: form.get(f"{name}-{number}", "").strip()[:_LONGEST_CELL] for name in FIELDS}
    return Offer(
        number=int(number),
        values=values,
        choice=form.get(f"choice-{number}", ""),
        left_out=f"left_out-{number}" in form,
    )


# ------------------------------------------------------------------------------ the file
def _read_file(page: Page, file: FileStorage) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "results.xlsx"  # openpyxl looks at the ending
        file.save(path)
        try:
            # What is missing is said below, by the names that the page has for the columns.
            limits = results_file.uploaded()
            opened = results_file.open_results(path, limits=limits, needed=())
            rows = list(results_file.rows(opened))
        except SourceError as error:
            page.errors.append(messages.stop(error))
            return
    if len(rows) > MOST_ROWS:
        said = tk._("The file has %(rows)s rows, more than %(most)s. Is it the right one?")
        page.errors.append(said % {"rows": len(rows), "most": MOST_ROWS})
        return
    if opened.other_sheets:
        page.notes.append(messages.other_sheets(opened.other_sheets))
    if opened.unknown:
        said = tk._("Columns that are not read: %(names)s")
        page.notes.append(said % {"names": ", ".join(opened.unknown)})
    if opened.dropped:
        said = tk._("Columns left out because they hold people: %(names)s")
        page.notes.append(said % {"names": ", ".join(opened.dropped)})
    _needed(page, opened.fields)
    page.errors += [_unreadable(row) for row in rows if isinstance(row, Refusal)]
    page.offers = [_offer(row) for row in rows if isinstance(row, RawRow)]


def _needed(page: Page, given: Iterable[str]) -> None:
    lacking = set(results_file.NEEDED) - set(given)
    if lacking:
        names = ", ".join(label(name) for name in FIELDS if name in lacking)
        page.errors.append(tk._("The file has no column: %(names)s") % {"names": names})


def _unreadable(refused: Refusal) -> str:
    return messages.refusal(None, refused)


def _offer(row: RawRow) -> Offer:
    return Offer(row.number, {name: row.values.get(name, "") for name in FIELDS})
