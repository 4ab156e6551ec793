"""Controls of forms that may have a secret in them: what is kept of them until a form is saved.

Addresses and options of harvest sources have passwords and keys. A text that is kept has what
stands for them (``harvest.secret_options``); options that are no JSON may have a secret anywhere
and are not kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo.harvest import secret_options
from ckanext.leszno_ngo.harvest.settings import known_options
from ckanext.leszno_ngo.logic import kept_forms as store
from ckanext.leszno_ngo.views.shared.contexts import request_context

_SOURCE = "harvest"
_URL, _CONFIG = "url", "config"


def controls(form: str) -> tuple[str, ...]:
    """Return the names of the controls of a form that may have a secret.

    :param form: name of the form
    """
    return (_URL, _CONFIG) if form == _SOURCE else ()


def without(form: store.Opening, fields: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """Return what may be kept of what a form sends.

    :param form: its opening
    :param fields: names and values of its controls; what the browser keeps is without those of
        :func:`controls`, and what is kept of them already stays
    """
    names = controls(form.form)
    if not names:
        return fields
    given = list(fields)
    sent = dict(given)
    before = store.find_kept_form(form) if not set(names) <= set(sent) else None
    missing = [pair for pair in before.fields if pair[0] in names] if before else []
    left = [pair for pair in given if pair[0] not in names]
    return [*left, *_visible(sent), *(pair for pair in missing if pair[0] not in sent)]


def stored(form: str, subject: str) -> dict[str, Any]:
    """Return what a form shows in these controls where nothing is kept of them.

    :param form: name of the form
    :param subject: the id of what it is about, or ``NEW``
    """
    if subject == store.NEW or not controls(form):
        return {}
    found = tk.get_action("package_show")(request_context(), {"id": subject})
    return {name: found.get(name) for name in controls(form)}


def _visible(sent: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    url, config = sent.get(_URL, ""), sent.get(_CONFIG, "")
    parted = secret_options.part(url, config, known_options(sent.get("source_type", "")))
    # an address with a fault may have its password anywhere
    if _URL in sent and "@" not in parted.url:
        yield _URL, parted.url
    if _CONFIG in sent and secret_options.is_readable(config):
        yield _CONFIG, parted.config
