"""The board page: read-only, entered by a one-time link, checked anew at every request."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.clock import Clock
from bot.rules.errors import NotAllowed
from bot.services import board_changes, watching, web_keys
from bot.services.board_changes import Mark
from bot.services.calendars import subscribed_calendar
from bot.services.office import Office
from bot.services.watching import Chosen, Watched
from bot.texts.exports import WORDING
from bot.web.live import Ended, Part, Streams
from bot.web.parts import HERE, PAGES, filled, part_of, values_of
from storage.database import Database
from storage.tables import Person

COOKIE = "driftless_board"
_HEADERS = {"Permissions-Policy": "camera=(), geolocation=(), microphone=()", "X-Frame-Options": "DENY"}


@dataclass(frozen=True)
class BoardPages:
    """The pages; secure: the address is https, so the cookie never travels in the clear."""

    database: Database
    office: Office
    clock: Clock
    secure: bool
    streams: Streams = field(default_factory=Streams)

    def routes(self) -> list[BaseRoute]:
        """All routes of the board and the calendar."""
        return [
            Route("/board/in/{secret}", self.door, methods=["GET"]),
            Route("/board/in/{secret}", self.enter, methods=["POST"]),
            Route("/board/out", self.leave, methods=["POST"]),
            Route("/board/live/{name:str}", self.live, methods=["GET"]),
            Route("/board", self.page, methods=["GET"]),
            Route("/board/{name:str}", self.page, methods=["GET"]),
            Mount("/board-files", StaticFiles(directory=HERE / "static")),
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
            await web_keys.leave(session, _secret(request), self.clock())
        answer = self._render("closed.html", why="You have left the board.")
        answer.delete_cookie(COOKIE, path="/board")
        return answer

    async def page(self, request: Request) -> Response:
        """One of the three pages, or with ?part=1 only what changes; 304 where nothing has."""
        name = request.path_params.get("name", "team")
        if name not in PAGES:
            return self._render("closed.html", 404, why="There is no such page.")
        chosen, now = _chosen(request), self.clock()
        async with self.database.transaction() as session:
            person = await web_keys.who_looks(session, _secret(request), now)
            watched = await self._watched(session, person, chosen, now)
            if person is not None and watched is not None and "part" not in request.query_params:
                await watching.note_beyond(session, person, chosen, now)
        if watched is None:
            return self._render(
                "closed.html", 401, why="You aren't signed in here, or your access has ended."
            )
        values = values_of(self.office, name, chosen, watched)
        part = part_of(values)
        if "part" in request.query_params:
            headers = {"ETag": f'"{part.tag}"', **_HEADERS}
            if request.headers.get("if-none-match") == headers["ETag"]:
                return Response(status_code=304, headers=headers)
            return HTMLResponse(part.html, headers=headers)
        moment = now.astimezone(self.office.zone)
        return self._render("page.html", **values, part=part, checked=f"{moment:%H:%M}")

    async def _watched(
        self, session: AsyncSession, person: Person | None, chosen: Chosen, now: datetime
    ) -> Watched | None:
        """What this person may see; None where that is nothing (any more)."""
        if person is None:
            return None
        try:
            return await watching.watch(session, self.office, person, chosen, now)
        except NotAllowed:
            return None

    async def live(self, request: Request) -> Response:
        """Tells an open page what has changed as long as access holds; 503 where too many are open."""
        name, secret = request.path_params["name"], _secret(request)
        async with self.database.transaction() as session:
            allowed = await web_keys.who_looks(session, secret, self.clock()) is not None
        if name not in PAGES or not allowed:
            return PlainTextResponse("Nothing is told here.\n", 404 if allowed else 401)
        if self.streams.full(secret):
            return PlainTextResponse("Too many are open. The page asks by itself.\n", 503)
        have = request.headers.get("last-event-id", request.query_params.get("have", ""))
        return self.streams.stream(secret, have, _Look(self, secret, name, _chosen(request)))

    async def part(
        self, secret: str, name: str, chosen: Chosen, since: Mark | None
    ) -> tuple[Part | None, Mark]:
        """What the page shows now, and where it stands; no part where nothing has moved since.

        Raises Ended where the secret no longer opens it, or opens nothing.
        """
        now = self.clock()
        async with self.database.transaction() as session:
            person = await web_keys.who_looks(session, secret, now)
            if person is None:
                raise Ended
            if since is not None and not await board_changes.moved(session, person, since):
                return None, since
            mark = await board_changes.mark(session, person)
            watched = await self._watched(session, person, chosen, now)
        if watched is None:
            raise Ended
        return part_of(values_of(self.office, name, chosen, watched)), mark

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
        return HTMLResponse(filled(template, **values), status, headers=headers)


def _secret(request: Request) -> str:
    return request.cookies.get(COOKIE, "")


def _chosen(request: Request) -> Chosen:
    return Chosen(*(request.query_params.get(key, "")[:80] for key in ("team", "worker", "sign")))


@dataclass
class _Look:
    """One browser's looks at one page."""

    pages: BoardPages
    secret: str
    name: str
    chosen: Chosen
    mark: Mark | None = None

    async def __call__(self, *, closely: bool) -> Part | None:
        since = None if closely else self.mark
        found, self.mark = await self.pages.part(self.secret, self.name, self.chosen, since)
        return found
