"""Text is read and controls are seen in both schemes, with the city's own colour too."""

import re
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ckanext.leszno_ngo import colours
from ckanext.leszno_ngo.colours import CONTROL, TEXT, contrast
from tests.shared_data import ROOT

PACKAGE = ROOT / "ckanext" / "leszno_ngo"
FILE = PACKAGE / "assets" / "css" / "colours.css"
STYLES = sorted(
    path for path in PACKAGE.rglob("*.css") if not {"vendor", "node_modules"} & set(path.parts)
)
_VARIABLE = re.compile(r"--ln-([a-z-]+):\s*(#[0-9a-f]{3,8})\b")
_NAMED = re.compile(r"(?<![-\w])(?:background(?:-color)?|color):\s*var\(--ln-([a-z-]+)\)")
_SHAPE = re.compile(r'<(?:rect|line|circle|path)\b(?:[^>]*?\bclass="([\w-]*))?')
_LITERAL = re.compile(r":[^;{}]*(#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl)a?\()")


def _without_comments(path: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def schemes():
    """Scheme → variable → colour, as the file has them."""
    text = _without_comments(FILE)
    light, dark, *_pictures = text.split("@media (prefers-color-scheme: dark)")
    named = dict(_VARIABLE.findall(light))
    return {"light": named, "dark": {**named, **dict(_VARIABLE.findall(dark))}}


SCHEMES = schemes()

#: What is written on what: text, ground.
TEXTS = (
    *(("ink", ground) for ground in ("paper", "ground", "accent-pale", "gold-pale", "red-pale")),
    *(("ink-soft", ground) for ground in ("paper", "ground", "accent-pale", "gold-pale")),
    *(("accent", ground) for ground in ("paper", "ground", "accent-pale", "gold-pale")),
    *(("accent-strong", ground) for ground in ("paper", "ground", "accent-pale", "gold-pale")),
    *(("on-accent", ground) for ground in ("accent", "accent-strong")),
    *((text, "strip") for text in ("on-strip", "gold")),
    *(("red", ground) for ground in ("paper", "ground")),
    ("red-ink", "red-pale"),
    ("red-ink", "paper"),
    ("green", "paper"),
    ("green-ink", "green-pale"),
    ("gold-ink", "gold-pale"),
    ("gold-ink", "paper"),
    ("foreign-ink", "foreign"),
)
#: What is seen on what: border, bar or point, ground.
CONTROLS = (
    *(("line-control", ground) for ground in ("paper", "ground", "accent-pale")),
    *(("accent", ground) for ground in ("paper", "ground", "accent-pale")),
    *(("bar", ground) for ground in ("paper", "ground")),
    *(("gold-line", ground) for ground in ("paper", "gold-pale")),
    ("red", "red-pale"),
    ("green", "green-pale"),
    ("line-on-strip", "strip"),
)


def faults(variables):
    """Give the pairs that are too near to one another."""
    for least, pairs in ((TEXT, TEXTS), (CONTROL, CONTROLS)):
        for one, other in pairs:
            found = contrast(variables[one], variables[other])
            if found < least:
                yield one, other, round(found, 2)


@pytest.mark.parametrize("scheme", list(SCHEMES))
def test_text_is_read_and_controls_are_seen(scheme):
    assert list(faults(SCHEMES[scheme])) == []


@pytest.mark.parametrize("scheme", list(SCHEMES))
def test_rules_that_name_text_and_ground_go_together(scheme):
    checked = 0
    for path in STYLES:
        for rule in re.findall(r"\{([^{}]*)\}", _without_comments(path)):
            grounds = re.findall(r"background(?:-color)?:\s*var\(--ln-([a-z-]+)\)", rule)
            texts = re.findall(r"(?<![-\w])color:\s*var\(--ln-([a-z-]+)\)", rule)
            for text, ground in ((t, g) for t in texts for g in grounds):
                found = contrast(SCHEMES[scheme][text], SCHEMES[scheme][ground])
                assert found >= TEXT, (path.name, text, ground, rule)
                checked += 1
    assert checked > 20


def test_colours_stand_in_one_file_and_each_is_used():
    said = {path.name: _LITERAL.findall(_without_comments(path)) for path in STYLES}
    del said[FILE.name]
    assert {name: found for name, found in said.items() if found} == {}
    everything = "".join(map(_without_comments, STYLES))
    used = set(re.findall(r"var\(--ln-([a-z-]+)\)", everything))
    assert used - {"radius"} == set(SCHEMES["light"])


def test_every_shape_of_a_picture_has_a_colour():
    """What a style names neither a fill nor a line for is black, in a dark scheme too."""
    styles = "".join(map(_without_comments, STYLES))
    rules = re.findall(r"([^{}]+)\{[^{}]*(?:fill|stroke):", styles)
    coloured = {name for selector in rules for name in re.findall(r"\.(ln-[\w-]+)", selector)}
    shapes = {
        (path.name, *names.split()[:1])
        for path in PACKAGE.rglob("*.html")
        for names in _SHAPE.findall(path.read_text(encoding="utf-8"))
    }
    assert len(shapes) >= 5
    assert {shape for shape in shapes if not coloured.issuperset(shape[1:])} == set()


def test_the_contrast_is_that_of_the_guidelines():
    assert contrast("#000000", "#fff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert contrast("#fff", "#ffffff") == 1


def test_the_grounds_are_those_of_the_file():
    assert contrast(colours.PAPER, SCHEMES["light"]["paper"]) == 1
    assert SCHEMES["dark"]["paper"] == colours.DARK_PAPER


@given(st.integers(0, 0xFFFFFF))
def test_every_colour_that_is_taken_can_be_read_in_all_its_shades(number):
    try:
        colour = colours.parse(f"#{number:06X}")
    except ValueError:
        assume(False)
    assert list(faults({**SCHEMES["light"], **colours.light_shades(colour)})) == []
    assert list(faults({**SCHEMES["dark"], **colours.dark_shades(colour)})) == []


@pytest.mark.parametrize(
    "text", ["", "red", "#fff", "#12345", "#1234567", "rgb(0,0,0)", "#00ff00;}"]
)
def test_what_is_no_colour_is_told(text):
    with pytest.raises(ValueError, match="#rrggbb"):
        colours.parse(text)


@pytest.mark.parametrize("text", ["#f5b700", "#ffffff", "#8080ff"])
def test_a_colour_that_cannot_be_read_is_told(text):
    with pytest.raises(ValueError, match="too light"):
        colours.parse(text)


def test_the_style_sheet_has_both_schemes():
    text = colours.stylesheet("#7a1f3d")
    assert "--ln-accent: #7a1f3d;" in text
    assert text.count(":root {") == 2
    assert text.count("{") == text.count("}")
