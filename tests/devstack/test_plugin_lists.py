"""`make run`, the tests, compose.yaml and the operators' documentation name the same plugins."""

import configparser
import re

import pytest
import yaml

from devstack.settings import ROOT


def of_tests():
    """Options of test.ini, of which `make run` takes them, too."""
    parser = configparser.RawConfigParser()
    parser.read(ROOT / "test.ini", encoding="utf-8")
    return parser["app:main"]


def of_compose():
    variables = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["x-ckan"]
    given = variables["environment"]
    return {
        "ckan.plugins": given["CKAN__PLUGINS"].removeprefix("envvars "),
        "scheming.dataset_schemas": given["CKAN___SCHEMING__DATASET_SCHEMAS"],
        "scheming.presets": given["CKAN___SCHEMING__PRESETS"],
    }


def of_operators():
    """Options as docs/operators.md has them; a line with `…` stands for a portal's own."""
    text = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
    said = re.findall(r"^    ([\w.]+) =((?:.*\n)(?:        .*\n)*)", text, re.MULTILINE)
    return {name: re.sub(r"….*", "", value) for name, value in said}


@pytest.mark.parametrize("elsewhere", [of_compose, of_operators])
@pytest.mark.parametrize("name", ["ckan.plugins", "scheming.dataset_schemas", "scheming.presets"])
def test_the_same_is_named_everywhere(elsewhere, name):
    assert elsewhere()[name].split() == of_tests()[name].split()
