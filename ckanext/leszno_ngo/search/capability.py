"""Whether this portal's Solr has the extension's config set or CKAN's own."""

from __future__ import annotations

import logging

import ckan.plugins.toolkit as tk
import requests

log = logging.getLogger(__name__)

# Known answers by Solr address; asked once a process.
_known: dict[str, bool] = {}


def has_polish() -> bool:
    """Say whether the Polish fields of ``solr/leszno_ngo`` are there.

    :returns: ``False`` on a stock CKAN Solr, which is said in the log once a process, and while
        Solr does not answer (then it is asked again next time)
    """
    url = tk.config["solr_url"]
    if url not in _known:
        found = _ask(url)
        if found is None:
            return False
        _known[url] = found
        if not found:
            log.warning(
                "Solr at %s lacks the fields of ckanext-leszno_ngo: search works without Polish "
                "inflection, folding and spelling. Install solr/leszno_ngo/conf (docs/search.md).",
                url,
            )
    return _known[url]


def forget() -> None:
    """Ask Solr again at the next search (after its config set was changed; tests)."""
    _known.clear()


def _ask(url: str) -> bool | None:
    user, password = tk.config["solr_user"], tk.config["solr_password"]
    try:
        answer = requests.get(
            f"{url.rstrip('/')}/schema/fields/text_pl",
            auth=(user, password) if user and password else None,
            timeout=tk.config["ckan.requests.timeout"],
        )
    except requests.RequestException as error:
        log.warning("Solr was not asked for its fields: %s", error)
        return None
    if answer.status_code in (200, 404):
        return answer.status_code == 200
    log.warning("Solr was not asked for its fields: HTTP status %s", answer.status_code)
    return None
