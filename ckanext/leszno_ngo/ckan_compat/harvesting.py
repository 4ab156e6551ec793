"""What ckanext-harvest 1.6.3 does wrong on CKAN 2.12, and what it has no interface for."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import logic
from ckan.types import Context

from ckanext.leszno_ngo.ckan_compat import guard
from ckanext.leszno_ngo.ckan_compat.declarations import InternalUse

_Stage = Callable[[Any, Any], Any]

_RULES = InternalUse(
    title="Rules and actions of ckanext-harvest kept apart",
    package="ckanext-harvest",
    version="1.6.3",
    reason="Both are collected in one default argument: an action without a rule is its own rule, "
    "and asking who may does it",
    upstream="upstream.md#ckanext-harvest-actions-and-rules-share-one-dictionary",
    names={"ckanext.harvest.plugin:_get_logic_functions": "module_root, logic_functions"},
    plugin="harvest",
)
_STAGES = InternalUse(
    title="Something done around the stages of a harvester",
    package="ckanext-harvest",
    version="1.6.3",
    reason="There is no interface between the queue and other plugins' harvesters, which are to "
    "find the secrets of their sources",
    upstream="https://github.com/ckan/ckanext-harvest/issues/248",
    names={
        "ckanext.harvest.queue:gather_stage": "harvester, job",
        "ckanext.harvest.queue:fetch_and_import_stages": "harvester, obj",
    },
    plugin="harvest",
)
_SOURCES = InternalUse(
    title="Harvest sources indexed and shown by the right schema",
    package="ckanext-harvest",
    version="1.6.3",
    reason="harvest_source_reindex indexes a source without source_type, frequency and status, "
    "harvest_source_create answers without status, and harvest_log_list asks for a rule that "
    "there is none of",
    upstream="upstream.md#ckanext-harvest-sources-lose-their-fields-on-ckan-212",
    names={
        "ckanext.harvest.logic.action.create:harvest_source_create": "context, data_dict",
        "ckanext.harvest.logic.action.update:harvest_source_reindex": "context, data_dict",
        "ckanext.harvest.logic.action.get:harvest_log_list": "context, data_dict",
        "ckanext.harvest.logic.action.get:harvest_source_show_status": "context, data_dict",
    },
    plugin="harvest",
)
_NOT_ACTIONS = InternalUse(
    title="Functions of ckanext-harvest that are no actions",
    package="ckanext-harvest",
    version="1.6.3",
    reason="Every function and class beside its actions is offered as an action of the API, the "
    "sending of letters included",
    upstream="upstream.md#ckanext-harvest-helper-functions-are-actions",
    names={
        "ckanext.harvest.logic.action.update:get_mail_extra_vars": None,
        "ckanext.harvest.logic.action.update:send_mail": None,
    },
    plugin="harvest",
    at_start=False,
)
USES = (_RULES, _STAGES, _SOURCES, _NOT_ACTIONS)

#: What ckanext-harvest offers as actions because it defines it beside them.
NO_ACTIONS = frozenset(
    {
        "InactiveSource",
        "get_mail_extra_vars",
        "prepare_error_mail",
        "prepare_summary_mail",
        "send_error_email",
        "send_mail",
        "send_summary_email",
    }
)
#: Actions for which ckanext-harvest has no rule.
WITHOUT_RULES = (
    "harvest_abort_failed_jobs",
    "harvest_log_list",
    "harvest_source_index_clear",
    "harvest_source_job_history_clear",
    "harvest_sources_job_history_clear",
)


def keep_rules_apart() -> None:
    """Have ckanext-harvest list its rules and its actions apart.

    To be called while plugins are loaded, before CKAN asks for either.
    """
    from ckanext.harvest import plugin

    guard.require(_RULES)
    collect = plugin._get_logic_functions

    @functools.wraps(collect)
    def apart(module_root: str) -> dict[str, Any]:
        return collect(module_root, {})

    plugin._get_logic_functions = apart


def call_stages_in(work: Callable[[Any], AbstractContextManager[None]]) -> None:
    """Have ckanext-harvest call the stages of harvesters inside a context; once.

    :param work: is given the source, ``None`` for what has none any more
    """
    from ckanext.harvest import queue

    guard.require(_STAGES)
    if getattr(queue.gather_stage, "leszno_ngo", False):
        return
    queue.gather_stage = _inside(work, queue.gather_stage)
    queue.fetch_and_import_stages = _inside(work, queue.fetch_and_import_stages)


def _inside(work: Callable[[Any], AbstractContextManager[None]], stage: _Stage) -> _Stage:
    @functools.wraps(stage)
    def staged(harvester: Any, what: Any) -> Any:
        with work(what.source):
            return stage(harvester, what)

    staged.leszno_ngo = True  # type: ignore[attr-defined]
    return staged


def index_source(source_id: str, *, defer_commit: bool = False) -> None:
    """Index a harvest source as CKAN indexes any dataset.

    ckanext-harvest indexes it by the wrong schema, after which ``harvest_source_show`` gives no
    ``source_type``, ``frequency`` and ``status``, and ``ckan harvester run-test`` fails the second
    time.

    :param source_id: id of the source
    :param defer_commit: leave the commit to Solr
    """
    logic.index_update_package(
        Context(ignore_auth=True, user="", use_cache=False, validate=False),
        source_id,
        defer_commit=defer_commit,
    )


def with_status(context: Context, source: dict[str, Any]) -> dict[str, Any]:
    """Add its status to the answer of ``harvest_source_create``.

    ``ckan harvester source create`` ends in an error without it, after it has made the source.

    :param context: of the action
    :param source: the answer
    """
    if source.get("status"):
        return source
    show_status = tk.get_action("harvest_source_show_status")
    return {**source, "status": show_status(without_rules(context), {"id": source["id"]})}


def without_rules(context: Context) -> Context:
    """Return a context in which an action asks for no rule: who calls has asked.

    :param context: of the action
    """
    return Context(context, ignore_auth=True)  # type: ignore[arg-type,misc]
