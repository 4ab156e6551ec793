"""Two people change one department, group, account or file: the second sees both, field by field.

CKAN's forms of these carry no version. Each of them carries here what it showed when it was opened
(``shown_values``); what is stored by now is compared with that and with what is sent before CKAN's
view sees it (``catalogue.merging``). It all happens under the writers' lock, which the actions
take, too (``logic.writing``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.navl.dictization_functions import DataError, unflatten
from ckan.logic import clean_dict, parse_params, tuplize_dict
from ckan.logic.schema import update_configuration_schema
from ckan.views import group, resource, user
from flask import Blueprint
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from ckanext.leszno_ngo import sent_json
from ckanext.leszno_ngo.catalogue import identity
from ckanext.leszno_ngo.ckan_compat import request_data
from ckanext.leszno_ngo.logic.kept_forms import NEW
from ckanext.leszno_ngo.views import comparing, form_kinds, kept_forms
from ckanext.leszno_ngo.views.contexts import request_context

comparing_first = Blueprint("leszno_ngo_edit_conflicts", __name__)

#: The control that says what the form showed when it was opened.
SHOWN = "shown_values"

_COMPARED, _TO_FORM = "compared", "to_form"
_TEMPLATE = "leszno_ngo/differing.html"
# A control of a row: CKAN's free fields (extras__0__key), subfields of scheming (parts-0-title).
_ROW = re.compile(r"([^_].*?)__\d+__.+|(.+)-(\d{1,6})-(.+)")
# What an uploaded file or picture is sent with goes with its address.
_OF_UPLOADS = {"url": ("url_type", "clear_upload"), "image_url": ("clear_upload",)}

Args = Mapping[str, Any]


@dataclass(frozen=True)
class Form:
    """A form of CKAN.

    :param stored: the rule of its address → what is stored, for who may change it
    :param labels: the fields that it sends, and what people call them
    :param show: shows it, filled with data
    :param read: where what it is about is shown
    :param fills_in_again: it sends what no page carries along (passwords)
    """

    stored: Callable[[Args], dict[str, Any]]
    labels: Callable[[Args], dict[str, Any]]
    show: Callable[[Args, dict[str, Any]], ResponseReturnValue]
    read: Callable[[Args, Mapping[str, Any]], str]
    fills_in_again: bool = False


@comparing_first.before_app_request
def compare_first() -> ResponseReturnValue | None:
    """Answer a form that was made on what is stored no more, or that opens with unsaved text."""
    form = _form()
    if form is None or tk.current_user.is_anonymous:
        return None
    args = tk.request.view_args or {}
    if tk.request.method == "GET":
        return _filled(form, args)
    if tk.request.method != "POST" or SHOWN not in tk.request.form:
        return None
    identity.turn()
    try:
        stored = form.stored(args)
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return None  # CKAN's view says so
    return _settled(form, args, stored)


def shown_values() -> str:
    """Return what the form of the request shows of what is stored, as its control carries it."""
    form, args = _form(), tk.request.view_args or {}
    if form is None:
        return ""
    if tk.request.method == "POST":
        return tk.request.form.get(SHOWN, "")
    kept = tk.g.get("leszno_ngo_filled")
    if kept and kept.value(SHOWN):
        return kept.value(SHOWN)
    return _as_control(form, args, form.stored(args))


# ------------------------------------------------------------------------------ what is sent
def _filled(form: Form, args: Args) -> ResponseReturnValue | None:
    """Open a form of CKAN with what was typed into it and not saved."""
    if kept_forms.FILLED not in tk.request.args:
        return None
    try:
        stored = form.stored(args)
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return None
    of_group = (args.get("group_type", ""), stored.get("id") or NEW)
    name, subject = form_kinds.of_page() or of_group
    data = kept_forms.filled(name, subject)
    return form.show(args, {**stored, **data}) if data else None


def _settled(form: Form, args: Args, stored: dict[str, Any]) -> ResponseReturnValue | None:
    """Take what was chosen; show both where somebody has changed what the form was made on."""
    controls = tk.request.form
    choices = comparing.chosen(controls)
    merged = _taken(controls, stored, choices)
    base, labels = _base(controls), form.labels(args)
    mine = _with_lists(_sent(merged), labels, stored, base or {})
    rows = comparing.rows_of(labels, mine, stored, base)
    missing = bool(set(controls.getlist(_COMPARED)) - set(choices))
    if missing or any(row.by != "mine" for row in rows):
        page = _page(form, args, stored, merged, rows)
        return tk.render(
            _TEMPLATE, {**page, "choices": choices if missing else {}, "missing": missing}
        )
    if _TO_FORM in controls:
        merged.setlist(SHOWN, [_as_control(form, args, stored)])
        # the form that is shown goes on from what is stored
        request_data.send_form(merged)
        return form.show(args, {**stored, **mine})
    request_data.send_form(merged)
    return None


def _taken(
    controls: MultiDict[str, str], stored: Mapping[str, Any], choices: Mapping[str, str]
) -> MultiDict[str, str]:
    """Put stored values in the place of those sent, where a person chose them."""
    taken = {name for name, side in choices.items() if side == comparing.THEIRS}
    along = {one for name in taken for one in _OF_UPLOADS.get(name, ())}
    theirs = taken | along
    kept = [
        (name, value)
        for name, value in controls.items(multi=True)
        if not name.startswith(comparing.CHOICE)
        and name not in theirs
        and _of_list(name) not in theirs
        and name not in (_COMPARED, _TO_FORM)
    ]
    given = [name for name in theirs if name in taken or name in stored]
    return MultiDict([*kept, *(pair for name in given for pair in _pairs(name, stored.get(name)))])


def _of_list(name: str) -> str:
    """Return the field that a control of a row belongs to."""
    found = _ROW.fullmatch(name)
    return found[1] or found[2] if found else ""


def _pairs(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Return the controls that send a value."""
    if not isinstance(value, list):
        yield name, "" if value is None else str(value)
        return
    pattern = "{}__{}__{}" if name == "extras" else "{}-{}-{}"
    for number, one in enumerate(value):
        if not isinstance(one, Mapping):
            yield name, str(one)
            continue
        for key, cell in one.items():
            for text in cell if isinstance(cell, list) else [cell]:
                yield pattern.format(name, number, key), "" if text is None else str(text)


