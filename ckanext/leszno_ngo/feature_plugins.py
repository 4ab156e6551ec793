"""Features that a portal switches on by plugins of their own, and what they need to start.

A feature's code is in a package that nothing else imports, so that a portal without it neither
loads it nor needs its libraries. No line of ``ckan.plugins`` leaves one out by mistake: what was
part of the engine before would be gone after an upgrade, without a word.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.exceptions import CkanConfigurationException

from ckanext.leszno_ngo import config, record_types
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.registry import Registry


def _every_type(_record_type: RecordType) -> bool:
    return True


@dataclass(frozen=True)
class Feature:
    """A feature that is a plugin of its own.

    :param brings: the pages and files that a portal has by it, for the message that asks for it
    :param serves: whether a record type has something of it
    :param requirement: what pip installs with its libraries, empty for a feature without any
    """

    brings: str
    serves: Callable[[RecordType], bool] = _every_type
    requirement: str = ""


#: Name of the plugin → feature.
FEATURES: Registry[Feature] = Registry("feature")


def require_decided() -> None:
    """Refuse to start where nobody said whether the portal has a feature that its types have.

    :raises ckan.exceptions.CkanConfigurationException: the message names all such plugins
    """
    types = record_types.all_types()
    decided = {*tk.config["ckan.plugins"], *config.switched_off()}
    asked = {
        name: feature
        for name, feature in FEATURES.items()
        if name not in decided and any(map(feature.serves, types))
    }
    if asked:
        raise CkanConfigurationException(
            f"Add {' '.join(asked)} to ckan.plugins in ckan.ini, after leszno_ngo, or name what "
            "this portal goes without in ckanext.leszno_ngo.switched_off:\n"
            + "\n".join(_said(name, feature) for name, feature in asked.items())
        )


def _said(name: str, feature: Feature) -> str:
    libraries = f" ({_install(feature.requirement)})" if feature.requirement else ""
    return f"{name} brings {feature.brings}{libraries}"


def require_libraries(plugin: str, requirement: str, *modules: str) -> None:
    """Refuse to load a plugin without its libraries.

    Called by the feature's package before it imports them.

    :param plugin: its name in ``ckan.plugins``
    :param requirement: what pip installs to have them
    :param modules: names by which they are imported
    :raises ckan.exceptions.CkanConfigurationException: one is not installed
    """
    gone = [module for module in modules if not _is_installed(module)]
    if gone:
        raise CkanConfigurationException(
            f"{plugin} needs {', '.join(gone)}: {_install(requirement)}, or take {plugin} out of "
            "ckan.plugins and name it in ckanext.leszno_ngo.switched_off"
        )


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # a package around it
        return False


def require_plugins(plugin: str, *needed: str) -> None:
    """Refuse to start a plugin without those that it builds on.

    :param plugin: its name in ``ckan.plugins``
    :param needed: the others' names
    :raises ckan.exceptions.CkanConfigurationException: one is not loaded
    """
    gone = [name for name in needed if not p.plugin_loaded(name)]
    if gone:
        raise CkanConfigurationException(
            f"{plugin} needs other plugins: add {' '.join(gone)} to ckan.plugins in ckan.ini"
        )


def _install(requirement: str) -> str:
    return f'pip install "{requirement}"'
