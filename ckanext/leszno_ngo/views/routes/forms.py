"""Forms of records: CKAN's own, with drafts and "new, from last year's".

What is typed is never lost under another's change: a form carries the version it was made on, and
where the record has been changed since, a page shows both (``comparing``). A form saved twice
makes one record.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.navl.dictization_functions import DataError, unflatten
from ckan.lib.search import SearchIndexError
from ckan.logic import clean_dict, parse_params, tuplize_dict
from ckan.types import Context
from ckan.views.dataset import CreateView, DeleteView, EditView
from flask import Blueprint
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from ckanext.leszno_ngo import datetimes, record_types
from ckanext.leszno_ngo.catalogue import bin as deleted
from ckanext.leszno_ngo.catalogue import checks, copies, form_keys, links, versions
from ckanext.leszno_ngo.logic import record_validators, stored_values, writing
from ckanext.leszno_ngo.logic.kept_forms import CONTROL as OPENING
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.views.pages import comparing
from ckanext.leszno_ngo.views.shared import kept_forms, personal_data_asked
from ckanext.leszno_ngo.views.shared.contexts import record_for, request_context
from ckanext.leszno_ngo.views.shared.per_type import add_routes

forms = Blueprint("leszno_ngo_forms", __name__)


class New(CreateView):
    """The form of a new record; ``?copy=<name>`` begins it from another one."""

    def _prepare(self) -> Context:
        context = super()._prepare()
        form_keys.say_key(context, tk.request.form.get(form_keys.CONTROL))
        return context

    def post(self, package_type: str) -> ResponseReturnValue:
        """Make the record; the same form saved again leads to the one it has made."""
        sent = _sent()
        if personal_data_asked.asks(package_type, sent, personal_data_asked.answer()):
            return self.get(package_type, sent)
        try:
            return super().post(package_type)
        except form_keys.AlreadyMade as error:
            return _again(package_type, error.record_id)

    def get(
        self,
        package_type: str,
        data: dict[str, Any] | None = None,
        errors: dict[str, Any] | None = None,
        error_summary: dict[str, Any] | None = None,
    ) -> str:
        """Show the form, empty, copied or as it was sent."""
        name = tk.request.args.get("copy")
        if data is None:
            data = kept_forms.filled(package_type)
        if data is None and name:
            data = _copied(package_type, name)
        data = _with_filled(package_type, data, errors)
        return super().get(package_type, data, errors, error_summary)


class Edit(EditView):
    """The form of a stored record; CKAN would show that of a draft as a new one's."""

    def post(self, package_type: str, id: str) -> ResponseReturnValue:
        """Save the record, or show what keeps it from being saved and all that was typed."""
        sent = _sent()
        try:
            stored = _stored_record(id)
        except tk.ObjectNotFound:
            return tk.abort(404)
        except tk.NotAuthorized:
            return tk.abort(403, tk._("You may not change this entry"))
        choices = comparing.chosen(sent)
        data = comparing.taken(sent, stored, choices)
        made_on, compared = data.pop("made_on", None), tk.request.form.getlist("compared")
        for name in ("compared", "to_form", form_keys.CONTROL):
            data.pop(name, None)
        if "to_form" in tk.request.form:
            return self.get(package_type, id, data)
        if set(compared) - set(choices):
            return _differing(sent, stored, str(made_on), choices, missing=True)
        restores = bool(data.pop("restore", None))
        if stored["state"] == model.State.DELETED and not restores:
            return self._in_bin(stored, data)
        return self._save(stored, data, restores=restores)

    def _save(
        self, stored: dict[str, Any], data: dict[str, Any], *, restores: bool
    ) -> ResponseReturnValue:
        package_type = stored["type"]
        if personal_data_asked.asks(package_type, data, personal_data_asked.answer(), stored):
            return self.get(package_type, stored["id"], data)
        whole = {**data, "id": stored["id"]}
        whole.pop("save", None)
        try:
            saved = tk.get_action("package_update")({**request_context()}, whole)
        except writing.Conflict:
            now = _stored_record(stored["id"])
            if now["state"] == model.State.DELETED and not restores:
                return self._in_bin(now, data)
            choices = comparing.chosen(tk.request.form)
            return _differing(data, now, data["metadata_modified"], choices)
        except tk.NotAuthorized:
            return tk.abort(403, tk._("You may not change this entry"))
        except SearchIndexError as error:
            return tk.abort(500, f"{tk._('The search does not work now.')} {error.args!r}")
        except tk.ValidationError as error:
            return self.get(package_type, stored["id"], data, error.error_dict, error.error_summary)
        for field, wrong in stored_values.LEFT.get():
            said = tk._("Left as it was, although it is not right: %(field)s. %(wrong)s")
            where = tk.h.leszno_ngo_text(field["label"])
            tk.h.flash_notice(said % {"field": where, "wrong": " ".join(wrong)})
        return tk.redirect_to(f"{saved['type']}.read", id=saved["name"])

    def _in_bin(self, stored: dict[str, Any], data: dict[str, Any]) -> ResponseReturnValue:
        """Show what was typed into the form of a record that was deleted meanwhile."""
        alive = versions.last(stored["id"], lambda r: r.get("state") != model.State.DELETED)
        if alive and alive.record.get("metadata_modified") == data.get("metadata_modified"):
            # Nothing but the deletion has come between: the form may restore.
            data = {**data, "metadata_modified": stored["metadata_modified"]}
        return self.get(stored["type"], stored["id"], data, {"state": [_deleted_meanwhile()]})

    def get(
        self,
        package_type: str,
        id: str,
        data: dict[str, Any] | None = None,
        errors: dict[str, Any] | None = None,
        error_summary: dict[str, Any] | None = None,
    ) -> ResponseReturnValue:
        """Show the form with what is stored or as it was sent, and the warnings."""
        if not errors and record_validators.LEFT.get() is None:
            _look_through(package_type, id)
        data = _typed(package_type, id, data)
        data = _with_filled(package_type, data, errors)
        if record_types.get(package_type):
            # The state is only read for the stages of CKAN's form.
            data = {**(data or {}), "state": ""}
        return super().get(package_type, id, data, errors, error_summary)


