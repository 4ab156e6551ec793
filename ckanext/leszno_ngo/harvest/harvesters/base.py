"""What the harvesters share: each job does its whole work in the gather stage."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

import ckan.plugins as p
from ckan import model
from ckan.common import CKANConfig
from ckan.exceptions import CkanConfigurationException
from ckanext.harvest.interfaces import IHarvester
from ckanext.harvest.model import HarvestObject

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.ckan_compat import harvesting
from ckanext.leszno_ngo.harvest import actions, auth, jobs, kept_secrets, messages, settings
from ckanext.leszno_ngo.harvest.settings import Problem, Settings, SettingsError
from ckanext.leszno_ngo.harvest.source_kinds import SOURCE_KINDS

log = logging.getLogger(__name__)


class LesznoNgoHarvester(p.SingletonPlugin):
    """A harvester of one kind of source."""

    p.implements(IHarvester)
    p.implements(p.IActions)
    p.implements(p.IAuthFunctions)

    p.implements(p.IConfigurable)

    #: A name of ``source_kinds.SOURCE_KINDS``.
    kind = ""
    #: The plugin that brings the kind.
    brought_by = "leszno_ngo"

    def configure(self, config: CKANConfig) -> None:
        """Refuse to start without the plugin that brings the kind.

        :raises ckan.exceptions.CkanConfigurationException: the message says what to add
        """
        if self.kind not in SOURCE_KINDS:
            raise CkanConfigurationException(
                f'No plugin brings the kind of source "{self.kind}" of {self.name}. '
                f"Add {self.brought_by} to ckan.plugins in ckan.ini, after leszno_ngo"
            )

    def title(self) -> str:
        """Return the harvester's name for people, in their language."""
        raise NotImplementedError

    def description(self) -> str:
        """Return what it does, in the reader's language."""
        raise NotImplementedError

    def info(self) -> dict[str, str]:
        """Describe the harvester to ckanext-harvest's form."""
        return {
            "name": settings.PREFIX + self.kind,
            "title": self.title(),
            "description": self.description(),
            "form_config_interface": "Text",
        }

    def validate_config(self, config: str | None) -> str:
        """Check a source's configuration when it is saved.

        :param config: JSON of an object, empty for none (keys: docs/harvest.md)
        :returns: the same, in a tidy form
        :raises ValueError: with every problem in words, which the form shows
        """
        try:
            own = settings.parse(self.kind, config)
            problems = _unknown_names(own)
        except SettingsError as error:
            problems = error.problems
        if problems:
            raise ValueError(" ".join(f"{messages.problem(found)}." for found in problems))
        return json.dumps(json.loads(config), ensure_ascii=False, indent=2) if config else ""

    def get_original_url(self, harvest_object_id: str) -> str | None:
        """Return the address a record came from."""
        found: Any = HarvestObject.get(harvest_object_id)
        address = found.source.url if found else ""
        return address if address.startswith(("http://", "https://")) else None

    def gather_stage(self, harvest_job: Any) -> list[str]:
        """Do the whole job.

        :param harvest_job: the ``HarvestJob``
        :returns: no objects: nothing is left to fetch or to import
        """
        job_id = harvest_job.id
        try:
            source = jobs.SavedSource.of(harvest_job.source_id)
            if source is not None:
                jobs.perform(source, job_id)
        # If an exception went on from here, ckanext-harvest would delete the job's objects: what
        # is remembered of the source.
        except KeyboardInterrupt:
            jobs.ended(job_id, "cancelled")
        except Exception:
            log.exception("Harvest job %s ended by a fault", job_id)
            jobs.ended(job_id, "fault")
        return []

    def fetch_stage(self, _harvest_object: HarvestObject) -> bool:
        """Nothing is left to fetch."""
        return True

    def import_stage(self, _harvest_object: HarvestObject) -> bool | str:
        """Nothing is left to import: ``ckan harvester import`` finds every object unchanged."""
        return "unchanged"

    def get_actions(self) -> Mapping[str, Callable[..., Any]]:
        """Put mended actions of ckanext-harvest in their place, once for all harvesters."""
        return actions.all_actions() if self is _first() else {}

    def get_auth_functions(self) -> Mapping[str, Callable[..., Any]]:
        """Put mended auth functions of ckanext-harvest in their place, once for all harvesters."""
        return auth.all_auth_functions() if self is _first() else {}


harvesting.keep_rules_apart()
kept_secrets.install()


def _first() -> LesznoNgoHarvester:
    """Return the harvester that speaks for all of ours where one is enough."""
    ours = (h for h in p.PluginImplementations(IHarvester) if isinstance(h, LesznoNgoHarvester))
    return next(ours)


def _unknown_names(own: Settings) -> list[Problem]:
    problems: list[Problem] = []
    known = [record_type.name for record_type in record_types.all_types()]
    if own.record_type not in known:
        problems.append(Problem("record_type", "record_type", {"known": ", ".join(known)}))
    if own.owner_org:
        organisation = model.Group.get(own.owner_org)
        if organisation is None or not organisation.is_organization:
            problems.append(Problem("owner_org", "organisation"))
    for name in own.departments:
        organisation = None if name == settings.ALL else model.Group.get(name)
        if name != settings.ALL and (organisation is None or not organisation.is_organization):
            problems.append(Problem("departments", "organisation"))
    if own.record_type in known:
        problems += SOURCE_KINDS[own.kind].problems(own, record_types.get(own.record_type))
    return problems
