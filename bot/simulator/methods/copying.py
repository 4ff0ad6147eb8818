"""forwardMessage and copyMessage."""

from bot.simulator.methods.answering import caption_of, markup_of, reply_to
from bot.simulator.model import Json, Message
from bot.simulator.refusals import bad_request
from bot.simulator.telegram import Telegram


def _source(telegram: Telegram, given: Json, to_do: str) -> Message:
    chat = telegram.chat_for_bot(given["from_chat_id"])
    message = chat.messages.get(given["message_id"])
    if message is None:
        raise bad_request(f"message to {to_do} not found")
    return message


def forward_message(telegram: Telegram, given: Json) -> Json:
    """The same message in another chat, with whom it is from."""
    chat = telegram.chat_to_write_in(given["chat_id"])
    source = _source(telegram, given, "forward")
    origin = {"type": "user", "date": int(source.sent.timestamp()), "sender_user": source.sender.as_api()}
    telegram.pace.take(chat.id, chat.is_group)
    message = telegram.post(
        chat,
        telegram.bot,
        words=source.words,
        entities=source.entities,
        content=source.content,
        extra={"forward_origin": origin},
    )
    return message.as_api()


def copy_message(telegram: Telegram, given: Json) -> Json:
    """The same content as the bot's own message."""
    chat = telegram.chat_to_write_in(given["chat_id"])
    source = _source(telegram, given, "copy")
    words, entities = source.words, source.entities
    if source.content and "caption" in given:
        words, entities = caption_of(given)
    markup, answered = markup_of(given), reply_to(chat, given)
    telegram.pace.take(chat.id, chat.is_group)
    message = telegram.post(
        chat,
        telegram.bot,
        words=words,
        entities=entities,
        content=source.content,
        reply_to=answered,
        markup=markup,
    )
    return {"message_id": message.id}
