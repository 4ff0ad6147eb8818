"""Changes to what stands: corrections, families, extensions, handover, closing."""

from datetime import time

import pytest
from sqlmodel import select

from bot.delivery import tick
from bot.rules.errors import NotAllowed, NotFound, Refusal, Stale
from bot.rules.events import EVENTS
from bot.rules.plo import EXPECTED_END, Extension
from bot.services import caseload, casework, clocks, closing, drift, happenings, supervision, visiting
from bot.services.office import Office
from bot.texts import caseload as texts
from bot.texts import clocks as clock_texts
from storage import cases, outbox
from storage.database import Database
from storage.tables import CaseEvent, OutgoingMessage
from tests.conftest import StoppedClock
from tests.days import day
from tests.people import enrol
from tests.services.test_casework import record
from tests.services.test_supervision import DRAFT, Chats


async def test_a_correction_moves_every_date_and_keeps_the_history(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        case = await casework.new_case(session, office, worker, "CP-1042", clock())
        held = await record(session, office, worker, case, "Mon 2026-11-16 icpc-held", clock())
        right = await happenings.correct_event(
            session, office, worker, held.event.id or 0, day("Tue 2026-11-17"), clock()
        )
        opened = {view.deadline.timescale_id: view.deadline for view in right.changes.opened}
        assert opened["core-group-first"].due_on == day("Tue 2026-12-01")
        assert "core-group-first" in {view.deadline.timescale_id for view in right.changes.ended}
        kept = (await session.exec(select(CaseEvent).order_by(CaseEvent.id))).all()  # type: ignore[arg-type]  # a column
        assert [(event.voided_at is None, event.replaced_by) for event in kept] == [
            (False, right.event.id),
            (True, None),
        ]
        with pytest.raises(Stale):
            await happenings.correct_event(
                session, office, worker, held.event.id or 0, day("Wed 2026-11-18"), clock()
            )


async def test_one_step_records_an_event_for_the_whole_family(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        family = [await casework.new_case(session, office, worker, f"CP-100{n}", clock()) for n in (1, 2, 3)]
        for case in family:
            await caseload.set_family(session, worker, case, "FAM-0033", clock())
        first = await record(session, office, worker, family[0], "Mon 2026-11-16 icpc-held", clock())
        assert [case.reference for case in first.siblings] == ["CP-1002", "CP-1003"]
        others = await happenings.record_for_family(session, office, worker, first.event.id or 0, clock())
        assert [result.case.reference for result in others] == ["CP-1002", "CP-1003"]
        assert not await happenings.record_for_family(session, office, worker, first.event.id or 0, clock())


async def test_a_family_gives_nobody_a_colleagues_case(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    """A family's reference is anybody's to type: it opens no door."""
    async with sqlite.transaction() as session:
        manager = await enrol(session, "Manager", "manager", clock())
        people = [await enrol(session, f"Worker {name}", "worker", clock()) for name in "AB"]
        own, other = [
            await casework.new_case(session, office, one, f"CP-100{one.id}", clock()) for one in people
        ]
        assert await caseload.set_family(session, people[1], other, "FAM-0033", clock()) == []
        assert await caseload.set_family(session, people[0], own, "FAM-0033", clock()) == []
        first = await record(session, office, people[0], own, "Mon 2026-11-16 icpc-held", clock())
        assert first.siblings == ()
        event = first.event.id or 0
        assert await happenings.record_for_family(session, office, people[0], event, clock()) == []
        today = office.today(clock())
        assert (await casework.case_page(session, office, people[0], own, today)).siblings == []
        seen = (await casework.case_page(session, office, manager, own, today)).siblings
        assert [case.id for case in seen] == [other.id]


async def test_beyond_a_national_limit_an_extension_waits_for_the_manager(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    chats = Chats()
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        manager = await enrol(session, "Manager", "manager", clock())
        case = await casework.new_case(session, office, worker, "CP-1042", clock())
        held = await record(session, office, worker, case, "Mon 2026-11-16 icpc-held", clock())
        core = next(v for v in held.changes.opened if v.deadline.timescale_id == "core-group-first").deadline
        later = day("Fri 2026-12-04")
        with pytest.raises(Refusal, match="no later than"):
            await closing.change_clock(
                session, office, worker, core, "extend", "hall booked", core.due_on, clock()
            )
        asked = await closing.change_clock(
            session, office, worker, core, "extend", "hall booked that day", later, clock()
        )
        assert asked.waits
        assert core.extended_to is None
    await tick(database, office, chats, clock())
    assert "Worker A asks: extend to Fri 4 Dec 2026" in chats.to(manager.telegram_id)[0]
    async with database.transaction() as session:
        with pytest.raises(NotAllowed):
            await closing.decide(session, office, worker, 1, agreed=True, now=clock())
        await closing.decide(session, office, manager, 1, agreed=True, now=clock())
        with pytest.raises(Stale):
            await closing.decide(session, office, manager, 1, agreed=False, now=clock())
        kept = await cases.deadline_by_id(session, core.id or 0)
        assert kept is not None
        assert (kept.extended_to, kept.due_on) == (later, day("Mon 2026-11-30"))
        assert {
            row.not_before.date() for row in await outbox.planned_about(session, "clock", core.id or 0)
        } == {
            day("Thu 2026-12-03"),
            later,
        }
    await tick(database, office, chats, clock())
    assert "Your manager agreed" in chats.to(worker.telegram_id)[-1]


async def test_a_councils_own_clock_is_changed_at_once_for_a_reason(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    async with sqlite.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        case = await casework.new_case(session, office, worker, "CP-1042", clock())
        seen = await visiting.record_visit(
            session, office, worker, case, day("Mon 2026-11-23"), "alone", clock()
        )
        written = next(
            view.deadline
            for view in seen.recorded.changes.opened
            if view.deadline.timescale_id == "cp-visit-record"
        )
        with pytest.raises(Refusal, match="Say why"):
            await closing.change_clock(session, office, worker, written, "not-needed", "no", None, clock())
        done = await closing.change_clock(
            session, office, worker, written, "not-needed", "recorded twice", None, clock()
        )
        assert not done.waits
        assert (written.state, written.reason) == ("not-needed", "recorded twice")
        await clocks.recompute(session, office, case, clock())
        assert written.state == "not-needed"


async def test_a_handover_moves_everything_in_one_step_with_a_card(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    chats = Chats()
    async with database.transaction() as session:
        giver = await enrol(session, "Worker A", "worker", clock())
        taker = await enrol(session, "Worker B", "worker", clock())
        manager = await enrol(session, "Manager", "manager", clock())
        case = await casework.new_case(session, office, giver, "CP-1042", clock())
        await record(session, office, giver, case, "Mon 2026-11-16 icpc-held", clock())
        await supervision.create_action(
            session, office, manager, DRAFT.__class__(**{**DRAFT.__dict__, "to": "CP-1042"}), clock()
        )
        with pytest.raises(NotAllowed):
            await caseload.hand_over(session, office, giver, [case], taker, clock())
        moving = await caseload.caseload_of(session, manager, giver)
        moved = await caseload.hand_over(session, office, manager, moving, taker, clock())
        assert [c.reference for c in moved.cases] == ["CP-1042"]
        assert await caseload.workers_in_a_year(session, case.id or 0, office.today(clock())) == 2
        assert [v.share.person_id for v in await supervision.shares_received(session, taker)] == [taker.id]
        planned = (
            await session.exec(
                select(OutgoingMessage).where(
                    OutgoingMessage.kind == "clock", OutgoingMessage.state == "planned"
                )
            )
        ).all()
        assert {row.person_id for row in planned} == {taker.id}
        with pytest.raises(NotFound):
            await casework.find_case(session, office, giver, "CP-1042")
    await tick(database, office, chats, clock())
    card = next(text for text in chats.to(taker.telegram_id) if "is yours now" in text)
    assert "On a child protection plan since Mon 16 Nov 2026" in card
    assert "First core group, due Mon 30 Nov" in card


async def test_the_question_after_a_planned_visit_goes_to_whoever_holds_the_case_then(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    chats = Chats()
    async with database.transaction() as session:
        giver = await enrol(session, "Worker A", "worker", clock())
        taker = await enrol(session, "Worker B", "worker", clock())
        manager = await enrol(session, "Manager", "manager", clock())
        case = await casework.new_case(session, office, giver, "CP-1042", clock())
        await visiting.plan_visit(session, office, giver, case, day("Thu 2026-11-26"), clock())
        await caseload.hand_over(session, office, manager, [case], taker, clock())
        await caseload.hand_over(session, office, manager, [case], giver, clock())
        await caseload.hand_over(session, office, manager, [case], taker, clock())
    clock.to("2026-11-27T09:01+00:00")
    await tick(database, office, chats, clock())
    assert sum("the visit planned for Thu 26 Nov 2026" in text for text in chats.to(taker.telegram_id)) == 1
    assert not any("CP-1042" in text for text in chats.to(giver.telegram_id) if "yours now" not in text)


async def test_a_correction_of_an_hour_moves_the_clock_that_counts_from_it(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        case = await casework.new_case(session, office, worker, "CP-1042", clock())
        on = day("Tue 2026-11-24")
        began = EVENTS["police-protection-began"]
        first = await happenings.record_event(
            session, office, worker, case, began, on, clock(), moment=office.at(on, time(7))
        )
        right = await happenings.correct_event(
            session, office, worker, first.event.id or 0, on, clock(), moment=office.at(on, time(8, 30))
        )
        limit = next(
            v.deadline for v in right.changes.opened if v.deadline.timescale_id == "police-protection"
        )
        assert limit.due_at == office.at(day("Fri 2026-11-27"), time(8, 30))
        with pytest.raises(Refusal, match="already"):
            await happenings.correct_event(
                session, office, worker, right.event.id or 0, on, clock(), moment=office.at(on, time(8, 30))
            )
        with pytest.raises(Refusal, match="still to come"):
            await happenings.correct_event(
                session, office, worker, right.event.id or 0, on, clock(), moment=office.at(on, time(23))
            )


async def test_a_longer_pre_proceedings_period_says_who_agreed_and_why(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        manager = await enrol(session, "Manager", "manager", clock())
        case = await casework.new_case(session, office, worker, "CP-1042", clock())
        begun = await record(session, office, worker, case, "Mon 2026-08-03 pre-proceedings-decided", clock())
        assert begun.changes.opened
        [(_, _, before)] = await drift.pre_proceedings(session, office, manager, office.today(clock()))
        assert before.over(office.today(clock()))
        kept = await cases.deadlines_of_case(session, case.id or 0)
        period = next(deadline for deadline in kept if deadline.timescale_id == EXPECTED_END)
        await closing.change_clock(
            session,
            office,
            manager,
            period,
            "extend",
            "assessment of an aunt",
            day("Fri 2027-01-15"),
            clock(),
        )
        [(_, _, tracker)] = await drift.pre_proceedings(session, office, manager, office.today(clock()))
    assert tracker.extension == Extension(day("Fri 2027-01-15"), "Manager", "assessment of an aunt")
    assert tracker.expected_end == before.expected_end
    assert not tracker.over(office.today(clock()))
    assert "extended to Fri 15 Jan, agreed by Manager: assessment of an aunt" in texts.tracker(
        [(case, "Worker A", tracker)], {}, office.today(clock()), office.zone
    )


async def test_a_decision_reaches_whoever_holds_the_case_by_then(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    chats = Chats()
    async with database.transaction() as session:
        giver = await enrol(session, "Worker A", "worker", clock())
        taker = await enrol(session, "Worker B", "worker", clock())
        manager = await enrol(session, "Manager", "manager", clock())
        case = await casework.new_case(session, office, giver, "CP-1042", clock())
        held = await record(session, office, giver, case, "Mon 2026-11-16 icpc-held", clock())
        core = next(v for v in held.changes.opened if v.deadline.timescale_id == "core-group-first").deadline
        await closing.change_clock(
            session, office, giver, core, "extend", "hall booked", day("Fri 2026-12-04"), clock()
        )
        await caseload.hand_over(session, office, manager, [case], taker, clock())
        await closing.decide(session, office, manager, 1, agreed=True, now=clock())
    await tick(database, office, chats, clock())
    assert any("Your manager agreed" in text for text in chats.to(taker.telegram_id))
    assert not chats.to(giver.telegram_id)


async def test_two_arranged_visits_missed_in_a_row_are_a_sign_until_the_child_is_seen(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        case = await casework.new_case(session, office, worker, "CP-1042", clock())
        for when in ("Wed 2026-11-25", "Fri 2026-11-27"):
            planned = await visiting.plan_visit(session, office, worker, case, day(when), clock())
            await visiting.miss_visit(session, worker, planned.id or 0, clock())
        clock.to("2026-11-30T10:00+00:00")
        signs = [sign.words for sign in await drift.signs_of(session, office, case, clock())]
        assert "2 arranged visits missed in a row" in signs
        await visiting.record_visit(session, office, worker, case, day("Mon 2026-11-30"), "seen", clock())
        assert "missed" not in {sign.id for sign in await drift.signs_of(session, office, case, clock())}


async def test_an_orders_own_end_is_kept_through_a_correction_and_reminded_of(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        case = await casework.new_case(session, office, worker, "CP-1042", clock())
        kind = EVENTS["emergency-protection-order-made"]
        counted = await happenings.record_event(
            session, office, worker, case, kind, day("Mon 2026-11-23"), clock()
        )
        assert counted.changes.opened[0].deadline.due_on == day("Mon 2026-11-30")
        noon = office.at(day("Fri 2026-11-27"), time(12))
        sealed = await happenings.set_end(session, office, worker, counted.event.id or 0, noon, clock())
        (view,) = (v for v in sealed.changes.opened if v.deadline.timescale_id == "epo-length")
        assert (view.deadline.due_at, view.deadline.due_on) == (noon, day("Fri 2026-11-27"))
        assert clock_texts.sum_line(view) == "<i>as the sealed order says: Fri 27 Nov 2026, 12:00</i>"
        assert not view.local
        assert not happenings.too_long(office, sealed.event)
        right = await happenings.correct_event(
            session, office, worker, sealed.event.id or 0, day("Tue 2026-11-24"), clock()
        )
        kept = next(v for v in right.changes.opened if v.deadline.timescale_id == "epo-length").deadline
        assert kept.due_at == noon
        assert await outbox.planned_about(session, "clock", kept.id or 0)
        long = await happenings.set_end(
            session, office, worker, right.event.id or 0, day("Fri 2026-12-11"), clock()
        )
        assert "section 45(1) gives it until Tue 1 Dec 2026" in happenings.too_long(office, long.event)
        held = await record(session, office, worker, case, "Mon 2026-11-16 icpc-held", clock())
        with pytest.raises(Refusal, match="Only a court order"):
            await happenings.set_end(session, office, worker, held.event.id or 0, noon, clock())


async def test_closing_a_case_ends_its_clocks_and_can_be_undone(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    async with sqlite.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        case = await casework.new_case(session, office, worker, "CP-1042", clock())
        await record(session, office, worker, case, "Mon 2026-11-16 icpc-held", clock())
        closed = await record(
            session, office, worker, case, "Tue 2026-11-24 case-closed stepped-down", clock()
        )
        assert closed.changes.ended
        assert not [d for d in await cases.deadlines_of_case(session, case.id or 0) if d.state == "open"]
        back = await happenings.void_event(session, office, worker, closed.event.id or 0, clock())
        assert {v.deadline.timescale_id for v in back.changes.opened} >= {"core-group-first", "rcpc-first"}
        assert case.closed_at is None


async def test_the_plans_own_frequency_beats_the_councils_rule(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    async with sqlite.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        case = await casework.new_case(session, office, worker, "CP-1042", clock())
        case.visit_days = 5
        seen = await visiting.record_visit(
            session, office, worker, case, day("Mon 2026-11-23"), "alone", clock()
        )
        assert seen.next_visit is not None
        assert seen.next_visit.deadline.due_on == day("Mon 2026-11-30")


async def test_the_signs_of_drift_are_seen(sqlite: Database, office: Office, clock: StoppedClock) -> None:
    async with sqlite.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        case = await casework.new_case(session, office, worker, "CP-1042", clock())
        case.disabled = True
        await happenings.record_event(
            session, office, worker, case, EVENTS["icpc-held"], day("Wed 2025-05-14"), clock()
        )
        for when in ("Tue 2026-11-03", "Tue 2026-11-10"):
            await visiting.record_visit(session, office, worker, case, day(when), "seen", clock())
        await visiting.record_visit(session, office, worker, case, day("Tue 2026-11-24"), "not-seen", clock())
        found = {sign.id: sign.words for sign in await drift.signs_of(session, office, case, clock())}
        assert found["long-plan"] == "on a plan over 18 months"
        assert found["not-alone"] == "3 visits in a row not seen alone"
        assert "disabled-not-seen" in found
        assert "overdue" in found
