"""Which forms keep what is typed into them: where each of them is, and who may save it."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo.logic.kept_forms import NEW, Opening
from ckanext.leszno_ngo.logic.page_parts import RECORD_FORMS
from ckanext.leszno_ngo.views.shared import ckan_forms
from ckanext.leszno_ngo.views.shared.contexts import request_context

_FORMS = "leszno_ngo_forms"


def of_record(page: str, record_type: str) -> str:
    """Return the name of the form of a record's page.

    :param page: a name of ``page_parts.RECORD_FORMS``
    :param record_type: the record's type
    """
    return f"{page}/{record_type}"


def is_asked_for() -> bool:
    """Whether the request is to the page of such a form."""
    blueprints = {_FORMS, *(form.blueprint for form in RECORD_FORMS.values())}
    return tk.request.blueprint in blueprints or bool(ckan_forms.name_at(tk.request.endpoint))


def needs_login() -> bool:
    """Whether the page of the request says nothing to who is not logged in but to log in."""
    return tk.request.blueprint == _FORMS


def address(form: Opening, parameters: dict[str, Any] | None = None) -> str:
    """Return the address of a form.

    :param form: an opening of it
    :param parameters: what stands behind the question mark
    """
    if form.form in ckan_forms.FORMS:
        endpoint, about = ckan_forms.FORMS[form.form].place(form.subject)
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
    if form.form in ckan_forms.FORMS:
        page_form = ckan_forms.FORMS[form.form]
        page_form.place(form.subject)  # what it is about is there
        action, asked = page_form.right(form.subject)
        tk.check_access(action, request_context(), asked)
        return
    page, _, record_type = form.form.partition("/")
    if record_type:
        tk.check_access(RECORD_FORMS[page].action, request_context(), {"id": form.subject})
    elif form.subject == NEW:
        tk.check_access("package_create", request_context())
    else:
        tk.check_access("package_update", request_context(), {"id": form.subject})
