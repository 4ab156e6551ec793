"""The accessibility statement (art. 10 of the act of 4.04.2019 on digital accessibility)."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint

from ckanext.leszno_ngo import config

statement = Blueprint("leszno_ngo_statement", __name__)


@statement.route("/deklaracja-dostepnosci")
def accessibility() -> str:
    """Show the statement, in the order and with the ids of its technical conditions."""
    return tk.render("leszno_ngo/statement.html", {"statement": config.statement()})
