"""CKAN's own forms of departments, groups, accounts, files, tables and options.

CKAN's forms know neither a version nor what was typed and not saved. Here is what both need to
know of each of them: where it is, what it is about, who may save it, what it shows of what is
stored. What is typed into them is kept (``kept_forms``), they open filled in with it
(``routes.filled_forms``), and two people's changes are merged (``routes.edit_conflicts``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic.schema import update_configuration_schema
from ckan.views import group, resource, user
from ckanext.datastore.blueprint import DictionaryView
from flask.typing import ResponseReturnValue

from ckanext.leszno_ngo.logic.kept_forms import NEW, Kept
from ckanext.leszno_ngo.views.shared.contexts import request_context

Arguments = Mapping[str, Any]

#: The control that says what a form showed when it was opened.
SHOWN = "shown_values"


@dataclass(frozen=True)
class CkanForm:
    """A form of CKAN on a page of its own, which is about one thing.

    :param is_at: whether an endpoint is its page
    :param subject: the rule of its address → the id of what it is about; empty for none
    :param place: id → endpoint and the parameters of its address
    :param right: id → the action that whoever saves it may call, and its data
    :param stored: the rule of its address → what is stored, for who may change it
    :param labels: the fields that are compared with what is stored, and what people call them
    :param show: shows it, filled with data
    :param read: where what it is about is shown
    :param fills_in_again: it sends what no page carries along (passwords)
    """

    is_at: Callable[[str], bool]
    subject: Callable[[Arguments], str]
    place: Callable[[str], tuple[str, dict[str, str]]]
    right: Callable[[str], tuple[str, dict[str, str]]]
    stored: Callable[[Arguments], dict[str, Any]]
    labels: Callable[[Arguments], dict[str, Any]]
    show: Callable[[Arguments, dict[str, Any]], ResponseReturnValue]
    read: Callable[[Arguments, Mapping[str, Any]], str]
    fills_in_again: bool = False


def name_at(endpoint: str | None) -> str | None:
    """Return the name of the form whose page an endpoint is."""
    return next((name for name, form in FORMS.items() if form.is_at(endpoint or "")), None)


def of_page() -> tuple[str, str] | None:
    """Return the name of the form that the page of the request is, and the id of what it is about.

    :returns: ``None`` for other pages
    """
    name = name_at(tk.request.endpoint)
    subject = FORMS[name].subject(tk.request.view_args or {}) if name else ""
    return (name, subject) if name and subject else None


def get_form() -> CkanForm | None:
    """Return the form that the request is to."""
    name = name_at(tk.request.endpoint)
    return FORMS[name] if name else None


def shown_values(kept: Kept | None) -> str:
    """Return what the form of the request shows of what is stored, as its control carries it.

    :param kept: what the form is filled with
    """
    form, args = get_form(), tk.request.view_args or {}
    if form is None:
        return ""
    if tk.request.method == "POST":
        return tk.request.form.get(SHOWN, "")
    if kept and kept.value(SHOWN):
        return kept.value(SHOWN)
    return as_control(form, args, form.stored(args))


def as_control(form: CkanForm, args: Arguments, stored: Mapping[str, Any]) -> str:
    """Return what a form shows of what is stored, as its control carries it."""
    shown = {name: stored.get(name) for name in form.labels(args)}
    return json.dumps(shown, ensure_ascii=False, default=str)


def free_fields(value: Any) -> list[dict[str, str]]:
    """Bring CKAN's free fields to what is compared: those that have a name and are not removed.

    :param value: as a form sends them, or as they are stored
    """
    given = value if isinstance(value, list) else []
    return [
        {"key": one["key"], "value": str(one.get("value") or "")}
        for one in given
        if isinstance(one, dict) and one.get("key") and not one.get("deleted")
    ]


# -------------------------------------------------------------------- departments and groups
def _group_form(kind: str) -> CkanForm:
    """Return the form of departments (``organization``) or of groups, of those that are new too."""
    return CkanForm(
        lambda endpoint: endpoint in (f"{kind}.new", f"{kind}.edit"),
        _group,
        lambda id_: (f"{kind}.{'new' if id_ == NEW else 'edit'}", _unless_new(id_)),
        lambda id_: (f"{kind}_{'create' if id_ == NEW else 'update'}", _unless_new(id_)),
        lambda args: _stored_group(kind, args),
        _group_labels,
        _show_group,
        lambda _args, stored: tk.h.url_for(f"{kind}.read", id=stored["name"]),
    )


def _unless_new(id_: str) -> dict[str, str]:
    return {} if id_ == NEW else {"id": id_}


def _group(args: Arguments) -> str:
    found = model.Group.get(args["id"]) if "id" in args else None
    return found.id if found else "" if "id" in args else NEW


def _stored_group(kind: str, args: Arguments) -> dict[str, Any]:
    if "id" not in args:
        tk.check_access(f"{kind}_create", request_context())
        return {}
    asked = {"id": args["id"], "include_datasets": False, "include_users": False}
    tk.check_access(f"{kind}_update", request_context(), {"id": args["id"]})
    found = tk.get_action(f"{kind}_show")(request_context(), asked)
    return {**found, "extras": free_fields(found.get("extras"))}


def _group_labels(_args: Arguments) -> dict[str, Any]:
    return {
        "title": tk._("Name"),
        "name": tk._("Page address"),
        "description": tk._("Description"),
        "image_url": tk._("Picture"),
        "extras": tk._("Other fields"),
    }


def _show_group(args: Arguments, data: dict[str, Any]) -> ResponseReturnValue:
    view = group.EditGroupView() if "id" in args else group.CreateGroupView()
    return view.get(**args, data=data)


# ----------------------------------------------------------------------------------- accounts
def _account(args: Arguments) -> str:
    found = model.User.get(args.get("id") or tk.current_user.name)
    return found.id if found else ""


def _stored_account(args: Arguments) -> dict[str, Any]:
    id_ = args.get("id") or tk.current_user.id
    tk.check_access("user_update", request_context(), {"id": id_})
    return tk.get_action("user_show")(request_context(), {"id": id_})


def _account_labels(_args: Arguments) -> dict[str, Any]:
    return {
        "name": tk._("User name"),
        "fullname": tk._("Full name"),
        "email": tk._("Email"),
        "about": tk._("About"),
        "image_url": tk._("Picture"),
    }


# -------------------------------------------------------------------------- files and tables
def _dataset(args: Arguments) -> str:
    found = model.Package.get(args["id"])
    return found.id if found else ""


def _file(id_: str) -> model.Resource:
    found = model.Resource.get(id_)
    if found is None:
        raise tk.ObjectNotFound
    return found


def _page_of_file(id_: str) -> tuple[str, dict[str, str]]:
    package = _file(id_).package
    return f"{package.type}_resource.edit", {"id": package.id, "resource_id": id_}


def _page_of_new_file(id_: str) -> tuple[str, dict[str, str]]:
    found = model.Package.get(id_)
    if found is None:
        raise tk.ObjectNotFound
    return f"{found.type}_resource.new", {"id": id_}


def _stored_file(args: Arguments) -> dict[str, Any]:
    tk.check_access("package_update", request_context(), {"id": args["id"]})
    # as the form shows it: an uploaded file by its name, without the portal's address
    context = request_context()
    context["for_edit"] = True
    return tk.get_action("resource_show")(context, {"id": args["resource_id"]})


def _no_file(args: Arguments) -> dict[str, Any]:
    tk.check_access("package_update", request_context(), {"id": args["id"]})
    return {}


def _file_labels(args: Arguments) -> dict[str, Any]:
    schema = tk.h.scheming_get_dataset_schema(args["package_type"]) or {}
    labels = {
        field["field_name"]: field.get("label") or field["field_name"]
        for field in schema.get("resource_fields", ())
        if field.get("form_snippet", "") is not None
    }
    return labels or {"url": "URL", "name": tk._("Name"), "description": tk._("Description")}


def _stored_columns(args: Arguments) -> dict[str, Any]:
    about = {"resource_id": args["resource_id"]}
    tk.check_access("datastore_create", request_context(), about)
    # what is told of the table beside them is counted, and the counts are kept
    asked = {"id": args["resource_id"], "include_meta": False, "include_fields_schema": False}
    found = tk.get_action("datastore_info")(request_context(), asked)
    columns = [one for one in found["fields"] if not one["id"].startswith("_")]
    return {"info": [one.get("info") or {} for one in columns]}


# ------------------------------------------------------------------------------------ options
def _stored_options(_args: Arguments) -> dict[str, Any]:
    tk.check_access("config_option_update", request_context())
    return {name: tk.config.get(name) for name in update_configuration_schema()}


def _show_options(_args: Arguments, data: dict[str, Any]) -> ResponseReturnValue:
    return tk.render("admin/config.html", {"data": data, "errors": {}})


def _nothing_compared(_args: Arguments) -> dict[str, Any]:
    """What is new has no version, and options are one sysadmin's."""
    return {}


