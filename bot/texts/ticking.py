"""Checklists, tickable steps and the glossary in words."""

from bot.rules.checklists import Checklists, GlossaryTerm, item_key
from bot.rules.library import Library
from bot.services.ticking import TickList
from bot.texts.guidance import filled
from bot.texts.html import bold, esc, italic, lines, marked
from bot.texts.paging import SCREEN, screens
from bot.texts.reply import Button, Rows, rows

_MARK = 4
"""How much of an item's key stands in a button, to notice that its words have changed."""
_HEAD_AND_FOOT = 150
"""Characters that the title and the last line may take."""


def tick_page(shown: TickList, library: Library, page: int = 0) -> tuple[str, Rows]:
    """One screen of the list: each item with a box, and a button for its number; what is done so far."""
    about = f" · {shown.case.reference}" if shown.case is not None else ""
    dealt = _dealt(shown, library)
    page = min(page, len(dealt) - 1)
    first = sum(map(len, dealt[:page]))
    text = lines(
        bold(f"{shown.title}{about}") + (f" ({page + 1} of {len(dealt)})" if len(dealt) > 1 else ""),
        *dealt[page],
        italic(f"{shown.done} of {len(shown.items)} done. Tap a number."),
    )
    numbers = range(first, first + len(dealt[page]))
    return text, (*rows(*(_box(shown, n) for n in numbers), wide=5), *_onward(shown, page, len(dealt)))


def page_of(shown: TickList, library: Library, number: int) -> int:
    """The page on which item `number` (from 0) stands."""
    last = 0
    for page, items in enumerate(_dealt(shown, library)):
        last += len(items)
        if number < last:
            return page
    return 0


def _dealt(shown: TickList, library: Library) -> tuple[tuple[str, ...], ...]:
    items = [
        f"{'☑' if ticked else '☐'} {number}. {marked(filled(_plain_step(item), library))}"
        for number, (item, ticked) in enumerate(zip(shown.items, shown.ticked, strict=True), 1)
    ]
    return screens(items, SCREEN - _HEAD_AND_FOOT) or ((),)


def _plain_step(item: str) -> str:
    """A step without the number that stands in its file."""
    number, dot, rest = item.partition(". ")
    return rest if dot and number.isdecimal() else item


def _box(shown: TickList, number: int) -> Button:
    mark = "☑" if shown.ticked[number] else "☐"
    key = item_key(shown.items[number])[:_MARK]
    return Button(f"{mark} {number + 1}", f"{_verb(shown)}:{shown.list_id}:{number}:{key}:{_case_id(shown)}")


def _onward(shown: TickList, page: int, pages: int) -> Rows:
    def turn(label: str, to: int) -> Button:
        return Button(label, f"{_verb(shown)}p:{shown.list_id}:{to}:{_case_id(shown)}")

    turns = [turn("‹ Back", page - 1)] if page else []
    turns += [turn("Next ›", page + 1)] if page + 1 < pages else []
    entry = [Button("The whole entry", f"entry:{shown.list_id}")] if shown.steps else []
    return tuple(row for row in (tuple(turns), tuple(entry)) if row)


def _verb(shown: TickList) -> str:
    return "ts" if shown.steps else "tk"


def _case_id(shown: TickList) -> int:
    return (shown.case.id or 0) if shown.case is not None else 0


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
