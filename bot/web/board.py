"""The board page: read-only, entered by a one-time link, checked anew at every request."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.clock import Clock
from bot.rules.dates import show_date, show_day
from bot.rules.errors import NotAllowed
from bot.services import watching, web_keys
from bot.services.calendars import subscribed_calendar
from bot.services.office import Office
from bot.services.watching import Chosen, Watched
from bot.texts import board as texts
from bot.texts.caseload import next_line
from bot.texts.exports import WORDING
from bot.texts.html import plain
from storage.database import Database

COOKIE = "driftless_board"
PAGES = {"team": "Team board", "plo": "PLO tracker", "drift": "Drift list"}
_HERE = Path(__file__).parent
_HEADERS = {"Permissions-Policy": "camera=(), geolocation=(), microphone=()", "X-Frame-Options": "DENY"}


def _shown(day: date | None) -> str:
    return show_day(day) if day is not None else "–"


def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined
    )
    environment.filters.update(day=_shown, full_day=show_date)
    return environment


@dataclass(frozen=True)
class BoardPages:
    """The pages; secure: the address is https, so the cookie never travels in the clear."""

    database: Database
    office: Office
    clock: Clock
    secure: bool

    def routes(self) -> list[BaseRoute]:
        """All routes of the board and the calendar."""
        return [
            Route("/board/in/{secret}", self.door, methods=["GET"]),
            Route("/board/in/{secret}", self.enter, methods=["POST"]),
            Route("/board/out", self.leave, methods=["POST"]),
            Route("/board", self.page, methods=["GET"]),
            Route("/board/{name:str}", self.page, methods=["GET"]),
            Mount("/board-files", StaticFiles(directory=_HERE / "static")),
            Route("/calendar/{secret}.ics", self.calendar, methods=["GET"]),
        ]

    async def door(self, request: Request) -> Response:
        """A button to press: whatever fetches links beforehand does not use this one up."""
        return self._render("door.html", secret=request.path_params["secret"])

    async def enter(self, request: Request) -> Response:
        """Uses the link up; the browser gets a cookie for a working day."""
        async with self.database.transaction() as session:
            try:
                secret = await web_keys.enter(session, request.path_params["secret"], self.clock())
            except NotAllowed:
                secret = None
        if secret is None:
            return self._render(
                "closed.html", 403, why="This link has been used or is older than ten minutes."
            )
        answer = RedirectResponse("/board", 303)
        answer.set_cookie(
            COOKIE,
            secret,
            max_age=int(web_keys.SESSION_FOR.total_seconds()),
            path="/board",
            httponly=True,
            samesite="lax",
            secure=self.secure,
        )
        return answer

    async def leave(self, request: Request) -> Response:
        """Ends this browser's session."""
        async with self.database.transaction() as session:
            await web_keys.leave(session, request.cookies.get(COOKIE, ""), self.clock())
        answer = self._render("closed.html", why="You have left the board.")
        answer.delete_cookie(COOKIE, path="/board")
        return answer

    async def page(self, request: Request) -> Response:
        """One of the three pages, or with ?part=1 only what changes; 304 where nothing has."""
        name = request.path_params.get("name", "team")
        if name not in PAGES:
            return self._render("closed.html", 404, why="There is no such page.")
        asked = request.query_params
        chosen = Chosen(*(asked.get(key, "")[:80] for key in ("team", "worker", "sign")))
        now = self.clock()
        async with self.database.transaction() as session:
            person = await web_keys.who_looks(session, request.cookies.get(COOKIE, ""), now)
            try:
                watched = (
                    await watching.watch(session, self.office, person, chosen, now)
                    if person is not None
                    else None
                )
            except NotAllowed:
                watched = None
        if watched is None:
            return self._render(
                "closed.html", 401, why="You aren't signed in here, or your access has ended."
            )
        values = self._values(name, chosen, watched)
        part = _ENVIRONMENT.get_template(f"{name}.html").render(values)
        tag = f'"{sha256(part.encode()).hexdigest()[:32]}"'
        if "part" in asked:
            if request.headers.get("if-none-match") == tag:
                return Response(status_code=304, headers={"ETag": tag, **_HEADERS})
            return HTMLResponse(part, headers={"ETag": tag, **_HEADERS})
        moment = now.astimezone(self.office.zone)
        return self._render("page.html", **values, part=part, tag=tag, checked=f"{moment:%H:%M}")

    def _values(self, name: str, chosen: Chosen, watched: Watched) -> dict[str, Any]:
        return {
            "name": name,
            "pages": PAGES,
            "chosen": chosen,
            "watched": watched,
            "columns": [(key, " ".join(heading.split())) for key, heading in texts.COLUMNS],
            "late": texts.LATE_FIGURES,
            "coming": lambda found: plain(next_line(found, watched.board.today, self.office.zone)),
            "long_lines": texts.long_lines(watched.board.total),
            "trend": texts.trend_sentence(watched.summary.weeks) if watched.summary else "",
        }

    async def calendar(self, request: Request) -> Response:
        """The private calendar behind an address that nobody can guess."""
        async with self.database.transaction() as session:
            content = await subscribed_calendar(
                session, self.office, request.path_params["secret"], self.clock(), WORDING
            )
        if content is None:
            return Response("This calendar address has been switched off.\n", 404, media_type="text/plain")
        return Response(content, media_type="text/calendar; charset=utf-8")

    def _render(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        headers = dict(_HEADERS)
        if self.secure:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        return HTMLResponse(_ENVIRONMENT.get_template(template).render(values), status, headers=headers)


_ENVIRONMENT = _templates()
