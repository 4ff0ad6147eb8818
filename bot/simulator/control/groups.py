"""Playing groups; files that were sent."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.simulator import people
from bot.simulator.control.asking import (
    answered,
    asked_number,
    body_of,
    number,
    telegram_of,
    text,
    wait_as_asked,
)
from bot.simulator.control.people import sent
from bot.simulator.groups import add_group, group_called, upgrade
from bot.simulator.model import Chat, Json
from bot.simulator.views import chat_view


def group_json(chat: Chat) -> Json:
    """A group as the control interface shows it."""
    return {"id": chat.id, "title": chat.title, "members": list(chat.members), "privacy": chat.privacy}


@answered
async def _groups(request: Request) -> Any:
    return [group_json(chat) for chat in telegram_of(request).chats.values() if chat.is_group]


@answered
async def _add_group(request: Request) -> Any:
    telegram, body = telegram_of(request), await body_of(request)
    wanted = body.get("members")
    if not isinstance(wanted, list) or not all(isinstance(member, int) for member in wanted):
        raise people.refused('"members" must be a list of ids')
    members = [people.person_called(telegram, member) for member in wanted]
    return group_json(add_group(telegram, text(body, "title"), members, bool(body.get("privacy", True))))


@answered
async def _say_in_group(request: Request) -> Any:
    telegram, body = telegram_of(request), await body_of(request)
    chat = group_called(telegram, request.path_params["group"])
    person = chat.members.get(number(body, "person"))
    if person is None:
        raise people.refused("this person is not in the group", 409)
    reply = number(body, "reply_to") if body.get("reply_to") is not None else None
    return sent(telegram, person, people.say(telegram, person, text(body, "text"), chat, reply))


@answered
async def _upgrade(request: Request) -> Any:
    telegram = telegram_of(request)
    return group_json(upgrade(telegram, group_called(telegram, request.path_params["group"])))


@answered
async def _group_chat(request: Request) -> Any:
    chat = group_called(telegram_of(request), request.path_params["group"])
    after = int(asked_number(request, "after", -1))
    await wait_as_asked(request, lambda: chat.version > after)
    return chat_view(chat, int(asked_number(request, "since", -1)))


@answered
async def _file(request: Request) -> Any:
    file = telegram_of(request).files.by_id(request.path_params["file"])
    if file is None:
        raise people.refused("no such file", 404)
    shown = file.mime in {"image/png", "image/jpeg", "image/gif"}
    headers = {} if shown else {"Content-Disposition": "attachment"}
    return Response(file.content, media_type=file.mime, headers=headers)


_GROUP = "/sim/groups/{group}"
ROUTES = [
    Route("/sim/groups", _groups, methods=["GET"]),
    Route("/sim/groups", _add_group, methods=["POST"]),
    Route(f"{_GROUP}/say", _say_in_group, methods=["POST"]),
    Route(f"{_GROUP}/upgrade", _upgrade, methods=["POST"]),
    Route(f"{_GROUP}/chat", _group_chat, methods=["GET"]),
    Route("/sim/files/{file}", _file, methods=["GET"]),
]
