"""A chat written out, as Markdown or as plain text."""

from bot.simulator.clock import OFFICE
from bot.simulator.model import Chat, Message

_NOTICE = "Practice simulator – not Telegram."


def as_text(chat: Chat, bot_name: str) -> str:
    """Plain text."""
    lines = [f"{chat.title} with {bot_name}. {_NOTICE}", ""]
    for message in chat.messages.values():
        lines += [f"[{_when(message)}] {message.sender.first_name}{_mark(message)}: {said(message)}"]
        lines += [f"    {' '.join(f'[{label}]' for label in row)}" for row in _labels(message)]
    return "\n".join(lines) + "\n"


def as_markdown(chat: Chat, bot_name: str) -> str:
    """Markdown; what was said is shown as it is, never read as Markdown."""
    lines = [f"# {_escaped(chat.title)} with {_escaped(bot_name)}", "", f"_{_NOTICE}_", ""]
    for message in chat.messages.values():
        lines += [f"**{_escaped(message.sender.first_name)}** · {_when(message)}{_mark(message)}  "]
        lines += [f"{_escaped(line)}  " for line in said(message).splitlines()]
        lines += [f"{' '.join(f'`[{label}]`' for label in row)}  " for row in _labels(message)]
        lines += [""]
    return "\n".join(lines)


def _when(message: Message) -> str:
    local = message.sent.astimezone(OFFICE)
    return f"{local:%a} {local.day} {local:%b %Y %H:%M}"


def _mark(message: Message) -> str:
    return " (edited)" if message.edited else ""


def said(message: Message) -> str:
    """The words, with what else the message carries named before them."""
    kinds = [f"({kind})" for kind in message.content]
    return " ".join([*kinds, message.words]).strip() or "(joined)"


def _labels(message: Message) -> list[list[str]]:
    rows = (message.buttons or {}).get("inline_keyboard", [])
    return [[button["text"].replace("`", "'") for button in row] for row in rows]


def _escaped(words: str) -> str:
    return "".join(f"\\{character}" if character in "\\`*_{}[]<>#|" else character for character in words)
