"""Requests to extend a clock or to do without it."""

from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import ClockRequest


async def request_by_id(session: AsyncSession, request_id: int) -> ClockRequest | None:
    """The request with this id, or None."""
    return await session.get(ClockRequest, request_id)
