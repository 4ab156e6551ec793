"""docs/tutorial.md is what is tested: its files are those of the plugin in this folder."""

import re

from tests.extending import tutorial


def test_the_files_of_the_tutorial_are_those_that_are_tested():
    written = tutorial.files()
    here = {
        str(path.relative_to(tutorial.FOLDER)): path.read_text(encoding="utf-8")
        for path in tutorial.FOLDER.rglob("*")
        if path.is_file() and path.suffix in {".py", ".yaml", ".toml"} and path.stat().st_size
    }
    assert list(written) == list(dict.fromkeys(written))
    assert {name: text.strip() for name, text in written.items()} == {
        name: text.strip() for name, text in here.items()
    }


def test_the_tutorial_gives_the_options_that_its_portal_is_tested_with():
    from tests.extending.test_third_party_plugin import ENGINE

    options = re.findall(r"^ckan\.plugins = (.+)$", tutorial.TEXT.read_text("utf-8"), re.MULTILINE)
    assert options == [ENGINE]


def test_the_plugin_needs_one_module_of_the_engine():
    """Whoever writes a plugin learns ``interfaces`` and nothing else."""
    code = (tutorial.FOLDER / "ckanext" / "playgrounds" / "plugin.py").read_text(encoding="utf-8")
    assert set(re.findall(r"^from (ckanext\.leszno_ngo\S*)", code, re.MULTILINE)) == {
        "ckanext.leszno_ngo.interfaces"
    }
