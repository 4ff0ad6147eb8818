"""Flows on an action that is set: done, returned, redated, given to another, split, cancelled, asked."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date

from bot.conversations.engine import Draft, Flow, Step, Talk
from bot.conversations.steps import by_when
from bot.rules.dates import show_date
from bot.rules.errors import Refusal
from bot.rules.supervision import check_due, check_words
from bot.services import action_changes, audience, supervision
from bot.services.recalling import recall, recall_digests
from bot.services.shares import ShareView
from bot.texts import action_cards as cards
from bot.texts import action_news as news
from bot.texts.html import bold, esc, lines
from bot.texts.reply import Reply, Say, rows

NO_NAMES = "No names, please."
Finish = Callable[[Talk, Draft], Awaitable[list[Reply]]]


def _words(key: str, question: str) -> Step:
    async def ask(_talk: Talk, _draft: Draft) -> Say:
        return Say(question)

    async def take(_talk: Talk, _draft: Draft, given: str) -> str:
        return check_words(given)

    return Step(key, ask, take)


def _share(draft: Draft) -> int:
    return int(draft["share"])


async def _recall(talk: Talk, views: Sequence[ShareView], *kinds: str) -> None:
    """Changes what was said of these shares, also in today's digests of who has them and who set them."""
    for kind in kinds:
        await recall(talk.session, talk.office, kind, [view.share.id or 0 for view in views], talk.now)
    people = {person.id or 0 for view in views for person in (view.worker, view.manager)}
    await recall_digests(talk.session, talk.office, people, talk.now)


async def _finish(talk: Talk, draft: Draft) -> list[Reply]:
    view = await supervision.finish(talk.session, talk.person, _share(draft), str(draft["note"]), talk.now)
    await _recall(talk, [view], "action-new", "action-due")
    return [Say(cards.finished(view))]


async def _return(talk: Talk, draft: Draft) -> list[Reply]:
    view = await action_changes.return_(talk.session, talk.person, _share(draft), str(draft["why"]), talk.now)
    return [Say(news.told_returned(view))]


async def _ask(talk: Talk, draft: Draft) -> list[Reply]:
    await action_changes.ask(talk.session, talk.person, _share(draft), str(draft["question"]), talk.now)
    return [Say("Your manager has your question. I'll bring you the answer.")]


async def _answer(talk: Talk, draft: Draft) -> list[Reply]:
    view = await action_changes.answer(
        talk.session, talk.person, int(draft["change"]), str(draft["answer"]), talk.now
    )
    return [Say(f"Your answer is on its way to {bold(view.worker.name)}.")]


async def _redate(talk: Talk, draft: Draft) -> list[Reply]:
    day = date.fromisoformat(str(draft["day"]))
    view = await action_changes.redate(
        talk.session, talk.person, _share(draft), day, str(draft["why"]), talk.now
    )
    await _recall(talk, [view], "action-due")
    return [Say(news.redated(view))]


async def _ask_person(talk: Talk, _draft: Draft) -> Say:
    _, members = await audience.within_reach(talk.session, talk.person)
    buttons = [talk.choice(person.name, f"#{person.id}") for person in members[:10]]
    return Say(bold("Who does it instead?"), rows(*buttons, wide=2))


async def _take_person(_talk: Talk, _draft: Draft, given: str) -> str:
    return given


async def _reassign(talk: Talk, draft: Draft) -> list[Reply]:
    view, before = await action_changes.reassign(
        talk.session, talk.person, _share(draft), str(draft["to"]), talk.now
    )
    return [Say(f"{bold(view.worker.name)} has it now; {esc(before.name)} is told.")]


async def _ask_whom(talk: Talk, draft: Draft) -> Say:
    shares = await action_changes.splittable(talk.session, talk.person, _share(draft))
    choices = [talk.choice("This person", "one")]
    if len(shares) > 1:
        choices.append(talk.choice(f"All {len(shares)} who have it", "all"))
    return Say(bold("Cancel it for whom?"), (tuple(choices),))


