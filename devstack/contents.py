"""What a fresh catalogue needs before it is shown: two accounts and the city's organisation.

Runs in a process of its own inside CKAN: ``python -m devstack.contents INI`` reads the passwords
from standard input and prints one JSON line.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from devstack.settings import ACCOUNTS

ORGANISATION = {
    "name": "urzad-miasta-leszna",
    "title": "Urząd Miasta Leszna",
    "image_url": "",
}
SYSADMIN, EDITOR = ACCOUNTS


def main(ini: str, passwords: dict[str, str]) -> dict[str, int]:
    """Create what is missing, and set the index right when it does not match the database.

    :param ini: CKAN's configuration file
    :param passwords: account name to password
    :returns: ``records``: how many active packages there are, harvest sources aside
    """
    import ckan.plugins.toolkit as tk
    from ckan import model
    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    application = make_app(load_config(ini))
    with application._wsgi_app.test_request_context():
        site = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        for name in (SYSADMIN, EDITOR):
            _account(name, passwords[name], site)
        administrator = model.User.get(SYSADMIN)
        administrator.sysadmin = True
        model.Session.commit()
        _organisation(site)
        packages = model.Session.query(model.Package).filter_by(state="active")
        _reindex_unless(packages.count())
        records = packages.filter(model.Package.type != "harvest").count()
    return {"records": records}


def _account(name: str, password: str, site: str) -> None:
    import ckan.plugins.toolkit as tk
    from ckan import model

    data = {"name": name, "email": f"{name}@example.org", "password": password}
    if not model.User.get(name):
        tk.get_action("user_create")({"ignore_auth": True, "user": site}, data)


def _organisation(site: str) -> None:
    import ckan.plugins.toolkit as tk
    from ckan import model

    if model.Group.get(ORGANISATION["name"]):
        return
    data: dict[str, Any] = {**ORGANISATION, "users": [{"name": EDITOR, "capacity": "editor"}]}
    tk.get_action("organization_create")({"ignore_auth": True, "user": SYSADMIN}, data)


def _reindex_unless(count: int) -> None:
    """Rebuild the index when it holds another number of records than the database."""
    from ckan.lib import search

    query = search.query_for("package")
    found = query.run({"q": "*:*", "rows": 0})
    if found["count"] != count:
        search.clear_all()
        search.rebuild(force=True, quiet=True)
        search.commit()


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], json.load(sys.stdin))))
