"""A file or picture that somebody is asked for: it goes to the running dialogue, by Telegram's id alone."""

import json
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession
from telegram import Update

from bot.conversations.announcement_drafts import FILE
from bot.conversations.announcing import FLOW
from bot.conversations.engine import Talk
from bot.conversations.registry import FLOWS
from bot.texts.reply import Reply
from handlers import commands, uploads
from handlers.context import BotContext
from handlers.responding import Incoming, member_responds
from handlers.turns import in_turn
from storage import dialogues, people
from storage.tables import Dialogue, InboxUpdate


async def file(update: Update, context: BotContext) -> None:
    """A file that the running dialogue waits for; else a table to import, or the usual answer."""
    sent = _sent(update)
    if sent is None or not await _awaited(update, context):
        message = update.message
        if message is not None and message.document is not None:
            await uploads.document(update, context)
        else:
            await member_responds(commands.unsupported)(update, context)
        return

    async def act(talk: Talk, said: Incoming) -> list[Reply]:
        dialogue = await FLOWS.running(talk)
        if dialogue is None or not _waits_for_file(dialogue):
            return await commands.unsupported(talk, said)
        return await FLOWS.said(talk, dialogue, sent)

    await member_responds(act)(update, context)


def _sent(update: Update) -> str | None:
    """Kind, id, name and size of what was sent, as the dialogue's step reads it."""
    message = update.message
    if message is not None and message.photo:
        largest = message.photo[-1]
        about = {"kind": "photo", "file_id": largest.file_id, "name": "", "size": largest.file_size or 0}
    elif message is not None and message.document is not None:
        document = message.document
        about = {
            "kind": "document",
            "file_id": document.file_id,
            "name": document.file_name or "",
            "size": document.file_size or 0,
        }
    else:
        return None
    return json.dumps(about)


async def _awaited(update: Update, context: BotContext) -> bool:
    """As things are once all that the person sent before is done."""
    user = update.effective_user

    async def look(session: AsyncSession, _row: InboxUpdate, _now: datetime) -> bool:
        person = await people.person_of_account(session, user.id if user is not None else 0)
        found = await dialogues.dialogue_of(session, person.id or 0) if person is not None else None
        return found is not None and _waits_for_file(found)

    return bool(await in_turn(update, context, look))


def _waits_for_file(dialogue: Dialogue) -> bool:
    return dialogue.flow == FLOW and dialogue.step == FILE.key
