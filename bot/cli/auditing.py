"""driftless audit: whether the trail holds, and the trail itself."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import click

from bot.cli.storage import opened
from bot.clock import utc_now
from bot.services.auditing import Verdict, note
from bot.services.auditing import verify as verify_trail
from bot.settings import Settings, read_settings
from storage import audit as kept


@click.group()
def audit() -> None:
    """The audit trail: who did what to what, by ids."""


@audit.command()
@click.option("--head", help="A seal noted earlier: fails where the trail no longer holds it.")
@click.option("--json", "as_json", is_flag=True)
def verify(head: str | None, as_json: bool) -> int:
    """Goes along the whole chain; exit code 1 where a line was changed, is missing, or was cut off."""
    found, holds_head = asyncio.run(_verify(read_settings(), head))
    fault = f"line {found.fault.number} {found.fault.fault}" if found.fault is not None else ""
    older = f", or it is of a line up to {found.cut}, whose time was over" if found.cut else ""
    fault = fault or ("" if holds_head else f"the seal given isn't in the trail: its end was cut off{older}")
    if as_json:
        seen = {
            "lines": found.lines,
            "head": found.head,
            "waiting": found.waiting,
            "cut": found.cut,
            "fault": fault,
        }
        click.echo(json.dumps(seen))
    elif fault:
        click.echo(f"driftless: {fault}.", err=True)
    else:
        cut = f" {found.cut} before them were cut off." if found.cut else ""
        click.echo(f"{found.lines} lines hold; {found.waiting} wait for their seal.{cut} Head: {found.head}")
    return 1 if fault else 0


async def _verify(settings: Settings, head: str | None) -> tuple[Verdict, bool]:
    async with opened(settings.database_url) as database, database.transaction() as session:
        found = await verify_trail(session)
        at = await kept.anchor(session)
        seals = {line.seal async for line in kept.sealed(session)} if head else set()
        seals |= {at.seal} if at is not None else set()
    return found, not head or head in seals


@audit.command()
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="From this day on (UTC).")
def export(since: datetime | None) -> None:
    """Prints sealed lines as JSON, one a line: number, moment, person, what, subject, seal."""
    for line in asyncio.run(_export(read_settings(), since)):
        click.echo(json.dumps(line))


async def _export(settings: Settings, since: datetime | None) -> list[dict[str, Any]]:
    start = since.replace(tzinfo=UTC) if since is not None else None
    async with opened(settings.database_url) as database, database.transaction() as session:
        found = [
            {
                "number": line.number,
                "at": line.at.isoformat(),
                "person": line.person_id,
                "what": line.what,
                "subject": line.subject,
                "seal": line.seal,
            }
            async for line in kept.sealed(session, start)
        ]
        await note(session, None, "exported the trail", f"{len(found)} lines", utc_now())
    return found
