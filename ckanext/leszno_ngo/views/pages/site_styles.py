"""The styles of this portal alone: the city's colour, and what a sysadmin typed.

CKAN writes what was typed at ``/ckan-admin/config`` into every page, where the
Content-Security-Policy allows no styles.
"""

from __future__ import annotations

from hashlib import sha256

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import colours, config


def version() -> str:
    """Return what is in the address of the styles, so that a change shows at once.

    :returns: empty where the portal has no styles of its own
    """
    styles = text()
    return sha256(styles.encode()).hexdigest()[:8] if styles else ""


def require_colour() -> None:
    """Look at the city's colour.

    :raises ValueError: text cannot be read on it: said at the start, not on the pages
    """
    config.colour()


def text() -> str:
    """Return the styles; empty where there are none."""
    colour = config.colour()
    return (colours.stylesheet(colour) if colour else "") + (tk.g.site_custom_css or "")
