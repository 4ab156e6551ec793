"""Pages about the portal itself: contact, privacy, terms of use, an easy-to-read text.

Each has a text of ours, made of what the portal's options say, until a sysadmin writes the City's
own at ``/ckan-admin/config``.
"""

from __future__ import annotations

from dataclasses import dataclass

import ckan.plugins.toolkit as tk
from ckan.types import Schema

from ckanext.leszno_ngo import config
from ckanext.leszno_ngo.languages import N_


@dataclass(frozen=True)
class InformationPage:
    """A page about the portal; ``name`` is that of its endpoint, template and option."""

    name: str
    address: str
    title: str

    @property
    def option(self) -> str:
        """The option that the City's own text is in."""
        return config.page_text_option(self.name)


PAGES = (
    InformationPage("contact", "/kontakt", N_("Contact")),
    InformationPage("privacy", "/polityka-prywatnosci", N_("Privacy")),
    InformationPage("terms", "/zasady-korzystania", N_("Terms of use")),
    InformationPage("easy_to_read", "/tekst-latwy-do-czytania", N_("Easy-to-read text")),
)


def with_page_texts(schema: Schema) -> Schema:
    """Let sysadmins write the texts at ``/ckan-admin/config``."""
    for page in PAGES:
        schema[page.option] = [tk.get_validator("ignore_missing"), tk.get_validator("unicode_safe")]
    return schema
