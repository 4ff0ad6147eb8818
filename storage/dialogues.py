"""Where each person is in a guided dialogue."""

from datetime import datetime
from typing import Any

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import Dialogue


async def dialogue_of(session: AsyncSession, person_id: int) -> Dialogue | None:
    """The person's dialogue, running or expired, or None."""
    return (await session.exec(select(Dialogue).where(Dialogue.person_id == person_id))).first()


async def begin(
    session: AsyncSession, *, person_id: int, flow: str, step: str, draft: dict[str, Any], expires: datetime
) -> Dialogue:
    """A new dialogue in place of any other that the person had; its id is new too."""
    await end(session, person_id)
    dialogue = Dialogue(person_id=person_id, flow=flow, step=step, draft=draft, expires_at=expires)
    session.add(dialogue)
    await session.flush()
    return dialogue


async def end(session: AsyncSession, person_id: int) -> None:
    """The person is in no dialogue any more."""
    running = await dialogue_of(session, person_id)
    if running is not None:
        await session.delete(running)
        await session.flush()
