"""Whether anything that public pages show was changed, by one statement.

Triggers (``migration/…/012_page_changes_of_public_rows.py``) note each transaction that wrote rows
that public pages show, and none that wrote drafts or private records alone. What was noted is a
state's name: transactions that end in another order than they began in give another one, too.
"""

from __future__ import annotations

import sqlalchemy as sa
from ckan import model

_STATE = sa.text("SELECT count(*) || '-' || coalesce(max(id), 0) FROM leszno_ngo_page_change")


def state() -> str:
    """Return the name of the present state of what public pages show.

    :returns: another text after each change
    """
    return str(model.Session.scalar(_STATE))
