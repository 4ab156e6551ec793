"""PostgreSQL, Redis and Solr, which the portal stands on: what is said when one does not answer.

Without PostgreSQL or Redis no page can be made (records; sessions and queues), so a process that
starts without them ends at once with one sentence, and its supervisor starts it again. Without Solr
the portal starts: lists answer 503, records are shown and saved.
"""

from __future__ import annotations

import logging
import re
import sys
import time
from collections.abc import Mapping
from typing import Any

import pysolr
import sqlalchemy as sa
from ckan.lib.redis import connect_to_redis
from ckan.lib.search.common import SearchError, SearchQueryError, SolrConnectionError
from redis.exceptions import RedisError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from ckanext.leszno_ngo import languages

#: What is raised where one of the services does not answer.
DATABASE = (OperationalError, InterfaceError, NoConnectionError)
SEARCH = (SearchError, SolrConnectionError, pysolr.SolrError)
AWAY = (*DATABASE, *SEARCH, RedisError)

# By Solr with a status; by CKAN, which asks Solr nothing then, with words.
_REFUSED = re.compile(
    r"\bHTTP (?:400|413)\b|^(?:Local parameters (?:must|are not)|Magic fields|Query parsers)"
    r"|\bmaxClauseCount is set"
)
_DATASTORE = ("ckan.datastore.write_url", "ckan.datastore.read_url")
# Seconds between tries while PostgreSQL says that it is starting.
_PAUSES = (1, 2, 4, 8)
_PATIENCE = 10
_LONGEST_REASON = 200
_wait = time.sleep

# Said before there is an application that could translate.
_TEXTS: Mapping[str, Mapping[str, str]] = {
    "database": {
        "pl": "Baza danych nie odpowiada: {reason}. Uruchom PostgreSQL i sprawdź {option} w "
        "ckan.ini.",
        "en": "The database does not answer: {reason}. Start PostgreSQL and check {option} in "
        "ckan.ini.",
    },
    "connections": {
        "pl": "Baza danych nie ma wolnych połączeń: {reason}. Zakończ zbędne procesy albo zwiększ "
        "max_connections w PostgreSQL.",
        "en": "The database is out of connections: {reason}. End processes that are not needed, or "
        "raise max_connections in PostgreSQL.",
    },
    "disk": {
        "pl": "Baza danych nie ma miejsca na dysku: {reason}. Zwolnij miejsce na serwerze "
        "PostgreSQL.",
        "en": "The database is out of disk space: {reason}. Free space on the server of "
        "PostgreSQL.",
    },
    "redis": {
        "pl": "Redis nie odpowiada: {reason}. Uruchom go i sprawdź ckan.redis.url w ckan.ini.",
        "en": "Redis does not answer: {reason}. Start it and check ckan.redis.url in ckan.ini.",
    },
    "search": {
        "pl": "Wyszukiwarka nie odpowiada: {reason}. Uruchom Solr i sprawdź solr_url w ckan.ini.",
        "en": "The search engine does not answer: {reason}. Start Solr and check solr_url in "
        "ckan.ini.",
    },
}
# Names of the driver's errors, which are there where PostgreSQL's messages are in another language.
_ERRORS = {"TooManyConnections": "connections", "DiskFull": "disk"}
# What it says; its codes are not told while one connects.
_SIGNS = {
    "too many clients": "connections",
    "too many connections": "connections",
    "remaining connection slots": "connections",
    "QueuePool limit": "connections",
    "No space left on device": "disk",
    "could not extend file": "disk",
}


def is_refusal(error: BaseException) -> bool:
    """Tell whether Solr answered and refused the query or the document (HTTP 400, 413).

    pysolr and CKAN raise one class for "no connection" and "Solr says 400"; only the text differs.

    :param error: one of :data:`SEARCH`
    """
    return isinstance(error, SearchQueryError) or bool(_REFUSED.search(str(error)))


def database_fault(error: BaseException) -> str:
    """Tell why the database does not answer.

    :param error: one of :data:`DATABASE`
    :returns: ``connections`` (there is none free), ``disk`` (it is full), else ``database``
    """
    code = _ERRORS.get(type(getattr(error, "orig", None)).__name__)
    return code or next((code for sign, code in _SIGNS.items() if sign in str(error)), "database")


def sentence(error: Exception, config: Mapping[str, Any], option: str = "sqlalchemy.url") -> str:
    """Return the reason and the remedy, in the portal's language.

    :param error: one of :data:`AWAY`
    :param config: the portal's configuration
    :param option: the option that has the address
    """
    reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
    if isinstance(error, DATABASE):
        code = database_fault(error)
    else:
        code = "redis" if isinstance(error, RedisError) else "search"
    lang = languages.spoken(config.get("ckan.locale_default") or "en")
    reason = reason[:_LONGEST_REASON].rstrip(". ")
    return _TEXTS[code][lang].format(reason=reason, option=option)


def require(config: Mapping[str, Any]) -> None:
    """Look whether the portal can start, before CKAN does and ends in a traceback.

    :param config: the portal's configuration
    :raises SystemExit: with one sentence, where PostgreSQL or Redis does not answer
    """
    logger = logging.getLogger("ckan.lib.search.common")
    if not any(isinstance(one, _Sentence) for one in logger.filters):
        logger.addFilter(_Sentence(config))
    has_datastore = "datastore" in config.get("ckan.plugins", ())
    for option in ("sqlalchemy.url", *(_DATASTORE if has_datastore else ())):
        if config.get(option):
            _connect(config, option)
    try:
        connect_to_redis().ping()
    except RedisError as error:
        sys.exit(sentence(error, config))


def _connect(config: Mapping[str, Any], option: str) -> None:
    engine = sa.create_engine(
        config[option], poolclass=sa.pool.NullPool, connect_args={"connect_timeout": _PATIENCE}
    )
    for pause in (*_PAUSES, None):
        try:
            engine.connect().close()
        except DATABASE as error:
            if pause and "starting up" in str(error):
                _wait(pause)
                continue
            sys.exit(sentence(error, config, option))
        return


class _Sentence(logging.Filter):
    """Makes one line of what CKAN logs with a traceback while Solr is away."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        super().__init__()
        self._config = config

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, that of an absent Solr shortened."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, SEARCH):
            record.msg, record.args = sentence(error, self._config), ()
            record.exc_info = record.exc_text = None
        return True
