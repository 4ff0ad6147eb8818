"""Guidance entries as messages: the point first, then what a tap opens."""

import re

from bot.rules.dates import show_date
from bot.rules.deadlines import DueDate
from bot.rules.guidance import Entry, Source
from bot.rules.library import Library
from bot.rules.next_stage import NEXT_STAGE
from bot.rules.placeholders import Placeholder, fill
from bot.texts.html import bold, esc, italic, lines, marked, plain
from bot.texts.paging import FIRST_SCREEN, SCREEN, fitting, screens
from bot.texts.reply import Button, Rows
from bot.texts.timescales import (
    NOT_IN_FORCE,
    UNVERIFIED,
    VERIFIED_WORDS,
    amount_words,
    clock_phrase,
    do_by_words,
    sum_words,
)

UNSIGNED = "Not signed off by your council yet."
SECTION_CODES = {"s": "Steps", "w": "Who", "r": "Record", "g": "Often goes wrong", "i": "If"}
_LONGEST_TITLE = 80
_SECTION_LABELS = {"s": "Steps", "w": "Who", "r": "Record", "g": "Pitfalls", "i": "If …"}


def filled(text: str, library: Library) -> str:
    """A line of an entry with its placeholders rendered, still with **bold** marks."""

    def render(mark: Placeholder) -> str:
        return _rendered(mark, library)

    return fill(text, render)


def _rendered(mark: Placeholder, library: Library) -> str:
    row = library.book.find(mark.name)
    entry = library.guidance.find(mark.name)
    if row is not None and mark.kind == "clock":
        return clock_phrase(row, library.local, mark.part)
    if row is not None and mark.kind == "amount":
        limit = next((limit for limit in row.limits if limit.key == mark.part), row.limits[0])
        return amount_words(limit)
    if row is not None and mark.kind == "start":
        return row.starts
    if entry is not None and mark.kind == "entry":
        return f"“{entry.title}”"
    other = {
        "contact": library.contacts.get(mark.name, ""),
        "plain": mark.name,
        "unverified": "_(unverified)_",
        "not-in-force": f"_({NOT_IN_FORCE})_",
    }
    return other[mark.kind]


def answer(
    entry: Entry, library: Library, due: DueDate | None = None, most: int = 7, room: int = FIRST_SCREEN
) -> str:
    """The short answer, the sum for a date in the question, then the source: one screen of `room` characters.

    Of the first `most` lines, those that fit are shown; more_button leads to the others.
    """
    shown = lines_shown(entry, library, due, most, room)
    first, *others = _points(entry, library)[:shown]
    return lines(first, *_sum(due), *others, *_tail(entry, library, shown))


def lines_shown(
    entry: Entry, library: Library, due: DueDate | None = None, most: int = 7, room: int = FIRST_SCREEN
) -> int:
    """How many lines of the short answer fit on one screen with what stands under them."""
    beneath = lines(*_sum(due), *_tail(entry, library, most))
    return fitting(_points(entry, library)[:most], room - len(plain(beneath)))


def more_button(entry: Entry, shown: int) -> tuple[Button, ...]:
    """What opens the lines of the short answer after the first `shown`; none when all are shown."""
    left = len(entry.sections["Short answer"]) - shown
    return (Button("The rest", f"rest:{shown}:{entry.id}"),) if left > 0 else ()


def rest_of_answer(entry: Entry, library: Library, shown: int) -> str:
    """The lines of the short answer after the first `shown`."""
    left = entry.sections["Short answer"][shown:]
    return lines(bold(f"{entry.title}: the rest"), *_points(entry, library)[shown:], _doubt(left))


def _points(entry: Entry, library: Library) -> tuple[str, ...]:
    """Every line of the short answer as HTML: the point in bold, the others as a list."""
    short = [filled(_without_main_source(line, entry), library) for line in entry.sections["Short answer"]]
    point = f"<b>{marked(short[0]).replace('<b>', '').replace('</b>', '')}</b>"
    return (point, *(f"• {marked(line)}" for line in short[1:]))


def _sum(due: DueDate | None) -> tuple[str, ...]:
    return (f"➜ {bold(sum_words(due))}", esc(do_by_words(due))) if due is not None else ()


def _tail(entry: Entry, library: Library, shown: int) -> tuple[str, ...]:
    """The source, and in one line whatever a reader has to be warned of."""
    unsigned = "" if entry.id in library.signed else italic(UNSIGNED)
    warnings = (italic(edition_note(entry)), unsigned, _doubt(entry.sections["Short answer"][:shown]))
    return italic(foot(entry)), " ".join(warning for warning in warnings if warning)


def _doubt(shown: tuple[str, ...]) -> str:
    """What (unverified) means, where a line shown says it."""
    return italic(f"(unverified): {UNVERIFIED.partition(': ')[2]}.") if _doubtful(shown) else ""


