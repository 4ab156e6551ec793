"""What CKAN's views read of a request, changed before they read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import CKANApp
from ckan.views import api
from flask import Response
from werkzeug.datastructures import MultiDict

from ckanext.leszno_ngo.ckan_compat.declarations import InternalUse

USES = (
    InternalUse(
        title="Forms and parameters changed before CKAN's views read them",
        package="Werkzeug",
        version="3.1.8",
        reason="CKAN's views have no hook between the request and the action, and break on fields "
        "that are not sent; ckanext-dcat writes parameters unquoted into addresses of RDF",
        upstream="upstream.md#ckan-forms-that-are-not-whole-end-in-an-error-of-the-server",
        names={"werkzeug.wrappers:Request.form": None, "werkzeug.wrappers:Request.args": None},
    ),
    InternalUse(
        title="The parameters of an action, as the API reads them",
        package="ckan",
        version="2.12.0",
        reason="Parameters on which actions break are refused before; they must be those that the "
        "action would get",
        upstream="upstream.md#ckan-parameters-of-actions-end-in-an-error-of-the-server",
        names={"ckan.views.api:_get_request_data": "try_url_params"},
    ),
    InternalUse(
        title="An answer kept out of public caches",
        package="ckan",
        version="2.12.0",
        reason="CKAN calls every answer public that is no page of its own, an answer to an "
        "official included; it asks for this mark alone",
        upstream="https://github.com/ckan/ckan/pull/8954",
        names={"ckan.views:set_cache_control_headers_for_response": "response"},
    ),
)


def send_form(form: MultiDict[str, str]) -> None:
    """Have CKAN's view read another form in the place of the one that was sent.

    :param form: its controls
    """
    tk.request.form = form  # type: ignore[misc]


@contextmanager
def other_parameters(parameters: MultiDict[str, str]) -> Iterator[None]:
    """Have the request other parameters in its address for a while.

    :param parameters: the parameters
    """
    given = tk.request.args
    tk.request.args = parameters  # type: ignore[misc]
    try:
        yield
    finally:
        tk.request.args = given


def action_parameters(*, reads: bool) -> dict[str, Any]:
    """Return the parameters of an action, as CKAN's API reads them from the request.

    :param reads: whether the action may be asked by GET
    :raises ValueError: they cannot be read
    """
    return api._get_request_data(reads)


def say_last(app: CKANApp, answer: Callable[[Response], Response]) -> None:
    """Have a function look at each response behind CKAN, which says of all how caches keep them.

    :param app: CKAN's application
    :param answer: is given the response and returns it
    """
    # The last ones are called first.
    app.after_request_funcs.setdefault(None, []).insert(0, answer)


def keep_from_public_caches() -> None:
    """Have CKAN, which sets the header after all others, say that the answer is private."""
    tk.request.environ["__no_cache__"] = True
