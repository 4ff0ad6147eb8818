"""Guidance entries as messages: the point first, then what a tap opens."""

import re

from bot.rules.dates import show_date
from bot.rules.deadlines import DueDate
from bot.rules.guidance import Entry, Source
from bot.rules.library import Library
from bot.rules.placeholders import Placeholder, fill
from bot.texts.html import bold, esc, italic, lines, marked
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


def answer(entry: Entry, library: Library, due: DueDate | None = None, most: int = 7) -> str:
    """The short answer (its first `most` lines), the sum for a date in the question, then the source."""
    lines_shown = entry.sections["Short answer"][:most]
    short = [filled(_without_main_source(line, entry), library) for line in lines_shown]
    point = f"<b>{marked(short[0]).replace('<b>', '').replace('</b>', '')}</b>"
    return lines(
        point,
        *((f"➜ {bold(sum_words(due))}", esc(do_by_words(due))) if due is not None else ()),
        *(f"• {marked(line)}" for line in short[1:]),
        italic(foot(entry)),
        italic(edition_note(entry)),
        "" if entry.id in library.signed else italic(UNSIGNED),
        italic(f"(unverified): {UNVERIFIED.partition(': ')[2]}.") if _doubtful(lines_shown) else "",
    )


def _doubtful(lines_shown: tuple[str, ...]) -> bool:
    return any("{unverified}" in line for line in lines_shown)


def _without_main_source(line: str, entry: Entry) -> str:
    """The foot names the first source: a line of the short answer marks only what rests on another."""
    main = entry.header.sources[0].ref
    return re.sub(rf"(\s*\[{re.escape(main)}\])+\s*$", "", line)


def foot(entry: Entry) -> str:
    """Document, edition and place · force · checked on."""
    first = entry.header.sources[0]
    place = re.split(r";|, pages? |, paragraphs? ", first.place)[0]
    title = f"{first.document} {first.edition}".strip() + (f", {place}" if place else "")
    return f"{title} · {entry.header.force.value} · checked {show_date(entry.header.checked_on)}"


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


def answer_buttons(entry: Entry, library: Library) -> Rows:
    """What a tap opens from an answer."""
    sections = [
        Button(_SECTION_LABELS[code], f"sec:{code}:{entry.id}")
        for code, name in SECTION_CODES.items()
        if name in entry.sections
    ]
    clocks = [row for row in map(library.book.find, entry.header.clocks) if row is not None and row.trigger]
    start = (Button("Start this clock on a case", f"start:{clocks[0].id}"),) if clocks else ()
    more = [*sections[3:], Button("Source", f"src:{entry.id}")]
    laid_out = (start, tuple(sections[:3]), tuple(more), (Button("Related", f"rel:{entry.id}"),))
    return tuple(row for row in laid_out if row)


def section(entry: Entry, code: str, library: Library) -> str:
    """One section of an entry as a message of its own."""
    name = SECTION_CODES[code]
    body = [marked(filled(line, library).replace("- ", "• ", 1)) for line in entry.sections[name]]
    doubt = italic(f"(unverified): {UNVERIFIED.partition(': ')[2]}.")
    head = bold(f"{entry.title}: {_SECTION_LABELS[code].lower()}")
    return lines(head, *body, doubt if _doubtful(entry.sections[name]) else "")


def sources(entry: Entry) -> str:
    """Every source of an entry with its force and how sure we are."""
    listed = [
        f"• {bold(source.ref)} {esc(source_name(source))} · {source.force.value} · "
        f"{esc(VERIFIED_WORDS[source.verified])}" + (f"\n{esc(source.url)}" if source.url else "")
        for source in entry.header.sources
    ]
    return lines(
        bold(f"{entry.title}: sources"),
        *listed,
        italic(
            f"Checked {show_date(entry.header.checked_on)}; next check {show_date(entry.header.next_check)}."
        ),
        italic(edition_note(entry)),
    )
