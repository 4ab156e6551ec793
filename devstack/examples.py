"""Example records for ``make run``: clearly invented ones, and a few real ones with their sources.

The files in ``demo_data`` are read in the order of their names, so that a link's target comes
before the link. Their dates are counted from today, so that every state is seen on any day:

- ``!day -30``: a day; ``!time "-30 17:00"``: a day and hour of Poland
- ``!year -1``: a year; ``!date {year: -1, day: 11-20}``: a day of another year
- ``<year>``, ``<last_year>``, ``<year_before_last>``, ``<next_year>`` in texts

Runs in a process of its own inside CKAN: ``python -m devstack.examples INI``. Records are made by
the ordinary action, as the editor, with everything that is checked of a person's record.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from devstack.contents import EDITOR, ORGANISATION

FOLDER = Path(__file__).resolve().parent / "demo_data"
_WARSAW = ZoneInfo("Europe/Warsaw")
_YEARS = {"<year>": 0, "<last_year>": -1, "<year_before_last>": -2, "<next_year>": 1}


def read(today: dt.date) -> list[dict[str, Any]]:
    """Read all example records.

    :param today: what dates are counted from
    :returns: records as ``package_create`` takes them, link targets before links
    """
    return [record for path in sorted(FOLDER.glob("*.yaml")) for record in _records(path, today)]


def _records(path: Path, today: dt.date) -> Iterator[dict[str, Any]]:
    loader = _loader(today)(path.read_text(encoding="utf-8"))
    try:
        content = loader.get_single_data()
    finally:
        loader.dispose()
    for record in content["records"]:
        merged = {**content.get("defaults", {}), **record}
        yield {
            **_filled(merged, today),
            "type": content["type"],
            "owner_org": ORGANISATION["name"],
        }


def _loader(today: dt.date) -> type[yaml.SafeLoader]:
    class Loader(yaml.SafeLoader):
        """Reads the tags that count from a day; dates stay texts, as a form sends them."""

    def day(loader: yaml.SafeLoader, node: Any) -> str:
        return _after(today, loader.construct_scalar(node))

    def moment(loader: yaml.SafeLoader, node: Any) -> str:
        days, hour = loader.construct_scalar(node).split()
        return f"{_after(today, days)}T{hour}"

    def year(loader: yaml.SafeLoader, node: Any) -> str:
        return str(today.year + int(loader.construct_scalar(node)))

    def date(loader: yaml.SafeLoader, node: Any) -> str:
        given = loader.construct_mapping(node)
        return f"{today.year + int(given['year'])}-{given['day']}"

    Loader.add_constructor("!day", day)
    Loader.add_constructor("!time", moment)
    Loader.add_constructor("!year", year)
    Loader.add_constructor("!date", date)
    Loader.add_constructor("tag:yaml.org,2002:timestamp", yaml.SafeLoader.construct_yaml_str)
    return Loader


def _after(today: dt.date, days: Any) -> str:
    return (today + dt.timedelta(days=int(days))).isoformat()


def _filled(value: Any, today: dt.date) -> Any:
    """Put years into texts."""
    if isinstance(value, dict):
        return {key: _filled(one, today) for key, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, today) for one in value]
    if isinstance(value, str):
        for mark, years in _YEARS.items():
            value = value.replace(mark, str(today.year + years))
    return value


def load(records: list[dict[str, Any]], user: str) -> int:
    """Create the records that are not there yet.

    :param records: see :func:`read`
    :param user: name of the account that creates them
    :returns: how many were created
    :raises ckan.logic.ValidationError: an example breaks a rule
    """
    import ckan.plugins.toolkit as tk
    from ckan import model

    created = 0
    for record in records:
        if model.Package.get(record["name"]) is None:
            tk.get_action("package_create")({"user": user}, dict(record))
            created += 1
    return created


def main(ini: str) -> int:
    """Load the examples into the catalogue of a configuration file.

    :returns: how many records were created
    """
    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    application: Any = make_app(load_config(ini))
    with application._wsgi_app.test_request_context():
        return load(read(dt.datetime.now(_WARSAW).date()), EDITOR)


if __name__ == "__main__":
    print(main(sys.argv[1]))
