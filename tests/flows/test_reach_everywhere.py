"""For made-up people and things, every command, button and page gives what the table of roles says."""

import base64
import io
import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import httpx
import openpyxl
import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.app import COMMANDS as WIRED
from bot.conversations.engine import Talk
from bot.rules import access
from bot.rules.access import BUTTONS, COMMANDS, ROLES, Thing, manages, may, reach
from bot.rules.errors import NotAllowed, NotFound, Refusal
from bot.services import web_keys
from bot.services.office import Office
from bot.texts.reply import Document, Reply
from bot.web.app import build_web
from bot.web.board import BoardPages
from handlers import presses
from handlers.responding import Incoming
from storage import cases
from storage.database import Database
from storage.tables import Action, ActionRecipient, Case, Person, Team
from tests.conftest import StoppedClock
from tests.services.test_reach import _people_and_cases

REFERENCE = re.compile(r"CP-1\d{3}")
ON_CASE = ["case", "ev", "vis", "his", "tl", "more", "hand", "plan", "freq", "famset", "close", "dis"]
ON_CLOCK = ["clk", "done", "ext", "nn"]
ON_EVENT = ["evt", "undo", "fix"]
ON_OWN_SHARE = ["ack", "adone", "aask"]
ON_GIVEN_SHARE = ["aclose", "aret", "adate", "areas", "asplit", "acan"]
ON_WORKER = ["pack", "seshld", "sespln", "actw"]
ON_TEAM = ["ros"]
BY_REFERENCE = ["case", "event", "visit", "close", "family"]
LISTS = ["cases", "today", "week", "overdue", "plo", "drift", "team", "pack", "figures", "spreadsheet"]
LISTS += ["whatmymanagersees"]


NARROWER = ("leaver", "team", "figures", "board", "roster", "code")
"""Their handlers ask for more than some reach: managers' alone, or (code) administrators'."""


class Enough(Exception):
    """Ends a transaction whose effect is not wanted."""


@dataclass
class World:
    """People of every role in five teams, two of them in one service; a case with clocks for each worker."""

    database: Database
    office: Office
    clock: StoppedClock
    everybody: list[Person]
    held: list[Case]
    teams: dict[int, Team]
    clocks: dict[int, int]
    events: dict[int, int]
    shares: dict[int, int]

    def may(self, person: Person, thing: Thing, case: Case) -> bool:
        """What the table says."""
        services = self.teams[person.team_id].service, self.teams[case.team_id].service
        return may(
            person.role,
            thing,
            own=case.worker_id == person.id,
            same_team=case.team_id == person.team_id,
            same_service=bool(services[0]) and services[0] == services[1],
        )

    def within(self, person: Person, thing: Thing = "cases") -> set[str]:
        """The references that this person may ever read."""
        return {case.reference for case in self.held if self.may(person, thing, case)}

    async def does(self, person: Person, text: str, *, pressed: bool, args: str = "") -> Sequence[Reply]:
        """The replies to a press or a command; nothing of its effect stays. Raises what a handler raises."""
        said = Incoming(account=0, first_name="", text=text, args=args, pressed=pressed, private=True)
        replies: Sequence[Reply] = []
        try:
            async with self.database.transaction() as session:
                talk = Talk(session, self.office, await session.merge(person), self.clock())
                if pressed:
                    replies = await presses.press(talk, said)
                else:
                    access.require_for_command(person.role, text)
                    replies = await WIRED[text](talk, said)
                raise Enough
        except Enough:
            return replies


@pytest.fixture
async def world(sqlite: Database, office: Office, clock: StoppedClock) -> World:
    """Everybody, and an action from each manager to each worker of the team."""
    everybody, held, teams = await _people_and_cases(sqlite, office, clock)
    clocks, events, shares = {}, {}, {}
    async with sqlite.transaction() as session:
        for case in held:
            found = await cases.deadlines_of_case(session, case.id or 0)
            clocks[case.id or 0] = next(one.id or 0 for one in found if one.state == "open")
            events[case.id or 0] = (await cases.events_of_case(session, case.id or 0))[0].id or 0
            manager = next(p for p in everybody if p.role == "manager" and p.team_id == case.team_id)
            shares[case.id or 0] = await _share(session, manager, case, clock)
    return World(sqlite, office, clock, everybody, held, teams, clocks, events, shares)


async def _share(session: AsyncSession, manager: Person, case: Case, clock: StoppedClock) -> int:
    action = Action(
        manager_id=manager.id or 0,
        case_id=case.id,
        what="a visit",
        why="why",
        measure="recorded",
        due_on=date(2026, 12, 18),
        created_at=clock(),
    )
    session.add(action)
    await session.flush()
    share = ActionRecipient(action_id=action.id or 0, person_id=case.worker_id or 0)
    session.add(share)
    await session.flush()
    return share.id or 0


def _ids(world: World, case: Case) -> dict[str, tuple[int, str]]:
    """For each verb the id that its button carries, and the rest of its data."""
    number, worker = case.id or 0, case.worker_id or 0
    return {
        **dict.fromkeys(ON_CASE, (number, "")),
        **dict.fromkeys(ON_CLOCK, (world.clocks[number], "")),
        **dict.fromkeys(ON_EVENT, (world.events[number], "")),
        **dict.fromkeys((*ON_OWN_SHARE, *ON_GIVEN_SHARE), (world.shares[number], "")),
        **dict.fromkeys(ON_WORKER, (worker, "")),
        **dict.fromkeys(ON_TEAM, (case.team_id, "")),
    }


