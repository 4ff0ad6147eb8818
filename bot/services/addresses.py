"""E-mail addresses of people whom Telegram can't reach: the council's own alone."""

import re
from collections.abc import Collection
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.errors import Refusal
from bot.services.auditing import note
from storage.tables import Person

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")


async def set_address(
    session: AsyncSession, person: Person, address: str, domains: Collection[str], now: datetime
) -> None:
    """Where the person's due reminders go while Telegram can't reach them; empty: nowhere.

    domains: those that may be written to, with what stands below them. Raises Refusal for any other.
    """
    address = address.strip()
    if address:
        found = _ADDRESS.fullmatch(address)
        if found is None:
            raise Refusal("That is no e-mail address: give one as in worker.a@council.example")
        if not any(_within(found[1].lower(), domain.lower().lstrip("@")) for domain in domains):
            raise Refusal(f"Only addresses at {', '.join(domains) or 'EMAIL_DOMAINS'} are written to.")
    person.email = address
    await note(session, None, "set e-mail" if address else "took out e-mail", f"person {person.id}", now)


def _within(domain: str, allowed: str) -> bool:
    return domain == allowed or domain.endswith(f".{allowed}")
