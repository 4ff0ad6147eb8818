"""Announcements in words: what people get, what the sender sees before and after."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.rules.broadcasts import CLASSES, Counts
from bot.rules.dates import show_date, show_moment
from bot.rules.measuring import units
from bot.services.broadcasting import Announcement
from bot.services.progress import Progress
from bot.texts.action_cards import ACKNOWLEDGED, as_preview, share_buttons
from bot.texts.html import bold, esc, italic, lines
from bot.texts.reply import Attached, Button, Rows, rows
from storage.tables import ActionRecipient, Broadcast, Person

_MOST_NAMES = 12
DELETABLE_FOR = timedelta(hours=48)
"""How long Telegram lets a bot delete what it has sent."""
_READ = "You've said that you have read it."
_NUDGES = {
    "act": "A reminder: please acknowledge.",
    "read": "A reminder: please read and tap below.",
}


def announcement(sender: str, planned: Announcement, version: int = 1) -> str:
    """What each person reads."""
    by = f" · by {show_date(planned.due_on)}" if planned.due_on is not None else ""
    act = planned.kind == "act"
    return lines(
        bold(f"From {sender}{by}") + (italic(" · changed") if version > 1 else ""),
        esc(planned.text),
        f"Why: {esc(planned.why)}" if act else "",
        f"Done means: {esc(planned.measure)}" if act else "",
    )


def of_row(broadcast: Broadcast) -> Announcement:
    """A kept announcement as a value."""
    return Announcement(
        broadcast.to_words,
        broadcast.kind,
        broadcast.text,
        broadcast.why,
        broadcast.measure,
        broadcast.due_on,
    )


def copy_text(broadcast: Broadcast, sender: str) -> str:
    """The copy that is sent, as it stands now."""
    if broadcast.state == "withdrawn":
        return italic(f"{sender} has withdrawn this message.")
    return announcement(sender, of_row(broadcast), broadcast.version)


def replaced() -> str:
    """What an old copy says once a newer one is further down."""
    return italic("This has changed: the newer message is further down.")


def attached(broadcast: Broadcast) -> Attached | None:
    """The file that goes with it."""
    if not broadcast.file_id:
        return None
    return Attached("photo" if broadcast.file_kind == "photo" else "document", broadcast.file_id)


def copy_buttons(
    broadcast: Broadcast, recipient_id: int, *, acknowledged: bool, share: ActionRecipient | None
) -> Rows:
    """I've read it; or those of the action; none for information."""
    if broadcast.state == "withdrawn":
        return ()
    if broadcast.kind == "read" and not acknowledged:
        return _read_button(recipient_id, broadcast.version)
    if broadcast.kind == "act" and share is not None:
        return share_buttons(share.id or 0, share.state)
    return ()


def _read_button(recipient_id: int, version: int) -> Rows:
    return ((Button("I've read it", f"bread:{recipient_id}:{version}"),),)


def preview_buttons(kind: str) -> Rows:
    """The buttons as people will see them; in the preview they only say so."""
    if kind == "act":
        return as_preview(share_buttons(0, "sent"))
    return as_preview(_read_button(0, 1)) if kind == "read" else ()


def read_it(broadcast: Broadcast, sender: str) -> str:
    """The copy once it is acknowledged."""
    return lines(copy_text(broadcast, sender), italic(_READ))


def nudge(broadcast: Broadcast, sender: str) -> str:
    """A reminder with the whole message: nobody need scroll."""
    ask = _NUDGES["act" if broadcast.kind == "act" else "read"]
    return lines(italic(ask), copy_text(broadcast, sender))


def acknowledged(broadcast: Broadcast, sender: str) -> str:
    """The copy of an act once its action is acknowledged."""
    return lines(copy_text(broadcast, sender), italic(ACKNOWLEDGED))


def room_for_more() -> int:
    """How many characters a line may need that is added to a copy later."""
    return 1 + max(units(line) for line in (_READ, ACKNOWLEDGED, *_NUDGES.values()))


def before_sending(
    to: list[Person], planned: Announcement, full: list[tuple[str, int]], zone: ZoneInfo
) -> str:
    """Above the preview: how many people, which class, when; a warning where a team has had many."""
    names = ", ".join(person.name for person in to[:6]) + (f" and {len(to) - 6} more" if len(to) > 6 else "")
    when = f"at {show_moment(planned.at.astimezone(zone))}" if planned.at is not None else "now"
    return lines(
        bold(f"Preview: {people_words(len(to))}, {when}") + f" · {esc(CLASSES[planned.kind])}",
        esc(names),
        *(warning(team, count) for team, count in full),
        italic("They get exactly the message above."),
    )


