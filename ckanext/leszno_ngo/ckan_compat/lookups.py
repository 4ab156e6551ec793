"""What CKAN and its extensions have and give out by private names alone."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

import sqlalchemy as sa
from ckan import authz
from ckan.lib import helpers
from ckan.types import AuthFunction

from ckanext.leszno_ngo.ckan_compat.declarations import InternalUse

USES = (
    InternalUse(
        title="An action's rule itself",
        package="ckan",
        version="2.12.0",
        reason="Whether a rule lets somebody without an account ask is an attribute of the rule, "
        "and CKAN gives out the names of rules alone",
        upstream="upstream.md#ckan-whether-a-rule-is-for-accounts-alone",
        names={"ckan.authz:_AuthFunctions.get": "function"},
    ),
    InternalUse(
        title="A request's context in a background job",
        package="ckan",
        version="2.12.0",
        reason="Letters are rendered and have addresses in them, for which Flask wants a request",
        upstream="https://github.com/ckan/ckan/issues/3760",
        names={"ckan.lib.helpers:_get_auto_flask_context": ""},
    ),
    InternalUse(
        title="The DataStore's database, to write to",
        package="ckan",
        version="2.12.0",
        reason="A table is swapped for another as a whole, which the DataStore's actions cannot do",
        upstream="upstream.md#ckan-a-table-of-the-datastore-swapped-as-a-whole",
        names={
            "ckanext.datastore.backend.postgres:"
            "DatastorePostgresqlBackend._get_write_engine": "self",
        },
        plugin="datastore",
    ),
    InternalUse(
        title="Parts of a profile of ckanext-dcat",
        package="ckanext-dcat",
        version="2.4.4",
        reason="How a publisher is written and when a catalogue last changed are private methods "
        "of the profile that ours is built on",
        upstream="upstream.md#ckanext-dcat-agents-and-dates-in-profiles",
        names={
            "ckanext.dcat.profiles.euro_dcat_ap_3:EuropeanDCATAP3Profile._add_agents": (
                "self, dataset_ref, dataset_dict, agent_key, rdf_predicate, first_only"
            ),
            "ckanext.dcat.profiles.base:RDFProfile._last_catalog_modification": "self",
        },
        plugin="dcat",
    ),
    InternalUse(
        title="The form of a new record",
        package="ckan",
        version="2.12.0",
        reason="A form that is sent twice makes one record: its key goes with the context of "
        "package_create, which a private method of the view makes",
        upstream="upstream.md#ckan-the-context-of-the-views-of-datasets",
        names={"ckan.views.dataset:CreateView._prepare": "self"},
    ),
)


def auth_rule(action: str) -> AuthFunction | None:
    """Return the rule of an action, ``None`` for none that CKAN has loaded.

    :param action: its name
    """
    return authz._AuthFunctions.get(action)


def request_context() -> AbstractContextManager[Any]:
    """Return a context in which pages are rendered and addresses made, in a request or not."""
    return helpers._get_auto_flask_context() or nullcontext()


def datastore_engine(backend: Any) -> sa.Engine:
    """Return the engine by which the DataStore writes.

    :param backend: the active backend
    """
    return backend._get_write_engine()


def add_agent(profile: Any, of: Any, name: str, agent: Any, predicate: Any) -> None:
    """Add an agent to the graph of a profile of ckanext-dcat.

    :param profile: the profile
    :param of: whose agent it is
    :param name: the field's name, such as ``publisher``
    :param agent: the agent as ckanext-dcat's field of agents has it
    :param predicate: the property that leads to it
    """
    profile._add_agents(of, {name: [agent]}, name, predicate)
