"""What the pages of the board are made of: templates, and the part of each page that changes."""

from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.rules.dates import show_date, show_day
from bot.services.office import Office
from bot.services.watching import Chosen, Watched
from bot.texts import board as texts
from bot.texts.caseload import next_line
from bot.texts.html import plain
from bot.web.live import Part

PAGES = {"team": "Team board", "plo": "PLO tracker", "drift": "Drift list"}
HERE = Path(__file__).parent


def _shown(day: date | None) -> str:
    return show_day(day) if day is not None else "–"


def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined
    )
    environment.filters.update(day=_shown, full_day=show_date)
    return environment


_ENVIRONMENT = _templates()


def filled(template: str, **values: Any) -> str:
    """The template's HTML with these values, each escaped."""
    return _ENVIRONMENT.get_template(template).render(values)


def values_of(office: Office, name: str, chosen: Chosen, watched: Watched) -> dict[str, Any]:
    """What the templates of a page need."""
    return {
        "name": name,
        "pages": PAGES,
        "chosen": chosen,
        "watched": watched,
        "columns": [(key, " ".join(heading.split())) for key, heading in texts.COLUMNS],
        "late": texts.LATE_FIGURES,
        "coming": lambda found: plain(next_line(found, watched.board.today, office.zone)),
        "long_lines": texts.long_lines(watched.board.total),
        "trend": texts.trend_sentence(watched.summary.weeks) if watched.summary else "",
    }


def part_of(values: dict[str, Any]) -> Part:
    """The part of the page that changes, with a tag that differs where it does."""
    html = filled(f"{values['name']}.html", **values)
    return Part(html, sha256(html.encode()).hexdigest()[:32])
