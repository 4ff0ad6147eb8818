"""Going offline and coming back: Telegram keeps what is sent meanwhile, the person sees it afterwards."""

from bot.simulator.model import Chat, Json, User
from bot.simulator.refusals import Refusal
from bot.simulator.telegram import Telegram
from bot.simulator.views import chat_view


def private_chat(telegram: Telegram, person: User) -> Chat:
    """The person's chat with the bot, an empty one before the first word."""
    return telegram.chats.get(person.id) or Chat(person.id, "private", person.first_name, {person.id: person})


def set_online(telegram: Telegram, person: User, online: bool) -> None:
    """The bot is told nothing of it."""
    if online:
        telegram.last_seen.pop(person.id, None)
    else:
        telegram.last_seen.setdefault(person.id, chat_view(private_chat(telegram, person)))
    telegram.changed.notify()
    telegram.events.publish("people")


def must_be_online(telegram: Telegram, person: User) -> None:
    """Who is offline can do nothing."""
    if person.id in telegram.last_seen:
        raise Refusal(409, f"{person.first_name} is offline; go online first")


def shown_version(telegram: Telegram, person: User) -> int:
    """The chat's version that the person's screen shows."""
    seen = telegram.last_seen.get(person.id)
    return private_chat(telegram, person).version if seen is None else int(seen["version"])


def shown_chat(telegram: Telegram, person: User, since: int = -1) -> Json:
    """The chat as the person's screen shows it: as it was left, for who is offline."""
    seen = telegram.last_seen.get(person.id)
    if seen is None:
        return chat_view(private_chat(telegram, person), since)
    return {**seen, "messages": [message for message in seen["messages"] if message["changed"] > since]}


def waiting(telegram: Telegram, person: User) -> int:
    """How many of the bot's messages wait for the person to come back."""
    if person.id not in telegram.last_seen:
        return 0
    mark = shown_version(telegram, person)
    chat = private_chat(telegram, person)
    return sum(message.sender.is_bot and message.changed > mark for message in chat.messages.values())