#: Name → form. What a form of the whole portal is about has no id.
FORMS: Mapping[str, CkanForm] = {
    "organization": _group_form("organization"),
    "group": _group_form("group"),
    "account": CkanForm(
        lambda endpoint: endpoint == "user.edit",
        _account,
        lambda id_: ("user.edit", {"id": id_}),
        lambda id_: ("user_update", {"id": id_}),
        _stored_account,
        _account_labels,
        lambda args, data: user.EditView().get(args.get("id"), data),
        lambda _args, stored: tk.h.url_for("user.read", id=stored["name"]),
        fills_in_again=True,
    ),
    "file": CkanForm(
        lambda endpoint: endpoint.endswith("_resource.edit"),
        lambda args: args["resource_id"],
        _page_of_file,
        lambda id_: ("resource_update", {"id": id_}),
        _stored_file,
        _file_labels,
        lambda args, data: resource.EditView().get(**args, data=data),
        lambda args, stored: tk.h.url_for(
            f"{args['package_type']}_resource.read", id=args["id"], resource_id=stored["id"]
        ),
    ),
    "new-file": CkanForm(
        lambda endpoint: endpoint.endswith("_resource.new"),
        _dataset,
        _page_of_new_file,
        lambda id_: ("package_update", {"id": id_}),
        _no_file,
        _nothing_compared,
        lambda args, data: resource.CreateView().get(**args, data=data),
        lambda args, _stored: tk.h.url_for(f"{args['package_type']}.read", id=args["id"]),
    ),
    "columns": CkanForm(
        lambda endpoint: endpoint == "datastore.dictionary",
        lambda args: args["resource_id"],
        lambda id_: ("datastore.dictionary", {"id": _file(id_).package.id, "resource_id": id_}),
        lambda id_: ("datastore_create", {"resource_id": id_}),
        _stored_columns,
        lambda _args: {"info": tk._("Data dictionary")},
        lambda args, data: DictionaryView().get(**args, data=data),
        lambda args, _stored: tk.h.url_for("datastore.dictionary", **args),
    ),
    "configuration": CkanForm(
        lambda endpoint: endpoint == "admin.config",
        lambda _args: "portal",
        lambda _id: ("admin.config", {}),
        lambda _id: ("config_option_update", {}),
        _stored_options,
        _nothing_compared,
        _show_options,
        lambda _args, _stored: tk.h.url_for("admin.config"),
    ),
}
