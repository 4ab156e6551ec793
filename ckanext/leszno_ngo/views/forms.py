"""Forms of records: CKAN's own, with drafts and "new, from last year's"."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.views.dataset import CreateView, EditView
from flask import Blueprint
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from ckanext.leszno_ngo import moments, record_types
from ckanext.leszno_ngo.catalogue import copies
from ckanext.leszno_ngo.catalogue.ledger import DatabaseLedger
from ckanext.leszno_ngo.logic import cooperation
from ckanext.leszno_ngo.views.per_type import add_routes
from ckanext.leszno_ngo.views.reader import reader

forms = Blueprint("leszno_ngo_forms", __name__)


class New(CreateView):
    """The form of a new record; ``?copy=<name>`` begins it from another one."""

    def get(
        self,
        package_type: str,
        data: dict[str, Any] | None = None,
        errors: dict[str, Any] | None = None,
        error_summary: dict[str, Any] | None = None,
    ) -> str:
        """Show the form, empty, copied or as it was sent."""
        name = tk.request.args.get("copy")
        if data is None and name:
            data = _copied(package_type, name)
        data = _with_spent(package_type, data, errors)
        return super().get(package_type, data, errors, error_summary)


class Edit(EditView):
    """The form of a stored record; CKAN would show that of a draft as a new one's."""

    def get(
        self,
        package_type: str,
        id: str,
        data: dict[str, Any] | None = None,
        errors: dict[str, Any] | None = None,
        error_summary: dict[str, Any] | None = None,
    ) -> ResponseReturnValue:
        """Show the form with what is stored or as it was sent, and the warnings."""
        if not errors:
            _look_through(package_type, id)
        data = _with_spent(package_type, data, errors)
        # The state is only read for the stages of CKAN's form.
        return super().get(package_type, id, {**(data or {}), "state": ""}, errors, error_summary)


def _copied(package_type: str, name: str) -> dict[str, Any]:
    try:
        record = tk.get_action("package_show")(reader(), {"id": name})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404, tk._("The entry to copy is not in the catalogue"))
    record_type = record_types.get(record["type"])
    if record_type is None or record_type.name != package_type:
        return tk.abort(404, tk._("The entry to copy is not in the catalogue"))
    today = dt.datetime.now(dt.timezone.utc)
    return copies.proposed(record_type, record, DatabaseLedger(), today)


def _with_spent(
    package_type: str, data: dict[str, Any] | None, errors: dict[str, Any] | None
) -> dict[str, Any] | None:
    """Fill the table of tasks before in where the law wants it and nobody did, to be checked."""
    record_type = record_types.get(package_type)
    table = record_type.copy.spent if record_type else ""
    if not record_type or not data or not table or table not in (errors or {}):
        return data
    cells = {name for name in data if name.startswith(f"{table}-")}
    kept = [row for row in data.get(table) or () if isinstance(row, dict)]
    if any(data[name] for name in cells) or any(value for row in kept for value in row.values()):
        return data
    today = dt.datetime.now(dt.timezone.utc)
    read = {**data, **{name: _stored(data.get(name)) for name in record_type.year}}
    rows = copies.spent_before(record_type, read, DatabaseLedger(), today)
    if not rows:
        return data
    said = tk._("Filled in from the grants in the catalogue: %(table)s. Check it and save again")
    tk.h.flash_notice(said % {"table": tk.h.leszno_ngo_text(record_type.field(table).label)})
    return {**{name: data[name] for name in data if name not in cells}, table: rows}


def _stored(typed: Any) -> str:
    """A year or a moment as records keep it; empty where nobody can tell."""
    text = str(typed or "").strip()
    if re.fullmatch(r"\d{4}", text):
        return text
    try:
        return moments.stored(moments.parse(text))
    except moments.MomentError:
        return ""


def _look_through(package_type: str, id_: str) -> None:
    """Leave what the checks find in the stored record for the form's fields."""
    record_type = record_types.get(package_type)
    try:
        record = tk.get_action("package_show")(reader(), {"id": id_})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return  # CKAN's view says so
    if record_type:
        cooperation.leave(record_type, cooperation.look_through(record_type, record))


@forms.record
def _add_routes(state: BlueprintSetupState) -> None:
    """Add the forms' routes."""
    add_routes(state, "new", "new", New.as_view("new"))
    add_routes(state, "edit", "edit/<id>", Edit.as_view("edit"))
