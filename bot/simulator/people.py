"""What people do: speak, press, edit, send things, block the bot. Each becomes an update."""

from itertools import count

from bot.simulator.entities import with_found
from bot.simulator.methods.chats import member_as_api
from bot.simulator.model import Chat, Json, Message, User
from bot.simulator.presence import must_be_online
from bot.simulator.refusals import Refusal
from bot.simulator.telegram import InlineAsk, Press, Telegram
from bot.simulator.units import length, trimmed

FIRST_PERSON = 100_001
_LONGEST = 4096


def refused(words: str, code: int = 400) -> Refusal:
    """A step that a person could not take in Telegram's app."""
    return Refusal(code, words)


def _blocked(person: User) -> Refusal:
    return refused(f"{person.first_name} has blocked the bot; unblock it first", 409)


def add_person(
    telegram: Telegram,
    name: str,
    username: str | None = None,
    person_id: int | None = None,
    language: str = "en",
) -> User:
    """Somebody with a Telegram account who has not spoken to the bot yet."""
    if not name.strip():
        raise refused("a person needs a name")
    if person_id is None:
        person_id = next(number for number in count(FIRST_PERSON) if number not in telegram.people)
    if person_id <= 0 or person_id in telegram.people or person_id == telegram.bot.id:
        raise refused("this id is taken or not a person's")
    person = User(person_id, name.strip(), username, language_code=language)
    telegram.people[person.id] = person
    telegram.events.publish("people")
    return person


def person_called(telegram: Telegram, person_id: int) -> User:
    """The person with this id."""
    person = telegram.people.get(person_id)
    if person is None:
        raise refused("no such person", 404)
    return person


def own_chat(telegram: Telegram, person: User) -> Chat:
    """The person's chat with the bot; it begins with the first word."""
    if person.blocked:
        raise _blocked(person)
    return telegram.chats.setdefault(
        person.id, Chat(person.id, "private", person.first_name, {person.id: person})
    )


def say(
    telegram: Telegram, person: User, text: str, chat: Chat | None = None, reply: int | None = None
) -> Message:
    """Sends text; long text is refused, where the app would split it."""
    must_be_online(telegram, person)
    words, _ = trimmed(text, [])
    if not words or length(words) > _LONGEST:
        raise refused(f"a message has 1 to {_LONGEST} characters")
    chat = chat or own_chat(telegram, person)
    answered = chat.messages.get(reply) if reply is not None else None
    message = telegram.post(chat, person, words=words, entities=with_found(words, []), reply_to=answered)
    _tell(telegram, "message", message)
    return message


def say_later(telegram: Telegram, person: User, text: str) -> None:
    """Typed while offline, in the own chat: it waits in the app, in order, until the person is back."""
    words, _ = trimmed(text, [])
    if not words or length(words) > _LONGEST:
        raise refused(f"a message has 1 to {_LONGEST} characters")
    if person.blocked:
        raise _blocked(person)
    telegram.unsent.setdefault(person.id, []).append(words)
    telegram.events.publish("people")


def send_unsent(telegram: Telegram, person: User) -> None:
    """The person is back: what they typed meanwhile goes out."""
    for words in telegram.unsent.pop(person.id, []):
        say(telegram, person, words)


def post(
    telegram: Telegram, person: User, content: Json, caption: str = "", chat: Chat | None = None
) -> Message:
    """Sends something other than text."""
    must_be_online(telegram, person)
    chat = chat or own_chat(telegram, person)
    words, _ = trimmed(caption, [])
    message = telegram.post(chat, person, words=words, entities=with_found(words, []), content=content)
    _tell(telegram, "message", message)
    return message


def edit(telegram: Telegram, person: User, message_id: int, text: str) -> Message:
    """Changes an own message."""
    message = _message(telegram, person, message_id)
    if message.sender is not person:
        raise refused("only one's own messages can be edited", 409)
    words, _ = trimmed(text, [])
    if not words:
        raise refused("an edited message needs words")
    message.words, message.entities, message.edited = words, with_found(words, []), telegram.clock()
    telegram.changed_message(message)
    _tell(telegram, "edited_message", message)
    return message


