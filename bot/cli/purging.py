"""driftless purge: what the nightly purge takes, or would take."""

import asyncio
import json
from collections.abc import Mapping

import click

from bot.app import build_office
from bot.cli.storage import opened
from bot.clock import utc_now
from bot.rules.retention import KINDS, KindName
from bot.services.purging import Purged, overdue
from bot.services.purging import purge as purge_now
from bot.settings import Settings, read_settings


@click.command()
@click.option("--dry-run", is_flag=True, help="Only counts; nothing is changed.")
@click.option("--json", "as_json", is_flag=True)
def purge(dry_run: bool, as_json: bool) -> None:
    """Deletes what has been kept long enough, as the bot does every night by itself."""
    settings = read_settings()
    counts = asyncio.run(_purge(settings, dry_run))
    for name, kind in KINDS.items():
        lasts, count = settings.retention.lasts(name), counts.get(name, 0)
        if as_json:
            days = settings.retention.days[name]
            click.echo(json.dumps({"kind": name, "kept_days": days, "count": count, "dry_run": dry_run}))
        else:
            click.echo(f"{count:>8}  {kind.what} ({lasts})")


async def _purge(settings: Settings, dry_run: bool) -> Mapping[KindName, int]:
    async with opened(settings.database_url) as database:
        if dry_run:
            async with database.transaction() as session:
                return await overdue(session, settings.retention, utc_now())
        office, total, done = build_office(settings), dict.fromkeys(KINDS, 0), Purged(finished=False)
        while not done.finished:
            done = await purge_now(database, office, utc_now())
            for name, count in done.counts.items():
                total[name] += count
        return total
