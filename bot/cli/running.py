"""driftless run, demo and simulator: what keeps going until it is stopped."""

import asyncio
import gc
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import click
from telegram.error import InvalidToken, TelegramError

from bot.app import build_office
from bot.cli.storage import opened
from bot.clock import Clock, utc_now
from bot.logs import start_logging
from bot.pinging import pinging
from bot.receipts import Mail
from bot.rules.pace import Pace
from bot.running import Running, running
from bot.settings import Settings, read_settings
from storage.replicas import AnotherRuns

DEMO_PORT = 8000


@click.command()
def run() -> None:
    """Runs the bot against Telegram until it is stopped (Ctrl-C or SIGTERM)."""
    settings = read_settings()
    settings.require_token()
    start_logging(settings.log_level, settings.log_format)
    asyncio.run(run_until_stopped(settings, utc_now))


async def run_until_stopped(settings: Settings, clock: Clock) -> None:
    """The bot against Telegram, until SIGINT or SIGTERM; ClickException where it can't run."""
    gc.disable()  # until it runs
    office = build_office(settings)
    async with opened(settings.database_url) as database:
        try:
            pace = Pace(
                settings.messages_per_second,
                settings.messages_per_chat_second,
                settings.messages_per_group_minute,
            )
            async with (
                running(
                    settings.bot_token,
                    settings.bot_api_url,
                    database,
                    office,
                    clock,
                    settings.tick_seconds,
                    pace,
                    polls=not settings.by_webhook,
                    most_a_minute=settings.updates_per_person_minute,
                    mail=_mail(settings),
                ) as bot,
                _web(settings, bot),
                pinging(settings.ping_url, database, bot.pulse, clock),
            ):
                gc.freeze()  # what stays as long as the process is never looked through again
                gc.enable()
                click.echo("Driftless is running. Ctrl-C stops it.")
                await until_stopped(bot.polling)
        except AnotherRuns as error:
            raise click.ClickException(str(error)) from None
        except InvalidToken:
            raise click.ClickException("Telegram refuses BOT_TOKEN: get a new one from @BotFather.") from None
        except TelegramError as error:
            raise click.ClickException(
                f"Telegram can't be reached at BOT_API_URL ({type(error).__name__}). Check the network."
            ) from None


def _mail(settings: Settings) -> Mail | None:
    if not settings.smtp_host:
        return None
    from bot.mailing import mail_server  # noqa: PLC0415 -- loaded only where e-mail is sent

    server = mail_server(settings)
    return server.send if server is not None else None


@asynccontextmanager
async def _web(settings: Settings, bot: Running) -> AsyncIterator[None]:
    """The web part, where WEB_PORT is set; ClickException where the port can't be had."""
    if settings.web_port is None:
        yield
        return
    from bot.serving import PortTaken  # noqa: PLC0415 -- loaded only where there is something to serve
    from bot.web.part import web_part  # noqa: PLC0415 -- likewise

    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(web_part(settings, bot.application, bot.resources, bot.pulse))
        except PortTaken:
            taken = f"Port {settings.web_port} is taken: choose another WEB_PORT."
            raise click.ClickException(taken) from None
        yield


async def until_stopped(*tasks: asyncio.Task[None]) -> None:
    """Returns on SIGINT or SIGTERM; raises what a task raised."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):
            loop.add_signal_handler(name, stop.set)
    stopped = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait({stopped, *tasks}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    for task in done - {stopped}:
        task.result()


@click.command()
@click.option("--port", default=DEMO_PORT, show_default=True, type=click.IntRange(0, 65535))
@click.option("--folder", default="demo", show_default=True, help="Where the demonstration's database goes.")
def demo(port: int, folder: str) -> None:
    """Runs the whole bot against the built-in simulator, with a chat page in the browser. No token needed."""
    from bot.demo import run_demo  # noqa: PLC0415 -- the simulator is loaded only where it is used

    start_logging("WARNING")
    asyncio.run(run_demo(port, folder, read_settings()))


@click.command()
@click.option("--port", default=DEMO_PORT, show_default=True, type=click.IntRange(0, 65535))
@click.option("--token", default="1:demo", show_default=True, help="The bot token that it accepts.")
def simulator(port: int, token: str) -> None:
    """Runs the Telegram simulator alone, on loopback, until it is stopped."""
    asyncio.run(_simulate(port, token))


async def _simulate(port: int, token: str) -> None:
    from bot.simulator.clock import VirtualClock  # noqa: PLC0415 -- loaded only where it is used
    from bot.simulator.server import build_simulator, serve  # noqa: PLC0415 -- loaded only where it is used

    app = build_simulator(clock=VirtualClock(utc_now), bot_token=token)
    try:
        async with serve(app, "127.0.0.1", port) as bound:
            click.echo(
                f"Simulator at http://127.0.0.1:{bound}   BOT_API_URL for a bot with BOT_TOKEN={token}"
            )
            await until_stopped()
    except OSError:
        raise click.ClickException(f"Port {port} is taken. Try --port {port + 1}") from None