class Delete(DeleteView):
    """Deleting a record: asked for first, and undone by a button right after."""

    def get(self, package_type: str, id: str) -> ResponseReturnValue:
        """Ask, and say what points at the record."""
        record = _to_delete(id)
        pointing, hidden = links.pointing(request_context(), record["id"])
        return tk.render(
            "leszno_ngo/delete.html",
            {
                "record": record,
                "record_type": record_types.get(record["type"]),
                "dataset_type": record["type"],
                "pointing": pointing,
                "hidden": hidden,
            },
        )

    def post(self, package_type: str, id: str) -> ResponseReturnValue:
        """Delete the record; one that somebody has deleted already stays where it is."""
        record = _to_delete(id)
        if record["state"] != model.State.DELETED:
            tk.get_action("package_delete")(request_context(), {"id": record["id"]})
        said = tk.render_snippet("leszno_ngo/snippets/deleted_flash.html", {"record": record})
        tk.h.flash_success(said, allow_html=True)
        return tk.redirect_to(f"{record['type']}.search")


def _to_delete(id_: str) -> dict[str, Any]:
    return record_for(id_, "package_delete", tk._("You may not delete this entry"))


def _sent() -> dict[str, Any]:
    """Read what a form sends, as CKAN's forms do."""
    try:
        sent = clean_dict(unflatten(tuplize_dict(parse_params(tk.request.form))))
    except DataError:
        return tk.abort(400, tk._("The form could not be read"))
    # CKAN's own form of a dataset: its stages, and tags in one line.
    if sent.get("save") == "go-metadata-unpublish":
        sent["state"] = "draft"
    if "tag_string" in sent:
        tags = (tag.strip() for tag in str(sent["tag_string"]).split(","))
        sent["tags"] = [{"name": tag, "state": "active"} for tag in tags if tag]
    return {name: sent[name] for name in sent if name not in _OF_CKAN}


def _stored_record(id_: str) -> dict[str, Any]:
    """Return a record that the reader may change, as the database has it."""
    package = model.Package.get(id_)
    if package is None:
        raise tk.ObjectNotFound
    tk.check_access("package_update", request_context(), {"id": package.id})
    record = writing.stored_record(package.id)
    return {"tag_string": ", ".join(tag["name"] for tag in record.get("tags") or ()), **record}


def _deleted_meanwhile() -> str:
    return tk._("The entry is in the bin. Restore it together with your changes, or leave it there")


def _again(package_type: str, record_id: str) -> ResponseReturnValue:
    """Answer a form that has made its record before: with the record, or with what differs."""
    stored = _stored_record(record_id)
    sent = _sent()
    sent.pop(form_keys.CONTROL, None)
    first = versions.first(record_id)
    if comparing.rows(package_type, *_sides(stored, sent), first):
        seen = first["metadata_modified"] if first else ""
        return _differing(sent, stored, seen, {}, again=True)
    tk.h.flash_notice(tk._("This form was saved before: here is its entry, saved once"))
    return tk.redirect_to(f"{stored['type']}.read", id=stored["name"])