def press(telegram: Telegram, person: User, message_id: int, data: str | None, label: str | None) -> str:
    """Taps an inline button, by its data (an old button too) or by its label; the query's id."""
    message = _message(telegram, person, message_id)
    if message.chat.kind == "private" and person.blocked:
        raise _blocked(person)
    if data is None:
        data = _data_behind(message, label or "")
    query_id = telegram.new_query_id()
    telegram.presses[query_id] = Press(person, telegram.clock(), message_id)
    body = {
        "id": query_id,
        "from": person.as_api(),
        "message": message.as_api(),
        "chat_instance": str(7_000_000_000 + abs(message.chat.id)),
        "data": data,
    }
    telegram.tell_bot("callback_query", body, message.chat.id)
    return query_id


def _data_behind(message: Message, label: str) -> str:
    rows: list[list[Json]] = (message.buttons or {}).get("inline_keyboard", [])
    buttons = [button for row in rows for button in row]
    exact = [button for button in buttons if button["text"] == label]
    for button in exact or [button for button in buttons if label and button["text"].startswith(label)]:
        if "callback_data" in button:
            return str(button["callback_data"])
    raise refused(f"message {message.id} has no button “{label}” to press", 404)


def _message(telegram: Telegram, person: User, message_id: int) -> Message:
    must_be_online(telegram, person)
    for chat in telegram.chats.values():
        if person.id in chat.members and message_id in chat.messages:
            return chat.messages[message_id]
    raise refused("no such message: it may have been deleted", 404)


def set_blocked(telegram: Telegram, person: User, blocked: bool) -> None:
    """Blocks or unblocks the bot."""
    if person.blocked == blocked:
        return
    must_be_online(telegram, person)
    chat = telegram.chats.get(person.id)
    person.blocked = blocked
    telegram.events.publish("people")
    if chat is None:
        return
    before, after = ("member", "kicked") if blocked else ("kicked", "member")
    body = {
        "chat": chat.as_api(),
        "from": person.as_api(),
        "date": int(telegram.clock().timestamp()),
        "old_chat_member": member_as_api(telegram.bot, before),
        "new_chat_member": member_as_api(telegram.bot, after),
    }
    telegram.tell_bot("my_chat_member", body, chat.id)


def ask_inline(telegram: Telegram, person: User, query: str) -> str:
    """Types @bot and a query in some chat; the query's id."""
    must_be_online(telegram, person)
    query_id = telegram.new_query_id()
    telegram.inline[query_id] = InlineAsk(person, telegram.clock())
    body = {"id": query_id, "from": person.as_api(), "query": query, "offset": "", "chat_type": "sender"}
    telegram.tell_bot("inline_query", body, person.id)
    return query_id


def choose_inline(telegram: Telegram, person: User, query_id: str, result_id: str) -> Message:
    """Sends one of the offered results into the chat with the bot."""
    must_be_online(telegram, person)
    ask = telegram.inline.get(query_id)
    results = ask.results or [] if ask is not None and ask.person is person else []
    for result in results:
        if result["id"] == result_id:
            return telegram.post(
                own_chat(telegram, person),
                person,
                words=result["words"],
                entities=result["entities"],
                markup=result["reply_markup"],
                extra={"via_bot": telegram.bot.as_api()},
            )
    raise refused("no such result", 404)


def _tell(telegram: Telegram, kind: str, message: Message) -> None:
    chat = message.chat
    if chat.is_group and not (chat.bot_is_member and (not chat.privacy or _meant_for_bot(telegram, message))):
        return
    telegram.tell_bot(kind, message.as_api(), chat.id)


def _meant_for_bot(telegram: Telegram, message: Message) -> bool:
    """What a bot in privacy mode gets."""
    to_bot = message.reply_to is not None and message.reply_to.sender is telegram.bot
    named = f"@{telegram.bot.username}".lower() in message.words.lower()
    command = message.words.startswith("/") and "@" not in message.words.split()[0]
    return to_bot or named or command
