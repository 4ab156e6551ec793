"""What plugins bring is registered at the start: in order, each name once, and then only read."""

import pytest
from ckan import plugins as p
from ckan.exceptions import CkanConfigurationException

from ckanext.leszno_ngo import registration, vocabularies
from ckanext.leszno_ngo.catalogue import checks, quality
from ckanext.leszno_ngo.common import CommonParts
from ckanext.leszno_ngo.cooperation.plugin import CooperationPlugin
from ckanext.leszno_ngo.interfaces import Check, IRecordTypes, QualityRule
from ckanext.leszno_ngo.registry import RegistrationError
from tests import registered
from tests.extending import lines
from tests.shared_data import ROOT

CHECK = Check(lambda case: (), dict)


class Other(IRecordTypes):
    """Another plugin."""

    def __init__(self, checks=(), rules=(), folders=()):
        self.checks, self.rules, self.folders = checks, rules, folders

    def get_checks(self):
        return dict.fromkeys(self.checks, CHECK)

    def get_quality_rules(self):
        return dict.fromkeys(self.rules, QualityRule("quality_rule"))

    def get_vocabulary_directories(self):
        return self.folders


@pytest.fixture(autouse=True)
def filled_again():
    yield
    registered.fill()


def test_the_order_is_that_of_the_plugins():
    registration.fill([("b", Other(["second", "first"])), ("a", Other(["third"]))])
    assert list(checks.CHECKS) == ["second", "first", "third"]


def test_two_plugins_that_bring_one_name_are_both_named():
    registered.fill()
    before = list(checks.CHECKS)
    with pytest.raises(RegistrationError) as error:
        registration.fill([("one", Other(["inspected"])), ("other", Other(["inspected"]))])
    for word in ('check "inspected"', "one and other", "another name"):
        assert word in str(error.value)
    assert list(checks.CHECKS) == before


def test_two_vocabularies_of_one_name_are_refused(tmp_path):
    (tmp_path / "yes_no.yaml").write_text("name: yes_no")
    with pytest.raises(RegistrationError, match='vocabulary "yes_no" is brought by two plugins'):
        registration.fill([("leszno_ngo", CommonParts()), ("mine", Other(folders=[tmp_path]))])


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(vocabularies.VocabularyError, match="nowhere"):
        registration.fill([("mine", Other(folders=[tmp_path / "nowhere"]))])


def test_a_rule_without_words_is_refused():
    with pytest.raises(RegistrationError, match='"lonely" has no words: add a term "lonely"'):
        registration.fill([("leszno_ngo", CommonParts()), ("mine", Other(rules=["lonely"]))])
    assert quality.RULES["lonely"]


def test_registries_are_only_read():
    with pytest.raises(TypeError):
        checks.CHECKS["more"] = CHECK


def test_every_hook_is_used_by_a_plugin_shipped_here():
    hooks = {name for name in vars(IRecordTypes) if name.startswith("get_")}
    used = {name for plugin in (CommonParts, CooperationPlugin) for name in vars(plugin)}
    assert hooks
    assert hooks <= used


# ---------------------------------------------------------------------------- lines of ckan.plugins
@pytest.fixture
def line(ckan_config):
    """Start a portal with other plugins than those of test.ini."""
    from tests import one_ckan

    one_ckan.forget()

    def start(plugins):
        ckan_config["ckan.plugins"] = plugins
        p.load_all()

    yield start
    p.unload_all()


def test_a_portal_with_the_line_of_version_0_1_is_told_which_plugin_to_add(line):
    plugins = [name for name in lines.OF_0_2 if name != "leszno_ngo_cooperation"]
    with pytest.raises(CkanConfigurationException) as error:
        line(plugins)
    assert "Add leszno_ngo_cooperation to ckan.plugins" in str(error.value)


def test_a_portal_with_the_line_of_version_0_2_does_not_start(line):
    with pytest.raises(CkanConfigurationException, match="^Add leszno_ngo_map .*leszno_ngo_report"):
        line(lines.OF_0_2)


def test_a_portal_without_harvesters_is_told_too(line):
    with pytest.raises(CkanConfigurationException) as error:
        line(["leszno_ngo", "scheming_datasets", "harvest"])
    assert "Add leszno_ngo_cooperation to ckan.plugins" in str(error.value)
    # Nothing else is wrong: what the plugin brings is not looked for.
    assert "there is no" not in str(error.value)


def test_a_portal_that_lists_no_types_has_those_of_its_plugins(line, ckan_config):
    from ckanext.leszno_ngo import record_types

    listed = ckan_config.pop("scheming.dataset_schemas").split()
    ckan_config.pop("scheming.presets")
    line(ckan_config["ckan.plugins"])
    assert set(ckan_config["scheming.dataset_schemas"].split()) == set(listed)
    assert [t.name for t in record_types.all_types()][:2] == ["ngo", "call-for-offers"]


def test_operators_and_test_ini_list_the_plugin():
    for name in ("test.ini", "docs/operators.md"):
        assert "leszno_ngo leszno_ngo_cooperation" in (ROOT / name).read_text(encoding="utf-8")