def _sides(stored: dict[str, Any], sent: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the person sends, as it would be kept, and what is stored."""
    package = model.Package.get(stored["id"])
    assert package
    mine = writing.as_read(request_context(), package, sent)
    # A form that leaves these empty, or does not have them, keeps what is stored.
    kept = {name: mine.get(name) or stored.get(name) for name in ("name", comparing.STATE)}
    return {**mine, **kept}, stored


def _differing(
    sent: dict[str, Any],
    stored: dict[str, Any],
    made_on: str,
    choices: dict[str, str],
    *,
    missing: bool = False,
    again: bool = False,
) -> str:
    """Show what a person sends beside what has been saved meanwhile.

    :param sent: what was typed
    :param stored: the record as it is now
    :param made_on: the version that the typing began from
    :param choices: what was chosen on this page before
    :param missing: whether it lacks a choice
    :param again: whether it is the form that has made the record, sent again with other values
    """
    mine, theirs = _sides(stored, sent)
    base = versions.version_seen(stored["id"], made_on)
    names = comparing.fields(stored["type"])
    if stored["state"] == model.State.DELETED:
        names.remove(comparing.STATE)  # the person has said that it comes back
    rows = comparing.rows(stored["type"], mine, theirs, base, names=names)
    shown = {row.name for row in rows}
    typed = [
        (name, value)
        for name, value in tk.request.form.items(multi=True)
        if name not in _OF_THE_PAGE and not name.startswith((comparing.CHOICE, "_csrf"))
    ]
    return tk.render(
        "leszno_ngo/differing.html",
        {
            "rows": rows,
            "typed": typed,
            "record": stored,
            "record_type": record_types.get(stored["type"]),
            "dataset_type": stored["type"],
            "made_on": made_on,
            # What has changed since the choice is chosen again.
            "choices": choices if missing else {},
            "taken": [
                name
                for name, side in choices.items()
                if name not in shown and side == comparing.THEIRS
            ],
            "missing": missing,
            "again": again,
            "by": versions.author(stored["id"]),
        },
    )


# Controls by which CKAN's stages and the keeping of forms work: no fields of a record.
_OF_CKAN = frozenset({"_ckan_phase", "pkg_name", OPENING, personal_data_asked.CONTROL})
_OF_THE_PAGE = frozenset(
    {"metadata_modified", "made_on", "compared", "to_form", "save", form_keys.CONTROL}
)


def _typed(package_type: str, id_: str, sent: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return what the form shows instead of what is stored: what was sent, or kept unsaved."""
    if sent is not None:
        return {**kept_forms.emptied(package_type), **sent}
    record = model.Package.get(id_)
    return kept_forms.filled(package_type, record.id) if record else None


def _copied(package_type: str, name: str) -> dict[str, Any]:
    try:
        record = tk.get_action("package_show")(request_context(), {"id": name})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404, tk._("The entry to copy is not in the catalogue"))
    record_type = record_types.get(record["type"])
    if record_type is None or record_type.name != package_type:
        return tk.abort(404, tk._("The entry to copy is not in the catalogue"))
    today = dt.datetime.now(dt.timezone.utc)
    return copies.proposed(record_type, record, today)


def _with_filled(
    package_type: str, data: dict[str, Any] | None, errors: dict[str, Any] | None
) -> dict[str, Any] | None:
    """Fill tables in where a check wants them and nobody did, to be looked at."""
    record_type = record_types.get(package_type)
    if not record_type or not data:
        return data
    for table, rule in record_type.copy.fill.items():
        if table in (errors or {}) and not _is_begun(table, data):
            data = _filled(record_type, table, rule, data)
    return data


def _is_begun(table: str, data: dict[str, Any]) -> bool:
    """Whether somebody has typed something into a table."""
    kept = [row for row in data.get(table) or () if isinstance(row, dict)]
    cells = [value for name, value in data.items() if name.startswith(f"{table}-")]
    return any([*cells, *(value for row in kept for value in row.values())])


def _filled(record_type: RecordType, table: str, rule: str, data: dict[str, Any]) -> dict[str, Any]:
    today = dt.datetime.now(dt.timezone.utc)
    read = {**data, **{name: _stored(data.get(name)) for name in record_type.year}}
    rows = copies.rows_for(record_type, table, read, today)
    if not rows:
        return data
    label = tk.h.leszno_ngo_text(record_type.field(table).label)
    tk.h.flash_notice(copies.FILLERS[rule].note() % {"table": label})
    others = {name: data[name] for name in data if not name.startswith(f"{table}-")}
    return {**others, table: rows}


def _stored(typed: Any) -> str:
    """A year or a moment as records keep it; empty where nobody can tell."""
    text = str(typed or "").strip()
    if re.fullmatch(r"\d{4}", text):
        return text
    try:
        return datetimes.to_stored(datetimes.parse(text))
    except datetimes.MomentError:
        return ""


def _look_through(package_type: str, id_: str) -> None:
    """Leave what the checks find in the stored record for the form's fields."""
    record_type = record_types.get(package_type)
    try:
        record = tk.get_action("package_show")(request_context(), {"id": id_})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return  # CKAN's view says so
    if record_type:
        record_validators.leave(record_type, checks.run(record_type, record))


@forms.record
def _add_routes(state: BlueprintSetupState) -> None:
    """Add the forms' routes."""
    types = deleted.types()
    add_routes(state, "new", "new", New.as_view("new"), types)
    add_routes(state, "edit", "edit/<id>", Edit.as_view("edit"), types)
    add_routes(state, "delete", "delete/<id>", Delete.as_view("delete"), types)
    if p.plugin_loaded("harvest"):
        for view, rule in ((New, "new"), (Edit, "edit/<id>")):
            name = rule.partition("/")[0]
            state.add_url_rule(
                f"/harvest/{rule}",
                endpoint=f"{name}_source",
                view_func=view.as_view(name),
                defaults={"package_type": "harvest"},
            )
