"""What the bot says when somebody typed a name or other personal detail."""

from collections.abc import Sequence

from bot.texts.html import bold, esc, lines
from bot.texts.reply import Button, Delete, Reply, Say

_CALLED = {
    "name": "a name",
    "nhs-number": "an NHS number",
    "national-insurance-number": "a National Insurance number",
    "date-of-birth": "a date of birth",
    "phone": "a phone number",
    "postcode": "a postcode",
    "address": "an address or place",
    "email": "an e-mail address",
}
CANT_DELETE = (
    "I can't delete that message: please delete it yourself (press and hold it). It had a personal detail in "
    "it; I have kept nothing."
)
WHY = (
    "What is typed here goes through Telegram, so no child's or parent's details may be in it. "
    "I look for names, dates of birth, numbers and addresses before anything is kept; what I find, I delete "
    "and don't remember, so I can't tell which word it was. If there was no such detail, put it otherwise."
)


def refused(kinds: Sequence[str], emergency: Say | None) -> list[Reply]:
    """The message goes at once; then what it had, and how to say it. An emergency's words come first."""
    had = [_CALLED[kind] for kind in kinds] or ["a personal detail"]
    listed = " and ".join([", ".join(had[:-1]), had[-1]] if len(had) > 1 else had)
    said = Say(
        lines(
            f"{bold('I’ve deleted that:')} it had {esc(listed)}. Nothing was kept.",
            esc("Say it with the case reference, e.g. “CP-1042 not seen alone”."),
        ),
        ((Button("Record a visit", "gvisit:0"), Button("Why?", "gwhy:0")),),
    )
    return [*([emergency] if emergency is not None else []), Delete(CANT_DELETE), said]
