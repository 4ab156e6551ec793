"""CKAN's open defaults are closed on every portal; what an operator opens is said."""

import pytest
from ckan import model
from ckan import plugins as p
from ckan.config.declaration import Declaration, Key
from ckan.plugins import toolkit as tk
from ckan.tests import factories, helpers

from ckanext.leszno_ngo import portal_settings
from ckanext.leszno_ngo.cli import leszno_ngo

CLOSED = {
    **{setting.key: setting.value for setting in portal_settings.SETTINGS},
    "SECRET_KEY": "x" * 40,
    "SESSION_COOKIE_SECURE": True,
    "ckan.site_url": "https://ngo.example.org",
}


@pytest.mark.usefixtures("clean_catalogue")
def test_a_fresh_account_publishes_nothing():
    """Not by a department of its own, not without one, not through a source of a harvest."""
    stranger, unit = factories.User()["name"], factories.Organization()["id"]
    attempts = {
        "organization_create": {"name": "moj-wydzial"},
        "group_create": {"name": "moja-grupa"},
        "package_create": {"type": "ngo", "title": "Fundacja", "owner_org": unit},
        "harvest_source_create": {
            "title": "Źródło",
            "name": "zrodlo",
            "url": "https://example.org/a.csv",
            "source_type": "leszno_ngo_register",
            "owner_org": unit,
        },
    }
    went_in = []
    for action, asked in attempts.items():
        for given in (asked, {k: v for k, v in asked.items() if k != "owner_org"}):
            try:
                tk.get_action(action)({"user": stranger}, dict(given))
            except (tk.NotAuthorized, tk.ValidationError):
                continue
            went_in.append(action)
    assert went_in == []


@pytest.mark.usefixtures("clean_catalogue")
def test_an_administrator_of_a_department_does_not_delete_it():
    admin = factories.User()
    unit = factories.Organization(users=[{"name": admin["name"], "capacity": "admin"}])
    with pytest.raises(tk.NotAuthorized):
        helpers.call_auth("organization_delete", {"user": admin["name"]}, id=unit["id"])


@pytest.mark.usefixtures("with_plugins")
def test_the_portal_of_the_tests_has_the_defaults_of_every_portal():
    mended = {"ckan.auth.create_unowned_dataset"}  # test.ini says why
    for setting in portal_settings.SETTINGS:
        if setting.value is not None and setting.key not in mended:
            assert tk.config[setting.key] == setting.value, setting.key


def test_a_closed_portal_has_nothing_to_say():
    assert list(portal_settings.open_settings(CLOSED)) == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("ckan.auth.user_create_organizations", True),
        ("ckan.auth.create_user_via_web", True),
        ("SESSION_TYPE", "cookie"),
        ("PERMANENT_SESSION_LIFETIME", 31536000),
        ("SESSION_COOKIE_SAMESITE", "None"),
        ("SESSION_COOKIE_SECURE", False),
        ("SECRET_KEY", "short"),
        ("ckan.site_url", "http://ngo.example.org"),
        ("WTF_CSRF_ENABLED", False),
        ("ckanext.leszno_ngo.harvest.allow_private_addresses", True),
    ],
)
def test_an_open_setting_is_said_at_the_start(key, value, monkeypatch):
    said = []
    monkeypatch.setattr(portal_settings.log, "warning", lambda _text, *given: said.append(given))
    portal_settings.warn({**CLOSED, key: value})
    assert [given[0] for given in said] == [key]


@pytest.mark.usefixtures("with_plugins")
def test_the_plugin_says_at_its_start_what_is_open(monkeypatch):
    said = []
    monkeypatch.setattr(portal_settings.log, "warning", lambda _text, *given: said.append(given))
    opened = {**CLOSED, "ckan.auth.user_create_organizations": True}
    p.get_plugin("leszno_ngo").configure({**tk.config, **opened})
    assert [given[0] for given in said] == ["ckan.auth.user_create_organizations"]


@pytest.mark.parametrize(
    ("address", "variables", "plugin", "is_secure"),
    [
        ("https://ngo.example.org", {}, False, True),
        ("http://ngo.example.org", {}, True, False),
        ("http://ngo.example.org", {"CKAN__SITE_URL": "https://ngo.example.org"}, True, True),
        ("http://ngo.example.org", {"CKAN___CKAN__SITE_URL": "https://a.example"}, True, True),
        ("https://ngo.example.org", {"CKAN__SITE_URL": "http://ngo.example.org"}, True, False),
        # nobody reads the variable
        ("http://ngo.example.org", {"CKAN__SITE_URL": "https://ngo.example.org"}, False, False),
    ],
)
def test_the_cookie_is_secure_where_the_address_is_https(
    monkeypatch, address, variables, plugin, is_secure
):
    for name in ("CKAN__SITE_URL", "CKAN___CKAN__SITE_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setitem(tk.config, "ckan.site_url", address)
    monkeypatch.setattr(portal_settings, "plugin_loaded", lambda name: plugin)
    declaration = Declaration()
    declaration.load_core_declaration()
    portal_settings.declare(declaration, Key())
    assert declaration[Key().SESSION_COOKIE_SECURE].default is is_secure


def test_a_portal_on_this_machine_needs_no_https():
    local = {**CLOSED, "ckan.site_url": "http://127.0.0.1:5000", "SESSION_COOKIE_SECURE": False}
    assert list(portal_settings.open_settings(local)) == []


@pytest.mark.usefixtures("with_plugins")
def test_the_command_lists_what_is_open(cli, monkeypatch):
    for key, value in CLOSED.items():
        monkeypatch.setitem(tk.config, key, value)
    assert cli.invoke(leszno_ngo, ["check-settings"]).exit_code == 0
    monkeypatch.setitem(tk.config, "ckan.auth.user_create_organizations", True)
    result = cli.invoke(leszno_ngo, ["check-settings"])
    assert result.exit_code == 1
    assert "ckan.auth.user_create_organizations" in result.output


@pytest.mark.usefixtures("clean_catalogue")
def test_departments_in_which_nobody_publishes_are_named(cli):
    editor, admin = factories.User(), factories.User()
    unit = factories.Organization(title="Sami redaktorzy", users=[_member(editor, "editor")])
    # whoever made the department is its administrator
    for member in model.Session.query(model.Member).filter_by(group_id=unit["id"]):
        if member.table_id != editor["id"]:
            model.Session.delete(member)
    model.Session.commit()
    factories.Organization(title="Z administratorem", users=[_member(admin, "admin")])
    output = cli.invoke(leszno_ngo, ["check-settings"]).output
    assert "Sami redaktorzy" in output
    assert "Z administratorem" not in output


def _member(account, role):
    return {"name": account["name"], "capacity": role}
