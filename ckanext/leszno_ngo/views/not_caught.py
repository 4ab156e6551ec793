"""What CKAN's and extensions' pages do not catch is the asker's fault still: 403, 404 or 400.

Several routes (following, groups of a dataset, views of a file) hand on what an action raises, and
a server error came of it. Some forms are read without a look whether they are whole.
"""

from __future__ import annotations

import traceback
from pathlib import Path

import ckan.plugins.toolkit as tk
from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest, Forbidden, HTTPException, NotFound

not_caught = Blueprint("leszno_ngo_not_caught", __name__)

#: Where sysadmins are made: CKAN says "Promoted" to whoever names their own account.
_OF_SYSADMINS = "user.sysadmin"
#: Where CKAN's pages are, in the path of their code.
_VIEWS = "/ckan/views/"


@not_caught.before_app_request
def refuse() -> ResponseReturnValue | None:
    """Refuse whoever is no sysadmin where sysadmins are made."""
    if tk.request.endpoint == _OF_SYSADMINS and not getattr(tk.current_user, "sysadmin", False):
        return tk.abort(403, tk._("You may not do this"))
    return None


@not_caught.app_errorhandler(tk.NotAuthorized)
def may_not(_error: Exception) -> ResponseReturnValue:
    """Answer whoever may not do what was asked."""
    return _as_page(Forbidden(tk._("You may not do this")))


@not_caught.app_errorhandler(tk.ObjectNotFound)
def is_not_there(_error: Exception) -> ResponseReturnValue:
    """Answer a question about what is not there."""
    return _as_page(NotFound(tk._("There is nothing at this address")))


@not_caught.app_errorhandler(tk.ValidationError)
def is_wrong(error: tk.ValidationError) -> ResponseReturnValue:
    """Answer a form that was refused where no page shows it again."""
    said = " ".join(str(text) for text in error.error_summary.values())
    return _as_page(BadRequest(said or tk._("The form could not be read")))


@not_caught.app_errorhandler(KeyError)
def is_not_whole(error: KeyError) -> ResponseReturnValue:
    """Answer a form without a control that CKAN's page takes for granted.

    :raises KeyError: it is no such form, but a fault of the program
    """
    name = error.args[0] if error.args else None
    is_of_form = tk.request.method == "POST" and name not in tk.request.form
    if not is_of_form or _VIEWS not in _raised_in(error):
        raise error
    return _as_page(BadRequest(tk._("The form could not be read")))


def _raised_in(error: Exception) -> str:
    """Return the path of the code that raised an error."""
    frames = traceback.extract_tb(error.__traceback__)
    # CKAN finds its blueprints by a path with dots in it.
    return Path(frames[-1].filename).resolve().as_posix() if frames else ""


def _as_page(error: HTTPException) -> ResponseReturnValue:
    return current_app.handle_http_exception(error)  # type: ignore[return-value]
