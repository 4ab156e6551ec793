"""Which datasets are registers, and their ids: worked out, so that they never change."""

from __future__ import annotations

import uuid
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.leszno_ngo.catalogue import stored

DATASET_TYPE = "dataset"
#: The field of a dataset that says which record type it is the register of.
REGISTER_OF = "register_of"


def dataset_id(type_name: str) -> str:
    """Return the id of a type's register: the one it has, or the one it will get.

    A register that is there keeps its id when the portal's address changes.

    :param type_name: name of a record type
    """
    known = model.Session.scalar(
        sa.select(model.Package.id)
        .where(
            model.Package.type == DATASET_TYPE,
            model.Package.extras[REGISTER_OF].astext == type_name,
        )
        .order_by(model.Package.metadata_created)
        .limit(1)
    )
    return known or str(uuid.uuid5(uuid.NAMESPACE_URL, f"{tk.config['ckan.site_url']}#{type_name}"))


def resource_id(dataset: str, part: str) -> str:
    """Return the id of a register's resource.

    :param dataset: id of the register's dataset
    :param part: ``csv``, ``api``, ``snapshot-2026`` …
    """
    return str(uuid.uuid5(uuid.UUID(dataset), part))


def published() -> list[dict[str, Any]]:
    """Read all public registers from the database, as ``package_show`` gives them.

    The index may lack some; who copies the list would take them for withdrawn.

    :returns: in the order of their ids
    """
    ids = model.Session.scalars(
        sa.select(model.Package.id)
        .where(
            model.Package.type == DATASET_TYPE,
            model.Package.state == model.State.ACTIVE,
            model.Package.private.is_(False),
            model.Package.extras[REGISTER_OF].astext != "",
        )
        .order_by(model.Package.id)
    )
    return [one.custom for one in stored.load_many(list(ids))]
