"""A catalogue to measure on: CKAN in this process, its tables and index emptied."""

from __future__ import annotations

import os

import sqlalchemy as sa

_TABLES = 'package, member, "group", activity, harvest_source, harvest_job, harvest_object'


def start():
    """Load CKAN with the configuration that ``CKAN_INI`` names.

    :returns: the Flask application; measure inside ``app.test_request_context()``
    """
    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    app = make_app(load_config(os.environ["CKAN_INI"]))
    return app._wsgi_app


def empty() -> None:
    """Remove every record, source, job and activity, and everything in the index."""
    from ckan import model
    from ckan.lib.search import clear_all

    model.Session.rollback()
    model.Session.execute(sa.text(f"TRUNCATE {_TABLES} CASCADE"))
    model.Session.commit()
    clear_all()


def organisation() -> str:
    """Make the department that the records belong to; returns its id."""
    import ckan.plugins.toolkit as tk

    context = {"ignore_auth": True, "user": site_user()}
    return tk.get_action("organization_create")(context, {"name": "urzad", "title": "Urząd"})["id"]


def site_user() -> str:
    """Return the name of the site user."""
    import ckan.plugins.toolkit as tk

    return tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]


def records() -> int:
    """Count the records in the database."""
    from ckan import model

    return model.Session.query(model.Package).filter_by(type="ngo", state="active").count()


def indexed() -> int:
    """Count the records in the index."""
    from ckan.lib.search.common import make_connection

    return make_connection().search("dataset_type:ngo", rows=0).hits
