"""Buttons about guidance: entries, their parts, votes, topics, lists to tick."""

from bot.conversations.engine import Talk
from bot.conversations.registry import FLOWS
from bot.rules.errors import NotFound, Stale
from bot.rules.guidance import Entry
from bot.services import casework, ticking
from bot.services.following import Followed, next_stages
from bot.texts import answers, guidance, joining
from bot.texts import ticking as ticking_texts
from bot.texts.html import esc
from bot.texts.reply import Button, Edit, Reply, Say
from handlers import commands
from handlers.joining import role_of
from handlers.presses.parsing import Press, id_of
from storage import questions, shown


def _entry(talk: Talk, slug: str) -> Entry:
    entry = talk.office.library.guidance.find(slug)
    if entry is None:
        raise NotFound("That guidance isn't here any more. Ask your question again.")
    return entry


async def _show_entry(talk: Talk, rest: list[str]) -> list[Reply]:
    entry, library = _entry(talk, rest[0]), talk.office.library
    await shown.remember(talk.session, talk.person_id, entry.id, talk.now)
    return [Say(guidance.answer(entry, library), guidance.answer_buttons(entry, library))]


async def _section(talk: Talk, rest: list[str]) -> list[Reply]:
    entry = _entry(talk, rest[1])
    if guidance.SECTION_CODES.get(rest[0]) not in entry.sections:
        raise Stale("That part isn't in the guidance any more.")
    text, onward = guidance.section(entry, rest[0], talk.office.library, _page(rest[2:]))
    buttons = ((Button("Tick them off", f"tks:{entry.id}"),),) if rest[0] == "s" else ()
    return [Say(text, (*onward, *buttons))]


async def _rest_of_answer(talk: Talk, rest: list[str]) -> list[Reply]:
    entry, shown = _entry(talk, rest[1]), id_of(rest[0])
    if shown >= len(entry.sections["Short answer"]):
        raise Stale("The guidance has changed since. Ask your question again, please.")
    return [Say(guidance.rest_of_answer(entry, talk.office.library, shown))]


def _page(rest: list[str]) -> int:
    return id_of(rest[0]) if rest else 0


async def _sources(talk: Talk, rest: list[str]) -> list[Reply]:
    return [Say(*guidance.sources(_entry(talk, rest[0]), _page(rest[1:])))]


async def _next(talk: Talk, rest: list[str]) -> list[Reply]:
    entry = _entry(talk, rest[0])
    follow = Followed("next", entry, next_stages(talk.office, entry))
    return [Say(*answers.followed(follow, talk.office.library))]


async def _related(talk: Talk, rest: list[str]) -> list[Reply]:
    return [Say(*answers.related(_entry(talk, rest[0]), talk.office.library.guidance))]


async def _not_right(talk: Talk, rest: list[str]) -> list[Reply]:
    question = await questions.question_by_id(talk.session, id_of(rest[0]))
    if question is not None:
        question.not_right = True
    text, buttons = answers.topics(talk.office.library.guidance)
    return [Say(f"Sorry. {esc(answers.NOTED)} Ask it in other words, or browse.\n{text}", buttons)]


async def _try(talk: Talk, rest: list[str]) -> list[Reply]:
    examples = joining.EXAMPLES.get(talk.person.role, joining.EXAMPLES["worker"])
    return await commands.answer(talk, examples[id_of(rest[0]) % len(examples)])


async def _topics(talk: Talk, _rest: list[str]) -> list[Reply]:
    return [Edit(*answers.topics(talk.office.library.guidance))]


async def _group(talk: Talk, rest: list[str]) -> list[Reply]:
    return [Edit(*answers.group(talk.office.library.guidance, rest[0]))]


async def _help(talk: Talk, rest: list[str]) -> list[Reply]:
    return [Say(*joining.help_text(role_of(talk.person), whole=bool(rest)))]


async def _checklists(talk: Talk, rest: list[str]) -> list[Reply]:
    case = await casework.case_within_reach(talk.session, talk.person, id_of(rest[0]))
    buttons = ticking_texts.checklists(talk.office.library.checklists, id_of(rest[0]))
    return [Say(f"<b>{esc(case.reference)}</b>: which checklist?", buttons)]


async def _open_checklist(talk: Talk, rest: list[str]) -> list[Reply]:
    case_id = id_of(rest[1]) if len(rest) > 1 else 0
    found = talk.office.library.checklists.get(rest[0])
    if found is not None and found.per == "case" and not case_id:
        casework.scope_of(talk.person)
        return await FLOWS.start(talk, "checklist", {"list": rest[0]})
    shown = await ticking.open_list(
        talk.session, talk.office, talk.person, rest[0], case_id or None, steps=False
    )
    return [Say(*ticking_texts.tick_page(shown, talk.office.library))]


async def _open_steps(talk: Talk, rest: list[str]) -> list[Reply]:
    shown = await ticking.open_list(talk.session, talk.office, talk.person, rest[0], None, steps=True)
    return [Say(*ticking_texts.tick_page(shown, talk.office.library))]


def _tick(*, steps: bool) -> Press:
    async def act(talk: Talk, rest: list[str]) -> list[Reply]:
        if len(rest) < 4:
            raise Stale("That list has changed since. Open it again, please.")
        case_id = id_of(rest[3]) or None
        shown = await ticking.open_list(talk.session, talk.office, talk.person, rest[0], case_id, steps=steps)
        now_shown = await ticking.tick(
            talk.session, talk.office, talk.person, shown, id_of(rest[1]), rest[2], talk.now
        )
        library = talk.office.library
        page = ticking_texts.page_of(now_shown, library, id_of(rest[1]))
        return [Edit(*ticking_texts.tick_page(now_shown, library, page))]

    return act


def _turn_list(*, steps: bool) -> Press:
    async def act(talk: Talk, rest: list[str]) -> list[Reply]:
        case_id = id_of(rest[2]) or None
        shown = await ticking.open_list(talk.session, talk.office, talk.person, rest[0], case_id, steps=steps)
        return [Edit(*ticking_texts.tick_page(shown, talk.office.library, id_of(rest[1])))]

    return act


VERBS: dict[str, Press] = {
    "entry": _show_entry,
    "sec": _section,
    "rest": _rest_of_answer,
    "src": _sources,
    "rel": _related,
    "nxt": _next,
    "notright": _not_right,
    "none": _not_right,
    "try": _try,
    "topics": _topics,
    "grp": _group,
    "help": _help,
    "cls": _checklists,
    "clo": _open_checklist,
    "tks": _open_steps,
    "tk": _tick(steps=False),
    "ts": _tick(steps=True),
    "tkp": _turn_list(steps=False),
    "tsp": _turn_list(steps=True),
}