async def _take_whom(_talk: Talk, _draft: Draft, given: str) -> str:
    answer = given.strip().casefold()
    if answer not in ("one", "all"):
        raise Refusal("Tap one of the two, please.")
    return answer


async def _cancel(talk: Talk, draft: Draft) -> list[Reply]:
    ended = await action_changes.cancel(
        talk.session,
        talk.person,
        _share(draft),
        str(draft["why"]),
        talk.now,
        everybody=draft["whom"] == "all",
    )
    await _recall(talk, ended, "action-due")
    names = ", ".join(view.worker.name for view in ended)
    return [Say(f"{bold('Cancelled')}. {esc(names)} will be told, with your reason.")]


async def _ask_parts(talk: Talk, draft: Draft) -> Say:
    """One line a person, ready to copy and change."""
    shares = await action_changes.splittable(talk.session, talk.person, _share(draft))
    if len(shares) < 2:
        raise Refusal("Only one person has it, so there is nothing to split.")
    typed = "\n".join(
        f"{view.worker.name} | {view.action.what} | {show_date(view.action.due_on)}" for view in shares
    )
    return Say(
        lines(
            bold("Split: who does which part, by when?"),
            "Copy this, change the parts and dates, and send it: name | part | date.",
            f"<pre>{esc(typed)}</pre>",
        )
    )


async def _take_parts(talk: Talk, draft: Draft, given: str) -> list[list[str]]:
    shares = await action_changes.splittable(talk.session, talk.person, _share(draft))
    names = {view.worker.name.casefold(): view.share.id for view in shares}
    parts: dict[int, list[str]] = {}
    for line in given.strip().splitlines():
        name, what, day = ([part.strip() for part in line.split("|")] + ["", "", ""])[:3]
        share_id = names.get(name.casefold())
        if share_id is None or len(what) < 3 or not day:
            raise Refusal(f"“{line[:60]}” should read: name | part | date. Send all lines again, please.")
        due = check_due(day, talk.office.today(talk.now))
        parts[share_id] = [str(share_id), check_words(what), due.isoformat()]
    absent = [view.worker.name for view in shares if view.share.id not in parts]
    if absent:
        raise Refusal(f"A line for {', '.join(absent)} is missing. Send all lines again, please.")
    return list(parts.values())


async def _split(talk: Talk, draft: Draft) -> list[Reply]:
    shares = {
        view.share.id: view.share
        for view in await action_changes.splittable(talk.session, talk.person, _share(draft))
    }
    parts = [
        (shares[int(share_id)], what, date.fromisoformat(day))
        for share_id, what, day in draft["parts"]
        if int(share_id) in shares
    ]
    views = await action_changes.split(talk.session, talk.person, _share(draft), parts, talk.now)
    said = [
        f"• {esc(view.worker.name)}: {esc(view.action.what)}, by {show_date(view.action.due_on)}"
        for view in views
    ]
    return [Say(lines(bold("Split: each has a part of their own now"), *said))]


ACTION_DONE = Flow("action-done", (_words("note", f"A few words on what was done? {NO_NAMES}"),), _finish)
FLOWS_ON_ACTIONS = (
    ACTION_DONE,
    Flow("action-return", (_words("why", bold("What is still missing?") + " They read it."),), _return),
    Flow("action-ask", (_words("question", f"{bold('What would you like to know?')} {NO_NAMES}"),), _ask),
    Flow("action-answer", (_words("answer", f"{bold('Your answer?')} {NO_NAMES}"),), _answer),
    Flow(
        "action-redate",
        (by_when("day", "By when instead?"), _words("why", bold("Why another date?") + " It is kept.")),
        _redate,
    ),
    Flow("action-reassign", (Step("to", _ask_person, _take_person),), _reassign),
    Flow("action-split", (Step("parts", _ask_parts, _take_parts),), _split),
    Flow(
        "action-cancel",
        (Step("whom", _ask_whom, _take_whom), _words("why", bold("Why?") + " They read it.")),
        _cancel,
    ),
)
