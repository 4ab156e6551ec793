"""Who makes a record public: the people of its department from a configured role up.

Below that role an editor writes drafts and corrects what is public already (the correction is seen
at once and stays in the record's history); what the public sees or does not see is decided by
those above. Only what a person does is asked for: harvests and commands write with
``ignore_auth``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import authz, model
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey
from ckanext.scheming import helpers as scheming

from ckanext.leszno_ngo import config

#: The validator that holds the rule, in the schemas of the types that follow it.
_VALIDATOR = "leszno_ngo_publishing"
_PERMISSIONS = {"admin": "admin", "editor": "update_dataset"}
_STATE = ("state",)


def permission() -> str:
    """Return the permission in an organisation, by CKAN's name, that publishing asks for."""
    return _PERMISSIONS[config.publish_role()]


def is_asked_for(type_name: str) -> bool:
    """Whether records of a dataset type are published by that role alone: its schema says so.

    :param type_name: name of the dataset type
    """
    schema = scheming.scheming_get_dataset_schema(type_name) or {}
    return _VALIDATOR in (schema.get("after_validators") or "").split()


def may(user: str | None, department: str | None) -> bool:
    """Whether a person may publish in a department; a record of no department is a sysadmin's.

    :param user: the person's name
    :param department: id or name of the organisation
    """
    if not user:
        return False
    if authz.is_sysadmin(user):
        return True
    return authz.has_user_permission_for_group_or_org(department, user, permission())


def departments(context: Context) -> list[dict[str, Any]]:
    """Return the departments in which a person may publish, as CKAN lists organisations.

    :param context: whose they are
    """
    ask = tk.get_action("organization_list_for_user")
    return ask(tk.fresh_context(context), {"permission": permission()})


def departments_without_publisher() -> list[str]:
    """Return the titles of the departments that have members and nobody who may publish.

    After an upgrade that gave publishing to administrators these are departments of editors.
    """
    publishing = ("admin",) if config.publish_role() == "admin" else ("admin", "editor")
    member, unit = model.Member, model.Group
    accounts = (
        sa.select(member.group_id, member.capacity)
        .join(model.User, model.User.id == member.table_id)
        .where(
            member.table_name == "user",
            member.state == model.State.ACTIVE,
            model.User.state == model.State.ACTIVE,
        )
        .subquery()
    )
    found = (
        sa.select(sa.func.coalesce(unit.title, unit.name))
        .join(accounts, accounts.c.group_id == unit.id)
        .where(unit.is_organization.is_(True), unit.state == model.State.ACTIVE)
        .group_by(unit.id)
        .having(sa.not_(sa.func.bool_or(accounts.c.capacity.in_(publishing))))
        .order_by(unit.title)
    )
    return [str(title) for title in model.Session.scalars(found)]


def is_public(record: Mapping[str, Any] | model.Package) -> bool:
    """Whether everyone sees a record.

    :param record: as ``package_show`` gives it, or as it is stored
    """
    if isinstance(record, model.Package):
        return record.state == model.State.ACTIVE and not record.private
    return record.get("state") == model.State.ACTIVE and not tk.asbool(record.get("private"))


def audiences(user: str | None, id_: str | None) -> list[str]:
    """Return the values of ``private`` (``True``, ``False``) that a person may give a record.

    :param user: the person's name
    :param id_: the record's id, ``None`` for a new one
    """
    record = model.Package.get(id_) if id_ else None
    if record is None or record.state != model.State.ACTIVE or may(user, record.owner_org):
        return ["False", "True"]
    return [str(record.private)]


def refusal() -> str:
    """Say why a person may not publish, and what to do."""
    if config.publish_role() == "editor":
        return tk._("Only editors and administrators of the department publish its entries")
    return tk._(
        "Only an administrator of the department publishes its entries and takes them back. "
        "Save it as a draft (state: draft)"
    )


def leszno_ngo_may_be_draft(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Let a new record be a draft: CKAN lets an editor make one only in the stages of its form."""
    if not context.get("package") and data.get(_STATE) == "draft":
        context["allow_state_change"] = True


def leszno_ngo_publishing(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Refuse to show a record to everyone, or to take it back, to those who may not publish."""
    if context.get("ignore_auth"):
        return
    package = context.get("package")
    after = _will_be(data, package)
    concerned = {after["owner_org"]}
    was_public = False
    if package and is_public(package):
        was_public = True
        concerned.add(package.owner_org)
    if was_public == is_public(after) and len(concerned) == 1:
        return
    if not (was_public or is_public(after)):
        return  # a draft may change its department
    user = context.get("user")
    if not after["owner_org"] and not may(user, None):
        said = tk._("Choose the department that publishes the entry")
        errors.setdefault(("owner_org",), []).append(said)
    elif not all(may(user, department) for department in concerned):
        errors.setdefault(_STATE, []).append(refusal())


def _will_be(data: FlattenDataDict, package: model.Package | None) -> dict[str, Any]:
    known = {"state": model.State.ACTIVE, "private": False, "owner_org": None}
    if package:
        known = {name: getattr(package, name) for name in known}
    given = {name: data.get((name,)) for name in known}
    return {n: known[n] if v in (None, "", tk.missing) else v for n, v in given.items()}
