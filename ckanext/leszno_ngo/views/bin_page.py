"""The bin of an official's departments (``/panel/kosz``), and restoring out of it."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import authz, model
from flask import Blueprint
from flask.typing import ResponseReturnValue

from ckanext.leszno_ngo.catalogue import bin as deleted
from ckanext.leszno_ngo.logic import restoring
from ckanext.leszno_ngo.views.contexts import request_context
from ckanext.leszno_ngo.views.refusals import to_form

bin_page = Blueprint("leszno_ngo_bin", __name__)

_ROWS = 50
_MOST_PAGES = 10_000


@bin_page.route("/panel/kosz")
def show() -> ResponseReturnValue:
    """Show the deleted records that the reader may restore.

    :returns: the page; the form to sign in for anonymous readers
    """
    if tk.current_user.is_anonymous:
        return tk.redirect_to("user.login", came_from=tk.h.url_for("leszno_ngo_bin.show"))
    asked = tk.request.args.get("page", "1")
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1  # noqa: PLR2004
    start = (max(1, min(page, _MOST_PAGES)) - 1) * _ROWS
    count, records = deleted.records(_departments(), start, _ROWS)
    return tk.render(
        "leszno_ngo/bin.html",
        {"count": count, "records": records, "page": page, "pages": -(-count // _ROWS)},
    )


def _departments() -> list[str] | None:
    if authz.is_sysadmin(tk.current_user.name):
        return None
    ask = tk.get_action("organization_list_for_user")
    return [unit["id"] for unit in ask(request_context(), {"permission": "update_dataset"})]


@bin_page.route("/panel/kosz/<id>", methods=["POST"])
def restore(id: str) -> ResponseReturnValue:
    """Bring a record back; where something keeps it from that, lead to its form.

    ``state`` of the form: ``active``, ``draft``, or nothing for what it was before.

    :param id: the record's id
    """
    package = model.Package.get(id)
    if package is None or package.type not in deleted.types():
        return tk.abort(404)
    try:
        tk.check_access("package_update", request_context(), {"id": package.id})
        if package.state != model.State.DELETED:
            tk.h.flash_notice(tk._("The entry is not in the bin any more"))
            return tk.redirect_to(f"{package.type}.read", id=package.name)
        wanted = tk.request.form.get("state")
        state = wanted if wanted in (model.State.ACTIVE, "draft") else None
        record = restoring.restore(request_context(), package.id, state)
    except tk.NotAuthorized:
        return tk.abort(403, tk._("You may not change this entry"))
    except tk.ValidationError as error:
        return to_form(id, error)
    if record["state"] == "draft":
        tk.h.flash_success(tk._("Restored as a draft: %(title)s") % {"title": record["title"]})
    else:
        tk.h.flash_success(tk._("Restored: %(title)s") % {"title": record["title"]})
    return tk.redirect_to(f"{record['type']}.read", id=record["name"])
