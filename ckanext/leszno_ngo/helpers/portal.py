"""The front page, and whose portal it is."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from flask import current_app

from ckanext.leszno_ngo import config
from ckanext.leszno_ngo.logic.page_parts import PAGES, FrontPart, Page
from ckanext.leszno_ngo.views.pages import front, information_pages, site_styles


def leszno_ngo_front() -> list[front.Entrance]:
    """Return the ways into the catalogue that the front page offers."""
    return front.entrances()


def leszno_ngo_tasks() -> list[front.Task]:
    """Return what people can do here, for the front page."""
    return front.tasks()


def leszno_ngo_open_now() -> list[front.Now]:
    """Return the lists of what one can act in now, for the front page."""
    return front.open_now()


def leszno_ngo_upcoming() -> list[tuple[datetime.date, list[Any]]]:
    """Return the calendar's entries of the next days, for the front page."""
    return front.upcoming()


def leszno_ngo_front_parts() -> list[tuple[FrontPart, Any]]:
    """Return what plugins show on the front page, each with what its template gets."""
    return front.parts()


def leszno_ngo_has_page(endpoint: str) -> bool:
    """Return whether some plugin brings a page.

    :param endpoint: its name, such as ``leszno_ngo_programme.page``
    """
    return endpoint in current_app.view_functions


def leszno_ngo_pages() -> Mapping[str, Page]:
    """Return the pages that plugins bring, by endpoint, in the order of the menu."""
    return PAGES


def leszno_ngo_information_pages() -> tuple[information_pages.InformationPage, ...]:
    """Return the pages about the portal itself, for the footer and CKAN's page of settings."""
    return information_pages.PAGES


def leszno_ngo_own_licence() -> str:
    """Return the code of the licence of the catalogue's own data."""
    return config.licence()


def leszno_ngo_publisher() -> str:
    """Return the name of the body that publishes the catalogue."""
    return config.publisher_name()


def leszno_ngo_site_styles_version() -> str:
    """Return the version of the styles of this portal alone; empty where there are none."""
    return site_styles.version()


def leszno_ngo_is_framed_elsewhere() -> bool:
    """Return whether other sites may show this portal in a frame."""
    return "frame-ancestors" in config.allowed_sources()
