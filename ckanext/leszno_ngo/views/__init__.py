"""Routes, page models, and what views share; ``__all__`` is what the engine's plugin registers."""

from __future__ import annotations

from ckanext.leszno_ngo.views.routes.api import api
from ckanext.leszno_ngo.views.routes.bin_page import bin_page
from ckanext.leszno_ngo.views.routes.calendar_page import calendar
from ckanext.leszno_ngo.views.routes.components import components
from ckanext.leszno_ngo.views.routes.dashboard import dashboard
from ckanext.leszno_ngo.views.routes.discovery import discovery
from ckanext.leszno_ngo.views.routes.documents import documents
from ckanext.leszno_ngo.views.routes.edit_conflicts import comparing_first
from ckanext.leszno_ngo.views.routes.erasing import erasing
from ckanext.leszno_ngo.views.routes.export import export
from ckanext.leszno_ngo.views.routes.filled_forms import filling
from ckanext.leszno_ngo.views.routes.follow import follow
from ckanext.leszno_ngo.views.routes.forms import forms
from ckanext.leszno_ngo.views.routes.harvest_runs import harvest_runs
from ckanext.leszno_ngo.views.routes.harvesting import harvesting
from ckanext.leszno_ngo.views.routes.information_pages import information
from ckanext.leszno_ngo.views.routes.kept_forms import kept_forms
from ckanext.leszno_ngo.views.routes.linked_data import linked
from ckanext.leszno_ngo.views.routes.quality import quality
from ckanext.leszno_ngo.views.routes.records import records
from ckanext.leszno_ngo.views.routes.site_styles import own_styles
from ckanext.leszno_ngo.views.routes.statement import statement
from ckanext.leszno_ngo.views.routes.versions_page import versions_page
from ckanext.leszno_ngo.views.routes.waiting_rows import waiting_rows
from ckanext.leszno_ngo.views.shared.accounts import accounts
from ckanext.leszno_ngo.views.shared.bad_requests import bad_requests
from ckanext.leszno_ngo.views.shared.history import history
from ckanext.leszno_ngo.views.shared.kept_forms import keeping
from ckanext.leszno_ngo.views.shared.login_sessions import sessions
from ckanext.leszno_ngo.views.shared.not_there import not_there
from ckanext.leszno_ngo.views.shared.page_caching import caching
from ckanext.leszno_ngo.views.shared.personal_data_in_ckan import asking_first
from ckanext.leszno_ngo.views.shared.request_validation import guard
from ckanext.leszno_ngo.views.shared.response_rules import answers
from ckanext.leszno_ngo.views.shared.unavailable import unavailable
from ckanext.leszno_ngo.views.shared.uploaded_files import uploaded_files

# What looks at a request before its page does, does so in this order.
__all__ = [
    "guard",
    "caching",
    "keeping",
    "not_there",
    "accounts",
    "answers",
    "api",
    "asking_first",
    "bad_requests",
    "bin_page",
    "calendar",
    "filling",
    "comparing_first",
    "components",
    "dashboard",
    "discovery",
    "documents",
    "erasing",
    "export",
    "follow",
    "forms",
    "harvest_runs",
    "history",
    "harvesting",
    "information",
    "kept_forms",
    "linked",
    "own_styles",
    "quality",
    "records",
    "sessions",
    "statement",
    "uploaded_files",
    "unavailable",
    "waiting_rows",
    "versions_page",
]
