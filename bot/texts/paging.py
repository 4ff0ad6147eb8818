"""Long texts in screens: no message is longer than a phone shows at once."""

from collections.abc import Sequence

from bot.texts.html import plain

SCREEN = 900
"""Characters that a phone 390 pixels wide shows at once with the buttons beneath them."""

FIRST_SCREEN = 750
"""As SCREEN, for a first answer: its four rows of buttons and the question above it need room too."""


def fitting(body: Sequence[str], room: int = SCREEN) -> int:
    """How many of the HTML lines, from the first, fit in `room` characters; never fewer than one."""
    used = 0
    for number, line in enumerate(body):
        used += len(plain(line)) + 1
        if used > room and number:
            return number
    return len(body)


def screens(body: Sequence[str], room: int = SCREEN) -> tuple[tuple[str, ...], ...]:
    """The HTML lines dealt out in order, each screen as full as `room` characters let it be."""
    dealt: list[tuple[str, ...]] = []
    left = tuple(body)
    while left:
        number = fitting(left, room)
        dealt.append(left[:number])
        left = left[number:]
    return tuple(dealt)
