"""Methods that put something into a chat."""

from typing import Any

from bot.simulator.description import Upload
from bot.simulator.methods.answering import caption_of, markup_of, reply_to, text_of
from bot.simulator.model import Json
from bot.simulator.refusals import bad_request
from bot.simulator.stored_files import (
    LARGEST_DOCUMENT,
    LARGEST_DOWNLOAD,
    LARGEST_PHOTO,
    StoredFile,
    picture_size,
    too_large,
)
from bot.simulator.telegram import Telegram
from bot.simulator.units import Entity


def send_message(telegram: Telegram, given: Json) -> Json:
    """A text message."""
    words, entities = text_of(given)
    return _send(telegram, given, words, entities, None)


def send_photo(telegram: Telegram, given: Json) -> Json:
    """A picture with a caption."""
    words, entities = caption_of(given)
    return _send(telegram, given, words, entities, photo_content(telegram, given, given["photo"]))


def send_document(telegram: Telegram, given: Json) -> Json:
    """A file with a caption."""
    words, entities = caption_of(given)
    return _send(telegram, given, words, entities, document_content(telegram, given, given["document"]))


def _send(telegram: Telegram, given: Json, words: str, entities: list[Entity], content: Json | None) -> Json:
    chat = telegram.chat_to_write_in(given["chat_id"])
    markup = markup_of(given)
    answered = reply_to(chat, given)
    telegram.pace.take(chat.id, chat.is_group)
    message = telegram.post(
        chat,
        telegram.bot,
        words=words,
        entities=entities,
        content=content,
        reply_to=answered,
        markup=markup,
    )
    return message.as_api()


def photo_content(telegram: Telegram, given: Json, source: Any) -> Json:
    """A Message's photo field."""
    file = _file(telegram, given, source, "photos", LARGEST_PHOTO)
    return photo_of(file)


def photo_of(file: StoredFile) -> Json:
    """One size only: the picture as it was sent."""
    width, height = picture_size(file.content)
    return {"photo": [{**file.as_api(), "width": width, "height": height}]}


def document_content(telegram: Telegram, given: Json, source: Any) -> Json:
    """A Message's document field."""
    return document_of(_file(telegram, given, source, "documents", LARGEST_DOCUMENT))


def document_of(file: StoredFile) -> Json:
    """Name, type and size."""
    return {"document": {**file.as_api(), "file_name": file.name, "mime_type": file.mime}}


def _file(telegram: Telegram, given: Json, source: Any, folder: str, largest: int) -> StoredFile:
    if isinstance(source, str) and source.startswith("attach://"):
        source = given.get(source.removeprefix("attach://"))
    if isinstance(source, Upload):
        if len(source.content) > largest:
            raise too_large()
        if not source.content:
            raise bad_request("file must be non-empty")
        return telegram.files.keep(folder, source.name, source.mime, source.content)
    known = telegram.files.by_id(source) if isinstance(source, str) else None
    if known is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if known.folder != folder:
        raise bad_request(f"can't use file of type {_kind(known.folder)} as {_kind(folder)}")
    return known


def _kind(folder: str) -> str:
    return folder.removesuffix("s").capitalize()


def get_file(telegram: Telegram, given: Json) -> Json:
    """Where a file can be fetched."""
    file = telegram.files.by_id(given["file_id"])
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(file.content) > LARGEST_DOWNLOAD:
        raise bad_request("file is too big")
    return {**file.as_api(), "file_path": file.path}


def send_chat_action(telegram: Telegram, given: Json) -> bool:
    """Shows that the bot is typing."""
    chat = telegram.chat_to_write_in(given["chat_id"])
    telegram.events.publish("action", chat=chat.id, action=given["action"])
    return True
