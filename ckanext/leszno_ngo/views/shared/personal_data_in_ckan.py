"""CKAN's forms of departments, groups, datasets and files ask about personal data once.

The actions look (``logic.personal_question``), so that the question stands among the form's errors
and everything typed stays in it.
"""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint
from werkzeug.datastructures import ImmutableMultiDict

from ckanext.leszno_ngo.ckan_compat import request_data
from ckanext.leszno_ngo.logic import personal_question

asking_first = Blueprint("leszno_ngo_asking_first", __name__)

_GROUPS = ("organization.new", "organization.edit", "group.new", "group.edit")
_OF_FILES = ("_resource.new", "_resource.edit")
_OF_RECORDS = "leszno_ngo_forms"


@asking_first.before_app_request
def ask() -> None:
    """Have the request's actions ask, where it sends one of these forms."""
    endpoint = tk.request.endpoint or ""
    is_form = endpoint in _GROUPS or endpoint.endswith(_OF_FILES)
    if tk.request.method != "POST" or not (is_form or tk.request.blueprint == _OF_RECORDS):
        return
    personal_question.begin(tk.request.form.get(personal_question.CONTROL))
    if is_form and personal_question.CONTROL in tk.request.form:
        # It is no field of what the form is about.
        sent = tk.request.form.items(multi=True)
        kept = [pair for pair in sent if pair[0] != personal_question.CONTROL]
        request_data.send_form(ImmutableMultiDict(kept))