def _sent(controls: MultiDict[str, str]) -> dict[str, Any]:
    try:
        sent = clean_dict(unflatten(tuplize_dict(parse_params(controls))))
    except DataError:
        return tk.abort(400, tk._("The form could not be read"))
    return {**sent, "extras": _extras(sent.get("extras"))}


def _with_lists(
    sent: dict[str, Any], labels: Iterable[str], *stored: Mapping[str, Any]
) -> dict[str, Any]:
    """Compose lists from controls: rows of subfields, and a list that has one text."""
    names = set(labels)
    composed = {name: value for name, value in sent.items() if _of_list(name) not in names}
    rows: dict[str, dict[int, dict[str, Any]]] = {}
    for name, value in sent.items():
        cell = _ROW.fullmatch(name)
        if cell and cell[2] in names:
            rows.setdefault(cell[2], {}).setdefault(int(cell[3]), {})[cell[4]] = value
    for name, cells in rows.items():
        composed[name] = [cells[number] for number in sorted(cells)]
    for name in names:
        is_list = any(isinstance(one.get(name), list) for one in stored)
        if is_list and isinstance(composed.get(name), str):
            composed[name] = [composed[name]]
    return composed


def _extras(value: Any) -> list[dict[str, str]]:
    """Bring CKAN's free fields to what is compared: those that have a name and are not removed."""
    given = value if isinstance(value, list) else []
    return [
        {"key": one["key"], "value": str(one.get("value") or "")}
        for one in given
        if isinstance(one, dict) and one.get("key") and not one.get("deleted")
    ]


def _base(controls: Mapping[str, str]) -> dict[str, Any] | None:
    try:
        said = sent_json.read(controls[SHOWN], None)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def _as_control(form: Form, args: Args, stored: Mapping[str, Any]) -> str:
    shown = {name: stored.get(name) for name in form.labels(args)}
    return json.dumps(shown, ensure_ascii=False, default=str)


# ------------------------------------------------------------------------------ the page
def _page(
    form: Form,
    args: Args,
    stored: dict[str, Any],
    merged: MultiDict[str, str],
    rows: Iterable[comparing.Row],
) -> dict[str, Any]:
    merged.setlist(SHOWN, [_as_control(form, args, stored)])
    has_file = any(file.filename for file in tk.request.files.values())
    return {
        "rows": rows,
        "typed": [pair for pair in merged.items(multi=True) if _goes_along(pair[0])],
        "title": _title(stored),
        "where": tk.request.path,
        "read": form.read(args, stored),
        # Files and passwords are given again in the form itself.
        "only_form": form.fills_in_again or has_file,
    }


def _goes_along(name: str) -> bool:
    return name != "save" and "password" not in name and not name.startswith("_csrf")


