"""What plugins add to the engine's pages: menu, front page, dashboard, forms of records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.registry import Registry


@dataclass(frozen=True)
class Page:
    """A page that is there once: in the sitemap, and in the menu of every page.

    :param label: what the menu calls it, in the reader's language
    :param is_main: whether it stands in the menu itself, not behind "More"
    :param task: what the front page says that people can do there, and a sentence about it
    """

    label: Callable[[], str]
    is_main: bool = False
    task: Callable[[], tuple[str, str]] | None = None


@dataclass(frozen=True)
class FrontPart:
    """A part of the front page, between what is open now and the ways into the catalogue.

    :param find: what the template gets as ``found``; ``None`` for nothing to show
    :param template: of the part
    """

    find: Callable[[], Any]
    template: str


@dataclass(frozen=True)
class DashboardItem:
    """A part of an official's dashboard.

    :param find: ids of the departments for which the official publishes → what waits, given to the
        template as ``found``; ``None`` for nothing to show
    :param template: of the part
    :param is_box: whether it is a short list among the others, not a section below them
    """

    find: Callable[[Sequence[str]], Any]
    template: str
    is_box: bool = True


@dataclass(frozen=True)
class RecordPart:
    """A box beside a record on its page.

    :param find: type and record → what the template gets as ``found``; ``None`` for nothing to show
    :param template: of the part, which also gets ``record``
    """

    find: Callable[[RecordType, Mapping[str, Any]], Any]
    template: str


@dataclass(frozen=True)
class SharedField:
    """A field that means the same in every type that has it: searches across types filter by it.

    :param of_places: only the map does
    """

    of_places: bool = False


@dataclass(frozen=True)
class RecordForm:
    """A form on a page of its own that changes a record; what is typed into it is kept.

    :param endpoint: of its page, with ``{type}`` for the record's type; ``id`` is its parameter
    :param action: the action that is asked for the right to save it
    :param label: what the link on the pages of public records says; none where there is no link
    :param fits: whether records of a type have the form
    """

    endpoint: str
    action: str
    label: Callable[[], str] | None = None
    fits: Callable[[RecordType], bool] = lambda _type: True

    @property
    def blueprint(self) -> str:
        """The blueprint of its pages."""
        return self.endpoint.partition(".")[0]


#: Endpoint → page.
PAGES: Registry[Page] = Registry("page")
#: Name → part of the front page.
FRONT_PARTS: Registry[FrontPart] = Registry("part of the front page")
#: Name → part of the dashboard.
DASHBOARD_ITEMS: Registry[DashboardItem] = Registry("part of the dashboard")
#: Name → part of a record's page.
RECORD_PARTS: Registry[RecordPart] = Registry("part of a record's page")
#: Field → where it is filtered by.
SHARED_FIELDS: Registry[SharedField] = Registry("shared field")
#: Name → form of records.
RECORD_FORMS: Registry[RecordForm] = Registry("form of records")
