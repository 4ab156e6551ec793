"""Settings of CKAN whose defaults do not fit a city's portal, in one place for every portal.

The plugin declares other defaults for them (``declare``), so a portal has them however it is
started; a value in ``ckan.ini`` or in the environment still wins. What a portal has opened all the
same is found by ``open_settings``: it is logged at the start and printed by
``ckan leszno-ngo check-settings``.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import yaml
from ckan.config.declaration import Declaration, Key
from ckan.plugins import plugin_loaded

from ckanext.leszno_ngo import web_addresses
from ckanext.leszno_ngo.languages import N_

log = logging.getLogger(__name__)

#: Seconds in which a session ends, and the most that is not called open.
WORKING_DAY = 8 * 60 * 60
_LONGEST_SESSION = 24 * 60 * 60
_OWN_COMPUTER = ("localhost", "127.0.0.1", "::1")
#: Characters of a ``SECRET_KEY`` that nobody guesses.
_SECRET_LENGTH = 32


def _is_not(value: Any) -> Callable[[Any], bool]:
    return lambda found: found != value


@dataclass(frozen=True)
class Setting:
    """An option of CKAN, its value on a city's portal, and what another value opens.

    ``is_open`` says of a value whether it is to be warned of; a setting without ``value`` keeps
    CKAN's default and is only looked at.
    """

    key: str
    value: Any
    why: str
    is_open: Callable[[Any], bool]


def _kept(key: str, value: Any, why: str) -> Setting:
    return Setting(key, value, why, _is_not(value))


SETTINGS: tuple[Setting, ...] = (
    _kept(
        "ckan.auth.user_create_organizations",
        False,
        N_("Every account can make a department of its own and publish in it"),
    ),
    _kept("ckan.auth.user_create_groups", False, N_("Every account can make groups that all see")),
    _kept(
        "ckan.auth.user_delete_organizations",
        False,
        N_("An administrator of a department can delete the department"),
    ),
    _kept("ckan.auth.user_delete_groups", False, N_("Whoever keeps a group can delete it")),
    _kept(
        "ckan.auth.anon_create_dataset",
        False,
        N_("Anyone can add datasets, even without an account"),
    ),
    _kept(
        "ckan.auth.create_unowned_dataset",
        False,
        N_("Accounts can publish datasets that belong to no department"),
    ),
    _kept(
        "ckan.auth.create_dataset_if_not_in_organization",
        False,
        N_("Accounts of no department can add datasets"),
    ),
    _kept("ckan.auth.create_user_via_api", False, N_("Anyone can make an account by the API")),
    _kept("ckan.auth.create_user_via_web", False, N_("Anyone can make an account on a page")),
    _kept(
        "ckan.auth.public_user_details",
        False,
        N_("Everyone can read the list of the officials' accounts"),
    ),
    _kept(
        "ckan.auth.public_activity_stream_detail",
        False,
        N_("Everyone can read earlier versions of records, with what has been taken out since"),
    ),
    _kept(
        "ckan.auth.reveal_private_datasets",
        False,
        N_("Addresses tell whether there is a private record"),
    ),
    _kept("ckan.search.show_all_types", "false", N_("/dataset lists single records, too")),
    _kept(
        "ckan.gravatar_default",
        "disabled",
        N_("Pages fetch the accounts' pictures from another host"),
    ),
    Setting(
        "ckan.cors.origin_allow_all",
        None,
        N_("Scripts of every site may read all answers of the portal"),
        bool,
    ),
    Setting(
        "SESSION_TYPE",
        "redis",
        N_("Sessions are in cookies, which stay valid after people have logged out"),
        lambda value: value in ("cookie", "null", None),
    ),
    Setting(
        "PERMANENT_SESSION_LIFETIME",
        WORKING_DAY,
        N_("Sessions last longer than a day"),
        lambda value: not isinstance(value, int) or value > _LONGEST_SESSION,
    ),
    _kept("SESSION_COOKIE_HTTPONLY", True, N_("Scripts can read the cookie of the session")),
    Setting(
        "SESSION_COOKIE_SAMESITE",
        "Lax",
        N_("Other sites can send requests with the cookie of the session"),
        lambda value: value not in ("Lax", "Strict"),
    ),
    _kept(
        "WTF_CSRF_ENABLED", True, N_("Other sites can send forms in the name of who is logged in")
    ),
    _kept(
        "WTF_CSRF_CHECK_DEFAULT",
        True,
        N_("Other sites can send forms in the name of who is logged in"),
    ),
    Setting(
        "ckanext.leszno_ngo.harvest.allow_private_addresses",
        None,
        N_("Harvest sources can read what is in the server's own network"),
        bool,
    ),
    Setting("debug", None, N_("Errors show the program's inside to everyone"), bool),
    Setting(
        "SECRET_KEY",
        None,
        N_("The key that signs tokens is short enough to be guessed"),
        lambda value: len(value or "") < _SECRET_LENGTH,
    ),
)

#: The cookie of the session goes by https alone where the portal's address is https.
_SECURE = "SESSION_COOKIE_SECURE"
#: Where ckanext-envvars takes the portal's address from; the last that is there wins.
_ADDRESS_VARIABLES = ("CKAN__SITE_URL", "CKAN___CKAN__SITE_URL")


def is_https(site_url: str | None) -> bool:
    """Whether a portal's address (``ckan.site_url``) is https."""
    return web_addresses.scheme(site_url or "") == "https"


def declare(declaration: Declaration, key: Key) -> None:
    """Declare the extension's options, and give CKAN's own the defaults of a city's portal.

    :param declaration: CKAN's own options, declared already
    :param key: the beginning of every key
    """
    own = Path(__file__).with_name("config_declaration.yaml").read_text(encoding="utf-8")
    declaration.load_dict(yaml.safe_load(own))
    defaults = {setting.key: setting.value for setting in SETTINGS if setting.value is not None}
    defaults[_SECURE] = is_https(_site_url())
    for name, value in defaults.items():
        declaration[key.from_string(name)].set_default(value)


def _site_url() -> str | None:
    """Return the portal's address as it will be: ckanext-envvars sets it after declarations."""
    given = [os.environ.get(name) for name in _ADDRESS_VARIABLES if plugin_loaded("envvars")]
    return next(filter(None, reversed(given)), tk.config.get("ckan.site_url"))


def open_settings(config: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Find what a portal has opened.

    :param config: CKAN's configuration
    :returns: the option's key and what it opens (English, to be translated), one by one
    """
    for setting in SETTINGS:
        if setting.is_open(config.get(setting.key)):
            yield setting.key, setting.why
    address = config.get("ckan.site_url")
    if is_https(address):
        if not config.get(_SECURE):
            yield _SECURE, N_("The cookie of the session goes through connections that others read")
    elif getattr(web_addresses.parts(address or ""), "hostname", "") not in _OWN_COMPUTER:
        yield (
            "ckan.site_url",
            N_("The portal's address is not https: passwords can be read on the way"),
        )


def warn(config: Mapping[str, Any]) -> None:
    """Log what a portal has opened, a line for each setting."""
    for key, why in open_settings(config):
        log.warning("Open setting: %s. %s (ckan leszno-ngo check-settings)", key, why)
