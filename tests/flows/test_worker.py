"""What a worker does: join, ask, cases, events, visits, the morning."""

from bot.texts.paging import FIRST_SCREEN
from tests.flows.town import Town


async def test_joining_with_a_code(town: Town) -> None:
    worker = await town.sim.person("Worker A")
    await worker.says("hello?")
    await worker.sees("To join, ask your manager for a code")
    await worker.says("/start WRONG-CODES")
    await worker.sees("That code isn't right")
    await worker.says(f"/start {await town.code('worker')}")
    await worker.sees("Hello. You are in team North as a worker.")
    await worker.sees("Never type a name")
    assert "visit" in " ".join(await worker.menu())


async def test_a_question_gets_a_cited_answer_and_what_a_tap_opens(town: Town) -> None:
    worker = await town.joined("Worker A")
    await worker.says("how long do we have to hold the ICPC?")
    answer = await worker.sees("15 working days")
    assert "Working Together" in answer.text
    assert len(answer.text.splitlines()) <= 11
    await worker.presses("Steps")
    await worker.sees("Initial child protection conference (ICPC): steps")
    await worker.presses("Source")
    await worker.sees("Working Together to Safeguard Children 2023, chapter 3")
    await worker.presses("Not what I asked")
    await worker.sees("I've noted the question")


async def test_a_long_answer_goes_on_with_a_tap(town: Town) -> None:
    worker = await town.joined("Worker A")
    await worker.says("who has to come to the strategy discussion")
    answer = await worker.sees("Working Together to Safeguard Children 2023")
    assert len(answer.text) <= FIRST_SCREEN
    await worker.presses("The rest")
    rest = await worker.sees("Strategy discussion: who, when, what, record: the rest")
    assert "any conference is due within 15 working days" in rest.text
    await worker.presses("Source")
    await worker.sees("(1 of")
    await worker.presses("Next")
    await worker.sees("(2 of")


async def test_a_date_in_the_question_is_reckoned(town: Town) -> None:
    worker = await town.joined("Worker A")
    await worker.says("strat was on 17 Nov, when does the icpc have to be by?")
    await worker.sees("15 working days from Tue 17 Nov 2026 = Tue 8 Dec 2026")


async def test_what_the_guidance_does_not_hold_is_not_guessed(town: Town) -> None:
    worker = await town.joined("Worker A")
    await worker.says("what's the best pizza near the office")
    await worker.sees("I won't guess")


async def test_danger_comes_first(town: Town) -> None:
    worker = await town.joined("Worker A")
    await worker.says("at the house dad has a knife kids inside")
    answer = await worker.sees("Call 999 now")
    assert answer.text.startswith("Call 999 now")
    assert "0345 000 000" in answer.text


async def test_a_case_from_its_opening_to_its_conference(town: Town) -> None:
    worker = await town.joined("Worker A")
    await worker.says("/newcase CP-2001")
    await worker.sees("CP-2001 is added")
    await worker.presses("Record an event")
    await worker.sees("what happened?")
    await worker.presses("Strategy discussion held")
    await worker.sees("When was it?")
    await worker.says("4/12")
    await worker.sees("still to come")
    await worker.says("17/11")
    await worker.sees("15 working days from Tue 17 Nov 2026 = Tue 8 Dec 2026")
    await worker.says("/event CP-2001 icpc yesterday")
    await worker.sees("Initial child protection conference: done")
    await worker.says("/case CP-2001")
    page = await worker.sees("On a child protection plan since Mon 23 Nov 2026 (1 day)")
    assert "10 working days from Mon 23 Nov 2026 = Mon 7 Dec 2026" in page.text
    await worker.presses("Timeline")
    await worker.sees_file("photo")


async def test_taking_an_event_back_and_changing_its_day(town: Town) -> None:
    worker = await town.joined("Worker A")
    await worker.says("/newcase CP-2001")
    await worker.says("/event CP-2001 icpc 16/11")
    await worker.sees("due Mon 30 Nov")
    await worker.says("/case CP-2001")
    await worker.sees("Clocks")
    await worker.presses("History")
    await worker.sees("which one is wrong?")
    await worker.presses("Mon 16 Nov")
    await worker.presses("Change the day")
    await worker.sees("Which day is right?")
    await worker.says("17/11")
    await worker.sees("due Tue 1 Dec (was Mon 30 Nov)")


async def test_the_end_of_an_order_is_read_off_the_sealed_order(town: Town) -> None:
    worker = await town.joined("Worker A")
    await worker.says("/newcase CP-2001")
    await worker.says("/event CP-2001 epo 23/11")
    await worker.sees("When does the order end?")
    await worker.says("20/11/2026")
    await worker.sees("is before the order was made")
    await worker.says("27/11/2026 12:00")
    await worker.sees("as the sealed order says: Fri 27 Nov 2026, 12:00")
    await worker.says("/event CP-2001 ico 24/11")
    await worker.sees("When does the order end?")
    await worker.presses("I haven't the order yet")
    await worker.sees("Interim care order made")
    await worker.presses("The order's end")
    await worker.says("29/1/2027")
    ends = await worker.sees("Interim care order made, ends Fri 29 Jan 2027")
    assert "Interim order ends: due Fri 29 Jan" in ends.text


