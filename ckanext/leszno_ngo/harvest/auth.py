"""Who sees what harvests keep: what a source said of a record is seen by who sees the record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import authz, model
from ckan.types import AuthFunction, AuthResult, Context
from ckanext.harvest.model import HarvestObject, HarvestSource

from ckanext.leszno_ngo.ckan_compat import harvesting
from ckanext.leszno_ngo.logic import readable
from ckanext.leszno_ngo.logic.other_rules import answer_of

_Auth = Callable[..., AuthResult]

_object = HarvestObject.__table__
_source = HarvestSource.__table__
_package = model.package_table
#: What a harvest object may be looked up by.
_KEYS = ("id", "guid")


def found_object(data_dict: Mapping[str, Any]) -> HarvestObject:
    """Return the harvest object that ``harvest_object_show`` shows.

    :param data_dict: ``id``, with ``attr`` (``id`` or ``guid``), or ``dataset_id``
    :raises ObjectNotFound: there is none
    :raises ValidationError: ``attr`` is another one
    """
    attr = data_dict.get("attr") or "id"
    if attr not in _KEYS:
        raise tk.ValidationError({"attr": [tk._("One of: %s") % ", ".join(_KEYS)]})
    if data_dict.get("id"):
        found: Any = HarvestObject.get(data_dict["id"], attr=attr)
    else:
        record = model.Package.get(data_dict.get("dataset_id"))
        of_record = model.Session.query(HarvestObject).filter_by(
            package_id=record.id if record else "", current=True
        )
        found = of_record.order_by(HarvestObject.import_finished.desc()).first()
    if found is None:
        raise tk.ObjectNotFound(tk._("Harvest object not found"))
    return found


def may_keep(context: Context, source_id: str) -> bool:
    """Whether somebody may change a source, whatever the context allows besides.

    :param context: of whoever asks
    :param source_id: the source
    """
    user = context.get("user")
    if not user or not model.User.get(user):
        return False
    return _allowed("harvest_source_update", Context(user=user), source_id)


@tk.chained_auth_function  # type: ignore[arg-type]
@tk.auth_allow_anonymous_access
def harvest_object_show(
    next_auth: AuthFunction, context: Context, data_dict: dict[str, Any]
) -> AuthResult:
    """Whoever sees a record sees what its source says of it; the rest is for who keeps the source.

    :param data_dict: as of ``harvest_object_show``
    """
    found: Any = found_object(data_dict)
    fresh = Context(user=context.get("user", ""))
    is_there = model.Package.get(found.package_id or "") is not None
    success = not is_there or _allowed("package_show", fresh, found.package_id)
    if success and not (found.current and is_there):
        success = _allowed("harvest_source_update", fresh, found.harvest_source_id)
    return {"success": success}


@tk.chained_auth_function  # type: ignore[arg-type]
def harvest_job_list(
    next_auth: AuthFunction, context: Context, data_dict: dict[str, Any]
) -> AuthResult:
    """Whoever keeps a source sees its jobs; those of all sources are for sysadmins.

    :param data_dict: ``source_id``; ckanext-harvest's rule breaks without one
    """
    if not data_dict.get("source_id"):
        return for_sysadmins(context, data_dict)
    return next_auth(context, data_dict)


def harvest_source_patch(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Whoever may update a source may patch it.

    :param data_dict: ``id`` of the source
    """
    return answer_of("harvest_source_update", context, data_dict)


def for_sysadmins(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Refuse everybody but sysadmins, whom CKAN does not ask."""
    return {"success": False}


def harvest_job_report(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Whoever may see a job may see its report.

    :param data_dict: ``id`` of the job
    """
    return answer_of("harvest_job_show", context, data_dict)


def harvest_source_restore(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Whoever may clear a source may bring back what was cleared.

    :param data_dict: ``id`` of the source
    """
    return answer_of("harvest_source_clear", context, data_dict)


def hidden_objects(context: Context, ids: Iterable[str]) -> set[str]:
    """Return those of some harvest objects whose record somebody may not see.

    :param context: of whoever asks
    :param ids: ids of harvest objects
    """
    query = (
        sa.select(_object.c.id, _object.c.package_id)
        .join(_package, _package.c.id == _object.c.package_id)
        .where(_object.c.id.in_(list(ids)))
    )
    of_records = model.Session.execute(query).tuples().all()
    seen = readable.records(context, {record for _, record in of_records})
    return {id_ for id_, record in of_records if record not in seen}


def visible_objects(context: Context) -> sa.ColumnElement[bool]:
    """Return the condition on harvest objects that somebody may see.

    :param context: of whoever asks; of records in sight the current ones, of sources kept all
    """
    user = context.get("user")
    if context.get("ignore_auth") or (user and authz.is_sysadmin(user)):
        return sa.true()
    ask = tk.get_action("organization_list_for_user")
    kept, member_of = (
        [unit["id"] for unit in ask(Context(user=user or ""), {"permission": permission})]
        for permission in ("update_dataset", "read")
    )
    active = _package.c.state == model.State.ACTIVE
    in_sight = sa.or_(_package.c.private.is_(False), _package.c.owner_org.in_(member_of))
    of_object = _package.c.id == _object.c.package_id
    record = sa.exists().where(of_object, active, in_sight)
    hidden = sa.exists().where(
        of_object, sa.not_(sa.or_(sa.and_(active, in_sight), _package.c.owner_org.in_(member_of)))
    )
    source = sa.exists().where(
        _package.c.id == _object.c.harvest_source_id, _package.c.owner_org.in_(kept)
    )
    return sa.or_(sa.and_(_object.c.current.is_(True), record), sa.and_(source, sa.not_(hidden)))


def _allowed(permission: str, context: Context, id_: str) -> bool:
    try:
        tk.check_access(permission, context, {"id": id_})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False
    return True


def all_auth_functions() -> dict[str, _Auth]:
    """Return the auth functions by name."""
    return {
        **dict.fromkeys(harvesting.WITHOUT_RULES, for_sysadmins),
        "harvest_job_list": harvest_job_list,
        "harvest_job_report": harvest_job_report,
        "harvest_object_show": harvest_object_show,
        "harvest_source_patch": harvest_source_patch,
        "harvest_source_restore": harvest_source_restore,
    }
