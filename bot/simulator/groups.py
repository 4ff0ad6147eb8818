"""Groups: a few people and the bot."""

from itertools import count

from bot.simulator.methods.chats import member_as_api
from bot.simulator.model import Chat, User
from bot.simulator.people import refused
from bot.simulator.telegram import Telegram

_FIRST_GROUP = 4_000_000_001
_FIRST_SUPERGROUP = 1_004_000_000_001


def add_group(telegram: Telegram, title: str, members: list[User], privacy: bool = True) -> Chat:
    """A new group; its first member adds the bot."""
    if not members or not title.strip():
        raise refused("a group needs a title and at least one member")
    number = next(number for number in count(_FIRST_GROUP) if -number not in telegram.chats)
    chat = Chat(-number, "group", title.strip(), {member.id: member for member in members}, privacy=privacy)
    telegram.chats[chat.id] = chat
    founder = members[0]
    body = {
        "chat": chat.as_api(),
        "from": founder.as_api(),
        "date": int(telegram.clock().timestamp()),
        "old_chat_member": member_as_api(telegram.bot, "left"),
        "new_chat_member": member_as_api(telegram.bot, "member"),
    }
    telegram.tell_bot("my_chat_member", body, chat.id)
    joined = telegram.post(chat, founder, extra={"new_chat_members": [telegram.bot.as_api()]})
    telegram.tell_bot("message", joined.as_api(), chat.id)
    telegram.events.publish("people")
    return chat


def upgrade(telegram: Telegram, group: Chat) -> Chat:
    """The group becomes a supergroup with another number, as Telegram does by itself; the bot is told."""
    if group.kind != "group" or group.upgraded_to is not None:
        raise refused("only a group can be upgraded, and only once", 409)
    number = next(number for number in count(_FIRST_SUPERGROUP) if -number not in telegram.chats)
    became = Chat(-number, "supergroup", group.title, dict(group.members), privacy=group.privacy)
    telegram.chats[became.id] = became
    founder = next(iter(group.members.values()))
    for chat, extra in (
        (group, {"migrate_to_chat_id": became.id}),
        (became, {"migrate_from_chat_id": group.id}),
    ):
        telegram.tell_bot("message", telegram.post(chat, founder, extra=extra).as_api(), chat.id)
    group.upgraded_to = became.id
    telegram.events.publish("people")
    return became


def group_called(telegram: Telegram, group_id: str) -> Chat:
    """The group with this id, as it stands in a path."""
    chat = next((chat for chat in telegram.chats.values() if str(chat.id) == group_id), None)
    if chat is None or not chat.is_group:
        raise refused("no such group", 404)
    return chat
