"""Type files are checked when the plugin is loaded, and by a command."""

import ckan.plugins.toolkit as tk
import pytest
from ckan.cli.cli import ckan as ckan_command
from ckan.exceptions import CkanConfigurationException

from ckanext.leszno_ngo import record_types, type_files
from tests.record_types import portal

pytestmark = pytest.mark.usefixtures("with_plugins")
COMPLETE = portal.HERE / "complete.yaml"


def test_the_types_that_are_loaded_are_right():
    assert len(type_files.loaded()) > len(record_types.all_types()) > 0
    assert [str(fault) for fault in type_files.faults()] == []


def test_the_portal_does_not_start_with_a_wrong_type(tmp_path, monkeypatch):
    wrong = tmp_path / "workshop.yaml"
    wrong.write_text(COMPLETE.read_text().replace("  menu: true", "  manu: true"))
    monkeypatch.setattr(type_files, "located", lambda _url: wrong)
    monkeypatch.setitem(tk.config, "scheming.dataset_schemas", "tests:workshop.yaml")
    with pytest.raises(CkanConfigurationException) as error:
        type_files.require_right()
    line = COMPLETE.read_text().splitlines().index("  menu: true") + 1
    assert f'tests:workshop.yaml:{line}: record_type.manu: there is no key "manu"' in str(
        error.value
    )


def test_a_schema_from_the_web_is_checked_as_it_was_read(monkeypatch):
    monkeypatch.setattr(type_files, "located", lambda _url: None)
    assert len(type_files.loaded()) > len(record_types.all_types())
    assert [str(fault) for fault in type_files.faults()] == []


def test_a_command_checks_files(cli, tmp_path):
    wrong = tmp_path / "workshop.yaml"
    wrong.write_text(COMPLETE.read_text().replace("frequency: DAILY", "frequency: daily"))
    found = cli.invoke(ckan_command, ["leszno-ngo", "check-types", str(wrong)])
    assert found.exit_code == 1
    (line,) = found.stdout.splitlines()
    assert line.startswith(f"{wrong}:")
    assert "register.frequency" in line
    right = cli.invoke(ckan_command, ["leszno-ngo", "check-types", str(COMPLETE)])
    assert (right.exit_code, right.stdout.strip()) == (0, "Pliki typów są poprawne.")


def test_a_file_of_a_type_of_the_portal_takes_its_place(cli):
    found = cli.invoke(
        ckan_command, ["leszno-ngo", "check-types", str(portal.SCHEMAS / "grant.yaml")]
    )
    assert found.exit_code == 0, found.stdout
