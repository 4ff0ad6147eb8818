"""Methods that change or remove what is in a chat."""

from datetime import timedelta

from bot.simulator.methods.answering import caption_of, formatted, markup_of, text_of
from bot.simulator.methods.sending import document_content, photo_content
from bot.simulator.model import Chat, Json, Message
from bot.simulator.refusals import Refusal, bad_request
from bot.simulator.telegram import Telegram
from bot.simulator.units import Entity, length

DELETABLE_FOR = timedelta(hours=48)
_LONGEST_CAPTION = 1024
_UNCHANGED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)


def edit_text(telegram: Telegram, given: Json) -> Json:
    """Changes a text; buttons that are not given again go away."""
    words, entities = text_of(given)
    message = _editable(telegram, given)
    if message.content:
        raise bad_request("there is no text in the message to edit")
    return _changed(telegram, message, words, entities, message.content, markup_of(given))


def edit_caption(telegram: Telegram, given: Json) -> Json:
    """Changes the words below a picture or document."""
    words, entities = caption_of(given)
    message = _editable(telegram, given)
    if not message.content:
        raise bad_request("there is no caption in the message to edit")
    return _changed(telegram, message, words, entities, message.content, markup_of(given))


def edit_buttons(telegram: Telegram, given: Json) -> Json:
    """Changes the inline keyboard alone."""
    message = _editable(telegram, given)
    return _changed(telegram, message, message.words, message.entities, message.content, markup_of(given))


def edit_media(telegram: Telegram, given: Json) -> Json:
    """Puts another picture or document in place of the one there was."""
    media: Json = given["media"]
    contents = {"photo": photo_content, "document": document_content}
    if media["type"] not in contents:
        raise Refusal(501, f"Not Implemented: the simulator can't edit media of type {media['type']}")
    words, entities = formatted(media, "caption", "caption_entities")
    if length(words) > _LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    message = _editable(telegram, given)
    content = contents[media["type"]](telegram, given, media["media"])
    return _changed(telegram, message, words, entities, content, markup_of(given))


def _changed(
    telegram: Telegram,
    message: Message,
    words: str,
    entities: list[Entity],
    content: Json,
    buttons: Json | None,
) -> Json:
    before = (message.words, message.entities, message.content, message.buttons)
    if before == (words, entities, content, buttons):
        raise bad_request(_UNCHANGED)
    only_buttons = before[:3] == (words, entities, content)
    message.words, message.entities, message.content, message.buttons = words, entities, content, buttons
    if not only_buttons:
        message.edited = telegram.clock()
    telegram.changed_message(message)
    return message.as_api()


def _editable(telegram: Telegram, given: Json) -> Message:
    if "inline_message_id" in given:
        raise Refusal(501, "Not Implemented: the simulator keeps no inline messages")
    if "chat_id" not in given:
        raise bad_request("chat_id is empty")
    if "message_id" not in given:
        raise bad_request("message identifier is not specified")
    chat = telegram.chat_to_write_in(given["chat_id"])
    message = chat.messages.get(given["message_id"])
    if message is None:
        raise bad_request("message to edit not found")
    if message.sender is not telegram.bot or message.keyboard is not None:
        raise bad_request("message can't be edited")
    return message


def delete_message(telegram: Telegram, given: Json) -> bool:
    """Deletes one message for everybody."""
    chat = telegram.chat_for_bot(given["chat_id"])
    message = chat.messages.get(given["message_id"])
    if message is None:
        raise bad_request("message to delete not found")
    if not _may_delete(telegram, chat, message):
        raise bad_request("message can't be deleted")
    if telegram.clock() - message.sent > DELETABLE_FOR:
        raise bad_request("message can't be deleted for everyone")
    telegram.delete(message)
    return True


def delete_messages(telegram: Telegram, given: Json) -> bool:
    """Deletes up to a hundred; those that can't be found or deleted are passed over."""
    chat = telegram.chat_for_bot(given["chat_id"])
    if not 1 <= len(given["message_ids"]) <= 100:
        raise bad_request("message identifiers are not specified or there are more than 100")
    for number in given["message_ids"]:
        message = chat.messages.get(number)
        fresh = message is not None and telegram.clock() - message.sent <= DELETABLE_FOR
        if message is not None and fresh and _may_delete(telegram, chat, message):
            telegram.delete(message)
    return True


def _may_delete(telegram: Telegram, chat: Chat, message: Message) -> bool:
    """In a group the bot is no administrator, so it may delete its own messages only."""
    return chat.kind == "private" or message.sender is telegram.bot


def pin(telegram: Telegram, given: Json) -> bool:
    """Pins a message."""
    chat = telegram.chat_to_write_in(given["chat_id"])
    message = chat.messages.get(given["message_id"])
    if message is None:
        raise bad_request("message to pin not found")
    chat.pinned = message.id
    telegram.changed_message(message)
    return True


def unpin(telegram: Telegram, given: Json) -> bool:
    """Takes the pin away."""
    chat = telegram.chat_to_write_in(given["chat_id"])
    message = chat.messages.get(chat.pinned or 0)
    if message is None or given.get("message_id", message.id) != message.id:
        raise bad_request("message to unpin not found")
    chat.pinned = None
    telegram.changed_message(message)
    return True
