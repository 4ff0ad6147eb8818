"""The supervision page, and sessions planned, reminded and held."""

import pytest
from sqlmodel import select

from bot.delivery import tick
from bot.papers import paper
from bot.rules.errors import NotAllowed, NotFound, Refusal
from bot.services import packs, supervision, supervision_sessions, visiting
from bot.services.office import Office
from bot.texts import packs as texts
from bot.texts.html import plain
from storage import sessions
from storage.database import Database
from storage.tables import SupervisionSession
from tests.conftest import StoppedClock
from tests.days import day
from tests.people import enrol
from tests.services.test_board import opened
from tests.services.test_supervision import DRAFT, Chats


async def test_the_page_holds_what_a_session_needs(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        manager = await enrol(session, "Manager", "manager", clock())
        worker = await enrol(session, "Worker A", "worker", clock())
        case = await opened(session, office, worker, clock, "CP-1001", "Mon 2025-08-04 icpc-held")
        await visiting.record_visit(session, office, worker, case, day("Tue 2026-11-03"), "alone", clock())
        await visiting.record_visit(session, office, worker, case, day("Tue 2026-11-10"), "seen", clock())
        held, actions, following = await supervision_sessions.hold_session(
            session, office, manager, worker, day("Tue 2026-11-24"), clock()
        )
        assert (held.held_on, actions, following) == (day("Tue 2026-11-24"), [], None)
        await supervision.create_action(session, office, manager, DRAFT, clock.forward(hours=1))
        share = (await supervision.shares_received(session, worker))[0].share
        await supervision.finish(session, worker, share.id or 0, "both on file", clock.forward(days=2))
        await supervision.create_action(session, office, manager, DRAFT, clock.forward(days=1))
        found = await packs.pack(session, office, worker, clock())
    said = plain(texts.pack_text(found, office.today(clock()), office.zone))
    assert "Supervision: Worker A, Fri 27 Nov 2026" in said
    assert "Last session, Tue 24 Nov 2026: what became of its actions" in said
    assert [view.share.note for view in found.last_actions] == ["both on file"], "not what was set later"
    assert "set 3 days ago. “both on file”" in said
    assert "CP-1001: Tue 10 Nov seen, not alone; last alone Tue 3 Nov" in said
    assert "on a plan over 15 months" in said
    assert "First core group" in said
    assert "None is planned." in said


async def test_a_session_is_reminded_and_the_next_one_follows(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    chats = Chats()
    async with database.transaction() as session:
        manager = await enrol(session, "Manager", "manager", clock())
        worker = await enrol(session, "Worker A", "worker", clock())
        await supervision_sessions.plan_session(
            session, office, manager, worker, day("Mon 2026-11-30"), "4", clock()
        )
        moved = await supervision_sessions.plan_session(
            session, office, manager, worker, day("Tue 2026-12-01"), "month", clock()
        )
    await tick(database, office, chats, clock.to("2026-11-30T13:59+00:00"))
    assert not any("Supervision with" in text for _, text in chats.said)
    await tick(database, office, chats, clock.to("2026-11-30T14:00+00:00"))
    assert chats.to(manager.telegram_id)[-1] == "Supervision with Worker A: Tue 1 Dec 2026."
    assert chats.to(worker.telegram_id)[-1] == "Supervision with Manager: Tue 1 Dec 2026."
    clock.to("2026-12-01T15:00+00:00")
    async with database.transaction() as session:
        held, _, following = await supervision_sessions.hold_session(
            session, office, manager, worker, day("Tue 2026-12-01"), clock()
        )
        assert held.id == moved.id
        assert following is not None
        assert (following.planned_on, following.every) == (day("Mon 2027-01-04"), "month")
        with pytest.raises(Refusal, match="already recorded"):
            await supervision_sessions.hold_session(
                session, office, manager, worker, day("Tue 2026-12-01"), clock()
            )
        states = [row.state for row in (await session.exec(select(SupervisionSession))).all()]
        assert sorted(states) == ["cancelled", "held", "planned"]
        planned = await sessions.planned_of(session, worker.id or 0)
        assert planned is not None
        assert planned.id == following.id


@pytest.mark.parametrize(
    ("every", "following"),
    [
        ("", None),
        ("1", "Tue 2026-12-01"),
        ("2", "Tue 2026-12-08"),
        ("4", "Tue 2026-12-22"),
        ("month", "Thu 2026-12-24"),
    ],
)
def test_when_the_next_one_is(office: Office, every: str, following: str | None) -> None:
    assert supervision_sessions.next_day(office, day("Tue 2026-11-24"), every) == (
        day(following) if following else None
    )


async def test_reach(sqlite: Database, office: Office, clock: StoppedClock) -> None:
    async with sqlite.transaction() as session:
        manager = await enrol(session, "Manager", "manager", clock())
        worker = await enrol(session, "Worker A", "worker", clock())
        other = await enrol(session, "Worker B", "worker", clock())
        far = await enrol(session, "Worker S", "worker", clock(), team="South")
        lead = await enrol(session, "Practice lead", "practice-lead", clock())
        assert [one.name for one in await packs.workers_in_reach(session, manager)] == [
            "Worker A",
            "Worker B",
        ]
        assert await packs.workers_in_reach(session, worker) == [worker]
        with pytest.raises(NotFound, match="isn't a worker of yours"):
            await packs.worker_named(session, manager, "Worker S")
        for person, wanted in ((manager, far), (worker, other)):
            with pytest.raises(NotFound):
                await packs.worker_within_reach(session, person, wanted.id or 0)
        with pytest.raises(NotAllowed):
            await packs.workers_in_reach(session, lead)
        with pytest.raises(NotAllowed):
            await supervision_sessions.hold_session(
                session, office, worker, worker, day("Tue 2026-11-24"), clock()
            )


def test_a_full_page_is_one_page_and_prints_any_name(clock: StoppedClock) -> None:
    sections = [(f"Heading {n}", [f"CP-100{n}: Zoë Łukasz, due Fri 27 Nov ▲"] * 7) for n in range(7)]
    data = paper("Supervision: Worker A", sections, "Signs, not verdicts.", clock())
    assert data.startswith(b"%PDF-")
    assert data.count(b"/Type /Page\n") == 1
