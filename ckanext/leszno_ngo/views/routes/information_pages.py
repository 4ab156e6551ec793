"""Pages about the portal itself, at their addresses."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint

from ckanext.leszno_ngo import config
from ckanext.leszno_ngo.logic import attempts
from ckanext.leszno_ngo.views.pages.information_pages import PAGES, InformationPage

_DAY = 24 * 60 * 60


information = Blueprint("leszno_ngo_information", __name__)


def show(page: InformationPage) -> str:
    """Show a page about the portal."""
    asked = {
        "page": page,
        "own_text": config.page_text(page.name),
        "publisher": config.publisher(),
        "statement": config.statement(),
        "retention": config.retention(),
        "days_known": attempts.KNOWN_FOR // _DAY,
    }
    return tk.render("leszno_ngo/information.html", asked)


for _page in PAGES:
    information.add_url_rule(_page.address, _page.name, show, defaults={"page": _page})
