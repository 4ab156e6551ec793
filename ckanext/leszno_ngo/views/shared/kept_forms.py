"""Nothing that was typed into a form is lost: not by an expired session, nor by an error.

What a form sends is kept before anything is done with it, and forgotten when it is saved. Scripts
send what is typed every few seconds, too (``routes.kept_forms``). A form whose session or token has
expired leads to the login and from there into the form as it was filled.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.navl.dictization_functions import DataError, unflatten
from ckan.logic import clean_dict, parse_params, tuplize_dict
from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from redis.exceptions import RedisError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.logic import kept_forms as store
from ckanext.leszno_ngo.request_state import Slot, once_a_request
from ckanext.leszno_ngo.views.shared import form_kinds, form_secrets

log = logging.getLogger(__name__)

keeping = Blueprint("leszno_ngo_keeping", __name__)

#: How the address of a form says with which kept text it opens.
FILLED = "filled"
#: With the latest that the browser has; its script does it (``assets/js/kept.js``).
LATEST = "latest"
# Controls of a form's own workings; which button was pressed is nothing typed.
_OWN = frozenset(
    {store.CONTROL, "save", "state", "restore", "to_form", "compared", "do", "personal_data_seen"}
)
# The page of two people's changes says on which version the typing began.
_MADE_ON, _VERSION, _CHOICE = "made_on", "metadata_modified", "choice-"


#: The form that the request has sent, where it is kept.
_SENT: Slot[store.Opening | None] = Slot("leszno_ngo_sent_form", None)
#: What was kept that the page's form is filled with.
FILLED_WITH: Slot[store.Kept | None] = Slot("leszno_ngo_filled", None)


# ----------------------------------------------------------------------- before and after a save
@keeping.before_app_request
def keep_first() -> ResponseReturnValue | None:
    """Keep what a form sends before it is looked at, and let nobody fill one in for nothing.

    :returns: the way to the login for who is not logged in
    """
    if not form_kinds.is_asked_for():
        return None
    is_sent = tk.request.method == "POST"
    form = _keep_sent() if is_sent else None
    if tk.current_user.is_authenticated:
        return None
    leads = bool(form) if is_sent else form_kinds.needs_login()
    return _to_login(form) if leads else None


@keeping.after_app_request
def settle(response: Response) -> Response:
    """Forget what was saved; lead back into a form whose token or session had expired."""
    is_sent = form_kinds.is_asked_for() and tk.request.method == "POST"
    form = _keep_sent() if is_sent else None
    if not form:
        return response
    if response.status_code in (302, 303):
        # nobody saves who is not logged in: they are led to the login
        if tk.current_user.is_authenticated:
            store.saved(form)
    elif response.status_code in (400, 401, 403) and not tk.g.get("csrf_valid"):
        return _back(form)
    return response


def _keep_sent() -> store.Opening | None:
    """Keep what the request sends, once.

    :returns: the form; ``None`` where it does not say whose it is or nothing could be kept
    """
    if not _SENT.is_set:
        _SENT.set(None)
        _SENT.set(_kept_from_request())
    return _SENT.get()


def _kept_from_request() -> store.Opening | None:
    try:
        sent = tk.request.form
        form = store.opening(sent.get(store.CONTROL))
        return form if form and keep_typed(form, sent) else None
    except RequestEntityTooLarge:
        return None
    except RedisError as error:
        log.error("What a form has sent could not be kept: %s", error)
        return None


def keep_typed(form: store.Opening, sent: MultiDict[str, str]) -> bool:
    """Keep what was typed of what a form sends.

    :returns: whether it could be kept: it is not too large and was not saved
    """
    return store.keep(form, form_secrets.without(form, _typed(sent)))


def _typed(sent: MultiDict[str, str]) -> Iterator[tuple[str, str]]:
    """Return what was typed of what a form sends."""
    made_on = sent.get(_MADE_ON)
    is_comparison = bool(made_on) or "compared" in sent
    for name, value in sent.items(multi=True):
        if name in _OWN or name == tk.config["WTF_CSRF_FIELD_NAME"] or "password" in name:
            continue
        if name == _MADE_ON or (is_comparison and name.startswith(_CHOICE)):
            continue
        yield name, made_on if made_on and name == _VERSION else value


def _back(form: store.Opening) -> Response:
    """Lead into the form, filled, or to the login before it."""
    if tk.current_user.is_anonymous:
        return _to_login(form)
    if tk.current_user.id == form.account:
        said = tk._("The form was open for too long and is not saved yet. Check it and save again")
    else:
        said = tk._(
            "The form was opened by another account and is not saved. What was typed is kept for"
            " that account: log in to it and open the form"
        )
    tk.h.flash_notice(said)
    return tk.redirect_to(form_kinds.address(form, {FILLED: form.number}))


def _to_login(form: store.Opening | None) -> Response:
    here = tk.h.url_for(tk.request.environ["CKAN_CURRENT_URL"])
    if form:
        here = form_kinds.address(form, {FILLED: form.number})
        tk.h.flash_notice(
            tk._(
                "Your session has ended, but nothing is lost: what you typed is kept. Log in, and"
                " the form opens as you filled it in"
            )
        )
    return tk.redirect_to(tk.h.url_for("user.login", came_from=here))


def way_back() -> str:
    """Return the address that leads back into the form that this request has sent.

    :returns: empty for a request that sends no form; where only the browser has kept it, the form
        that its script fills in
    """
    if not form_kinds.is_asked_for() or tk.request.method != "POST":
        return ""
    form = _keep_sent()
    if form:
        return form_kinds.address(form, {FILLED: form.number})
    return f"{tk.h.url_for(tk.request.path)}?{FILLED}={LATEST}"


# ------------------------------------------------------------------------------ forms that open
def filled(package_type: str, record: str = store.NEW) -> dict[str, Any] | None:
    """Return what a form opens with where its address says that something is kept.

    :param package_type: name of the record's type, or another name of a form
    :param record: the id of what the form is about
    :returns: data as after a sent form with mistakes; ``None`` to open it as usual
    """
    kept = asked_for(package_type, record)
    if not kept:
        return None
    unkept = form_secrets.stored(package_type, record)
    return {**emptied(package_type), **unkept, **_as_data(kept)}


def asked_for(form: str, subject: str) -> store.Kept | None:
    """Return the kept text that the address of a form names, and note that it is shown.

    :param form: name of the form
    :param subject: the id of what it is about
    """
    number = tk.request.args.get(FILLED)
    if not number or number == LATEST:
        return None
    kept = store.find_kept_form(store.Opening(tk.current_user.id, form, subject, number))
    if kept is None:
        tk.h.flash_notice(tk._("There are no unsaved changes of this account to fill in here"))
        return None
    FILLED_WITH.set(kept)
    return kept


def emptied(package_type: str) -> dict[str, Any]:
    """Return every field of a record type as empty: boxes that are not ticked are not sent."""
    if not record_types.get(package_type):
        return {}
    fields = tk.h.scheming_get_dataset_schema(package_type)["dataset_fields"]
    return {f["field_name"]: [] if "repeating_subfields" in f else "" for f in fields}


def _as_data(kept: store.Kept) -> dict[str, Any]:
    try:
        return clean_dict(unflatten(tuplize_dict(parse_params(MultiDict(kept.fields)))))
    except DataError:
        return {}


def opened(form: str, subject: str) -> tuple[store.Opening, store.Kept | None]:
    """Return the opening of a form that is being shown, and what was kept that it is filled with.

    It goes on where it is shown again after a mistake, or with what was kept.
    """
    kept = FILLED_WITH.get()
    if kept:
        return kept.opening, kept
    sent = _keep_sent() if tk.request.method == "POST" else None
    if sent and sent.account == tk.current_user.id:
        return sent, None
    # a page asks twice: inside the form and above it
    known = _opened()
    if (form, subject) not in known:
        known[form, subject] = store.Opening(tk.current_user.id, form, subject)
    return known[form, subject], None


@once_a_request
def _opened() -> dict[tuple[str, str], store.Opening]:
    """The forms that the page has opened, by form and subject."""
    return {}


def just_saved() -> list[str]:
    """Return the numbers of the forms that the account has saved of late."""
    try:
        return store.just_saved(tk.current_user.id) if tk.current_user.is_authenticated else []
    except RedisError as error:
        log.error("Which forms were saved is not known: %s", error)
        return []


def erase(_sender: Any, data_dict: dict[str, Any], **_more: Any) -> None:
    """Forget what is kept for an account that was deleted (signal ``action_succeeded``)."""
    user = model.User.get(data_dict["id"])
    if user:
        store.erase(user.id)