async def test_what_to_think_of_comes_with_the_event(town: Town) -> None:
    worker = await town.joined("Worker A")
    await worker.says("/newcase CP-2001")
    await worker.says("/event CP-2001 strategy discussion 17/11")
    held = await worker.sees("Are there other children in this family or household?")
    assert "step by step" in held.text
    await worker.presses("Checklist: tick it off")
    await worker.sees("Section 47 to the conference decision")
    await worker.presses("Brothers and sisters")
    await worker.says("FAM-0033")
    await worker.sees("is in family FAM-0033")
    await worker.says("/event CP-2001 missing today 09:00")
    await worker.sees("does the strategy discussion need to meet again?")
    await worker.presses("Read on")
    await worker.sees("Hold a new one whenever")


async def test_a_hearing_may_lie_ahead_and_an_hour_is_said_in_one_line(town: Town) -> None:
    worker = await town.joined("Worker A")
    await worker.says("/newcase CP-2001")
    await worker.says("/event CP-2001 cmh 15 Dec")
    await worker.sees("CP-2001: Case management hearing, Tue 15 Dec 2026")
    await worker.says("/event CP-2001 irh 15 Dec 2036")
    await worker.sees("more than three years away")
    await worker.says("/cancel")
    await worker.says("/event CP-2001 police protection today 09:00")
    await worker.sees("72 hours")
    await worker.says("/case CP-2001")
    await worker.presses("History")
    await worker.presses("Tue 24 Nov")
    await worker.presses("Change the day")
    await worker.presses("Today")
    await worker.sees("At what time?")
    await worker.says("8.15am")
    await worker.sees("Police protection began is now Tue 24 Nov 2026, 08:15")


async def test_what_was_typed_right_is_kept_when_the_date_is_wrong(town: Town) -> None:
    worker = await town.joined("Worker A")
    await worker.says("/newcase CP-2001")
    await worker.says("/event CP-2001 core group 31/2")
    await worker.sees("I can't read “31/2” as a date")
    await worker.presses("Today")
    await worker.sees("CP-2001: Core group held, Tue 24 Nov 2026")


async def test_a_name_is_never_taken_for_a_case(town: Town) -> None:
    worker = await town.joined("Worker A")
    await worker.says("/newcase Tyler")
    await worker.sees("I’ve deleted that")
    await worker.says("/newcase CP-2002")
    await worker.sees("CP-2002 is added")


async def test_recording_a_visit_by_buttons(town: Town) -> None:
    worker = await town.joined("Worker A")
    await worker.says("/newcase CP-2001")
    await worker.says("/visit CP-2001 10/11 seen")
    await worker.sees("seen, not alone")
    await worker.says("/visit")
    await worker.sees("Which case?")
    await worker.presses("CP-2001")
    await worker.sees("When?")
    await worker.presses("Today")
    await worker.sees("was the child seen?")
    await worker.presses("Seen, not alone")
    done = await worker.sees("That's the second in a row not seen alone")
    assert "Next visit due Tue 8 Dec." in done.text
    assert "Write it up in the case system." in done.text
    await worker.presses("Why not alone?")
    await worker.presses("Parent refused or stayed")
    await worker.sees("because: parent refused or stayed")


async def test_the_morning_digest_and_what_it_opens(town: Town) -> None:
    worker = await town.joined("Worker A")
    await worker.says("/newcase CP-2001")
    await worker.says("/event CP-2001 icpc 11/11")
    await worker.sees("First core group")
    await town.time_comes("2026-11-25T08:31:00+00:00")
    await worker.sees("Wed 25 Nov 2026")
    await worker.presses("CP-2001: First core group")
    card = await worker.sees("due today")
    await worker.presses("Snooze")
    await worker.presses("Tomorrow")
    await worker.sees("The date itself stays Wed 25 Nov 2026")
    before = len(await worker.chat())
    await town.time_comes("2026-11-25T09:01:00+00:00")
    assert not [one for one in (await worker.chat())[before:] if "First core group" in one.text], "snoozed"
    await worker.presses("Done", on=card)
    await worker.presses("Today")
    await worker.sees("First core group: done")
    before = len(await worker.chat())
    await town.time_comes("2026-11-26T09:01:00+00:00")
    later = [message.text for message in (await worker.chat())[before:]]
    assert not [text for text in later if "First core group" in text]


async def test_an_old_button_says_that_it_is_done(town: Town) -> None:
    worker = await town.joined("Worker A")
    await worker.says("/newcase CP-2001")
    await worker.says("/event CP-2001 icpc 11/11")
    await worker.sees("First core group")
    await town.time_comes("2026-11-25T09:01:00+00:00")
    await worker.sees("2 clocks: 2 due today.")
    await worker.presses("CP-2001: First core group")
    reminder = await worker.sees("First core group, due today")
    await worker.says("/event CP-2001 core group today")
    await worker.sees("First core group: done")
    await worker.presses("Done", on=reminder)
    await worker.sees_toast("That is done already.")


async def test_browsing_the_topics(town: Town) -> None:
    worker = await town.joined("Worker A")
    await worker.says("/topics")
    await worker.sees("Topics, in the order of a case")
    await worker.presses("Child protection conference")
    await worker.sees("Child protection conference")
    await worker.presses("Initial child protection conference (ICPC)")
    await worker.sees("15 working days")
    await worker.presses("Start this clock")
    await worker.sees("Type a reference")
    await worker.says("CP-2009")
    await worker.sees("when was")
    await worker.says("17/11")
    await worker.sees("Tue 8 Dec")
