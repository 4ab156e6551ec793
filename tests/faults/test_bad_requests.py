"""What actions raise and pages let through is the asker's fault: 400, 403 or 404, never a value."""

import json
import logging
from collections import Counter

import psycopg2
import pytest
from ckan.lib.navl.dictization_functions import DataError
from ckan.plugins import toolkit as tk
from flask import Flask
from sqlalchemy import exc

from ckanext.leszno_ngo import views

VALUE = "tajna-wartosc"
TOO_LONG = exc.DataError(
    "INSERT INTO x VALUES (%(a)s)", {"a": VALUE}, psycopg2.DataError(f"too long: {VALUE}")
)
RAISED = [
    (tk.ValidationError({"nazwa": [VALUE], "rok": VALUE}), 400, "nazwa, rok"),
    (tk.ValidationError({"query": [VALUE], "info": {"orig": [VALUE]}}), 400, "query, info"),
    (tk.ValidationError({"resources": [{"url": [VALUE]}], "extras": VALUE}), 400, "resources"),
    (DataError(VALUE), 400, "nie pasuje"),
    (TOO_LONG, 400, "nie pasuje"),
    (tk.NotAuthorized(VALUE), 403, "Nie masz dostępu"),
    (tk.ObjectNotFound(VALUE), 404, "nic nie ma"),
]


@pytest.fixture
def answered(app, monkeypatch):
    """Answer a page, or a view under /api, that lets an error through."""

    def ask(error, path="/about", **asked):
        def breaks(*_args, **_more):
            raise error

        for endpoint in ("home.about", "api.get_api"):
            monkeypatch.setitem(app.flask_app.view_functions, endpoint, breaks)
        return app.test_client().get(path, **asked)

    return ask


@pytest.mark.parametrize(("error", "status", "said"), RAISED)
def test_an_error_of_an_action_is_answered_by_names(answered, logs, error, status, said):
    with logs.at_level(logging.INFO, "ckanext.leszno_ngo"):
        page, under_api = answered(error), answered(error, "/api/3")
    assert (page.status_code, under_api.status_code) == (status, status)
    assert page.mimetype == "text/html"
    if status == 400:  # (pages of the others have words of their own)
        assert said in page.get_data(as_text=True)
    assert said in json.loads(under_api.get_data())
    assert VALUE not in page.get_data(as_text=True) + under_api.get_data(as_text=True)
    assert VALUE not in logs.text
    if isinstance(error, tk.ValidationError):
        assert f"ValidationError {said}" in logs.text


def test_what_postgresql_refuses_is_logged_with_its_statement(answered, logs):
    with logs.at_level(logging.ERROR, "ckanext.leszno_ngo"):
        answered(TOO_LONG, "/api/3")
    assert "INSERT INTO x VALUES (%(a)s)" in logs.text


def test_a_visitor_who_is_refused_is_asked_to_log_in(answered):
    page = answered(tk.NotAuthorized()).get_data(as_text=True)
    assert "/user/login" in page.split('id="error-content"')[1]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_fault_of_the_program_is_no_fault_of_the_asker(app, method):
    with app.flask_app.test_request_context("/about", method=method), pytest.raises(KeyError):
        app.flask_app.handle_user_exception(KeyError("nazwa"))


def test_each_exception_has_one_handler():
    """Flask keeps the last of several, and says nothing."""
    found = Counter()
    for name in views.__all__:
        alone = Flask(name)
        alone.register_blueprint(getattr(views, name))
        for handlers in alone.error_handler_spec[None].values():
            found.update(handlers.keys())
    assert [kind for kind, count in found.items() if count > 1] == []
