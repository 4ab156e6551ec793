"""The examples of ``make run`` in a test's catalogue."""

import datetime as dt
from unittest import mock

from ckan.lib import search
from ckan.plugins import toolkit as tk
from ckan.tests import factories

from devstack import contents, examples


def add_editor() -> str:
    """Make the account that publishes the examples, and return the name of its department."""
    user = factories.User(name=contents.EDITOR)
    members = [{"name": user["name"], "capacity": "admin"}]
    return factories.Organization(name=contents.ORGANISATION["name"], users=members)["name"]


def load(today: dt.date) -> int:
    """Make the examples with one commit, and return how many are new.

    :param today: what their dates are counted from
    """
    with mock.patch.dict(tk.config, {"ckan.search.solr_commit": False}):
        made = examples.load(examples.read(today), contents.EDITOR)
    search.commit()
    return made
