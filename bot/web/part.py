"""The web part beside the running bot: what it answers, and that Telegram knows of it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

from starlette.routing import BaseRoute

from bot.pulse import Pulse
from bot.serving import serving
from bot.settings import Settings
from bot.web.app import build_web
from bot.web.board import BoardPages
from bot.web.health import Health
from bot.web.live import Streams
from handlers.context import BotApplication, Resources
from handlers.intake import ALLOWED
from handlers.webhook import PATH, secret_of, webhook_route

_MISSED_TICKS = 4
"""So many ticks without planning, and a leader is not ready."""
_CONNECTIONS = 40


@asynccontextmanager
async def web_part(
    settings: Settings, application: BotApplication, resources: Resources, pulse: Pulse
) -> AsyncIterator[int | None]:
    """Serves until the block is left; yields the bound port, or None where WEB_PORT is not set.

    Raises OSError when the port is taken, and Telegram's errors where it refuses the webhook.
    """
    if settings.web_port is None:
        yield None
        return
    streams = Streams()
    app = build_web(_routes(settings, application, resources, pulse, streams))
    async with serving(app, settings.web_host, settings.web_port, streams.close) as port:
        if settings.by_webhook:
            await application.bot.set_webhook(
                f"{settings.web_address}{PATH}",
                secret_token=secret_of(settings.bot_token),
                allowed_updates=ALLOWED,
                max_connections=_CONNECTIONS,
            )
        yield port


def _routes(
    settings: Settings, application: BotApplication, resources: Resources, pulse: Pulse, streams: Streams
) -> Sequence[BaseRoute]:
    pause = timedelta(seconds=max(60.0, _MISSED_TICKS * settings.tick_seconds))
    routes: list[BaseRoute] = [*Health(resources.database, resources.clock, pulse, pause).routes()]
    secure = settings.web_address.startswith("https://")
    routes += BoardPages(resources.database, resources.office, resources.clock, secure, streams).routes()
    if settings.by_webhook:
        routes.append(webhook_route(application, resources, settings.bot_token))
    return routes
