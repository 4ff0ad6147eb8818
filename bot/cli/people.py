"""driftless invite, leaver, code, email and teams: who gets in, who no longer does, and how to reach them."""

import asyncio
import json
import re
from datetime import timedelta

import click
import httpx

from bot.app import build_office
from bot.cli.storage import opened
from bot.clock import utc_now
from bot.rules.access import ROLES
from bot.rules.errors import NotFound
from bot.services.addresses import set_address
from bot.services.importing.known import known_workers
from bot.services.joining import make_invite, put_in_service
from bot.services.leaving import Left, leave
from bot.services.proving import CODE_LASTS, make_code
from bot.settings import BadSettings, Settings, read_settings
from storage import people

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def length(text: str) -> timedelta:
    """7d, 48h, 2w or 30m as a length of time; raises BadParameter."""
    found = re.fullmatch(r"(\d{1,4})([mhdw])", text.strip().lower())
    if found is None or int(found[1]) == 0:
        raise click.BadParameter(f"{text!r} is no length of time: use 7d, 48h or 2w")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


@click.command()
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--team", required=True, help="The team's name; a new one is made.")
@click.option("--valid", default="7d", show_default=True, help="How long the code works: 7d, 48h, 2w.")
@click.option("--json", "as_json", is_flag=True)
def invite(role: str, team: str, valid: str, as_json: bool) -> None:
    """Prints a one-time code and a link that enrol one person."""
    if not team.strip():
        raise click.BadParameter("the team needs a name", param_hint="--team")
    settings, lasts = read_settings(), length(valid)
    code = asyncio.run(_make(settings, role, team, lasts))
    username = settings.bot_username or _username(settings)
    link = f"https://t.me/{username.lstrip('@')}?start={code}" if username else None
    until = (utc_now() + lasts).astimezone(settings.zone)
    if as_json:
        click.echo(
            json.dumps(
                {"code": code, "link": link, "role": role, "team": team, "valid_until": until.isoformat()}
            )
        )
        return
    click.echo(f"Code: {code}   (once, until {until:%a %-d %b %Y %H:%M})")
    click.echo(f"Link: {link}" if link else "Link: set BOT_USERNAME to get one. Or they send: /start " + code)


@click.command()
@click.option("--team", help="The team to change.")
@click.option("--service", help="The service it belongs to; empty for none.")
@click.option("--json", "as_json", is_flag=True)
def teams(team: str | None, service: str | None, as_json: bool) -> None:
    """Lists the teams; with --team and --service, says which service a team belongs to."""
    if (team is None) != (service is None):
        raise click.UsageError("--team and --service go together")
    for name, belongs_to in asyncio.run(_teams(read_settings(), team, service or "")):
        click.echo(json.dumps({"team": name, "service": belongs_to}) if as_json else f"{name}\t{belongs_to}")


async def _teams(settings: Settings, team: str | None, service: str) -> list[tuple[str, str]]:
    async with opened(settings.database_url) as database, database.transaction() as session:
        if team is not None:
            await put_in_service(session, team, service, utc_now())
        return [(one.name, one.service) for one in await people.teams(session)]


async def _make(settings: Settings, role: str, team: str, lasts: timedelta) -> str:
    async with opened(settings.database_url) as database, database.transaction() as session:
        return await make_invite(session, role=role, team_name=team, valid=lasts, now=utc_now())


def _username(settings: Settings) -> str:
    """Asked of Telegram where a token is set; empty where it can't be had."""
    if not settings.bot_token:
        return ""
    try:
        answer = httpx.get(f"{settings.bot_api_url.rstrip('/')}/bot{settings.bot_token}/getMe", timeout=5)
        return str(answer.json()["result"]["username"])
    except (httpx.HTTPError, KeyError, ValueError):
        return ""


@click.command()
@click.argument("name")
@click.option("--team", help="The team, where two have somebody of that name.")
@click.option("--json", "as_json", is_flag=True)
def code(name: str, team: str | None, as_json: bool) -> None:
    """Prints a one-time code that opens an administrator's commands in the chat."""
    made = asyncio.run(_code(read_settings(), name, team))
    minutes = int(CODE_LASTS.total_seconds() // 60)
    if as_json:
        click.echo(json.dumps({"code": made, "minutes": minutes}))
        return
    click.echo(f"Send the bot within {minutes} minutes: /code {made}")


async def _code(settings: Settings, name: str, team: str | None) -> str:
    async with opened(settings.database_url) as database, database.transaction() as session:
        person = (await known_workers(session)).find(f"{team}/{name}" if team else name)
        return await make_code(session, person, utc_now())


@click.command()
@click.argument("name")
@click.option("--team", help="The team, where two have somebody of that name.")
@click.option(
    "--to", "taker", help="Who takes over the cases, of the same team; nobody where it is left out."
)
@click.option("--json", "as_json", is_flag=True)
def leaver(name: str, team: str | None, taker: str | None, as_json: bool) -> None:
    """Ends the access of somebody who has left, at once; the cases move, or are listed."""
    done = asyncio.run(_leave(read_settings(), name, team, taker))
    unheld, moved = [c.reference for c in done.unheld], [c.reference for c in done.moved]
    if as_json:
        click.echo(
            json.dumps({"person": done.person.id, "moved": moved, "unheld": unheld, "actions": done.actions})
        )
        return
    click.echo(f"{done.person.name}'s access has ended.")
    if moved:
        click.echo(f"Now {taker}'s: {', '.join(moved)}")
    if unheld:
        click.echo(f"Nobody holds: {', '.join(unheld)}. A manager's /handover gives them to somebody.")
    if done.actions:
        click.echo(
            f"{done.actions} open actions still name {done.person.name}: a manager's /actions reassigns."
        )


async def _leave(settings: Settings, name: str, team: str | None, taker: str | None) -> Left:
    office = build_office(settings)
    async with opened(settings.database_url) as database, database.transaction() as session:
        person = (await known_workers(session)).find(f"{team}/{name}" if team else name)
        colleagues = await people.person_named(session, taker, person.team_id) if taker else []
        if taker and not colleagues:
            raise NotFound(f"There is no {taker} in the same team.")
        return await leave(session, office, person, colleagues[0] if colleagues else None, utc_now(), by=None)


@click.command()
@click.argument("name")
@click.argument("address", required=False)
@click.option("--team", help="The team, where two have somebody of that name.")
@click.option("--none", "nowhere", is_flag=True, help="Takes the address out.")
@click.option("--json", "as_json", is_flag=True)
def email(name: str, address: str | None, team: str | None, nowhere: bool, as_json: bool) -> None:
    """Says where somebody's due reminders go while Telegram can't reach them; shows it without ADDRESS."""
    if nowhere and address:
        raise click.UsageError("either ADDRESS or --none")
    settings = read_settings()
    if address and not settings.smtp_host:
        raise BadSettings("SMTP_HOST is not set: no e-mail is sent, so no address is kept")
    kept = asyncio.run(_email(settings, name, team, "" if nowhere else address))
    if as_json:
        click.echo(json.dumps({"name": name, "email": kept}))
        return
    click.echo(f"{name}: {kept or 'no e-mail address'}")


async def _email(settings: Settings, name: str, team: str | None, address: str | None) -> str:
    async with opened(settings.database_url) as database, database.transaction() as session:
        person = (await known_workers(session)).find(f"{team}/{name}" if team else name)
        if address is not None:
            await set_address(session, person, address, settings.email_domains, utc_now())
        return person.email
