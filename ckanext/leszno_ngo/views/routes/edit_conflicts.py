"""Two people change one department, group, account, file or table: the second sees both.

CKAN's forms of these (``views.shared.ckan_forms``) carry no version. Each of them carries here what
it showed when it was opened; what is stored by now is compared with that and with what is sent
before CKAN's view sees it (``catalogue.merging``). It all happens under the writers' lock, which
the actions take, too (``logic.writing``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.navl.dictization_functions import DataError, unflatten
from ckan.logic import clean_dict, parse_params, tuplize_dict
from flask import Blueprint
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from ckanext.leszno_ngo import sent_json
from ckanext.leszno_ngo.catalogue import identity
from ckanext.leszno_ngo.ckan_compat import request_data
from ckanext.leszno_ngo.views.pages import comparing
from ckanext.leszno_ngo.views.shared import ckan_forms
from ckanext.leszno_ngo.views.shared.ckan_forms import SHOWN, Arguments, CkanForm, as_control

comparing_first = Blueprint("leszno_ngo_edit_conflicts", __name__)

_COMPARED, _TO_FORM = "compared", "to_form"
_TEMPLATE = "leszno_ngo/differing.html"
# A control of a row: CKAN's free fields and columns (extras__0__key), subfields of scheming
# (parts-0-title).
_ROW = re.compile(r"([^_].*?)__\d+__.+|(.+)-(\d{1,6})-(.+)")
_FREE_ROWS = ("extras", "info")
# What an uploaded file or picture is sent with goes with its address.
_OF_UPLOADS = {"url": ("url_type", "clear_upload"), "image_url": ("clear_upload",)}


@comparing_first.before_app_request
def compare_first() -> ResponseReturnValue | None:
    """Answer a form that was made on what is stored no more."""
    form, args = ckan_forms.get_form(), tk.request.view_args or {}
    if form is None or tk.current_user.is_anonymous:
        return None
    if tk.request.method != "POST" or SHOWN not in tk.request.form:
        return None
    identity.turn()
    try:
        stored = form.stored(args)
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return None  # CKAN's view says so
    return _settled(form, args, stored)


# ------------------------------------------------------------------------------ what is sent
def _settled(form: CkanForm, args: Arguments, stored: dict[str, Any]) -> ResponseReturnValue | None:
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
        merged.setlist(SHOWN, [as_control(form, args, stored)])
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
    pattern = "{}__{}__{}" if name in _FREE_ROWS else "{}-{}-{}"
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
    return {**sent, "extras": ckan_forms.free_fields(sent.get("extras"))}


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


def _base(controls: Mapping[str, str]) -> dict[str, Any] | None:
    try:
        said = sent_json.read(controls[SHOWN], None)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


# ------------------------------------------------------------------------------ the page
def _page(
    form: CkanForm,
    args: Arguments,
    stored: dict[str, Any],
    merged: MultiDict[str, str],
    rows: Iterable[comparing.Row],
) -> dict[str, Any]:
    merged.setlist(SHOWN, [as_control(form, args, stored)])
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
