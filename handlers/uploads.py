"""A manager's caseload file, sent to the bot: read, shown, and taken in on a yes."""

from telegram import Document, Update
from telegram.error import TelegramError

from bot.conversations import importing
from bot.conversations.engine import Talk
from bot.conversations.registry import FLOWS
from bot.rules.access import manages
from bot.texts.html import esc
from bot.texts.reply import Reply, Say
from handlers import commands
from handlers.context import BotContext
from handlers.responding import Incoming, member_responds
from storage import people

MOST_BYTES = 2 * 1024 * 1024
ENDINGS = (".csv", ".xlsx")
TOO_LARGE = "That file is over 2 MB. Import it on the command line instead: driftless import FILE."
NOT_FETCHED = "I couldn't fetch that file from Telegram. Send it again, please."


async def document(update: Update, context: BotContext) -> None:
    """A table from a manager goes to the import; any other file gets the usual answer."""
    file = update.message.document if update.message is not None else None
    if file is None or not (file.file_name or "").lower().endswith(ENDINGS):
        await member_responds(commands.unsupported)(update, context)
        return
    content, trouble = await _fetched(update, context, file)

    async def act(talk: Talk, said: Incoming) -> list[Reply]:
        if not manages(talk.person.role, "allocation"):
            return await commands.unsupported(talk, said)
        if trouble:
            return [Say(esc(trouble))]
        offered, kept = await importing.offer(talk, content)
        return [offered] if kept is None else await FLOWS.start(talk, "import", kept)

    await member_responds(act)(update, context)


async def _fetched(update: Update, context: BotContext, file: Document) -> tuple[bytes, str]:
    """The file's content for a manager, fetched before any transaction; or what to say instead."""
    user = update.effective_user
    async with context.resources.database.transaction() as session:
        person = await people.person_of_account(session, user.id if user is not None else 0)
    if person is None or not manages(person.role, "allocation"):
        return b"", ""
    if (file.file_size or 0) > MOST_BYTES:
        return b"", TOO_LARGE
    try:
        return bytes(await (await file.get_file()).download_as_bytearray()), ""
    except TelegramError:
        return b"", NOT_FETCHED
