"""The flows on an announcement that was made: another wording, or taken back."""

from dataclasses import replace

from bot.conversations.announcement_drafts import require_fits
from bot.conversations.engine import Draft, Flow, Step, Talk
from bot.rules.broadcasts import check_text
from bot.rules.errors import Refusal
from bot.services import broadcasting
from bot.services.broadcasting import Announcement
from bot.texts import broadcasts as texts
from bot.texts.html import bold, esc
from bot.texts.reply import Reply, Say
from storage.tables import Broadcast


async def _ask_new_text(_talk: Talk, draft: Draft) -> Say:
    return Say(f"{bold('The new text?')} Copy this and change it:\n<pre>{esc(str(draft['before']))}</pre>")


async def _edited(talk: Talk, draft: Draft, text: str) -> tuple[Broadcast, Announcement]:
    kept = await broadcasting.own_broadcast(talk.session, talk.person, int(draft["broadcast"]))
    return kept, replace(texts.of_row(kept), text=text)


async def _take_new_text(talk: Talk, draft: Draft, given: str) -> str:
    text = check_text(given)
    kept, planned = await _edited(talk, draft, text)
    if kept.file_id:
        require_fits(talk, planned, "Shorten the text, please.")
    return text


async def _ask_anew(talk: Talk, draft: Draft) -> Say:
    """Below the copy as it will look."""
    kept, planned = await _edited(talk, draft, str(draft["text"]))
    exact = texts.announcement(talk.person.name, planned, kept.version + 1)
    talk.shown.append(Say(exact, texts.preview_buttons(kept.kind), file=texts.attached(kept)))
    return Say(
        bold("Does it say something else now?"),
        (
            (talk.choice("Yes: send it again to all", "anew"),),
            (talk.choice("No: only correct it", "correct"),),
        ),
    )


async def _take_anew(_talk: Talk, _draft: Draft, given: str) -> str:
    answer = given.strip().casefold()
    if answer not in ("anew", "correct"):
        raise Refusal("Tap one of the two, please. (Your text is kept.)")
    return answer


async def _change(talk: Talk, draft: Draft) -> list[Reply]:
    anew, broadcast_id = draft["anew"] == "anew", int(draft["broadcast"])
    broadcast = await broadcasting.change(
        talk.session, talk.person, broadcast_id, str(draft["text"]), talk.now, anew=anew
    )
    return [Say(texts.changed(broadcast, anew=anew))]


async def _ask_sure(talk: Talk, _draft: Draft) -> Say:
    return Say(
        bold("Withdraw it?") + " Copies in people's chats will say so; its actions are cancelled.",
        ((talk.choice("Withdraw", "yes"), talk.choice("Leave it", "no")),),
    )


async def _take_sure(_talk: Talk, _draft: Draft, given: str) -> str:
    answer = given.strip().casefold()
    if answer not in ("yes", "no"):
        raise Refusal("Tap Withdraw or Leave it, please.")
    return answer


async def _withdraw(talk: Talk, draft: Draft) -> list[Reply]:
    if draft["sure"] == "no":
        return [Say("Left as it is.")]
    await broadcasting.withdraw(talk.session, talk.person, int(draft["broadcast"]), talk.now)
    return [Say(texts.withdrawn())]


FLOWS_ON_ANNOUNCEMENTS = (
    Flow(
        "announce-change",
        (Step("text", _ask_new_text, _take_new_text), Step("anew", _ask_anew, _take_anew)),
        _change,
    ),
    Flow("announce-withdraw", (Step("sure", _ask_sure, _take_sure),), _withdraw),
)
