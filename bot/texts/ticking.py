"""Checklists, tickable steps and the glossary in words."""

from bot.rules.checklists import Checklists, GlossaryTerm, item_key
from bot.rules.library import Library
from bot.services.ticking import TickList
from bot.texts.guidance import filled
from bot.texts.html import bold, esc, italic, lines, marked
from bot.texts.reply import Button, Rows, rows

_MARK = 4
"""How much of an item's key stands in a button, to notice that its words have changed."""


def tick_list(shown: TickList, library: Library) -> str:
    """Each item with a box; what is done so far."""
    about = f" · {shown.case.reference}" if shown.case is not None else ""
    items = [
        f"{'☑' if ticked else '☐'} {number}. {marked(filled(_plain_step(item), library))}"
        for number, (item, ticked) in enumerate(zip(shown.items, shown.ticked, strict=True), 1)
    ]
    return lines(
        bold(f"{shown.title}{about}"),
        *items,
        italic(f"{shown.done} of {len(shown.items)} done. Tap a number."),
    )


def _plain_step(item: str) -> str:
    """A step without the number that stands in its file."""
    number, dot, rest = item.partition(". ")
    return rest if dot and number.isdecimal() else item


def tick_buttons(shown: TickList) -> Rows:
    """A button for each number, five to a row."""
    case_id = shown.case.id if shown.case is not None else 0
    verb = "ts" if shown.steps else "tk"
    buttons = [
        Button(
            f"{'☑' if ticked else '☐'} {number}",
            f"{verb}:{shown.list_id}:{number - 1}:{item_key(item)[:_MARK]}:{case_id}",
        )
        for number, (item, ticked) in enumerate(zip(shown.items, shown.ticked, strict=True), 1)
    ]
    entry = shown.list_id if shown.steps else ""
    last = ((Button("The whole entry", f"entry:{entry}"),),) if entry else ()
    return (*rows(*buttons, wide=5), *last)


def checklists(found: Checklists, case_id: int) -> Rows:
    """A button for each list; only a case's lists where a case is given."""
    return rows(
        *(
            Button(item.title, f"clo:{name}:{case_id}")
            for name, item in found.items()
            if not case_id or item.per == "case"
        )
    )


def term(name: str, found: GlossaryTerm) -> tuple[str, Rows]:
    """What an abbreviation means, with the entry that says more."""
    buttons = ((Button("Tell me more", f"entry:{found.entry}"),),) if found.entry else ()
    return f"{bold(name)}: {esc(found.means)}.", buttons


def unknown_term(typed: str, near: list[str]) -> str:
    """Not in the glossary; the nearest that are."""
    hint = f" I know {', '.join(near)}." if near else " Ask your manager or the practice lead."
    return f"I don't know “{esc(typed[:30])}”.{hint}"
