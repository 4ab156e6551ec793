"""Where scripts send what is typed into a form (``/panel/szkic``), and where it is forgotten."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from ckanext.leszno_ngo.logic import kept_forms as store
from ckanext.leszno_ngo.views.shared import form_kinds
from ckanext.leszno_ngo.views.shared.kept_forms import keep_typed

kept_forms = Blueprint("leszno_ngo_kept_forms", __name__)


@kept_forms.route("/panel/szkic", methods=["POST"])
def keep() -> ResponseReturnValue:
    """Keep what a form has in it now.

    :returns: 204; 403 for other people's forms and without the right to save it; 409 where it is
        too large or saved already
    """
    form = _own_form()
    return Response(status=204 if keep_typed(form, tk.request.form) else 409)


@kept_forms.route("/panel/szkic/odrzuc", methods=["POST"])
def discard() -> ResponseReturnValue:
    """Forget what is kept of a form, and lead to it."""
    form = _own_form()
    store.discard(form)
    return tk.redirect_to(form_kinds.address(form))


def _own_form() -> store.Opening:
    form = store.opening(tk.request.form.get(store.CONTROL))
    if not form or tk.current_user.is_anonymous or form.account != tk.current_user.id:
        return tk.abort(403)
    try:
        form_kinds.check(form)
    except tk.NotAuthorized:
        return tk.abort(403)
    except tk.ObjectNotFound:
        return tk.abort(404)
    return form
