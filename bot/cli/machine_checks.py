"""What driftless doctor says about Telegram, the clock and the disk."""

import shutil
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx

from bot.clock import utc_now
from bot.mailing import mail_server
from bot.settings import Settings
from storage.database import async_url

SKEW = timedelta(seconds=30)
"""A clock further off than this sends reminders at the wrong minute, and day ends on the wrong day."""
FREE = 500 * 1024 * 1024
"""Bytes that a database and its log need to go on."""
Said = tuple[str, bool, str]
"""What was looked at, whether it is well, and what was found."""


async def telegram_checks(settings: Settings) -> list[Said]:
    """Token, clock, and whether updates come the way that UPDATES says."""
    if not settings.bot_token:
        return [("telegram", False, "BOT_TOKEN is not set: put the token from @BotFather into .env")]
    base = f"{settings.bot_api_url.rstrip('/')}/bot{settings.bot_token}"
    try:
        async with httpx.AsyncClient(timeout=10) as client:
            asked = utc_now()
            answer = await client.get(f"{base}/getMe")
            half_way = asked + (utc_now() - asked) / 2
            found = answer.json()
            if not found.get("ok"):
                return [("telegram", False, "refuses the token: get a new one from @BotFather")]
            hook = (await client.get(f"{base}/getWebhookInfo")).json()["result"]
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return [("telegram", False, "can't be reached: check the network and BOT_API_URL")]
    return [
        ("telegram", True, f"answers as @{found['result'].get('username')}"),
        clock_check(answer.headers.get("date"), half_way),
        _updates(settings, hook),
    ]


async def mail_check(settings: Settings) -> list[Said]:
    """Whether the mail server lets us in; nothing where no e-mail is sent."""
    server = mail_server(settings)
    if server is None:
        return []
    fault = await server.greet()
    if fault:
        return [
            ("mail", False, f"{settings.smtp_host} doesn't let us in ({fault}): check the SMTP_ settings")
        ]
    return [("mail", True, f"{settings.smtp_host} lets us in; goes to {', '.join(settings.email_domains)}")]


def clock_check(told: str | None, now: datetime) -> Said:
    """This machine's clock against the Date that Telegram's answer carries."""
    try:
        theirs = parsedate_to_datetime(told or "")
    except ValueError:
        return "clock", True, "Telegram's answer carried no date to compare with"
    off = abs(now - theirs)
    if off > SKEW:
        mend = "turn time synchronisation on (timedatectl set-ntp true)"
        return "clock", False, f"{off.total_seconds():.0f} seconds off Telegram's: {mend}"
    return "clock", True, "within 30 seconds of Telegram's"


def _updates(settings: Settings, hook: dict[str, object]) -> Said:
    url = str(hook.get("url") or "")
    wanted = f"{settings.web_address}/telegram" if settings.by_webhook else ""
    if url != wanted:
        way = f"not to {wanted}" if wanted else "to a webhook, though UPDATES=polling"
        return "updates", False, f"go {way}: start the bot (driftless run) and it sets that right"
    if hook.get("last_error_message"):
        waiting = hook.get("pending_update_count", 0)
        return "updates", not waiting, f"{waiting} wait; the last fault: {hook['last_error_message']}"
    return "updates", True, "come by webhook" if wanted else "come by polling"


def disk_check(settings: Settings) -> Said:
    """The disk with the database on SQLite, else the one with the working folder."""
    url = async_url(settings.database_url)
    local = url.database if url.get_backend_name() == "sqlite" else None
    folder = Path(local).absolute().parent if local and local != ":memory:" else Path.cwd()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    says = f"{free // 1024**2:,} MB free at {folder}"
    return "disk", free >= FREE, says if free >= FREE else f"{says}: make room for at least 500 MB"
