"""What a bot may learn about chats and their members."""

from bot.simulator.model import Json, User
from bot.simulator.refusals import bad_request
from bot.simulator.telegram import Telegram


def get_chat(telegram: Telegram, given: Json) -> Json:
    """A ChatFullInfo with what the simulator knows."""
    chat = telegram.chat_for_bot(given["chat_id"])
    full: Json = {
        **chat.as_api(),
        "accent_color_id": chat.id % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(
            (
                "unlimited_gifts",
                "limited_gifts",
                "unique_gifts",
                "premium_subscription",
                "gifts_from_channels",
            ),
            False,
        ),
    }
    if chat.pinned in chat.messages:
        full["pinned_message"] = chat.messages[chat.pinned].as_api()
    return full


def member_as_api(user: User, status: str) -> Json:
    """A ChatMember."""
    member: Json = {"user": user.as_api(), "status": status}
    if status == "kicked":
        member["until_date"] = 0
    return member


def get_member(telegram: Telegram, given: Json) -> Json:
    """Who is in the chat, the bot included."""
    chat = telegram.chat_for_bot(given["chat_id"])
    if given["user_id"] == telegram.bot.id:
        return member_as_api(telegram.bot, "member" if chat.bot_is_member else "left")
    user = chat.members.get(given["user_id"])
    if user is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    return member_as_api(user, "member")


def count_members(telegram: Telegram, given: Json) -> int:
    """People and bot."""
    chat = telegram.chat_for_bot(given["chat_id"])
    return len(chat.members) + chat.bot_is_member


def leave(telegram: Telegram, given: Json) -> bool:
    """The bot goes out of a group."""
    chat = telegram.chat_to_write_in(given["chat_id"])
    if chat.kind == "private":
        raise bad_request("chat member status can't be changed in private chats")
    chat.bot_is_member = False
    return True
