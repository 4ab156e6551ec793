"""Pages. Each module holds one blueprint; ``__all__`` is what the engine's plugin registers."""

from __future__ import annotations

from ckanext.leszno_ngo.views.accounts import accounts
from ckanext.leszno_ngo.views.api import api
from ckanext.leszno_ngo.views.bad_requests import bad_requests
from ckanext.leszno_ngo.views.bin_page import bin_page
from ckanext.leszno_ngo.views.calendar_page import calendar
from ckanext.leszno_ngo.views.components import components
from ckanext.leszno_ngo.views.dashboard import dashboard
from ckanext.leszno_ngo.views.discovery import discovery
from ckanext.leszno_ngo.views.documents import documents
from ckanext.leszno_ngo.views.edit_conflicts import comparing_first
from ckanext.leszno_ngo.views.erasing import erasing
from ckanext.leszno_ngo.views.export import export
from ckanext.leszno_ngo.views.filled_forms import filling
from ckanext.leszno_ngo.views.follow import follow
from ckanext.leszno_ngo.views.forms import forms
from ckanext.leszno_ngo.views.harvest_runs import harvest_runs
from ckanext.leszno_ngo.views.harvesting import harvesting
from ckanext.leszno_ngo.views.history import history
from ckanext.leszno_ngo.views.information_pages import information
from ckanext.leszno_ngo.views.kept_forms import keeping
from ckanext.leszno_ngo.views.linked_data import linked
from ckanext.leszno_ngo.views.login_sessions import sessions
from ckanext.leszno_ngo.views.not_there import not_there
from ckanext.leszno_ngo.views.page_caching import caching
from ckanext.leszno_ngo.views.personal_data_in_ckan import asking_first
from ckanext.leszno_ngo.views.quality import quality
from ckanext.leszno_ngo.views.records import records
from ckanext.leszno_ngo.views.request_validation import guard
from ckanext.leszno_ngo.views.response_rules import answers
from ckanext.leszno_ngo.views.site_styles import own_styles
from ckanext.leszno_ngo.views.statement import statement
from ckanext.leszno_ngo.views.unavailable import unavailable
from ckanext.leszno_ngo.views.uploaded_files import uploaded_files
from ckanext.leszno_ngo.views.versions_page import versions_page
from ckanext.leszno_ngo.views.waiting_rows import waiting_rows

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
