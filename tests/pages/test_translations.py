"""Nothing that a person reads lacks Polish, and the compiled catalogue is that of the sources."""

import gettext
import io

import pytest

pytest.importorskip("ckan", reason="messages are extracted with CKAN's own extractor")

from devstack import i18n


def test_every_message_of_ours_has_polish_with_the_same_placeholders():
    assert i18n.faults() == []


def test_the_compiled_catalogue_is_in_step_with_its_sources():
    assert i18n.COMPILED.read_bytes() == i18n.compiled(), "run `make i18n` and commit"


def test_extraction_finds_python_and_templates():
    found = i18n.messages()
    assert found["Give both coordinates or none"].startswith("ckanext/leszno_ngo/logic/")
    assert found["Show results"].startswith("ckanext/leszno_ngo/templates/")


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "1 wpis"),
        (2, "2 wpisy"),
        (5, "5 wpisów"),
        (12, "12 wpisów"),
        (22, "22 wpisy"),
        (112, "112 wpisów"),
    ],
)
def test_numbers_take_the_right_form(number, said):
    catalogue = gettext.GNUTranslations(io.BytesIO(i18n.compiled()))
    found = catalogue.ngettext("{number} dataset found", "{number} datasets found", number)
    assert found.format(number=number) == said
