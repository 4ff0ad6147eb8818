"""The week's figures are kept once, the summary goes to managers, and the trend adds up."""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from bot.delivery import tick
from bot.rules.errors import NotAllowed
from bot.rules.figures import Figures
from bot.services import board, weekly
from bot.services.improvement import improvement_workbook
from bot.services.office import Office
from bot.texts import board as texts
from bot.texts.reply import from_json, to_json
from storage import weeks
from storage.database import Database
from storage.tables import OutgoingMessage, TeamWeek
from tests.conftest import StoppedClock
from tests.days import day
from tests.people import enrol
from tests.services.test_board import opened
from tests.services.test_supervision import Chats


async def summaries(database: Database) -> list[tuple[int, str, str]]:
    async with database.transaction() as session:
        rows = await session.exec(select(OutgoingMessage).where(OutgoingMessage.kind == "weekly"))
        return sorted((row.person_id, row.dedup_key, row.state) for row in rows)


async def test_the_summary_goes_to_managers_on_monday_at_a_quarter_to_nine(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        manager = await enrol(session, "Manager", "manager", clock())
        await enrol(session, "Practice lead", "practice-lead", clock())
        await opened(session, office, worker, clock, "CP-1001", "Mon 2025-08-04 icpc-held")
    chats = Chats()
    await tick(database, office, chats, clock())
    assert await summaries(database) == []  # joined after this week's moment
    await tick(database, office, chats, clock.to("2026-11-30T08:44+00:00"))
    assert await summaries(database) == []
    await tick(database, office, chats, clock.to("2026-11-30T08:45+00:00"))
    await tick(database, office, chats, clock.to("2026-11-30T09:45+00:00"))
    assert await summaries(database) == [(manager.id, f"weekly:{manager.id}:2026-11-30", "sent")]
    said = [text for text in chats.to(manager.telegram_id) if text.startswith("Team North:")]
    assert len(said) == 1
    assert "1. CP-1001 (Worker A): " in said[0]
    assert not any(text.startswith("Team North:") for text in chats.to(worker.telegram_id))
    async with database.transaction() as session:
        kept = (await session.exec(select(TeamWeek).order_by(TeamWeek.monday))).all()  # type: ignore[arg-type]  # a column
    assert [row.monday for row in kept] == [day("Mon 2026-11-23"), day("Mon 2026-11-30")]
    assert Figures.from_json(kept[-1].figures or {}).plans_15 == 1


async def test_after_a_bank_holiday_monday_it_is_tuesday(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    async with sqlite.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        await enrol(session, "Manager", "manager", clock())
        await opened(session, office, worker, clock, "CP-1001", "Mon 2025-08-04 icpc-held")
    chats = Chats()
    before = await summaries(sqlite)
    await tick(sqlite, office, chats, clock.to("2026-12-27T10:00+00:00"))
    await tick(sqlite, office, chats, clock.to("2026-12-28T12:00+00:00"))  # the substitute for Boxing Day
    assert await summaries(sqlite) == before == []
    await tick(sqlite, office, chats, clock.to("2026-12-29T08:45+00:00"))
    assert [key for _, key, _ in await summaries(sqlite)] == ["weekly:2:2026-12-28"]


async def test_a_manager_without_cases_or_actions_hears_nothing(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    async with sqlite.transaction() as session:
        manager = await enrol(session, "Manager", "manager", clock())
    chats = Chats()
    await tick(sqlite, office, chats, clock.to("2026-11-30T08:46+00:00"))
    assert chats.to(manager.telegram_id) == []
    assert [state for _, _, state in await summaries(sqlite)] == ["skipped"]


async def test_the_trend_is_twelve_weeks_added_up_over_teams(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        await enrol(session, "Manager", "manager", clock())
        await enrol(session, "Manager S", "manager", clock(), team="South")
        teams = await weeks.all_teams(session)
        for number in range(14):
            monday = day("Mon 2026-08-24").fromordinal(day("Mon 2026-08-24").toordinal() + 7 * number)
            for team in teams:
                weeks.add(session, team.id or 0, monday, {"overdue": 20 - number, "cases": 5}, clock())
        await session.flush()
        found = await weekly.trend(session, teams, day("Tue 2026-11-24"))
        shown = await weekly.summary(session, office, teams, clock())
    assert (found[0].monday, found[-1].monday, len(found)) == (
        day("Mon 2026-09-07"),
        day("Mon 2026-11-23"),
        12,
    )
    assert (found[0].figures.overdue, found[-1].figures.overdue) == (36, 14)
    said = texts.trend(shown)
    assert said.text.startswith("Since Mon 7 Sep: overdue 36 → 14 (▼ better); visits late 0 → 0 (the same)")
    assert said.text.endswith("Open cases 10 → 10.")
    assert from_json(to_json(said)) == said


async def test_summaries_wait_until_every_team_has_its_figures(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        for team in ("North", "South", "East"):
            await enrol(session, f"Manager {team}", "manager", clock(), team=team)
    now = clock.to("2026-11-30T08:45+00:00")
    assert await weekly.keep_due(database, office, now, most=2) == 2
    async with database.transaction() as session:
        assert await weekly.plan(session, office, now) == 0
        assert len((await session.exec(select(TeamWeek))).all()) == 2
    assert await weekly.keep_due(database, office, now, most=2) == 1
    async with database.transaction() as session:
        assert await weekly.plan(session, office, now) == 3
        assert await weekly.plan(session, office, now) == 0


async def test_one_week_is_no_trend(sqlite: Database, office: Office, clock: StoppedClock) -> None:
    async with sqlite.transaction() as session:
        manager = await enrol(session, "Manager", "manager", clock())
    assert await weekly.keep_due(sqlite, office, clock()) == 1
    assert await weekly.keep_due(sqlite, office, clock()) == 0
    async with sqlite.transaction() as session:
        teams = await board.teams_in_reach(session, manager)
        assert "no trend yet" in texts.trend(await weekly.summary(session, office, teams, clock())).text


async def test_figures_for_the_improvement_board_name_no_worker(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        manager = await enrol(session, "Manager", "manager", clock())
        await opened(session, office, worker, clock, "CP-1001", "Mon 2025-08-04 icpc-held")
        [team] = await weeks.all_teams(session)
        await weekly.keep_figures(session, office, team, day("Mon 2026-11-23"), clock())
        await session.flush()
        data = await improvement_workbook(session, office, manager, clock(), texts.FIGURE_NAMES)
        with pytest.raises(NotAllowed):
            await improvement_workbook(session, office, worker, clock(), texts.FIGURE_NAMES)
    book = load_workbook(BytesIO(data))
    assert book.sheetnames == ["Now", "Weeks", "Drift"]
    headings, *rows = book["Now"].iter_rows(values_only=True)
    assert dict(zip(headings, rows[0], strict=True))["Plans over 15 months"] == 1
    assert book["Weeks"]["A2"].value.date() == day("Mon 2026-11-23")
    assert book["Drift"]["A2"].value == "CP-1001"
    cells = [str(cell.value) for page in book for line in page.iter_rows() for cell in line]
    assert not any("Worker" in cell for cell in cells)


def test_every_figure_has_a_heading() -> None:
    assert list(texts.FIGURE_NAMES) == list(Figures().as_json())
