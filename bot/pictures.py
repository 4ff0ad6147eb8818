"""Pictures for the chat, drawn for a phone's width: plain data in, PNG out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from bot.rules.dates import show_date, show_day

Mark = Literal["happened", "due", "late", "today"]

_WIDTH = 4.2
_ROW = 0.36
_COLOURS: dict[Mark, str] = {
    "happened": "#1d5c8f",
    "due": "#7a5c00",
    "late": "#b3261e",
    "today": "#4a4a4a",
}
_MOST_ROWS = 24


@dataclass(frozen=True)
class Point:
    """One line of a timeline."""

    day: date
    words: str
    mark: Mark


def mark_named(text: str) -> Mark:
    """The mark of this name; happened for any other."""
    return next((mark for mark in _COLOURS if mark == text), "happened")


def timeline(title: str, points: Sequence[Point], today: date) -> bytes:
    """What happened and what is due, top to bottom in time, with a line for today."""
    rows = sorted(
        [*points, Point(today, "Today", "today")], key=lambda point: (point.day, point.mark == "due")
    )
    rows = rows[-_MOST_ROWS:]
    height = 0.9 + _ROW * len(rows)
    figure = Figure(figsize=(_WIDTH, height), dpi=200, facecolor="white")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, _WIDTH)
    axes.set_ylim(height, 0)
    axes.text(0.15, 0.38, title, fontsize=12, fontweight="bold", va="center", color="#1a1a1a")
    top, bottom = 0.85, 0.85 + _ROW * (len(rows) - 1)
    axes.plot([1.22, 1.22], [top, bottom], color="#c9d3dc", linewidth=2, zorder=1)
    for number, point in enumerate(rows):
        new_year = number == 0 or point.day.year != rows[number - 1].day.year
        _row(axes, point, top + _ROW * number, with_year=new_year)
    out = BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(out, format="png")
    return out.getvalue()


def _row(axes: Axes, point: Point, y: float, *, with_year: bool) -> None:
    colour = _COLOURS[point.mark]
    if point.mark == "today":
        axes.plot([0.1, _WIDTH - 0.1], [y, y], color=colour, linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)
    filled = colour if point.mark in ("happened", "today") else "white"
    axes.scatter([1.22], [y], s=34, color=filled, edgecolors=colour, linewidths=1.6, zorder=2)
    paper = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
    shown = show_date(point.day) if with_year else show_day(point.day)
    axes.text(1.08, y, shown, fontsize=7.5, ha="right", va="center", color="#444444", bbox=paper)
    weight = "bold" if point.mark in ("late", "today") else "normal"
    words = _short(point.words) + (" (late)" if point.mark == "late" else "")
    axes.text(1.36, y, words, fontsize=8.5, va="center", color=colour, fontweight=weight, bbox=paper)


def _short(words: str, most: int = 46) -> str:
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"
