"""The menu of commands: lists by scope and language, and which of them a person sees."""

from bot.simulator.model import Json
from bot.simulator.refusals import bad_request

Scope = tuple[str, int | None, int | None]
DEFAULT: Scope = ("default", None, None)
_NEEDS: dict[str, tuple[str, ...]] = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}


def scope_of(given: Json | None) -> Scope:
    """The scope that a call names."""
    if given is None:
        return DEFAULT
    needed = _NEEDS.get(given.get("type", ""))
    if needed is None:
        raise bad_request("unsupported scope type in BotCommandScope")
    if set(given) - {"type", *needed} or not all(isinstance(given.get(name), int) for name in needed):
        raise bad_request(f'field "scope" of type {given["type"]} needs exactly: type, {", ".join(needed)}')
    return given["type"], given.get("chat_id"), given.get("user_id")


class Menus:
    """All lists that the bot has set."""

    def __init__(self) -> None:
        self._lists: dict[tuple[Scope, str], list[Json]] = {}

    def put(self, scope: Scope, language: str, commands: list[Json]) -> None:
        """Sets a list; an empty one takes it away."""
        if commands:
            self._lists[(scope, language)] = commands
        else:
            self.take_away(scope, language)

    def take_away(self, scope: Scope, language: str) -> None:
        """Back to the next wider scope."""
        self._lists.pop((scope, language), None)

    def exactly(self, scope: Scope, language: str) -> list[Json]:
        """What was set for this very scope and language."""
        return self._lists.get((scope, language), [])

    def seen_in_private(self, person_id: int, language: str | None) -> list[Json]:
        """The first list that Telegram finds for a private chat: the narrowest scope, own language first."""
        scopes: tuple[Scope, ...] = (("chat", person_id, None), ("all_private_chats", None, None), DEFAULT)
        for scope in scopes:
            for tongue in (language or "", ""):
                if found := self._lists.get((scope, tongue)):
                    return found
        return []
