"""Where the stack keeps things, and what it remembers."""

import os
import stat

import pytest

from devstack import settings


@pytest.fixture
def checkout(tmp_path):
    folder = tmp_path / "checkout"
    folder.mkdir()
    return folder


def test_the_state_folder_is_in_the_checkout(checkout):
    assert settings.load({}, checkout).state == checkout / ".state"


@pytest.mark.parametrize(
    ("given", "expected"), [("/elsewhere/state", "/elsewhere/state"), ("other", "{checkout}/other")]
)
def test_a_variable_moves_the_state_folder(checkout, given, expected):
    state = settings.load({"STATE": given}, checkout).state
    assert str(state) == expected.format(checkout=checkout)


def test_an_empty_variable_moves_nothing(checkout):
    assert settings.load({"STATE": "", "JARS": ""}, checkout).jars == checkout / ".state" / "jars"


def test_loading_writes_nothing(checkout):
    settings.load({}, checkout)
    assert list(checkout.iterdir()) == []


def test_secrets_are_made_once_and_kept(checkout):
    first = settings.load({}, checkout)
    settings.prepare(first)
    again = settings.load({}, checkout)
    settings.prepare(again)
    assert first.password == again.password != ""
    assert first.accounts == again.accounts
    assert set(first.accounts) == set(settings.ACCOUNTS)


def test_two_checkouts_have_different_secrets(tmp_path):
    here, there = (settings.load({}, tmp_path / name) for name in ("one", "two"))
    settings.prepare(here)
    settings.prepare(there)
    assert here.password != there.password


def test_passwords_are_for_the_owner_only(checkout):
    here = settings.load({}, checkout)
    settings.prepare(here)
    assert stat.S_IMODE(here.file.stat().st_mode) == 0o600


def test_ports_are_kept(checkout):
    first = settings.load({}, checkout)
    settings.prepare(first)
    first.choose_ports(settings.SERVICES)
    assert settings.load({}, checkout).ports == first.ports
    assert set(first.ports) == set(settings.SERVICES)


def test_a_state_folder_of_another_version_is_read(checkout):
    here = settings.load({}, checkout)
    here.state.mkdir()
    here.file.write_text('{"password": "kept"}')
    settings.prepare(settings.load({}, checkout))
    kept = settings.load({}, checkout)
    assert kept.password == "kept"
    assert kept.accounts


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a folder of another user")
def test_a_state_folder_of_another_user_is_refused(checkout):
    here = settings.load({}, checkout)
    here.state.mkdir()
    os.chown(here.state, 12345, 12345)
    with pytest.raises(PermissionError, match="STATE="):
        settings.prepare(here)


def test_each_role_has_data_of_its_own(checkout):
    here = settings.load({}, checkout)
    here.ports = {"web": 1, "postgres": 2, "valkey": 3, "solr": 4}
    values = [here.variables(role) for role in settings.ROLES]
    for name in ("CKAN_SQLALCHEMY_URL", "CKAN_REDIS_URL", "CKAN_SOLR_URL", "CKAN_STORAGE_PATH"):
        assert len({value[name] for value in values}) == len(settings.ROLES)
