"""Questions that people asked, redacted."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import Question


async def question_by_id(session: AsyncSession, question_id: int) -> Question | None:
    """The kept question, or None."""
    return await session.get(Question, question_id)


async def asked_since(session: AsyncSession, moment: datetime) -> Sequence[Question]:
    """Questions asked since `moment`, oldest first."""
    found = await session.exec(
        select(Question).where(col(Question.asked_at) >= moment).order_by(col(Question.id))
    )
    return found.all()
