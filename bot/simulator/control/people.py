"""Playing people and groups, and reading what they see."""

from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.simulator import people
from bot.simulator.control.asking import (
    answered,
    asked_number,
    body_of,
    number,
    person_of,
    telegram_of,
    text,
    wait_as_asked,
)
from bot.simulator.model import Chat, Json, Message, User
from bot.simulator.presence import private_chat, set_online, shown_chat, shown_version, waiting
from bot.simulator.telegram import Telegram
from bot.simulator.things import content_of
from bot.simulator.transcript import as_markdown, as_text
from bot.simulator.views import message_view


def person_json(telegram: Telegram, person: User) -> Json:
    """A person as the control interface shows them."""
    return {
        "id": person.id,
        "name": person.first_name,
        "username": person.username,
        "blocked": person.blocked,
        "started": person.id in telegram.chats,
        "offline": person.id in telegram.last_seen,
        "waiting": waiting(telegram, person),
        "unsent": len(telegram.unsent.get(person.id, [])),
    }


def _marks(telegram: Telegram, person: User, chat: Chat | None) -> Json:
    """Where the chat and the person's answers stand, for waiting for what comes after."""
    return {"version": chat.version if chat else 0, "answers": len(telegram.answers.get(person.id, []))}


def sent(telegram: Telegram, person: User, message: Message) -> Json:
    """A message just sent, and the marks after it."""
    return {"message": message_view(message), **_marks(telegram, person, message.chat)}


@answered
async def _list(request: Request) -> Any:
    telegram = telegram_of(request)
    return [person_json(telegram, person) for person in telegram.people.values()]


@answered
async def _add(request: Request) -> Any:
    telegram, body = telegram_of(request), await body_of(request)
    person_id = number(body, "id") if body.get("id") is not None else None
    username = text(body, "username") if body.get("username") is not None else None
    language = text(body, "language_code") if "language_code" in body else "en"
    return person_json(
        telegram, people.add_person(telegram, text(body, "name"), username, person_id, language)
    )


@answered
async def _say(request: Request) -> Any:
    telegram, person, body = telegram_of(request), person_of(request), await body_of(request)
    if person.id in telegram.last_seen:
        people.say_later(telegram, person, text(body, "text"))
        return {"message": None, **_marks(telegram, person, telegram.chats.get(person.id))}
    reply = number(body, "reply_to") if body.get("reply_to") is not None else None
    return sent(telegram, person, people.say(telegram, person, text(body, "text"), reply=reply))


@answered
async def _press(request: Request) -> Any:
    telegram, person, body = telegram_of(request), person_of(request), await body_of(request)
    data = text(body, "data") if "data" in body else None
    label = text(body, "label") if data is None else None
    marks = _marks(telegram, person, telegram.chats.get(person.id))
    return {"query_id": people.press(telegram, person, number(body, "message_id"), data, label), **marks}


@answered
async def _edit(request: Request) -> Any:
    telegram, person, body = telegram_of(request), person_of(request), await body_of(request)
    message = people.edit(telegram, person, number(body, "message_id"), text(body, "text"))
    return sent(telegram, person, message)


@answered
async def _send(request: Request) -> Any:
    telegram, person, body = telegram_of(request), person_of(request), await body_of(request)
    content = content_of(telegram, text(body, "kind"), body)
    return sent(telegram, person, people.post(telegram, person, content, str(body.get("caption", ""))))


@answered
async def _block(request: Request) -> Any:
    telegram, person = telegram_of(request), person_of(request)
    await body_of(request)
    people.set_blocked(telegram, person, request.url.path.endswith("/block"))
    return person_json(telegram, person)


@answered
async def _presence(request: Request) -> Any:
    telegram, person = telegram_of(request), person_of(request)
    await body_of(request)
    online = request.url.path.endswith("/online")
    set_online(telegram, person, online)
    if online:
        people.send_unsent(telegram, person)
    return person_json(telegram, person)


@answered
async def _inline(request: Request) -> Any:
    telegram, person, body = telegram_of(request), person_of(request), await body_of(request)
    if "result_id" in body:
        message = people.choose_inline(telegram, person, text(body, "query_id"), text(body, "result_id"))
        return sent(telegram, person, message)
    query_id = people.ask_inline(telegram, person, text(body, "query"))
    ask = telegram.inline[query_id]
    await wait_as_asked(request, lambda: ask.results is not None)
    return {"query_id": query_id, "results": ask.results}


@answered
async def _chat(request: Request) -> Any:
    telegram, person = telegram_of(request), person_of(request)
    after = int(asked_number(request, "after", -1))

    await wait_as_asked(request, lambda: shown_version(telegram, person) > after)
    return shown_chat(telegram, person, int(asked_number(request, "since", -1)))


@answered
async def _answers(request: Request) -> Any:
    telegram, person = telegram_of(request), person_of(request)
    after = int(asked_number(request, "after"))
    await wait_as_asked(request, lambda: len(telegram.answers.get(person.id, [])) > after)
    return telegram.answers.get(person.id, [])[after:]


@answered
async def _transcript(request: Request) -> Any:
    telegram, person = telegram_of(request), person_of(request)
    chat = private_chat(telegram, person)
    wanted = request.query_params.get("format", "md")
    if wanted not in {"md", "text"}:
        raise people.refused("format is md or text")
    written = (
        as_markdown(chat, telegram.bot.first_name)
        if wanted == "md"
        else as_text(chat, telegram.bot.first_name)
    )
    name = f"transcript-{person.id}.{'md' if wanted == 'md' else 'txt'}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return PlainTextResponse(written, headers=headers)


@answered
async def _commands(request: Request) -> Any:
    person = person_of(request)
    return telegram_of(request).menus.seen_in_private(person.id, person.language_code)


_PERSON = "/sim/people/{person:int}"
ROUTES = [
    Route("/sim/people", _list, methods=["GET"]),
    Route("/sim/people", _add, methods=["POST"]),
    Route(f"{_PERSON}/say", _say, methods=["POST"]),
    Route(f"{_PERSON}/press", _press, methods=["POST"]),
    Route(f"{_PERSON}/edit", _edit, methods=["POST"]),
    Route(f"{_PERSON}/send", _send, methods=["POST"]),
    Route(f"{_PERSON}/block", _block, methods=["POST"]),
    Route(f"{_PERSON}/unblock", _block, methods=["POST"]),
    Route(f"{_PERSON}/offline", _presence, methods=["POST"]),
    Route(f"{_PERSON}/online", _presence, methods=["POST"]),
    Route(f"{_PERSON}/inline", _inline, methods=["POST"]),
    Route(f"{_PERSON}/chat", _chat, methods=["GET"]),
    Route(f"{_PERSON}/answers", _answers, methods=["GET"]),
    Route(f"{_PERSON}/transcript", _transcript, methods=["GET"]),
    Route("/sim/commands/{person:int}", _commands, methods=["GET"]),
]
