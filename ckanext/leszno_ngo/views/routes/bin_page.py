"""The bin of an official's departments (``/panel/kosz``), and restoring out of it."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import authz, model
from flask import Blueprint
from flask.typing import ResponseReturnValue

from ckanext.leszno_ngo.catalogue import bin as deleted
from ckanext.leszno_ngo.logic import restoring
from ckanext.leszno_ngo.views.shared.contexts import request_context
from ckanext.leszno_ngo.views.shared.refusals import to_form

bin_page = Blueprint("leszno_ngo_bin", __name__)

_ROWS = 50
_MOST_PAGES = 10_000


@bin_page.route("/panel/kosz")
def show() -> ResponseReturnValue:
    """Show what is deleted and the reader may restore: records, and a sysadmin departments.

    :returns: the page; the form to sign in for anonymous readers
    """
    if tk.current_user.is_anonymous:
        return tk.redirect_to("user.login", came_from=tk.h.url_for("leszno_ngo_bin.show"))
    asked = tk.request.args.get("page", "1")
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1  # noqa: PLR2004
    start = (max(1, min(page, _MOST_PAGES)) - 1) * _ROWS
    departments = _departments()
    count, records = deleted.records(departments, start, _ROWS)
    groups = deleted.groups() if departments is None else []
    found = {"count": count, "records": records, "groups": groups, "versions": deleted.types()}
    kinds = {deleted.DATASET: tk._("A dataset"), deleted.SOURCE: tk._("A harvest source")}
    pages = {"page": page, "pages": -(-count // _ROWS)}
    return tk.render("leszno_ngo/bin.html", {**found, **pages, "kinds": kinds})


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
    if package is None or package.type not in (*deleted.types(), deleted.SOURCE):
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


@bin_page.route("/panel/kosz/jednostka/<group>", methods=["POST"])
def restore_group(group: str) -> ResponseReturnValue:
    """Bring back a department or a group; sysadmins alone may.

    :param group: its id
    """
    found = model.Group.get(group)
    is_boss = authz.is_sysadmin(tk.current_user.name)
    if found is None or not is_boss or found.state != model.State.DELETED:
        return tk.abort(404)
    action = "organization_patch" if found.is_organization else "group_patch"
    asked = {"id": found.id, "state": model.State.ACTIVE}
    try:
        tk.get_action(action)(request_context(), asked)
    except tk.ValidationError as error:
        tk.h.flash_error("; ".join(map(str, error.error_summary.values())))
        return tk.redirect_to("leszno_ngo_bin.show")
    tk.h.flash_success(tk._("Restored: %(title)s") % {"title": found.display_name})
    return tk.redirect_to(f"{found.type}.read", id=found.name)
