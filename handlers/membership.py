"""Who has blocked the bot, and who has let it back in."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession
from telegram import Update
from telegram.constants import ChatMemberStatus, ChatType

from bot.services import reaching
from bot.services.office import Office
from bot.texts.reply import Reply
from handlers.context import BotContext
from handlers.responding import Incoming, responds
from storage.tables import Person


async def changed(update: Update, context: BotContext) -> None:
    """Keeps whether the person can be reached."""
    member = update.my_chat_member
    if member is not None and member.chat.type != ChatType.PRIVATE:
        return  # whoever adds the bot to a group, or takes it out, can still be reached
    blocked = member is not None and member.new_chat_member.status in (
        ChatMemberStatus.BANNED,
        ChatMemberStatus.LEFT,
    )

    async def keep(
        session: AsyncSession, _office: Office, person: Person | None, _said: Incoming, now: datetime
    ) -> Sequence[Reply]:
        if person is not None and person.id is not None:
            await (reaching.lost(session, person.id, now) if blocked else reaching.back(session, person, now))
        return []

    await responds(keep)(update, context)