def _expected(world: World, person: Person, verb: str, case: Case) -> bool:
    thing = BUTTONS[verb]
    allowed = world.may(person, thing, case)
    if verb in ("seshld", "sespln"):  # sessions are a manager's, also where one's own page is open
        return allowed and manages(person.role, "board")
    if verb == "ros":  # a roster is checked by those who know the team, not by an administrator
        return allowed and manages(person.role, "board")
    return allowed


async def test_every_button_on_somebodys_thing_equals_the_table(world: World) -> None:
    chance, tried = random.Random(4), Counter[tuple[str, bool]]()
    for _ in range(1200):
        person, case = chance.choice(world.everybody), chance.choice(world.held)
        if chance.random() < 0.4:  # else most would be strangers to each other
            person = next(p for p in world.everybody if p.team_id == case.team_id and p.role == person.role)
        verb, (number, rest) = chance.choice(list(_ids(world, case).items()))
        expected = _expected(world, person, verb, case)
        went, refused = True, False
        try:
            await world.does(person, f"{verb}:{number}{rest}", pressed=True)
        except (NotAllowed, NotFound):
            went, refused = False, True
        except Refusal:  # within reach, and there is nothing to do
            went = False
        assert not (went and not expected), (person.name, verb, case.reference)
        assert not (refused and expected), (person.name, verb, case.reference)
        tried[verb, expected] += 1
    assert {verb for verb, _ in tried} == set(_ids(world, world.held[0]))
    assert {verb for verb, let in tried if let} == {verb for verb, let in tried if not let}


async def test_every_command_is_refused_to_roles_without_reach_and_to_no_other(world: World) -> None:
    for command in WIRED:
        for role in ROLES:
            person = next(p for p in world.everybody if p.role == role)
            try:
                await world.does(person, command, pressed=False)
                refused = False
            except NotAllowed:
                refused = True
            except Refusal:
                refused = False
            if command not in NARROWER:
                assert refused == (reach(role, COMMANDS[command]) == "none"), (role, command)
            elif reach(role, COMMANDS[command]) == "none":
                assert refused, (role, command)


async def test_a_command_that_names_a_case_finds_those_within_reach_and_no_other(world: World) -> None:
    chance, tried = random.Random(5), Counter[bool]()
    for _ in range(250):
        person, case, command = (
            chance.choice(world.everybody),
            chance.choice(world.held),
            chance.choice(BY_REFERENCE),
        )
        expected = world.may(person, "cases", case)
        try:
            said = str(await world.does(person, command, pressed=False, args=case.reference))
            found = "isn&#x27;t among your open cases" not in said and "isn't among your open" not in said
        except Refusal:
            found = False
        assert found == expected, (person.name, command, case.reference)
        tried[found] += 1
    assert min(tried.values()) > 15


async def test_no_list_table_or_file_names_a_case_out_of_reach(world: World) -> None:
    named = Counter[str]()
    for command in LISTS:
        for person in world.everybody:
            try:
                replies = await world.does(person, command, pressed=False)
            except Refusal:
                continue
            told = _references(replies)
            assert told <= world.within(person), (person.name, command)
            named[command] += len(told)
    assert {command for command in LISTS if named[command]} >= {"cases", "week", "spreadsheet"}


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


async def test_every_page_shows_the_cases_within_reach_and_no_other(world: World) -> None:
    web = build_web(BoardPages(world.database, world.office, world.clock, secure=False).routes())
    transport = httpx.ASGITransport(app=web)
    seen = Counter[str]()
    for person in world.everybody:
        async with httpx.AsyncClient(transport=transport, base_url="http://board.test") as http:
            entered = await _enters(world, http, person)
            assert entered == manages(person.role, "board"), person.name
            for page in ("team", "plo", "drift"):
                for team in ("", *(one.name for one in world.teams.values())):
                    answer = await http.get(f"/board/{page}", params={"team": team} if team else {})
                    assert answer.status_code == (200 if entered else 401)
                    told = set(REFERENCE.findall(answer.text))
                    assert told <= world.within(person, "board"), (person.name, page, team)
                    seen[page] += len(told)
            calendar = await _calendar(world, http, person)
            assert set(REFERENCE.findall(calendar)) <= world.within(person), person.name
            seen["calendar"] += len(REFERENCE.findall(calendar))
    assert seen["calendar"]


async def _enters(world: World, http: httpx.AsyncClient, person: Person) -> bool:
    try:
        async with world.database.transaction() as session:
            secret = await web_keys.board_link(session, await session.merge(person), world.clock())
    except NotAllowed:
        return False
    return (await http.post(f"/board/in/{secret}")).status_code == 303


async def _calendar(world: World, http: httpx.AsyncClient, person: Person) -> str:
    try:
        async with world.database.transaction() as session:
            secret = await web_keys.new_calendar(session, await session.merge(person), world.clock())
    except NotAllowed:
        assert reach(person.role, "cases") == "none"
        return ""
    answer = await http.get(f"/calendar/{secret}.ics")
    return answer.text.replace("\r\n ", "") if answer.status_code == 200 else ""


async def test_nothing_was_left_behind(world: World) -> None:
    """The tries above are taken back: a press that goes on changes nothing in the next."""
    person = next(p for p in world.everybody if p.name == "worker North")
    async with world.database.transaction() as session:
        before = len((await session.exec(select(Case))).all())
    await world.does(person, "newcase", pressed=False, args="CP-1999")
    async with world.database.transaction() as session:
        assert len((await session.exec(select(Case))).all()) == before