def _title(stored: Mapping[str, Any]) -> str:
    names = ("title", "fullname", "name", "url")
    return next((str(stored[name]) for name in names if stored.get(name)), "")


# ------------------------------------------------------------------------------ the forms
def _form() -> Form | None:
    endpoint = tk.request.endpoint or ""
    if endpoint.endswith("_resource.edit"):
        return _FILE
    if endpoint.endswith("_resource.new"):
        return _NEW_FILE
    return _FORMS.get(endpoint)


def _stored_group(args: Args) -> dict[str, Any]:
    things = "organization" if args["is_organization"] else "group"
    if "id" not in args:
        tk.check_access(f"{things}_create", request_context())
        return {}
    asked = {"id": args["id"], "include_datasets": False, "include_users": False}
    tk.check_access(f"{things}_update", request_context(), {"id": args["id"]})
    found = tk.get_action(f"{things}_show")(request_context(), asked)
    return {**found, "extras": _extras(found.get("extras"))}


def _group_labels(_args: Args) -> dict[str, Any]:
    return {
        "title": tk._("Name"),
        "name": tk._("Page address"),
        "description": tk._("Description"),
        "image_url": tk._("Picture"),
        "extras": tk._("Other fields"),
    }


def _show_group(args: Args, data: dict[str, Any]) -> ResponseReturnValue:
    view = group.EditGroupView() if "id" in args else group.CreateGroupView()
    return view.get(**args, data=data)


def _stored_account(args: Args) -> dict[str, Any]:
    id_ = args.get("id") or tk.current_user.id
    tk.check_access("user_update", request_context(), {"id": id_})
    return tk.get_action("user_show")(request_context(), {"id": id_})


def _account_labels(_args: Args) -> dict[str, Any]:
    return {
        "name": tk._("User name"),
        "fullname": tk._("Full name"),
        "email": tk._("Email"),
        "about": tk._("About"),
        "image_url": tk._("Picture"),
    }


def _stored_file(args: Args) -> dict[str, Any]:
    tk.check_access("package_update", request_context(), {"id": args["id"]})
    # as the form shows it: an uploaded file by its name, without the portal's address
    context = request_context()
    context["for_edit"] = True
    return tk.get_action("resource_show")(context, {"id": args["resource_id"]})


def _file_labels(args: Args) -> dict[str, Any]:
    schema = tk.h.scheming_get_dataset_schema(args["package_type"]) or {}
    labels = {
        field["field_name"]: field.get("label") or field["field_name"]
        for field in schema.get("resource_fields", ())
        if field.get("form_snippet", "") is not None
    }
    return labels or {"url": "URL", "name": tk._("Name"), "description": tk._("Description")}


def _show_file(args: Args, data: dict[str, Any]) -> ResponseReturnValue:
    return resource.EditView().get(**args, data=data)


def _no_file(args: Args) -> dict[str, Any]:
    tk.check_access("package_update", request_context(), {"id": args["id"]})
    return {}


def _stored_options(_args: Args) -> dict[str, Any]:
    tk.check_access("config_option_update", request_context())
    return {name: tk.config.get(name) for name in update_configuration_schema()}


def _show_options(_args: Args, data: dict[str, Any]) -> ResponseReturnValue:
    return tk.render("admin/config.html", {"data": data, "errors": {}})


_GROUP = Form(
    _stored_group,
    _group_labels,
    _show_group,
    lambda _args, stored: tk.h.url_for(f"{stored['type']}.read", id=stored["name"]),
)
_FILE = Form(
    _stored_file,
    _file_labels,
    _show_file,
    lambda args, stored: tk.h.url_for(
        f"{args['package_type']}_resource.read", id=args["id"], resource_id=stored["id"]
    ),
)
# Nothing of these is compared: what is new has no version, and options are one sysadmin's.
_NEW_FILE = Form(
    _no_file,
    _file_labels,
    lambda args, data: resource.CreateView().get(**args, data=data),
    lambda args, _stored: tk.h.url_for(f"{args['package_type']}.read", id=args["id"]),
)
_FORMS: Mapping[str, Form] = {
    **dict.fromkeys(("organization.new", "organization.edit", "group.new", "group.edit"), _GROUP),
    "user.edit": Form(
        _stored_account,
        _account_labels,
        lambda args, data: user.EditView().get(args.get("id"), data),
        lambda _args, stored: tk.h.url_for("user.read", id=stored["name"]),
        fills_in_again=True,
    ),
    "admin.config": Form(
        _stored_options,
        lambda _args: {},
        _show_options,
        lambda _args, _stored: tk.h.url_for("admin.config"),
    ),
}