def _doubtful(lines_shown: tuple[str, ...]) -> bool:
    return any("{unverified}" in line for line in lines_shown)


def _without_main_source(line: str, entry: Entry) -> str:
    """The foot names the first source: a line of the short answer marks only what rests on another."""
    main = entry.header.sources[0].ref
    return re.sub(rf"(\s*\[{re.escape(main)}\])+\s*$", "", line)


def foot(entry: Entry) -> str:
    """Document, edition and, where it is short, place · its force · checked on. The sources have it all."""
    first = entry.header.sources[0]
    place = re.split(r";|, pages? |, paragraphs? ", first.place)[0]
    title = f"{first.document} {first.edition}".strip()
    if place and len(title) + len(place) <= _LONGEST_TITLE:
        title += f", {place}"
    elif place and first.verified == "secondary":
        title += " (second-hand)"
    return f"{title} · {first.force.value} · checked {show_date(entry.header.checked_on)[4:]}"


def source_name(source: Source) -> str:
    """Working Together 2023, chapter 3."""
    title = f"{source.document} {source.edition}".strip()
    return f"{title}, {source.place}" if source.place else title


def edition_note(entry: Entry) -> str:
    """One plain line where an edition or the law's start is not checked; empty otherwise."""
    header = entry.header
    newer = next((source for source in header.sources if source.newer_unchecked), None)
    notes = []
    if newer is not None:
        notes.append(
            f"Checked against the {newer.edition} edition; the {newer.newer_unchecked} is not checked yet."
        )
    if header.status == "enacted, not in force":
        notes.append(f"This is {NOT_IN_FORCE}, checked on {show_date(header.checked_on)}.")
    if header.verified == "memory":
        notes.append(UNVERIFIED.capitalize() + ".")
    return " ".join(notes)


def answer_buttons(entry: Entry, library: Library, shown: int | None = None) -> Rows:
    """What a tap opens from an answer of which the first `shown` lines are on the screen."""
    more = more_button(entry, lines_shown(entry, library) if shown is None else shown)
    sections = [
        Button(_SECTION_LABELS[code], f"sec:{code}:{entry.id}")
        for code, name in SECTION_CODES.items()
        if name in entry.sections
    ]
    clocks = [row for row in map(library.book.find, entry.header.clocks) if row is not None and row.trigger]
    start = (Button("Start this clock", f"start:{clocks[0].id}"),) if clocks else ()
    others = (*sections[3:], Button("Source", f"src:{entry.id}"))
    laid_out = ((*more, *start), tuple(sections[:3]), others, _onward(entry))
    return tuple(row for row in laid_out if row)


def _onward(entry: Entry) -> tuple[Button, ...]:
    onward = Button("What next?", f"nxt:{entry.id}")
    related = Button("Related", f"rel:{entry.id}")
    return (onward, related) if entry.id in NEXT_STAGE else (related,)


def section(entry: Entry, code: str, library: Library, page: int = 0) -> tuple[str, Rows]:
    """One screen of a section of an entry, and the button to the next; a page too far is the last."""
    written = entry.sections[SECTION_CODES[code]]
    body = [marked(filled(line, library).replace("- ", "• ", 1)) for line in written]
    head = f"{entry.title}: {_SECTION_LABELS[code].lower()}"
    return _screen(head, body, _doubt(written), f"sec:{code}:{entry.id}", page)


def sources(entry: Entry, page: int = 0) -> tuple[str, Rows]:
    """One screen of an entry's sources, each with its force and how sure we are."""
    listed = [
        f"• {bold(source.ref)} {esc(source_name(source))} · {source.force.value} · "
        f"{esc(VERIFIED_WORDS[source.verified])}" + (f"\n{esc(source.url)}" if source.url else "")
        for source in entry.header.sources
    ]
    checked = (
        f"Checked {show_date(entry.header.checked_on)}; next check {show_date(entry.header.next_check)}."
    )
    tail = lines(italic(checked), italic(edition_note(entry)))
    return _screen(f"{entry.title}: sources", listed, tail, f"src:{entry.id}", page)


def _screen(head: str, body: list[str], tail: str, opens: str, page: int) -> tuple[str, Rows]:
    room = SCREEN - len(head) - len(plain(tail)) - len(" (10 of 10)\n\n")
    dealt = screens(body, room)
    page = min(page, len(dealt) - 1)
    number = f" ({page + 1} of {len(dealt)})" if len(dealt) > 1 else ""
    onward = ((Button("Next", f"{opens}:{page + 1}"),),) if page + 1 < len(dealt) else ()
    return lines(bold(head + number), *dealt[page], tail), onward
