"""What the bot is and what it shows of itself: commands, description, menu button."""

import re

from bot.simulator.command_menu import scope_of
from bot.simulator.methods.answering import Method
from bot.simulator.model import Json
from bot.simulator.refusals import bad_request
from bot.simulator.telegram import Profile, Telegram
from bot.simulator.units import length

_COMMAND = re.compile(r"/?[a-z0-9_]{1,32}")
_MOST_COMMANDS = 100
_LONGEST_COMMAND_TEXT = 256


def get_me(telegram: Telegram, _given: Json) -> Json:
    """The bot as a User."""
    return {
        **telegram.bot.as_api(),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def done(_telegram: Telegram, _given: Json) -> bool:
    """logOut and close matter only when a bot moves between servers."""
    return True


def set_commands(telegram: Telegram, given: Json) -> bool:
    """A list for one scope and language."""
    commands: list[Json] = given["commands"]
    if len(commands) > _MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not _COMMAND.fullmatch(command["command"]):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= length(command["description"]) <= _LONGEST_COMMAND_TEXT:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    kept = [{**command, "command": command["command"].removeprefix("/")} for command in commands]
    _check_chat(telegram, given)
    telegram.menus.put(scope_of(given.get("scope")), given.get("language_code", ""), kept)
    telegram.events.publish("commands")
    return True


def get_commands(telegram: Telegram, given: Json) -> list[Json]:
    """What was set for this very scope and language."""
    return telegram.menus.exactly(scope_of(given.get("scope")), given.get("language_code", ""))


def delete_commands(telegram: Telegram, given: Json) -> bool:
    """Back to the next wider scope."""
    telegram.menus.take_away(scope_of(given.get("scope")), given.get("language_code", ""))
    telegram.events.publish("commands")
    return True


def _check_chat(telegram: Telegram, given: Json) -> None:
    _, chat_id, _ = scope_of(given.get("scope"))
    if chat_id is not None:
        telegram.chat_for_bot(chat_id)


def set_menu_button(telegram: Telegram, given: Json) -> bool:
    """The button beside the message box, for one person or for all."""
    button = given.get("menu_button", {"type": "default"})
    if "chat_id" in given:
        telegram.chat_for_bot(given["chat_id"]).menu = button
    else:
        telegram.profile.menu_button = button
    return True


def get_menu_button(telegram: Telegram, given: Json) -> Json:
    """The button that is shown."""
    if "chat_id" in given:
        return telegram.chat_for_bot(given["chat_id"]).menu or telegram.profile.menu_button
    return telegram.profile.menu_button


def _setter(field: str, longest: int) -> Method:
    def put(telegram: Telegram, given: Json) -> bool:
        words = given.get(field, "")
        if length(words) > longest:
            raise bad_request(f"{field} is too long")
        _texts(telegram.profile, field)[given.get("language_code", "")] = words
        return True

    return put


def _getter(field: str) -> Method:
    def get(telegram: Telegram, given: Json) -> Json:
        texts = _texts(telegram.profile, field)
        own = telegram.bot.first_name if field == "name" else ""
        return {field: texts.get(given.get("language_code", "")) or texts.get("") or own}

    return get


def _texts(profile: Profile, field: str) -> dict[str, str]:
    return {
        "description": profile.descriptions,
        "short_description": profile.short_descriptions,
        "name": profile.names,
    }[field]


set_description, get_description = _setter("description", 512), _getter("description")
set_short_description, get_short_description = _setter("short_description", 120), _getter("short_description")
set_name, get_name = _setter("name", 64), _getter("name")
