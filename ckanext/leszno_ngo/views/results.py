"""Results of a call: a file, its rows looked through and mended on a page, then published.

Nothing is kept on the server between the steps: the page's form carries every row, so that what
an official typed or chose is never lost.
"""

from __future__ import annotations

import datetime as dt
import logging
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.search.common import SearchError
from flask import Blueprint
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from ckanext.leszno_ngo import config, dates, moments, record_types
from ckanext.leszno_ngo.catalogue import batch
from ckanext.leszno_ngo.catalogue import results as catalogue
from ckanext.leszno_ngo.catalogue.results import FIELDS, Offer, Problem
from ckanext.leszno_ngo.harvest import messages
from ckanext.leszno_ngo.harvest.model import RawRow, Refusal, SourceError
from ckanext.leszno_ngo.harvest.sources import headers, table
from ckanext.leszno_ngo.harvest.sources.lines import Limits
from ckanext.leszno_ngo.logic import findings
from ckanext.leszno_ngo.record_types import RecordType

log = logging.getLogger(__name__)

results = Blueprint("leszno_ngo_results", __name__)

_MOST_BYTES = 2_000_000
_LONGEST_CELL = 1_000


@dataclass
class Page:
    """What the page shows.

    :param day: the day of the decision as typed
    :param offers: the rows, ``None`` before a file was given
    :param errors: what is wrong with the file or with the whole
    :param day_error: what is wrong with the day
    :param notes: headings that were not understood or that hold people
    """

    record_type: RecordType
    call: Mapping[str, Any]
    day: str
    offers: list[Offer] | None = None
    errors: list[str] = field(default_factory=list)
    day_error: str = ""
    notes: list[str] = field(default_factory=list)


@results.record
def _add_routes(state: BlueprintSetupState) -> None:
    """Add a route for each type that declares results."""
    for record_type in record_types.all_types():
        if record_type.results:
            state.add_url_rule(
                f"/{record_type.name}/results/<id>",
                endpoint=f"results_{record_type.name}",
                view_func=show,
                defaults={"package_type": record_type.name},
                methods=["GET", "POST"],
            )


def show(package_type: str, id: str) -> ResponseReturnValue:
    """Take a file of results, show its rows, publish them.

    :param package_type: name of a record type with results
    :param id: the call's id or name
    :returns: the page; after publishing, the call's own page
    """
    record_type = record_types.get(package_type)
    assert record_type
    context = {"user": tk.current_user.name, "auth_user_obj": tk.current_user}
    try:
        call = tk.get_action("package_show")(context, {"id": id})  # type: ignore[arg-type]
        tk.check_access("leszno_ngo_results", context, {"id": call["id"]})  # type: ignore[arg-type]
    except tk.ObjectNotFound:
        return tk.abort(404)
    except tk.NotAuthorized:
        return tk.abort(403, tk._("You may not publish the results of this call"))
    day = tk.request.form.get("day") or call.get(record_type.results.resolved)  # type: ignore[union-attr]
    page = Page(
        record_type, call, day or moments.today(dt.datetime.now(dt.timezone.utc)).isoformat()
    )
    if tk.request.method == "POST":
        done = _answer(page)
        if done:
            return done
    return _render(page)


def _answer(page: Page) -> ResponseReturnValue | None:
    file = tk.request.files.get("file")
    if file and file.filename:
        _read_file(page, file)
    elif "row" in tk.request.form:
        page.offers = [_offer_of_form(number) for number in tk.request.form.getlist("row")]
    else:
        page.errors.append(tk._("Choose a file"))
    if page.offers is None:
        return None
    day = _day(page)
    try:
        catalogue.judge(page.record_type, page.offers)
        clean = not page.errors and not any(offer.errors for offer in page.offers)
        if day and clean:
            return _publish(page, day, dry_run=tk.request.form.get("do") != "publish")
    except SearchError as error:
        log.error("Results could not be matched: %s", error)
        page.errors.append(tk._("The search does not work now. Try again in a while"))
    return None


def _publish(page: Page, day: dt.date, *, dry_run: bool) -> ResponseReturnValue | None:
    assert page.offers is not None
    try:
        done = catalogue.publish(
            page.record_type,
            page.call["id"],
            page.offers,
            day,
            tk.current_user.name,
            dry_run=dry_run,
        )
    except catalogue.Refused as refused:
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


