"""Features are plugins of their own: in ``ckan.plugins``, switched off, or asked for."""

import configparser
import importlib.util
import json
import re
import subprocess
import sys
from importlib.metadata import entry_points, metadata

import pytest
from ckan.exceptions import CkanConfigurationException

from ckanext.leszno_ngo import feature_plugins
from ckanext.leszno_ngo.feature_plugins import FEATURES
from tests import registered
from tests.extending import lines, without_features
from tests.shared_data import ROOT

registered.fill()


@pytest.fixture
def decide(ckan_config, with_plugins, monkeypatch):
    """Ask whether a portal may start with these plugins, and with these switched off."""

    def decide(plugins, switched_off=""):
        monkeypatch.setitem(ckan_config, "ckan.plugins", plugins)
        monkeypatch.setitem(ckan_config, "ckanext.leszno_ngo.switched_off", switched_off)
        feature_plugins.require_decided()

    return decide


def test_an_old_line_is_told_every_plugin_and_extra_to_add(decide):
    with pytest.raises(CkanConfigurationException) as error:
        decide(lines.OF_0_2)
    for name, feature in FEATURES.items():
        assert f"{name} brings {feature.brings}" in str(error.value)
        assert feature.requirement in str(error.value)
    assert "ckanext.leszno_ngo.switched_off" in str(error.value)


@pytest.mark.parametrize("name", FEATURES)
def test_a_feature_that_nobody_decided_on_is_asked_for(decide, ckan_config, name):
    others = [plugin for plugin in ckan_config["ckan.plugins"] if plugin != name]
    with pytest.raises(CkanConfigurationException, match=f"^Add {name} to ckan.plugins"):
        decide(others)
    decide(others, switched_off=name)


def test_the_line_of_the_tests_has_every_feature(decide, ckan_config):
    assert set(FEATURES) <= set(ckan_config["ckan.plugins"])
    decide(ckan_config["ckan.plugins"])


@pytest.mark.parametrize(
    ("name", "libraries"),
    [
        ("leszno_ngo_dcat", "ckanext-leszno_ngo[dcat]"),
        *((name, feature.requirement) for name, feature in FEATURES.items() if feature.requirement),
    ],
)
def test_a_feature_without_its_libraries_says_what_to_install(monkeypatch, name, libraries):
    (plugin,) = entry_points(group="ckan.plugins", name=name)
    package = plugin.module.rpartition(".")[0]
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr(feature_plugins, "find_spec", lambda _name: None)
    for module in [m for m in sys.modules if m == package or m.startswith(f"{package}.")]:
        monkeypatch.delitem(sys.modules, module)
    with pytest.raises(CkanConfigurationException) as error:
        plugin.load()
    assert str(error.value).startswith(f"{name} needs ")
    assert f'pip install "{libraries}"' in str(error.value)


def test_extras_named_are_there_and_all_has_each():
    extras = set(metadata("ckanext-leszno_ngo").get_all("Provides-Extra"))
    named = {
        re.fullmatch(r"ckanext-leszno_ngo\[(\w+)\]", feature.requirement)[1]
        for feature in FEATURES.values()
        if feature.requirement
    }
    assert named <= extras
    (everything,) = re.findall(
        r"^all = \[(.+)\]$", (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE
    )
    assert everything == f'"ckanext-leszno_ngo[{",".join(sorted(extras - {"all"}))}]"'


def test_operators_read_of_every_feature():
    text = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(leszno_ngo_\w+)` \| (.+) \|$", text, re.MULTILINE))
    assert set(FEATURES) <= set(rows)
    for name, feature in FEATURES.items():
        assert feature.requirement in rows[name]


@pytest.fixture
def portal_without(tmp_path):
    """Start a portal in a process of its own that has every feature switched off."""

    def start(*arguments):
        ini = tmp_path / "ckan.ini"
        parser = configparser.RawConfigParser()
        parser.optionxform = str
        parser.read(ROOT / "test.ini", encoding="utf-8")
        section = parser["app:main"]
        off = without_features.PLUGINS
        section["ckan.plugins"] = " ".join(
            name for name in section["ckan.plugins"].split() if name not in off
        )
        section["ckanext.leszno_ngo.switched_off"] = " ".join(FEATURES)
        with ini.open("w", encoding="utf-8") as stream:
            parser.write(stream)
        command = [sys.executable, "-m", "tests.extending.without_features", ini, *arguments]
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr[-4000:]
        return json.loads(done.stdout.splitlines()[-1])

    return start


@pytest.mark.usefixtures("clean_catalogue")
def test_what_is_switched_off_is_neither_imported_nor_linked_to(portal_without, ngo_factory):
    record = ngo_factory(title="Klub Alfa", latitude="51.84", longitude="16.57")
    found = portal_without(record["name"])
    assert found["imported"] == []
    assert found["statuses"] == dict.fromkeys(found["statuses"], 200)
    assert found["gone"] == dict.fromkeys(without_features.ADDRESSES, 404)
    assert found["links"] == []
