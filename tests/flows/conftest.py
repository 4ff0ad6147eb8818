"""The town fixture."""

from collections.abc import AsyncIterator

import pytest

from bot.services.office import Office
from tests.flows.town import Town, town_at


@pytest.fixture
async def town(sqlite_address: str, office: Office) -> AsyncIterator[Town]:
    """A running bot in the simulator, on SQLite."""
    async with town_at(sqlite_address, office) as found:
        yield found
