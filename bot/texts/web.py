"""The board's link and the calendar's address in words."""

from bot.texts.html import bold, esc, lines
from bot.texts.reply import Button, Rows

NO_WEB_PART = "The web page isn't switched on here. Whoever runs the bot sets WEB_PORT and WEB_ADDRESS."
CALENDAR_FILE = "Your clocks and planned visits, by reference. Opens in Outlook or Google."
CALENDAR_OFF = (
    "Switched off. The address opens nothing any more; what a calendar has fetched before stays there."
)
CALENDAR_WAS_OFF = "There was no address. The file works without one."


def board_link(address: str) -> tuple[str, Rows]:
    """The link, and a way to end it everywhere."""
    text = lines(
        bold("The board page"),
        esc(address),
        "It opens once, within ten minutes; that browser then stays signed in for a working day. "
        "Don't pass it on.",
    )
    return text, ((Button("Sign out everywhere", "bdoff:0"),),)


def signed_out(count: int) -> str:
    """How many links and browsers were ended."""
    return "Signed out everywhere." if count else "The board was open nowhere."


def calendar_offer(*, on: bool) -> tuple[str, Rows]:
    """To keep a calendar up to date by itself."""
    if not on:
        text = "To keep your calendar up to date by itself, subscribe to a private address."
        return text, ((Button("New address", "calnew:0"),),)
    text = "Your private address is on. It can't be shown again; a new one replaces it."
    return text, ((Button("New address", "calnew:0"), Button("Switch it off", "caloff:0")),)


def calendar_address(address: str) -> tuple[str, Rows]:
    """The address, shown this once."""
    text = lines(
        bold("Your private calendar address"),
        esc(address),
        "In Outlook: Add calendar, Subscribe from web. In Google: Other calendars, From URL.",
        "Whoever has it sees your dates: keep it to yourself. I can't show it again.",
    )
    return text, ((Button("New address", "calnew:0"), Button("Switch it off", "caloff:0")),)
