"""The dashboard of a signed-in official (``/panel``): what waits for them, and by when."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from flask import Blueprint
from flask.typing import ResponseReturnValue

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.harvest import disagreements, waiting
from ckanext.leszno_ngo.logic import publishing, writing
from ckanext.leszno_ngo.logic.page_parts import DASHBOARD_ITEMS, DashboardItem
from ckanext.leszno_ngo.registers import condition
from ckanext.leszno_ngo.search import dashboard as lists
from ckanext.leszno_ngo.search.solr import AWAY
from ckanext.leszno_ngo.views.routes.waiting_rows import decides_in
from ckanext.leszno_ngo.views.shared import personal_data_asked
from ckanext.leszno_ngo.views.shared.contexts import request_context
from ckanext.leszno_ngo.views.shared.refusals import to_form

log = logging.getLogger(__name__)

dashboard = Blueprint("leszno_ngo_dashboard", __name__)


@dashboard.route("/panel")
def show() -> ResponseReturnValue:
    """Show what waits for the departments of whoever is signed in.

    :returns: the page; the form to sign in for anonymous readers; status 503 while Solr is away
    """
    if tk.current_user.is_anonymous:
        return tk.redirect_to("user.login", came_from=tk.h.url_for("leszno_ngo_dashboard.show"))
    units = _units("update_dataset")
    member_of = _units("read")
    ids = [unit["id"] for unit in units]
    publishes_in = [unit["id"] for unit in publishing.departments(request_context())]
    try:
        now = dt.datetime.now(dt.timezone.utc)
        found = {
            "to_publish": lists.drafts(publishes_in) if publishes_in else None,
            "drafts": lists.drafts([u["id"] for u in member_of if u["id"] not in publishes_in]),
            "persons": waiting.count(decides_in()),
            "publishes": len(publishes_in),
            "due": lists.due(ids),
            "disagreeing": disagreements.list_disagreements(ids),
            "stale": condition.stale(record_types.all_types(), now) if member_of else [],
            **_items(publishes_in),
        }
    except AWAY as error:
        log.error("The dashboard has no lists: %s", error)
        return tk.render("leszno_ngo/dashboard.html", {"units": member_of, "found": None}), 503
    return tk.render("leszno_ngo/dashboard.html", {"units": member_of, "found": found})


@dashboard.route("/panel/publish/<id>", methods=["POST"])
def publish(id: str) -> ResponseReturnValue:
    """Publish a draft; where something keeps it from that, lead to its form.

    A draft in which personal data may stand is published on its own page, which names the places.

    :param id: the draft's id
    """
    try:
        tk.check_access("leszno_ngo_publish", request_context(), {"id": id})
        if _is_deleted(id):
            return _look_first(id)  # the bin brings it back
        draft = tk.get_action("package_show")(request_context(), {"id": id})
        if personal_data_asked.of_stored(draft) not in ("", personal_data_asked.answer()):
            return _look_at_places(draft)
        record = tk.get_action("package_patch")(
            request_context(), {"id": id, "state": "active", **_seen()}
        )
    except writing.Conflict:
        return _look_first(id)
    except tk.ObjectNotFound:
        return tk.abort(404)
    except tk.NotAuthorized:
        return tk.abort(403, publishing.refusal())
    except tk.ValidationError as error:
        return to_form(id, error)
    tk.h.flash_success(tk._("Published: %(title)s") % {"title": record["title"]})
    return tk.redirect_to("leszno_ngo_dashboard.show")


@dashboard.route("/panel/take/<object_id>/<field>", methods=["POST"])
def take(object_id: str, field: str) -> ResponseReturnValue:
    """Put a source's value in the place of a person's.

    :param object_id: the harvest object that remembers what the source said
    :param field: name of the field
    """
    found = disagreements.get_disagreement(object_id)
    values = {one.field.name: one.values for one in found.fields} if found else {}
    if found is None or field not in values:
        return tk.abort(404)
    try:
        tk.check_access("package_update", request_context(), {"id": found.record_id})
        tk.get_action("package_patch")(
            request_context(), {"id": found.record_id, **values[field], **_seen()}
        )
    except writing.Conflict:
        return _look_first(found.record_id)
    except tk.NotAuthorized:
        return tk.abort(403)
    except tk.ValidationError as error:
        return to_form(found.record_id, error)
    tk.h.flash_success(tk._("The source's value is in: %(title)s") % {"title": found.title})
    return tk.redirect_to("leszno_ngo_dashboard.show")


@dashboard.route("/panel/keep/<object_id>/<field>", methods=["POST"])
def keep(object_id: str, field: str) -> ResponseReturnValue:
    """Keep a person's value, and ask no more until the source says something new.

    :param object_id: the harvest object that remembers what the source said
    :param field: name of the field
    """
    found = disagreements.get_disagreement(object_id)
    if found is None or field not in {one.field.name for one in found.fields}:
        return tk.abort(404)
    try:
        tk.check_access("package_update", request_context(), {"id": found.record_id})
    except tk.NotAuthorized:
        return tk.abort(403)
    disagreements.dismiss(object_id, field)
    tk.h.flash_success(tk._("Our value stays: %(title)s") % {"title": found.title})
    return tk.redirect_to("leszno_ngo_dashboard.show")


def _is_deleted(id_: str) -> bool:
    record = model.Package.get(id_)
    return record is not None and record.state == model.State.DELETED


def _seen() -> dict[str, str]:
    """The version that the page showed, where its form says it."""
    seen = tk.request.form.get("metadata_modified")
    return {"metadata_modified": seen} if seen else {}


def _look_first(id_: str) -> ResponseReturnValue:
    record = tk.get_action("package_show")(request_context(), {"id": id_})
    said = tk._(
        "The entry was changed, published or deleted since you opened this page. Look at it first"
    )
    tk.h.flash_error(said)
    return tk.redirect_to(f"{record['type']}.read", id=record["name"])


def _look_at_places(draft: dict[str, Any]) -> ResponseReturnValue:
    said = tk._(
        "Nothing is published yet. A person's data may stand here: look at the places below"
    )
    tk.h.flash_error(said)
    return tk.redirect_to(f"{draft['type']}.read", id=draft["name"])


def _units(permission: str) -> list[dict]:
    ask = tk.get_action("organization_list_for_user")
    return ask(request_context(), {"permission": permission})


def _items(publishes_in: list[str]) -> dict[str, list[tuple[DashboardItem, Any]]]:
    """Return the parts that plugins bring and that have something to show, by place."""
    found = [(item, item.find(publishes_in)) for item in DASHBOARD_ITEMS.values()]
    shown = [(item, what) for item, what in found if what is not None]
    return {
        "boxes": [one for one in shown if one[0].is_box],
        "sections": [one for one in shown if not one[0].is_box],
    }
