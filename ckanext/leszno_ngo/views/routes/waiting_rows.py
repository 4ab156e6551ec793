"""Rows of sources that may name a person, decided about by who publishes (``/panel/osoby``)."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint
from flask.typing import ResponseReturnValue

from ckanext.leszno_ngo.harvest import jobs, waiting
from ckanext.leszno_ngo.logic import publishing
from ckanext.leszno_ngo.views.shared.contexts import request_context

waiting_rows = Blueprint("leszno_ngo_waiting", __name__)

# Where the form says what to do with a row: this and the row's digest.
_DECISION = "decision-"


@waiting_rows.route("/panel/osoby")
def show() -> ResponseReturnValue:
    """Show the rows that wait in the departments of whoever is signed in.

    :returns: the page; the form to sign in for anonymous readers; 403 for who publishes nowhere
    """
    if tk.current_user.is_anonymous:
        return tk.redirect_to("user.login", came_from=tk.h.url_for("leszno_ngo_waiting.show"))
    departments = decides_in()
    if not departments:
        return tk.abort(403)
    found = {"rows": waiting.list_waiting(departments), "count": waiting.count(departments)}
    return tk.render("leszno_ngo/waiting.html", found)


@waiting_rows.route("/panel/osoby", methods=["POST"])
def decide() -> ResponseReturnValue:
    """Write what was decided, and put the accepted rows into the catalogue.

    :returns: the page again; 400 for a row about which the form says two things, or none known
    """
    said = {
        name.removeprefix(_DECISION): values
        for name, values in tk.request.form.lists()
        if name.startswith(_DECISION)
    }
    known = ([waiting.ACCEPTED], [waiting.REJECTED], [""])
    if not all(values in known for values in said.values()):
        tk.abort(400, tk._("Decide about each row once: accept it, reject it, or leave it"))
    chosen = {digest: value for digest, [value] in said.items() if value}
    departments = waiting.departments_of(list(chosen))
    if tk.current_user.is_anonymous or not set(departments.values()) <= set(decides_in()):
        return tk.abort(403)
    for decision in (waiting.ACCEPTED, waiting.REJECTED):
        digests = [d for d in departments if chosen[d] == decision]
        waiting.decide(digests, decision, tk.current_user.id)
    jobs.take_accepted()
    left = sum(map(len, waiting.accepted().values()))
    accepted = sum(chosen[d] == waiting.ACCEPTED for d in departments)
    tk.h.flash_success(
        tk._("Accepted: %(accepted)s. Rejected: %(rejected)s.")
        % {"accepted": accepted, "rejected": len(departments) - accepted}
    )
    if left:
        tk.h.flash_notice(
            tk._("The source is being fetched now: accepted rows go in by its next run.")
        )
    return tk.redirect_to("leszno_ngo_waiting.show")


def decides_in() -> list[str]:
    """Return ids of the departments in which the signed-in person decides about rows."""
    found = [unit["id"] for unit in publishing.departments(request_context())]
    # Records of no department are a sysadmin's.
    return [*found, ""] if getattr(tk.current_user, "sysadmin", False) else found
