"""Lists, files and web pages: they name the cases that the table gives the person, and no other."""

import base64
import io
import re
import shutil
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import httpx
import openpyxl
import pytest
from sqlmodel import select

from bot.rules.access import ROLES, manages, reach
from bot.rules.errors import NotAllowed
from bot.services import web_keys
from bot.services.auditing import OUT_OF_REACH
from bot.texts.reply import Document, Reply
from bot.web.app import build_web
from bot.web.board import BoardPages
from storage.database import Database
from storage.tables import Audit, Person
from tests.reach.stage import Stage

REFERENCE = re.compile(r"\bCP-1\d{3}\b")
LISTS = [
    "cases",
    "today",
    "week",
    "overdue",
    "plo",
    "drift",
    "team",
    "pack",
    "figures",
    "spreadsheet",
    "whatmymanagersees",
    "actions",
]
WHOLE = ("cases", "overdue", "spreadsheet", "drift", "plo")
"""Lists that leave out no case of this stage."""


@pytest.mark.parametrize("command", LISTS)
def test_a_list_names_the_cases_within_reach_and_no_other(stage: Stage, command: str) -> None:
    named = set[str]()
    for person in stage.everybody[: 3 * len(ROLES)]:  # two teams of one service, and one of none
        outcome = stage.tried(person, f"/{command}")
        told = set() if outcome.trespass else _references(outcome.replies)
        assert told <= stage.within(person), person.name
        if command in WHOLE:
            assert told == stage.within(person), person.name
        named |= told
    assert named or command not in WHOLE


def _references(replies: Sequence[Reply]) -> set[str]:
    """Every reference in words, buttons, pictures and spreadsheets."""
    found: set[str] = set()
    for reply in replies:
        if isinstance(reply, Document) and reply.name.endswith(".xlsx"):
            book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(reply.content)))
            cells = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
            found |= set(REFERENCE.findall(" ".join(cells)))
        elif not isinstance(reply, Document):
            found |= set(REFERENCE.findall(repr(reply)))
    return found


@pytest.fixture
async def database(stage: Stage, tmp_path: Path) -> AsyncIterator[Database]:
    """The stage in a database that the pages may write to."""
    opened = Database(f"sqlite:///{shutil.copy(stage.file, tmp_path / 'pages.sqlite')}")
    yield opened
    await opened.close()


async def test_every_page_shows_the_cases_within_reach_and_no_other(stage: Stage, database: Database) -> None:
    web = build_web(BoardPages(database, stage.office, stage.clock, secure=False).routes())
    transport = httpx.ASGITransport(app=web)
    for person in stage.everybody:
        async with httpx.AsyncClient(transport=transport, base_url="http://board.test") as http:
            entered = await _enters(stage, database, http, person)
            assert entered == manages(person.role, "board"), person.name
            for page in ("team", "plo", "drift"):
                await _looks(stage, database, http, person, page)
            calendar = await _calendar(stage, database, http, person)
            own = set(REFERENCE.findall(calendar))
            assert own == (stage.within(person) if person.role == "worker" else own & stage.within(person))


async def _looks(
    stage: Stage, database: Database, http: httpx.AsyncClient, person: Person, page: str
) -> None:
    """Each team's page; a team out of reach narrows nothing, and leaves a line."""
    for team in (None, *stage.teams.values()):
        before = await _lines(database)
        answer = await http.get(f"/board/{page}", params={"team": team.name} if team else {})
        lines = (await _lines(database))[len(before) :]
        told = set(REFERENCE.findall(answer.text))
        if not manages(person.role, "board"):
            assert (answer.status_code, told, lines) == (401, set(), [])
            continue
        assert answer.status_code == 200
        of_team = {one.case.reference for one in stage.things if team is None or one.team.id == team.id}
        expected = of_team & stage.within(person, "board")
        beyond = team is not None and not expected
        assert lines == ([(person.id, f"team {team.id}")] if team is not None and beyond else [])
        expected = stage.within(person, "board") if beyond else expected
        assert told == (expected if page != "team" else told & expected), (person.name, page, team)


async def _lines(database: Database) -> list[tuple[int | None, str]]:
    async with database.transaction() as session:
        found = await session.exec(select(Audit).where(Audit.what == OUT_OF_REACH))
        return [(row.person_id, row.subject) for row in found]


async def _enters(stage: Stage, database: Database, http: httpx.AsyncClient, person: Person) -> bool:
    try:
        async with database.transaction() as session:
            secret = await web_keys.board_link(session, await session.merge(person), stage.clock())
    except NotAllowed:
        return False
    return (await http.post(f"/board/in/{secret}")).status_code == 303


async def _calendar(stage: Stage, database: Database, http: httpx.AsyncClient, person: Person) -> str:
    try:
        async with database.transaction() as session:
            secret = await web_keys.new_calendar(session, await session.merge(person), stage.clock())
    except NotAllowed:
        assert reach(person.role, "cases") == "none"
        return ""
    answer = await http.get(f"/calendar/{secret}.ics")
    return answer.text.replace("\r\n ", "") if answer.status_code == 200 else ""
