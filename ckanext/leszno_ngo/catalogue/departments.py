"""Names of the departments (CKAN's organisations) that keep records."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from flask import has_request_context


def title(id_: str) -> str:
    """Return what a department is called; the id itself where there is none of it.

    :param id_: the organisation's id, as ``owner_org`` has it
    """
    return _titles().get(id_, id_)


def _titles() -> dict[str, str]:
    """All departments by one SQL statement, asked for once a request."""
    if not has_request_context():
        return _read()
    if "leszno_ngo_departments" not in tk.g:
        tk.g.leszno_ngo_departments = _read()
    return tk.g.leszno_ngo_departments


def _read() -> dict[str, str]:
    table = model.group_table
    query = sa.select(table.c.id, table.c.title, table.c.name).where(
        table.c.is_organization, table.c.state == model.State.ACTIVE
    )
    return {row.id: row.title or row.name for row in model.Session.execute(query)}
