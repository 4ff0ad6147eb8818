"""An action of the improvement plan: its two days come from the timescales, or from the council's own."""

from pathlib import Path

import pytest

from bot.content.overlay import FILE
from bot.rules.dates import show_date
from bot.rules.deadlines import due_date
from bot.rules.supervision import IMPROVEMENT_CLOCKS
from bot.services.office import Office
from bot.simulator.driver import SeenMessage, SimPerson
from tests.content.test_action_templates import office_of
from tests.days import day
from tests.flows.town import Town, town_at

LETTER = day("Mon 2026-11-02")
IN_ONE = """/action
to: Worker A
kind: improvement plan
letter: 2 Nov
do: write the draft action plan
why: so that the finding is answered
measure: the draft is with Ofsted
by: """


def days_of(office: Office) -> dict[str, str]:
    """The two days as the book's own rows give them, worked out here by the calculator alone."""
    found = {}
    for name, timescale in IMPROVEMENT_CLOCKS.items():
        row = office.library.book.find(timescale)
        assert row is not None
        assert row.limit is not None
        limit = office.library.local.get(timescale, row.limit)
        found[name] = show_date(due_date(limit, LETTER, office.calendar, office.zone).last_day)
    return found


async def asked_by_when(town: Town) -> tuple[SimPerson, SimPerson, SeenMessage]:
    worker, manager = await town.joined("Worker A"), await town.joined("Manager", "manager")
    await manager.says("/action")
    await manager.sees("Who is it for?")
    await manager.presses("Worker A")
    await manager.sees("What does it come from?")
    await manager.presses("Improvement plan")
    await manager.sees("When did the council receive the inspection letter?")
    await manager.says("30 Nov")
    await manager.sees("is still to come. When did the letter arrive?")
    await manager.says("2 Nov")
    await manager.sees("What should be done?")
    await manager.says("write the draft action plan")
    await manager.sees("what's the purpose?")
    await manager.says("so that the finding is answered")
    await manager.sees("What will be different")
    await manager.says("the draft is with Ofsted")
    return worker, manager, await manager.sees("Letter of Mon 2 Nov 2026:")


async def test_guided_it_offers_the_draft_and_the_plan_with_their_sources(town: Town) -> None:
    worker, manager, asked = await asked_by_when(town)
    days = days_of(town.office)
    assert asked.labels[:2] == [f"Draft plan: {days['draft']}", f"Plan: {days['plan']}"]
    for name, timescale in IMPROVEMENT_CLOCKS.items():
        row = town.office.library.book.find(timescale)
        assert row is not None
        assert row.limit is not None
        assert f"• {row.title}: {days[name]} ({row.limit.amount} working days)\n  {row.source}" in asked.text
    await manager.presses("Draft plan")
    await manager.sees("Preview · Worker A · by")
    await manager.presses("Send")
    await manager.sees("Sent to Worker A")
    await town.bot.tick_now()
    await worker.sees(f"From your manager · by {days['draft']} · Improvement plan")


@pytest.mark.parametrize("name", IMPROVEMENT_CLOCKS)
async def test_in_one_message_draft_and_plan_mean_those_days(town: Town, name: str) -> None:
    worker, manager = await town.joined("Worker A"), await town.joined("Manager", "manager")
    await manager.says(IN_ONE + name)
    await manager.sees(f"Sent to Worker A, by {days_of(town.office)[name]}")
    await town.bot.tick_now()
    await worker.sees("Improvement plan")


async def test_a_council_that_sets_itself_less_time_is_offered_that(
    sqlite_address: str, tmp_path: Path
) -> None:
    own = '[timescales.of-apa-draft]\namount = 15\nunit = "working-days"\n'
    (tmp_path / FILE).write_text(own, encoding="utf-8")
    async with town_at(sqlite_address, office_of(tmp_path)) as town:
        _, _, asked = await asked_by_when(town)
        assert days_of(town.office)["draft"] == "Mon 23 Nov 2026"
        assert "Mon 23 Nov 2026 (15 working days, your council's own)" in asked.text
        assert asked.labels[0].startswith("Plan: "), "the draft's day has passed: it is told, not offered"
