"""With whose rights a source acts: those of the person who saved it last, in its own department.

It changes no record that they could not change, makes nothing public where they may not publish
(``logic.publishing``), and stays in its own department; a sysadmin may let it into others (the
option ``departments``). A source that nobody with rights answers for does not run.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import authz, model
from ckan.types import Context
from ckanext.harvest.model import HarvestSource
from ckanext.harvest.utils import DATASET_TYPE_NAME

from ckanext.leszno_ngo.catalogue.contexts import site_user
from ckanext.leszno_ngo.harvest import kept_secrets, messages, settings
from ckanext.leszno_ngo.harvest.model import SourceError
from ckanext.leszno_ngo.harvest.settings import ALL, Settings, has_secret, without_secret
from ckanext.leszno_ngo.logic import publishing


@dataclass(frozen=True)
class Rights:
    """What a run may do.

    :param departments: ids of the organisations whose records it may change (``""``: records of
        none); ``None`` for all
    :param user: name of the account that answers for it; ``None`` for the operator at the server
    """

    departments: frozenset[str] | None = None
    user: str | None = None

    @property
    def of_sysadmin(self) -> bool:
        """Whether a sysadmin, or the operator, answers for it."""
        return self.user is None or authz.is_sysadmin(self.user)

    @property
    def context(self) -> Context:
        """The context in which actions and links are asked for with these rights."""
        return Context(ignore_auth=True) if self.user is None else Context(user=self.user)

    def may_change(self, department: str | None) -> bool:
        """Whether records of a department may be changed.

        :param department: id of the organisation
        """
        return self.departments is None or (department or "") in self.departments

    def may_publish(self, department: str | None) -> bool:
        """Whether new records of a department may be public at once.

        :param department: id of the organisation
        """
        return self.user is None or publishing.may(self.user, department)


#: Of who runs a command on the server.
OPERATOR = Rights()


def rights_of_source(source_id: str, own: Settings) -> Rights:
    """Return the rights of a saved source.

    :param source_id: the source
    :param own: its settings; ``owner_org`` is an id
    :raises SourceError: ``no_rights``, ``other_owner``, ``owner_org``
    """
    package = model.Package.get(source_id)
    user = _answers_for(source_id, package)
    if package is None or user is None:
        raise SourceError("no_rights")
    department = package.owner_org or ""
    if authz.is_sysadmin(user):
        if own.departments == (ALL,):
            return Rights(None, user)
        named = map(_id_of, own.departments)
        return Rights(frozenset({department, own.owner_org, *named}), user)
    if own.owner_org != department:
        raise SourceError("other_owner")
    if not _may_edit(user, department):
        raise SourceError("no_rights")
    return Rights(frozenset({department}), user)


def sign(context: Context, source: dict[str, Any]) -> None:
    """Note who answers for a source that is being saved.

    ckanext-harvest keeps ``user_id`` with the source. What is saved without an account and without
    a question of rights, as by a command, is the operator's.

    :param context: of whoever saves it
    :param source: the harvest source as ckanext-harvest is about to keep it
    :raises ValidationError: it is given more than its own department, and not by a sysadmin
    """
    if source.get("type") != DATASET_TYPE_NAME:
        return
    fault = address_fault(context, source)
    if fault:
        model.Session.rollback()
        raise tk.ValidationError({"url": [messages.stop(SourceError(fault))]})
    user = model.User.get(context.get("user") or "")
    if user is None and context.get("ignore_auth"):
        user = model.User.get(site_user())
    if user is None or not user.sysadmin:
        _keep_inside(source)
    source["user_id"] = user.id if user else ""
    kept: Any = HarvestSource.get(source["id"])
    if kept is not None:
        kept.user_id = source["user_id"]
    kept_secrets.keep(source)


def address_fault(context: Context, source: Mapping[str, Any]) -> str:
    """Say what is wrong with the address of a source that is being saved.

    :param context: of whoever saves it; only the operator's command makes sources of files
    :param source: the harvest source; one that has its address already keeps it
    :returns: as :func:`settings.address_fault`
    """
    url = source.get("url") or ""
    fault = settings.address_fault(url)
    if fault == "address" and settings.is_by_hand(url):
        kept: Any = HarvestSource.get(source.get("id") or "")
        if context.get("ignore_auth") or (kept is not None and kept.url == url):
            return ""
    return fault


def hide_secret(source: dict[str, Any]) -> None:
    """Take a password out of the address of a source that was saved when that was not refused.

    :param source: any package, as it is shown
    """
    if source.get("type") == DATASET_TYPE_NAME and has_secret(source.get("url") or ""):
        source["url"] = without_secret(source["url"])


def _keep_inside(source: Mapping[str, Any]) -> None:
    given = json.loads(source.get("config") or "{}")
    owner = model.Group.get(given.get("owner_org") or "")
    outside = owner is not None and owner.id != source.get("owner_org")
    if given.get("departments") or outside:
        model.Session.rollback()
        said = tk._("Only a system administrator lets a source into other departments")
        raise tk.ValidationError({"config": [said]})


def _answers_for(source_id: str, package: model.Package | None) -> str | None:
    """Return the name of the active account that answers for a source.

    Of a source that was saved before this was noted, it is who made it.
    """
    kept: Any = HarvestSource.get(source_id)
    id_ = (kept.user_id if kept else "") or (package.creator_user_id if package else "")
    user = model.User.get(id_ or "")
    return user.name if user and user.is_active else None


def _may_edit(user: str, department: str) -> bool:
    if not department:
        return bool(authz.check_config_permission("create_unowned_dataset"))
    return authz.has_user_permission_for_group_or_org(department, user, "update_dataset")


def _id_of(department: str) -> str:
    organisation = model.Group.get(department)
    if organisation is None or not organisation.is_organization:
        raise SourceError("owner_org", name=department)
    return organisation.id
