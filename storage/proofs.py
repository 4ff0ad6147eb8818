"""When administrators last showed that it is they who write."""

from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import AdminProof


async def of_person(session: AsyncSession, person_id: int) -> AdminProof:
    """This administrator's row, locked until the transaction ends; made if there is none."""
    found = await session.get(AdminProof, person_id, with_for_update=True)
    if found is None:
        found = AdminProof(person_id=person_id)
        session.add(found)
    return found
