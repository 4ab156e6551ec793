"""Colours: how well one is read on another, and the shades of a city's own colour.

The names are those of the variables of ``assets/css/colours.css``, without ``--ln-``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

#: The least contrast of text, and of borders and bars that say something (WCAG 2.2, 1.4.3, 1.4.11).
TEXT, CONTROL = 4.5, 3.0
#: The grounds of pages in the light and in the dark scheme, as in the file.
PAPER, DARK_PAPER = "#ffffff", "#11191f"
_BLACK, _WHITE = "#000000", "#ffffff"
_HEX = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE | re.ASCII)
# How much of white or black is in a shade.
_PALE, _STRONG, _STRIP = 0.9, 0.35, 0.6
_STEPS = 20
# What a dark scheme's accent has on its ground, so that it is read on paler grounds too.
_CLEAR = 8.0
_CLEAR_BAR = 3.6

Shades = Mapping[str, str]


def parse(text: str) -> str:
    """Read a colour that text and buttons of a page can have.

    :param text: ``#rrggbb``
    :returns: the same in small letters
    :raises ValueError: it is no such colour, or white text on it, and it on white, cannot be read
    """
    colour = text.strip().lower()
    if not _HEX.fullmatch(colour):
        raise ValueError(f"{text!r} is no colour: write it as #rrggbb, such as #0b4f8a")
    found = contrast(colour, _mixed(colour, _WHITE, _PALE))
    if found < TEXT:
        raise ValueError(
            f"{colour} is too light for text: its contrast with its own pale ground is "
            f"{found:.1f}, and {TEXT} is the least; take a darker shade"
        )
    return colour


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def light_shades(colour: str) -> Shades:
    """Return the variables of the light scheme that follow from a colour (:func:`parse`)."""
    return {
        "accent": colour,
        "accent-strong": _mixed(colour, _BLACK, _STRONG),
        "accent-pale": _mixed(colour, _WHITE, _PALE),
        "strip": _mixed(colour, _BLACK, _STRONG),
        "bar": _readable(colour, PAPER, _CLEAR_BAR)[-1],
    }


def dark_shades(colour: str) -> Shades:
    """Return the variables of the dark scheme that follow from a colour (:func:`parse`)."""
    accent = _readable(colour, DARK_PAPER, _CLEAR)[0]
    return {
        "accent": accent,
        "accent-strong": _mixed(accent, _WHITE, 0.4),
        "accent-pale": _mixed(_mixed(colour, _BLACK, 0.3), DARK_PAPER, 0.6),
        "strip": _mixed(colour, _BLACK, _STRIP),
        "bar": _readable(colour, DARK_PAPER, _CLEAR_BAR)[0],
    }


def stylesheet(colour: str) -> str:
    """Return the style sheet that gives a page the shades of a colour, in both schemes."""
    light, dark = _rule(light_shades(colour)), _rule(dark_shades(colour))
    return f"{light}\n@media (prefers-color-scheme: dark) {{ {dark} }}\n"


def _rule(shades: Shades) -> str:
    return f":root {{ {' '.join(f'--ln-{name}: {value};' for name, value in shades.items())} }}"


def _readable(colour: str, ground: str, least: float) -> list[str]:
    """Return the shades of a colour up to white that have a contrast of at least so much."""
    steps = [_mixed(colour, _WHITE, step / _STEPS) for step in range(_STEPS + 1)]
    return [one for one in steps if contrast(one, ground) >= least]


def _mixed(colour: str, other: str, share: float) -> str:
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a * (1 - share) + b * share):02x}" for a, b in pairs)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _channels(colour: str) -> tuple[int, int, int]:
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (int(digits[n : n + 2], 16) for n in (0, 2, 4))
    return red, green, blue
