"""What has no effect leaves a line in the trail: by ids and words that we know, never as it was typed."""

from bot.rules.access import BUTTONS, COMMANDS
from bot.rules.errors import NotAllowed, NotFound, Refusal, Stale
from bot.services.auditing import OUT_OF_REACH

IN_VAIN = "pressed in vain"
BEYOND_ROLE = "asked beyond their role"
STRANGER = "pressed without belonging"
EDITED = "edited a message"
IN_A_GROUP = "wrote in a group"
KINDS = (IN_VAIN, BEYOND_ROLE, STRANGER, EDITED, IN_A_GROUP, OUT_OF_REACH)
_IN_A_DIALOGUE = "d"
_LONGEST_ID = 10


def line_about(refusal: Refusal, text: str, *, pressed: bool) -> tuple[str, str] | None:
    """What was done and about what, for the trail; None for a plain slip, such as a date in the wrong form.

    text: the button's data, or what was typed.
    """
    if pressed:
        vain = isinstance(refusal, Stale | NotFound | NotAllowed)
        return (IN_VAIN, about_press(text)) if vain else None
    if isinstance(refusal, NotAllowed):
        return BEYOND_ROLE, _about_command(text)
    if isinstance(refusal, NotFound) and refusal.about:
        return OUT_OF_REACH, refusal.about
    return None


def about_press(data: str) -> str:
    """`button done:12`: verb and first id of a button's data; `button` where no version of ours made it."""
    verb, *rest = data.split(":")
    if verb != _IN_A_DIALOGUE and verb not in BUTTONS:
        return "button"
    first = rest[0] if rest else ""
    numbered = first.isascii() and first.isdecimal() and len(first) <= _LONGEST_ID
    return f"button {verb}:{first}" if numbered else f"button {verb}"


def _about_command(text: str) -> str:
    command = (text.split(maxsplit=1) or [""])[0]
    name = command.removeprefix("/").partition("@")[0].lower()
    return f"command {name}" if command.startswith("/") and name in COMMANDS else "words"
