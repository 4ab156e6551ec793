"""Which forms keep what is typed into them: where each of them is, and who may save it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.leszno_ngo.logic.kept_forms import NEW, Opening
from ckanext.leszno_ngo.logic.page_parts import RECORD_FORMS
from ckanext.leszno_ngo.views.contexts import request_context

_GROUPS = ("organization", "group")
_ENDPOINTS = frozenset(f"{group}.{name}" for group in _GROUPS for name in ("new", "edit"))
_FORMS = "leszno_ngo_forms"

Arguments = Mapping[str, Any]


@dataclass(frozen=True)
class PageForm:
    """A form of CKAN on a page of its own, which is about one thing.

    :param is_at: whether an endpoint is its page
    :param subject: the rule of its address → the id of what it is about; empty for none
    :param place: id → endpoint and the parameters of its address
    :param right: id → the action that whoever saves it may call, and its data
    """

    is_at: Callable[[str], bool]
    subject: Callable[[Arguments], str]
    place: Callable[[str], tuple[str, dict[str, str]]]
    right: Callable[[str], tuple[str, dict[str, str]]]


def _account(args: Arguments) -> str:
    found = model.User.get(args.get("id") or tk.current_user.name)
    return found.id if found else ""


def _dataset(args: Arguments) -> str:
    found = model.Package.get(args["id"])
    return found.id if found else ""


def _page_of_file(id_: str) -> tuple[str, dict[str, str]]:
    found = model.Resource.get(id_)
    if found is None:
        raise tk.ObjectNotFound
    return f"{found.package.type}_resource.edit", {"id": found.package.id, "resource_id": id_}


def _page_of_new_file(id_: str) -> tuple[str, dict[str, str]]:
    found = model.Package.get(id_)
    if found is None:
        raise tk.ObjectNotFound
    return f"{found.type}_resource.new", {"id": id_}


#: Name → form. What a form of the whole portal is about has no id.
_PAGE_FORMS: Mapping[str, PageForm] = {
    "account": PageForm(
        lambda endpoint: endpoint == "user.edit",
        _account,
        lambda id_: ("user.edit", {"id": id_}),
        lambda id_: ("user_update", {"id": id_}),
    ),
    "file": PageForm(
        lambda endpoint: endpoint.endswith("_resource.edit"),
        lambda args: args["resource_id"],
        _page_of_file,
        lambda id_: ("resource_update", {"id": id_}),
    ),
    "new-file": PageForm(
        lambda endpoint: endpoint.endswith("_resource.new"),
        _dataset,
        _page_of_new_file,
        lambda id_: ("package_update", {"id": id_}),
    ),
    "configuration": PageForm(
        lambda endpoint: endpoint == "admin.config",
        lambda _args: "portal",
        lambda _id: ("admin.config", {}),
        lambda _id: ("config_option_update", {}),
    ),
}


def of_page() -> tuple[str, str] | None:
    """Return the form of CKAN that the page of the request is, and the id of what it is about.

    :returns: ``None`` for other pages, those of departments and groups included
    """
    endpoint = tk.request.endpoint or ""
    for name, form in _PAGE_FORMS.items():
        if form.is_at(endpoint):
            subject = form.subject(tk.request.view_args or {})
            return (name, subject) if subject else None
    return None


def of_record(page: str, record_type: str) -> str:
    """Return the name of the form of a record's page.

    :param page: a name of ``page_parts.RECORD_FORMS``
    :param record_type: the record's type
    """
    return f"{page}/{record_type}"


def is_asked_for() -> bool:
    """Whether the request is to the page of such a form."""
    blueprints = {_FORMS, *(form.blueprint for form in RECORD_FORMS.values())}
    if tk.request.blueprint in blueprints or tk.request.endpoint in _ENDPOINTS:
        return True
    endpoint = tk.request.endpoint or ""
    return any(form.is_at(endpoint) for form in _PAGE_FORMS.values())


def needs_login() -> bool:
    """Whether the page of the request says nothing to who is not logged in but to log in."""
    return tk.request.blueprint == _FORMS


def address(form: Opening, parameters: dict[str, Any] | None = None) -> str:
    """Return the address of a form.

    :param form: an opening of it
    :param parameters: what stands behind the question mark
    """
    if form.form in _PAGE_FORMS:
        endpoint, about = _PAGE_FORMS[form.form].place(form.subject)
        return tk.h.url_for(endpoint, **about, **parameters or {})
    page, _, record_type = form.form.partition("/")
    if record_type:
        name = RECORD_FORMS[page].endpoint.format(type=record_type)
        return tk.h.url_for(name, id=form.subject, **parameters or {})
    if form.subject == NEW:
        return tk.h.url_for(f"{form.form}.new", **parameters or {})
    return tk.h.url_for(f"{form.form}.edit", id=form.subject, **parameters or {})


def check(form: Opening) -> None:
    """Check that whoever asks may save a form.

    :param form: an opening of it
    :raises ckan.logic.NotAuthorized: they may not
    :raises ckan.logic.ObjectNotFound: what it is about is gone
    """
    if form.form in _PAGE_FORMS:
        page_form = _PAGE_FORMS[form.form]
        page_form.place(form.subject)  # what it is about is there
        action, asked = page_form.right(form.subject)
        tk.check_access(action, request_context(), asked)
        return
    page, _, record_type = form.form.partition("/")
    things = form.form if form.form in _GROUPS else "package"
    if record_type:
        tk.check_access(RECORD_FORMS[page].action, request_context(), {"id": form.subject})
    elif form.subject == NEW:
        tk.check_access(f"{things}_create", request_context())
    else:
        tk.check_access(f"{things}_update", request_context(), {"id": form.subject})