def _offer_of_form(number: str) -> Offer:
    form = tk.request.form
    values = {name: form.get(f"{name}-{number}", "").strip()[:_LONGEST_CELL] for name in FIELDS}
    return Offer(
        number=int(number) if number.isdigit() else 0,
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
            opened = table.open_table(
                path,
                limits=Limits(max_bytes=_MOST_BYTES, max_unpacked=20 * _MOST_BYTES),
                headings=headers.load("results.yaml"),
            )
            rows = list(opened.rows())
        except SourceError as error:
            page.errors.append(messages.stop(error))
            return
    if len(rows) > catalogue.MOST_ROWS:
        said = tk._("The file has %(rows)s rows, more than %(most)s. Is it the right one?")
        page.errors.append(said % {"rows": len(rows), "most": catalogue.MOST_ROWS})
        return
    if opened.unknown:
        said = tk._("Columns that are not read: %(names)s")
        page.notes.append(said % {"names": ", ".join(opened.unknown)})
    if opened.dropped:
        said = tk._("Columns left out because they hold people: %(names)s")
        page.notes.append(said % {"names": ", ".join(opened.dropped)})
    _needed(page, opened.fields)
    page.errors += [_unreadable(row) for row in rows if isinstance(row, Refusal)]
    page.offers = [_offer(row) for row in rows if isinstance(row, RawRow) and not _is_sum(row)]


def _needed(page: Page, given: Iterable[str]) -> None:
    lacking = {"organisation", "task", "granted_amount"} - set(given)
    if lacking:
        names = ", ".join(label(name) for name in FIELDS if name in lacking)
        page.errors.append(tk._("The file has no column: %(names)s") % {"names": names})


def _unreadable(refused: Refusal) -> str:
    return messages.refusal(None, refused)


def _is_sum(row: RawRow) -> bool:
    """The last line of an office's table: amounts added up, no organisation and no task."""
    said = row.values
    names = " ".join((said.get("organisation", ""), said.get("task", ""))).strip(" :.").casefold()
    return names in {"", "razem", "suma", "ogółem", "łącznie"}


def _offer(row: RawRow) -> Offer:
    values = {name: row.values.get(name, "")[:_LONGEST_CELL] for name in FIELDS}
    number = values["number"] or row.values.get("krs", "") or row.values.get("nip", "")
    return Offer(row.number, {**values, "number": number})


# ------------------------------------------------------------------------------ the page
def _render(page: Page) -> str:
    offers = page.offers or []
    granted = catalogue.total(offers)
    budget = page.call.get(page.record_type.money.get("planned", "")) or 0
    missing = catalogue.missing(page.record_type, page.call["id"], offers) if page.offers else []
    return tk.render(
        "leszno_ngo/results.html",
        {
            "page": page,
            "record_type": page.record_type,
            "dataset_type": page.record_type.name,
            "call": page.call,
            "fields": [(name, label(name)) for name in FIELDS],
            "said": said,
            "wrong": [(o, p) for o in offers for p in o.problems],
            "clean": not page.errors and not page.day_error and not any(o.errors for o in offers),
            "granted": granted,
            "over_budget": budget and granted > float(budget),
            "missing": missing,
            "made": record_types.get(page.record_type.results.type),  # type: ignore[union-attr]
            "publisher": config.publisher_name(),
        },
    )


def label(name: str) -> str:
    """Return the heading of a column of the commission's table."""
    return {
        "organisation": tk._("Organisation"),
        "number": tk._("KRS or NIP"),
        "task": tk._("Task"),
        "points": tk._("Points"),
        "asked_amount": tk._("Amount asked"),
        "granted_amount": tk._("Amount granted"),
        "remarks": tk._("Remarks"),
    }[name]


def said(problem: Problem, record_type: RecordType) -> str:
    """Say what is wrong in a row.

    :param problem: what was found
    :param record_type: type of the records made, for the names of its fields
    """
    if "finding" in problem.data:
        return findings.text(problem.data["finding"], record_type)
    texts = {
        "organisation_unknown": tk._(
            "This organisation is not recognised. Choose one, or say that it is not in the "
            "catalogue"
        ),
        "number_wrong": tk._('"%(value)s" is not a KRS or NIP number'),
        "number_unknown": tk._("The catalogue has no organisation with the number %(value)s"),
        "amount_wrong": tk._('"%(value)s" is not a number. Example of a right one: 10 000,50'),
        "more_than_asked": tk._("More was granted than was asked for"),
        "repeated": tk._("The same organisation and task are in row %(row)s"),
        "empty": tk._("Fill this in"),
    }
    return texts[problem.code] % problem.data if problem.code in texts else problem.code
