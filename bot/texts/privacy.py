"""The privacy notice: made from the retention settings and the one table of reach, never typed twice."""

from bot.rules.access import ROLE_NAMES, ROLES, Thing, reach
from bot.rules.retention import KINDS
from bot.services.office import Notice
from bot.texts.board import NEVER_SEEN
from bot.texts.html import bold, esc, lines
from bot.texts.paging import SCREEN, screens
from bot.texts.reply import Button, Rows

Part = tuple[str, tuple[str, ...]]
_CIRCLES = {"team": " of your team", "service": " of your service", "all": ""}
_SEEN: tuple[tuple[Thing, str], ...] = (
    ("cases", "Your cases, with their clocks and visits"),
    ("actions-given", "Actions set for you, and your notes on them"),
    ("board", "Counts on the team's board"),
    ("people", "That you are in the team, and in which role"),
    ("questions", "What was asked, never by whom"),
)
_TELEGRAM = (
    "What you type and what I answer passes through Telegram, a third party, and is kept there; with a bot "
    "it isn't end-to-end encrypted."
)
HELD = (
    "Your Telegram number and first name, role and team, settings and leave; your work e-mail, if an "
    "administrator gave it for when Telegram can't reach you",
    "The cases you hold, by reference, and what you record on them",
    "Actions and announcements for you, and what you answered",
    "By ids: what you opened, changed and were sent",
)
_NO_CHILD = (
    "No child's or parent's name: type none. If you slip, I delete the message and keep nothing of it."
)
_IN_THE_CHAT = "What you typed yourself, and pictures and files: in the chat until you clear it"
MY_DATA, DELETE, WHOLE = "My data", "Delete me", "The whole notice"


def who_else(thing: Thing) -> str:
    """A manager of your team, a head of service of your service; "nobody" where one's own is the limit."""
    found = [
        f"{ROLE_NAMES[role]}{_CIRCLES[far]}" for role in ROLES if (far := reach(role, thing)) in _CIRCLES
    ]
    return ", ".join(found) or "nobody else"


def lasts(notice: Notice, name: str) -> str:
    """365 days; or as long as the council's schedule says."""
    said = next(notice.retention.lasts(kind) for kind in KINDS if kind == name)
    return said if said != "kept" else _schedule(notice)


def _schedule(notice: Notice) -> str:
    return f"as long as the retention schedule of {notice.run_by} says"


def short(notice: Notice) -> str:
    """The answer to /privacy: one screen."""
    return lines(
        bold("Your data here"),
        f"{bold('Run by')} {esc(notice.run_by)}. Ask {esc(notice.contact)}.",
        f"{bold('Held')}: who you are here, your cases by reference, what you record, your actions, what you "
        "opened. No child's name.",
        f"{bold('Your cases and actions are seen')} by {esc(who_else('cases'))}. "
        "Never what you ask, nor when you read or are here.",
        f"{bold('It goes')} through Telegram, not end-to-end encrypted with a bot, and to nobody else.",
        f"{bold('Kept')}: references in old messages {lasts(notice, 'references')}, what you opened "
        f"{lasts(notice, 'shown')}, questions (without you) {lasts(notice, 'questions')}, work on cases "
        f"{esc(_schedule(notice))}.",
    )


def short_buttons() -> Rows:
    """One's rights, a button each."""
    return (
        (Button(MY_DATA, "prv:data"), Button(DELETE, "prv:delete")),
        (Button(WHOLE, "prv:notice:0"),),
    )


def parts(notice: Notice) -> tuple[Part, ...]:
    """The whole notice in plain words: headings, each with its sentences."""
    kept = tuple(
        f"{kind.what[0].upper()}{kind.what[1:]}: {lasts(notice, name)}"
        + (f" after {kind.after}" if notice.retention.days[name] else "")
        for name, kind in KINDS.items()
    )
    return (
        ("Who runs it", (f"{_capital(notice.run_by)}. Ask {notice.contact}.",)),
        ("What is held about you", (*HELD, _NO_CHILD)),
        ("Who sees it", (*(f"{what}: {who_else(thing)}" for thing, what in _SEEN), NEVER_SEEN)),
        (
            "Where it goes",
            (_TELEGRAM, "Nobody else gets anything: no generated text, no analytics. The database is ours."),
        ),
        (
            "How long it is kept",
            (*kept, f"Your work on cases and actions: {_schedule(notice)}", _IN_THE_CHAT),
        ),
        (
            "Your rights",
            (
                "A copy of everything about you, at once: /export",
                "Your account out of here: /deleteme says what goes and what must be kept, and asks first",
                "What your manager sees of you: /whatmymanagersees",
                f"Something wrong, or a complaint: {notice.contact}",
            ),
        ),
    )


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


def page(notice: Notice, number: int) -> tuple[str, Rows]:
    """One screen of the whole notice, from 0; beyond the last one, the last."""
    body = []
    for heading, said in parts(notice):
        body += [bold(heading), *(f"• {esc(line)}" for line in said)]
    shown = screens(body, SCREEN - 60)
    at = min(number, len(shown) - 1)
    foot = f"Page {at + 1} of {len(shown)}" if len(shown) > 1 else ""
    turn = [Button("Back", f"prv:notice:{at - 1}" if at else "prv:short")]
    turn += [Button("More", f"prv:notice:{at + 1}")] if at + 1 < len(shown) else []
    return lines(*shown[at], esc(foot)), (tuple(turn),)


def document(notice: Notice) -> str:
    """The whole notice as Markdown, to publish."""
    said = ["# Privacy notice for staff who use Driftless", ""]
    for heading, sentences in parts(notice):
        said += [f"## {heading}", *(f"- {line}" for line in sentences), ""]
    return "\n".join(said)


FOR_A_MACHINE = "The same for a machine."


def here_it_is(rows: int) -> str:
    """Under the readable file."""
    return f"Everything held about you: {rows} entries. This is for reading; the next file is for a machine."
