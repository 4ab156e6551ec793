"""Charts of the yearly report as pictures, for documents that hold no SVG.

matplotlib is imported when a chart is drawn and not before: it takes longer to load than a page
to make. Its object interface keeps nothing between requests, and the same bars give the same
bytes.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence

#: Label, number as text, length from 0 to 1: what ``report.model.Table.bars`` gives.
Bar = tuple[str, str, float]

_WIDTH, _ROW, _EDGE = 9.6, 0.36, 0.1  # inches
_DPI = 150
# 8.3:1 against white, a dark grey where there is no colour.
_COLOUR, _INK = "#0b4f8a", "#1a1a1a"
_FONT = "DejaVu Sans"  # comes with matplotlib, has every Polish letter
_SIZE = 9
_LABEL, _LINES = 46, 2
# The part of the picture's width that labels take, and that a number needs after the longest bar.
_BEGIN, _END = 0.36, 0.84


def png(bars: Sequence[Bar]) -> bytes:
    """Draw horizontal bars, the first one on top.

    :param bars: at least one; a longer label is cut (the whole one stands in the chart's table)
    :returns: a PNG of 1440 pixels width
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    height = _ROW * len(bars) + 2 * _EDGE
    figure = Figure(figsize=(_WIDTH, height), dpi=_DPI, facecolor="white")
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_axes((0, _EDGE / height, 1, 1 - 2 * _EDGE / height))
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(len(bars) - 0.5, -0.5)
    # Labels are data: what looks like a formula in them is none.
    words = {"family": _FONT, "size": _SIZE, "color": _INK, "va": "center", "parse_math": False}
    for place, (label, number, length) in enumerate(bars):
        drawn = max(0.0, length) * (_END - _BEGIN)
        axes.barh(place, drawn, left=_BEGIN, height=0.62, color=_COLOUR)
        axes.text(_BEGIN - 0.01, place, _short(label), ha="right", **words)
        axes.text(_BEGIN + drawn + 0.008, place, number, ha="left", **words)
    buffer = io.BytesIO()
    # The version of the library in the file would make each upgrade a new picture.
    canvas.print_png(buffer, metadata={"Software": None})
    return buffer.getvalue()


def _short(label: str) -> str:
    lines = textwrap.wrap(label, _LABEL, max_lines=_LINES, placeholder=" …")
    return "\n".join(lines)
