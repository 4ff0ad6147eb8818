"""Sends what the outbox holds: a few at a time, at the agreed pace, each row claimed, sent and settled."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Clock
from bot.counting import MESSAGES
from bot.receipts import Mail, Moved, Receipt, Send, Sent, TryLater, Unreachable, Unsure
from bot.rendering import WITH_PICTURE, render
from bot.rules.pace import UNLIMITED, Pace
from bot.services import reaching
from bot.services.office import Office
from bot.settling import outcome
from bot.texts.delivering import as_repeat
from bot.texts.mailing import as_letter
from bot.texts.reply import Say
from storage import dispatch, fetching, naming, people
from storage.database import Database
from storage.purging import may_name_a_case
from storage.tables import OutgoingMessage

log = logging.getLogger(__name__)
_LONGEST_WAIT = 5.0
"""Seconds; whatever must wait longer is left to the next run."""
_AT_ONCE = 0.001
_MOMENT = 0.05
_TRIES_AT_THE_DATABASE = 5
_Ready = tuple[int | str, Say]
"""A chat, or an e-mail address, and the words for it."""
Alive = Callable[[AsyncSession], Awaitable[Collection[int]]]


@dataclass(frozen=True)
class Flight:
    """A claimed row on its way, or down again with what became of it."""

    row: OutgoingMessage
    to: int | str
    words: Say
    slot: datetime
    receipt: Receipt | None = None
    landed_at: datetime | None = None


async def _nobody_else(_session: AsyncSession) -> Collection[int]:
    return ()


class Dispatcher:
    """One process's share in sending. me: its number; alive: the numbers of the other live processes."""

    def __init__(
        self,
        database: Database,
        office: Office,
        send: Send,
        *,
        pace: Pace = UNLIMITED,
        me: int = 0,
        alive: Alive = _nobody_else,
        written_to: Callable[[], Mapping[int, datetime]] = dict,
        mail: Mail | None = None,
    ) -> None:
        self._database, self._office, self._send, self._mail = database, office, send, mail
        self._pace, self._me, self._alive, self._written_to = pace, me, alive, written_to
        self._flying: dict[int, asyncio.Task[None]] = {}
        self._landed: list[Flight] = []
        self.stopping = False
        """Set to end a run early: nothing more is claimed, and what is on its way is settled."""

    async def run(self, clock: Clock, *, patient: bool = True) -> int:
        """Sends until nothing more can go; returns how many went out.

        patient: waits out short pauses, as the pace or Telegram asks for them; else they end the run.
        """
        sent, troubles = 0, 0
        while True:
            try:
                if not troubles:
                    await self._recover(clock())
                sent += await self._until_nothing_can_go(clock, patient)
                return sent
            except SQLAlchemyError as error:
                troubles += 1
                log.warning("the outbox can't be used now: %s", type(error).__name__)
                await self._all_down()
                if troubles == _TRIES_AT_THE_DATABASE:
                    raise
                await asyncio.sleep(1)

    async def _until_nothing_can_go(self, clock: Clock, patient: bool) -> int:
        sent = 0
        while True:
            went, wait = await self._turn(clock)
            sent += went
            if self._flying:
                await self._some_land(wait or None)
            elif not self._landed:
                if wait is None or wait > _LONGEST_WAIT or self.stopping or (wait > _AT_ONCE and not patient):
                    return sent
                await asyncio.sleep(wait)

    async def _some_land(self, at_most: float | None) -> None:
        """Waits for the first, and a moment for others: several are settled together."""
        if self._landed:
            at_most = 0.0
        await asyncio.wait(list(self._flying.values()), timeout=at_most, return_when=asyncio.FIRST_COMPLETED)
        loop = asyncio.get_running_loop()
        end, enough = loop.time() + _MOMENT, self._pace.at_once // 2
        while self._flying and len(self._landed) < enough and (left := end - loop.time()) > 0:
            flying = list(self._flying.values())
            await asyncio.wait(flying, timeout=left, return_when=asyncio.FIRST_COMPLETED)

    async def _all_down(self) -> None:
        """Waits for what is on its way, so that its receipts are kept."""
        if self._flying:
            await asyncio.wait(list(self._flying.values()))

    async def _recover(self, now: datetime) -> None:
        """Rows of dead processes become unknown; own rows that never flew go back."""
        async with self._database.transaction() as session:
            alive = {self._me, *await self._alive(session)}
            doubted = await dispatch.doubt_claims_of_the_dead(session, alive, now)
            ours = {*self._flying, *(flight.row.id or 0 for flight in self._landed)}
            await dispatch.put_back(session, self._me, but=ours)
        if doubted:
            log.warning("%s messages were on their way when a process died", doubted)

    async def _turn(self, clock: Clock) -> tuple[int, float | None]:
        """Settles what is down and claims what may go; how many went out, and how long to wait at most."""
        now, down = clock(), list(self._landed)
        async with self._database.transaction() as session:
            await self._settle(session, down)
            room = self._pace.at_once - len(self._flying) - len(self._landed) + len(down)
            flights, wait = ([], None) if self.stopping else await self._claim(session, now, room)
        self._landed = self._landed[len(down) :]
        for flight in flights:
            assert flight.row.id is not None
            task = asyncio.create_task(self._fly(flight, clock))
            self._flying[flight.row.id] = task
        return sum(isinstance(flight.receipt, Sent) for flight in down), wait

    async def _fly(self, flight: Flight, clock: Clock) -> None:
        """Waits for the slot and sends; a surprise in one message never stops the others."""
        await asyncio.sleep(max(0.0, (flight.slot - clock()).total_seconds()))
        try:
            receipt = await self._handed_over(flight)
        except Exception as surprise:
            log.exception("outgoing message %s", flight.row.id)
            receipt = TryLater(type(surprise).__name__)
        self._landed.append(replace(flight, receipt=receipt, landed_at=clock()))
        self._flying.pop(flight.row.id or 0, None)

    async def _handed_over(self, flight: Flight) -> Receipt:
        if isinstance(flight.to, int):
            return await self._send(flight.to, flight.words)
        assert self._mail is not None
        return await self._mail(flight.to, flight.words)

    async def _settle(self, session: AsyncSession, down: list[Flight]) -> None:
        outcomes = []
        for flight in down:
            assert flight.receipt is not None
            assert flight.landed_at is not None
            now = flight.landed_at
            outcomes.append(_with_picture(flight, outcome(flight.row, flight.receipt, now)))
            MESSAGES.labels(type(flight.receipt).__name__.lower()).inc()
            if isinstance(flight.to, int):
                await _note(session, flight, flight.to, flight.receipt, now)
        await dispatch.settle(session, self._me, outcomes)

    async def _claim(
        self, session: AsyncSession, now: datetime, room: int
    ) -> tuple[list[Flight], float | None]:
        """New flights, at most `room`, and the seconds until more might go (None: nothing more is due)."""
        if room <= 0:
            return [], 0.0
        lane = await dispatch.lane(session, now)
        slots = self._pace.slots(lane.free_at, now, room)
        if not slots:
            return [], self._pace.until_free(lane.free_at, now)
        busy = await dispatch.busy(session, now, self._pace.chat_gap, self._pace.group_gap)
        if self._pace.chat_gap:
            busy.chats.update(self._written_to())
        by_mail = reaching.BY_MAIL if self._mail is not None else ()
        rows = await dispatch.claim(
            session, now=now, me=self._me, most=len(slots), busy=busy, by_mail=by_mail
        )
        flights: list[Flight] = []
        for row, ready in zip(rows, await self._prepared(session, rows, now), strict=True):
            if ready is not None:
                flights.append(Flight(row, *ready, slots[len(flights)]))
        if flights:
            lane.free_at = self._pace.free_after(flights[-1].slot)
        if len(flights) < len(rows):
            return flights, _AT_ONCE
        if len(rows) == len(slots):
            return flights, self._pace.until_free(lane.free_at, now)
        return flights, await self._until_somebody_is_free(session, now, busy)

    async def _until_somebody_is_free(
        self, session: AsyncSession, now: datetime, busy: dispatch.Busy
    ) -> float | None:
        waiting = await dispatch.waiting_people(session, now, busy)
        moments = [max(busy.people.get(person, now), busy.chats.get(chat, now)) for person, chat in waiting]
        return max(0.01, (min(moments) - now).total_seconds()) if moments else None

    async def _prepared(
        self, session: AsyncSession, rows: list[OutgoingMessage], now: datetime
    ) -> list[_Ready | None]:
        """Chat and words of each; None where nothing is left to say, or the words could not be made.

        All of them together; where that fails each for itself, so that one can't hold up the others.
        """
        if not rows:
            return []
        try:
            async with session.begin_nested():
                kept = await fetching.at_hand(session, rows)
                made = [await self._made(session, row, now) for row in rows]
                del kept
        except OperationalError:
            raise
        except Exception:
            made = [await self._made_alone(session, row, now) for row in rows]
        settled = [one for one in made if isinstance(one, dispatch.Outcome)]
        await dispatch.settle(session, self._me, settled)
        return [None if isinstance(one, dispatch.Outcome) else one for one in made]

    async def _made_alone(
        self, session: AsyncSession, row: OutgoingMessage, now: datetime
    ) -> _Ready | dispatch.Outcome:
        try:
            async with session.begin_nested():
                return await self._made(session, row, now)
        except OperationalError:
            raise
        except Exception as surprise:
            log.exception("outgoing message %s", row.id)
            return outcome(row, TryLater(type(surprise).__name__), now)

    async def _made(
        self, session: AsyncSession, row: OutgoingMessage, now: datetime
    ) -> _Ready | dispatch.Outcome:
        person = await people.person_by_id(session, row.person_id)
        hears = person is not None and person.active and person.telegram_id is not None
        address = person.email if person is not None and not person.reachable else ""
        whole = bool(address)
        words = await render(session, self._office, person, row, now, whole=whole) if hears else None
        if person is None or words is None:
            reason = "nothing left to say" if hears else "has left"
            return dispatch.Outcome(row.id or 0, "skipped", now, reason)
        words = as_repeat(words) if row.doubts else words
        return (address, as_letter(words)) if address else (person.telegram_id or 0, words)


async def _note(session: AsyncSession, flight: Flight, chat_id: int, receipt: Receipt, now: datetime) -> None:
    """What Telegram's answer says about the chat itself."""
    if isinstance(receipt, TryLater) and receipt.after is not None:
        await dispatch.hold_chat(session, chat_id, now + timedelta(seconds=receipt.after), now)
    if isinstance(receipt, Unreachable):
        await reaching.lost(session, flight.row.person_id, now)
    if isinstance(receipt, Sent | Unsure) and may_name_a_case(flight.row.kind):
        parts = receipt.later if isinstance(receipt, Sent) else receipt.arrived
        await naming.note(session, flight.row.person_id, parts, now)
    if isinstance(receipt, Moved):
        await people.move_chat(session, chat_id, receipt.chat_id)


def _with_picture(flight: Flight, became: dispatch.Outcome) -> dispatch.Outcome:
    """Notes that the words stand under a picture: they are changed in another way than a text."""
    new = flight.words.picture is not None and flight.words.replaces is None
    if became.state != "sent" or not new:
        return became
    return replace(became, reason=", ".join(filter(None, (became.reason, WITH_PICTURE))))
