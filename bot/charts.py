"""Figures as pictures for a phone: plain JSON in, PNG out. Nothing is told by colour alone."""

from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

_WIDTH = 4.2
_ROW = 0.34
_DPI = 200
_INK, _QUIET, _LATE, _LATE_BACK = "#1a1a1a", "#5f6770", "#9c1c14", "#fbe3e1"
_LEFT, _FIRST, _STEP = 0.14, 1.68, 0.54
_LONGEST_NAME = 15


def drawn(kind: str, data: Mapping[str, Any]) -> bytes:
    """The picture of this kind; KeyError for one that no version of ours has made."""
    return _KINDS[kind](data)


def _png(figure: Figure) -> bytes:
    out = BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(out, format="png")
    return out.getvalue()


def _sheet(height: float) -> tuple[Figure, Axes]:
    """A white sheet measured in inches from its top left corner."""
    figure = Figure(figsize=(_WIDTH, height), dpi=_DPI, facecolor="white")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, _WIDTH)
    axes.set_ylim(height, 0)
    return figure, axes


def board(data: Mapping[str, Any]) -> bytes:
    """title, headings, rows of [name, number …], late (which columns), notes below.

    What is late stands bold in a box; nothing is a dash.
    """
    rows: Sequence[Sequence[Any]] = data["rows"]
    notes: Sequence[str] = data["notes"]
    body = 1.06 + _ROW * len(rows)
    figure, axes = _sheet(body + 0.24 * len(notes) + 0.2)
    axes.text(_LEFT, 0.26, data["title"], fontsize=11, fontweight="bold", va="center", color=_INK)
    for column, heading in enumerate(data["headings"]):
        x = _FIRST + _STEP * column
        axes.text(x, 0.66, heading, fontsize=6.6, ha="center", va="center", color=_INK, linespacing=1.05)
    axes.plot([_LEFT, _WIDTH - 0.1], [0.88, 0.88], color=_INK, linewidth=0.8)
    for number, row in enumerate(rows):
        _board_row(axes, row, 1.06 + _ROW * number, data["late"], last=number == len(rows) - 1)
    for number, note in enumerate(notes):
        axes.text(_LEFT, body + 0.1 + 0.24 * number, note, fontsize=7.2, va="center", color=_INK)
    return _png(figure)


def _board_row(axes: Axes, row: Sequence[Any], y: float, late: Sequence[int], *, last: bool) -> None:
    name = str(row[0])
    shown = name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
    axes.text(_LEFT, y, shown, fontsize=8.5, va="center", color=_INK, fontweight="bold" if last else "normal")
    axes.plot([_LEFT, _WIDTH - 0.1], [y + _ROW / 2] * 2, color="#d5dade", linewidth=0.5)
    for column, value in enumerate(row[1:]):
        is_late = column in late and value > 0
        box = {"facecolor": _LATE_BACK, "edgecolor": _LATE, "boxstyle": "round,pad=0.22", "linewidth": 0.9}
        axes.text(
            _FIRST + _STEP * column,
            y,
            str(value) if value else "–",
            fontsize=9,
            ha="center",
            va="center",
            color=_LATE if is_late else _INK if value else _QUIET,
            fontweight="bold" if is_late else "normal",
            bbox=box if is_late else None,
        )


_LINES: Sequence[tuple[str, str, str]] = (
    ("#9c1c14", "-", "o"),
    ("#1d5c8f", "--", "s"),
    ("#3d6b1f", ":", "^"),
    ("#5b3a8c", "-.", "D"),
)
"""Colour, stroke and mark: any two of them tell the lines apart."""


def trend(data: Mapping[str, Any]) -> bytes:
    """title, weeks (as shown), and lines of {name, values}, oldest first."""
    figure = Figure(figsize=(_WIDTH, 2.7), dpi=_DPI, facecolor="white")
    axes = figure.add_axes((0.1, 0.17, 0.87, 0.52))
    weeks: Sequence[str] = data["weeks"]
    for line, (colour, stroke, mark) in zip(data["lines"], _LINES, strict=False):
        values = line["values"]
        axes.plot(
            range(len(weeks)),
            values,
            color=colour,
            linestyle=stroke,
            marker=mark,
            markersize=3.5,
            linewidth=1.4,
            label=f"{line['name']} {values[0]} → {values[-1]}",
        )
    ends = sorted({0, len(weeks) // 2, len(weeks) - 1})
    axes.set_xticks(ends, [weeks[number] for number in ends], fontsize=7)
    axes.tick_params(axis="y", labelsize=7)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    axes.set_ylim(bottom=0)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.text(0.03, 0.93, data["title"], fontsize=10, fontweight="bold", va="center", color=_INK)
    figure.legend(
        loc="upper left", bbox_to_anchor=(0.02, 0.9), ncols=2, fontsize=7, frameon=False, handlelength=2.6
    )
    return _png(figure)


_KINDS: Mapping[str, Callable[[Mapping[str, Any]], bytes]] = {"board": board, "trend": trend}
