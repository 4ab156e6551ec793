"""What a catalogue needs before it is shown: its tables, two accounts, the city's organisation.

Runs in a process of its own inside CKAN (one, for CKAN takes seconds to load):
``python -m devstack.contents INI`` reads the passwords from standard input; the last line it prints
is JSON.
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
    """Bring the tables up to date, create what is missing, and set the index right.

    :param ini: CKAN's configuration file
    :param passwords: account name to password
    :returns: ``records``: how many active packages there are, harvest sources aside
    """
    import ckan.plugins.toolkit as tk
    from ckan import model
    from ckan.cli import load_config
    from ckan.cli.db import db
    from ckan.config.middleware import make_app
    from ckan.lib.i18n import build_js_translations

    application: Any = make_app(load_config(ini))
    with application._wsgi_app.test_request_context():
        db.main(["upgrade"], standalone_mode=False)
        build_js_translations()  # texts of CKAN's scripts; nothing to do where they are up to date
        site = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        for name in (SYSADMIN, EDITOR):
            _account(name, passwords[name], site)
        _organisation(site)
        packages = model.Session.query(model.Package).filter_by(state="active")
        _reindex_unless(packages.count())
        records = packages.filter(model.Package.type != "harvest").count()
    return {"records": records}


def _account(name: str, password: str, site: str) -> None:
    import ckan.plugins.toolkit as tk
    from ckan import model

    data = {"name": name, "email": f"{name}@example.org", "password": password}
    if model.User.get(name):
        return
    tk.get_action("user_create")({"ignore_auth": True, "user": site}, data)
    if name == SYSADMIN:
        tk.get_action("user_patch")(
            {"ignore_auth": True, "user": site}, {"id": name, "sysadmin": True}
        )


def _organisation(site: str) -> None:
    import ckan.plugins.toolkit as tk
    from ckan import model

    if model.Group.get(ORGANISATION["name"]):
        return
    data: dict[str, Any] = {**ORGANISATION, "users": [{"name": EDITOR, "capacity": "admin"}]}
    tk.get_action("organization_create")({"ignore_auth": True, "user": SYSADMIN}, data)


def _reindex_unless(count: int) -> None:
    """Rebuild the index when it holds another number of records than the database."""
    from ckan import model
    from ckan.lib import search

    query = search.query_for(model.Package)
    found = query.run({"q": "*:*", "rows": 0})
    if found["count"] != count:
        search.clear_all()
        search.rebuild(force=True, quiet=True)
        search.commit()


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], json.load(sys.stdin))))