def warning(team: str, count: int) -> str:
    """Many acts in a week wear a team out."""
    return (
        f"⚠ Team {esc(team)} has had {count} that ask for action in seven days: this is one more. "
        "Could it wait, or be “read”?"
    )


def people_words(count: int) -> str:
    """1 person; 12 people."""
    return "1 person" if count == 1 else f"{count} people"


def on_its_way(broadcast: Broadcast, count: int, zone: ZoneInfo) -> str:
    """To the sender."""
    if broadcast.state == "planned":
        when = show_moment(broadcast.send_at.astimezone(zone))
        return f"{bold('Planned')} for {when}, to {people_words(count)}. /announcements shows it."
    return f"{bold('On its way')} to {people_words(count)}. One message below counts up."


def progress(found: Progress, zone: ZoneInfo) -> str:
    """The counting message."""
    broadcast, counts = found.broadcast, found.counts
    first = broadcast.text.split("\n")[0]
    state = {"planned": "Planned", "withdrawn": "Withdrawn"}.get(broadcast.state, "Sent")
    version = f" · version {broadcast.version}" if broadcast.version > 1 else ""
    return lines(
        bold(f"{state} {show_moment(broadcast.send_at.astimezone(zone))}")
        + f" · {esc(CLASSES[broadcast.kind].split(':')[0])}{version}",
        f"“{esc(first[:80])}{'…' if len(first) > 80 or first != broadcast.text else ''}”",
        _counts_line(counts),
        _acknowledged_line(broadcast, counts),
        _names("Not yet acknowledged", found.outstanding),
        _names("Can't be reached", found.blocked),
        _names("Unknown whether it arrived", found.unknown),
    )


def _counts_line(counts: Counts) -> str:
    more = [
        f"{number} {what}"
        for number, what in (
            (counts.waiting, "waiting"),
            (counts.blocked, "blocked"),
            (counts.unknown, "unknown"),
            (counts.left, "left the team"),
        )
        if number
    ]
    return ", ".join([f"Delivered {counts.delivered} of {counts.people}", *more])


def _acknowledged_line(broadcast: Broadcast, counts: Counts) -> str:
    if broadcast.kind == "information":
        return ""
    line = f"{bar(counts.acknowledged, counts.people)} acknowledged {counts.acknowledged} of {counts.people}"
    return f"{line}, done {counts.done}" if broadcast.kind == "act" else line


def bar(part: int, whole: int, length: int = 10) -> str:
    """▓▓▓░░░░░░░."""
    full = part * length // whole if whole else 0
    return "▓" * full + "░" * (length - full)


def _names(title: str, names: list[str]) -> str:
    if not names:
        return ""
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return f"{bold(title)}: {esc(', '.join(names[:_MOST_NAMES]))}{more}"


def progress_buttons(found: Progress) -> Rows:
    """Nudge, change, take back."""
    broadcast = found.broadcast
    if broadcast.state == "withdrawn":
        return ()
    nudging = (
        [Button("Nudge those outstanding", f"bnudge:{broadcast.id}")]
        if found.outstanding and broadcast.state == "sent"
        else []
    )
    return (
        *rows(*nudging),
        (Button("Edit", f"bedit:{broadcast.id}"), Button("Withdraw", f"bdraw:{broadcast.id}")),
    )


def latest(found: list[Progress], zone: ZoneInfo) -> tuple[str, Rows]:
    """The sender's latest announcements, a line and a button each."""
    if not found:
        return "You have announced nothing yet. /announce begins.", ()
    said = [bold("Your latest announcements")]
    for number, one in enumerate(found, 1):
        when = show_moment(one.broadcast.send_at.astimezone(zone))
        said.append(f"{number}. {when}: “{esc(one.broadcast.text[:50])}” · {_counts_line(one.counts)}")
    buttons = [Button(str(number), f"bshow:{one.broadcast.id}") for number, one in enumerate(found, 1)]
    return lines(*said), rows(*buttons, wide=4)


def changed(broadcast: Broadcast, *, anew: bool) -> str:
    """To the sender after an edit."""
    if broadcast.state == "planned":
        return "Changed. It goes out as planned, with the new words."
    if anew:
        return "Changed. Everybody gets the new version and is asked again."
    return "Corrected in everybody's chat. Nobody is asked again."


def withdrawn() -> str:
    """To the sender."""
    return "Withdrawn. Copies in people's chats now say so, and what wasn't sent stays unsent."


def nudged(count: int) -> str:
    """To the sender."""
    return f"I'll remind {people_words(count)}. You can again tomorrow."
