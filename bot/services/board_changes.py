"""Whether a board may have changed since it was last looked at: a count of fresh audit lines, not the board.

Whatever a person does leaves a line in the audit trail. What no line tells of (a clock that runs out, the
night's reckoning) is found by looking at the board itself from time to time.
"""

from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.services.caseload import team_ids_in_reach
from storage import audit
from storage.tables import Person

_BACK = 200
"""Lines get their ids before they are there to be read, so that a later one may be seen first: so many
lines back are counted again."""


@dataclass(frozen=True)
class Mark:
    """Where one stood: lines above `floor`, and how many of them there were."""

    floor: int
    count: int


async def mark(session: AsyncSession, person: Person) -> Mark:
    """Where the person's board stands now."""
    floor = max(0, await audit.newest(session) - _BACK)
    return Mark(floor, await _count(session, person, floor))


async def moved(session: AsyncSession, person: Person, since: Mark) -> bool:
    """Whether anybody who can change the person's board has done something since."""
    return await _count(session, person, since.floor) != since.count


async def _count(session: AsyncSession, person: Person, floor: int) -> int:
    return await audit.lines_since(session, floor, await team_ids_in_reach(session, person, "board"))
