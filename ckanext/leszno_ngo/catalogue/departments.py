"""Names of the departments (CKAN's organisations) that keep records."""

from __future__ import annotations

import sqlalchemy as sa
from ckan import model

from ckanext.leszno_ngo.request_state import once_a_request


def title(id_: str) -> str:
    """Return what a department is called; the id itself where there is none of it.

    :param id_: the organisation's id, as ``owner_org`` has it
    """
    return _titles().get(id_, id_)


@once_a_request
def _titles() -> dict[str, str]:
    """All departments by one SQL statement."""
    table = model.group_table
    query = sa.select(table.c.id, table.c.title, table.c.name).where(
        table.c.is_organization, table.c.state == model.State.ACTIVE
    )
    return {row.id: row.title or row.name for row in model.Session.execute(query)}
