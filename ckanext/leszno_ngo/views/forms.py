"""Forms of records: CKAN's own, with drafts and "new, from last year's"."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.views.dataset import CreateView, EditView
from flask import Blueprint
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from ckanext.leszno_ngo import record_types
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
