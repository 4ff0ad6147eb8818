"""Sends updates to the bot's webhook: in order for each chat, again until it answers 2xx."""

import asyncio
from collections import Counter

import httpx

from bot.simulator.api import carry_out
from bot.simulator.description import bot_api
from bot.simulator.model import Json
from bot.simulator.refusals import Refusal
from bot.simulator.telegram import Telegram
from bot.simulator.updates import Pending

_FIRST_WAIT, _LONGEST_WAIT = 0.1, 30.0
_LOOK_AGAIN = 60.0


class WebhookDelivery:
    """Runs as long as the server does."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram
        self._busy: set[int] = set()
        self._tries: Counter[int] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Ends when Telegram closes."""
        telegram = self._telegram
        async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
            while not telegram.closing:
                await telegram.changed.until(lambda: telegram.closing or bool(self._ready()), _LOOK_AGAIN)
                for update in self._ready():
                    self._busy.add(update.lane)
                    task = asyncio.create_task(self._deliver(client, update))
                    self._tasks.add(task)
                    task.add_done_callback(self._tasks.discard)
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _ready(self) -> list[Pending]:
        """The oldest update of each chat that has none under way."""
        hook = self._telegram.webhook
        if not hook.url:
            return []
        room = hook.max_connections - len(self._busy)
        first: dict[int, Pending] = {}
        for update in self._telegram.updates.pending():
            if update.lane not in self._busy:
                first.setdefault(update.lane, update)
        return list(first.values())[: max(room, 0)]

    async def _deliver(self, client: httpx.AsyncClient, update: Pending) -> None:
        hook = self._telegram.webhook
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook.secret} if hook.secret else {}
        try:
            response = await client.post(hook.url, json=update.as_api(), headers=headers)
            problem = (
                "" if response.is_success else f"Wrong response from the webhook: {response.status_code}"
            )
        except httpx.HTTPError as error:
            problem = f"Connection failed: {type(error).__name__}"
        if problem:
            hook.last_error, hook.last_error_at = problem, self._telegram.clock()
            self._tries[update.id] += 1
            wait = min(_FIRST_WAIT * 2 ** self._tries[update.id], _LONGEST_WAIT)
            await self._telegram.changed.until(lambda: self._telegram.closing, wait)
        else:
            self._tries.pop(update.id, None)
            self._telegram.updates.confirm(update.id)
            await self._call_in_answer(response)
        self._busy.discard(update.lane)
        self._telegram.changed.notify()

    async def _call_in_answer(self, response: httpx.Response) -> None:
        """A webhook may answer with one call; its result is never told."""
        try:
            given = response.json()
        except ValueError:
            return
        method = bot_api().method(str(given.pop("method", ""))) if isinstance(given, dict) else None
        if method is None:
            return
        answer: Json
        try:
            answer = {"ok": True, "result": await carry_out(self._telegram, method, given)}
        except Refusal as refusal:
            answer = refusal.as_answer()
        self._telegram.calls.note(method, given, answer, 0.0)
