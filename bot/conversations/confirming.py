"""Steps at the end of what is sent to others: send, edit one part of it, or cancel."""

from collections.abc import Awaitable, Callable, Mapping

from bot.conversations.engine import Draft, Step, Talk
from bot.rules.errors import Refusal
from bot.texts.html import bold
from bot.texts.reply import Button, Rows, Say, rows


def send_edit_or_cancel(talk: Talk) -> Rows:
    """The three answers below a preview."""
    return (
        (talk.choice("Send", "send"),),
        (talk.choice("Edit", "edit"), talk.choice("Cancel", "cancel")),
    )


def confirm(ask: Callable[[Talk, Draft], Awaitable[Say]]) -> Step:
    """The step that shows the preview, and takes one of the three answers."""
    return Step("confirm", ask, _take)


async def _take(_talk: Talk, _draft: Draft, given: str) -> str:
    answer = given.strip().lower()
    if answer not in ("send", "edit", "cancel"):
        raise Refusal("Tap Send, Edit or Cancel. (Your draft is kept.)")
    return answer


def which_part(parts: Mapping[str, str]) -> Step:
    """Which part of a draft to change; asked after Edit alone."""

    async def ask(talk: Talk, _draft: Draft) -> Say:
        buttons: list[Button] = [talk.choice(label, key) for key, label in parts.items()]
        return Say(bold("Change which part?") + " The rest is kept.", rows(*buttons, wide=3))

    async def take(_talk: Talk, _draft: Draft, given: str) -> str:
        key = next(
            (key for key, label in parts.items() if given.strip().casefold() in (key, label.casefold())), ""
        )
        if not key:
            raise Refusal(f"Which one: {', '.join(parts.values())}?")
        return key

    return Step("part", ask, take, lambda draft: draft.get("confirm") == "edit")


def without_part(draft: Draft) -> Draft:
    """The draft as it goes on after Edit: the chosen part is asked for again."""
    part = draft["part"]
    dropped = {"confirm", "part", part, f"{part}-seen", *({"letter"} if part == "kind" else ())}
    return {key: value for key, value in draft.items() if key not in dropped}
