"""Ninety days of a small caseload on the simulator's clock: what comes, and that nothing comes twice."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.simulator.driver import SimPerson
from tests.flows.town import Town

DAYS = 90
FIRST = date(2026, 11, 24)
LOOKS = (time(6, 1), time(8, 31), time(9, 1), time(10, 1), time(14, 1))
VISIT = "CP-2001: Visit to a child on a plan, due today"
CORE_GROUP = "CP-2001: First core group, due today"
URGENT = "CP-2003"


@dataclass(frozen=True)
class Came:
    """A message that nobody had asked for."""

    who: str
    day: date
    at: time
    text: str

    @property
    def head(self) -> str:
        return self.text.splitlines()[0]

    @property
    def is_digest(self) -> bool:
        return self.head == f"{self.day:%a} {self.day.day} {self.day:%b %Y}"


async def look(town: Town, moment: datetime) -> list[Came]:
    """Moves the clock there and gathers what the bot says."""
    if moment <= await town.sim.now():
        return []
    await town.sim.move_clock(moment)
    await town.bot.tick_now()
    return [Came(one["chat"], moment.date(), moment.time(), one["text"]) for one in await town.sim.fired()]


async def answer(worker: SimPerson, came: list[Came]) -> None:
    """The worker does what is due on the day."""
    said = [one.text for one in came if one.who == worker.name and not one.is_digest]
    if any(VISIT in text for text in said):
        await worker.says("/visit CP-2001 today alone")
        await worker.sees("seen alone")
    if any(CORE_GROUP in text for text in said):
        await worker.says("/event CP-2001 core group today")
        await worker.sees("First core group: done")


async def ninety_days(town: Town, worker: SimPerson) -> list[Came]:
    """Day by day; on the first Friday a child is taken into police protection."""
    everything = []
    for day in (FIRST + timedelta(days=number) for number in range(DAYS)):
        for at in LOOKS:
            came = await look(town, town.office.at(day, at))
            everything += came
            await answer(worker, came)
        if day == date(2026, 11, 27):
            await worker.says("/newcase CP-2003")
            await worker.sees("is added")
            await worker.says("/event CP-2003 police protection")
            await worker.sees("When was it?")
            await worker.says("today 10:00")
            await worker.sees("Police protection")
    return everything


async def test_ninety_days_of_a_caseload(town: Town) -> None:
    worker = await town.joined("Worker A")
    await town.joined("Manager", "manager")
    for reference, event in (("CP-2001", "icpc 16/11"), ("CP-2002", "became-looked-after 20/11")):
        await worker.says(f"/newcase {reference}")
        await worker.sees("is added")
        await worker.says(f"/event {reference} {event}")
        await worker.sees("I'll remind you")
    came = await ninety_days(town, worker)
    calendar = town.office.calendar
    working_days = [
        day for day in (FIRST + timedelta(days=n) for n in range(1, DAYS)) if calendar.is_working_day(day)
    ]

    urgent = [one for one in came if one.head.startswith(URGENT)]
    assert [(one.day, one.at) for one in urgent] == [
        (date(2026, 11, 29), time(10, 1)),  # a day, four hours and one hour before it ends
        (date(2026, 11, 30), time(6, 1)),
        (date(2026, 11, 30), time(9, 1)),
    ]
    calm = [one for one in came if one not in urgent]
    assert all(calendar.is_working_day(one.day) for one in calm), "what can wait never comes at a weekend"
    counted = Counter((one.who, one.day, one.text) for one in calm)
    assert [what for what, times in counted.items() if times > 1] == []

    for who in ("Worker A", "Manager"):
        digests = [one for one in came if one.who == who and one.is_digest]
        days = [one.day for one in digests]
        assert set(days) <= set(working_days)
        assert len(set(days)) == len(days)
        assert len(days) >= 50, "what is long overdue is no reason for one every day, all else is"
        assert {one.at for one in digests} == {time(8, 31)}
    asked = [one.day for one in came if "does everybody still belong here?" in one.head]
    firsts = sorted({calendar.on_or_after(day.replace(day=1)) for day in working_days})
    ask_days = [day for first in firsts for day in (first, calendar.forward(first, 5))]
    assert asked == [day for day in ask_days if day in working_days and day > FIRST], (
        "and again: nobody answered"
    )
    managers = [one for one in came if one.who == "Manager" and not one.is_digest]
    summaries = [one for one in managers if "still belong here?" not in one.head]
    assert all(one.head.startswith("Team North: ") for one in summaries)
    mondays = {day - timedelta(days=day.weekday()) for day in working_days}
    first_days = sorted(calendar.on_or_after(monday) for monday in mondays if monday >= FIRST)
    assert [one.day for one in summaries] == first_days

    due, expected = date(2026, 11, 30), []
    while due <= working_days[-1]:
        expected.append(due)
        due = calendar.forward(due, 10)
    assert [one.day for one in came if VISIT in one.text and not one.is_digest] == expected
    assert len(expected) == 6
    assert [one.day for one in came if CORE_GROUP in one.text and not one.is_digest] == [date(2026, 11, 30)]
