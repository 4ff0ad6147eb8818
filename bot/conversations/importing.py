"""The flow of an uploaded caseload: what it would change, then yes or no."""

import base64
from collections.abc import Iterable

from bot.conversations.engine import Draft, Flow, Step, Talk
from bot.rules.errors import Refusal
from bot.services.importing import Options, Report, import_rows
from bot.services.importing.files import read_rows
from bot.texts.html import bold, esc, lines
from bot.texts.reply import Reply, Say

_MOST_LISTED = 10


async def _report(talk: Talk, draft: Draft, *, dry_run: bool) -> Report:
    rows = read_rows(base64.b64decode(str(draft["file"])))
    options = Options(dry_run=dry_run, team_id=talk.person.team_id)
    return await import_rows(talk.session, talk.office, rows, talk.now, options)


async def _ask(talk: Talk, draft: Draft) -> Say:
    report = await _report(talk, draft, dry_run=True)
    if report.bad:
        return Say(
            lines(
                bold(f"{len(report.bad)} of {report.lines} lines can't be taken, so nothing is changed."),
                *_listed(f"line {bad.number}: {bad.reason}" for bad in report.bad),
                "Mend the file and send it again.",
            ),
            ((talk.choice("Close", "no"),),),
        )
    if not (report.new_cases or report.new_events or report.changes):
        return Say("That file holds nothing new.", ((talk.choice("Close", "no"),),))
    return Say(
        lines(
            bold("This file would add:"),
            f"{report.new_cases} cases, {report.new_events} events, {report.opened_clocks} clocks. "
            f"{report.already} events are here already.",
            *_listed(f"{change.reference}: {change.what}" for change in report.changes),
        ),
        ((talk.choice("Take it in", "yes"), talk.choice("Leave it", "no")),),
    )


def _listed(words: Iterable[str]) -> list[str]:
    found = list(words)
    more = [f"… and {len(found) - _MOST_LISTED} more"] if len(found) > _MOST_LISTED else []
    return [*(f"• {esc(text)}" for text in found[:_MOST_LISTED]), *more]


async def _take(_talk: Talk, _draft: Draft, given: str) -> str:
    answer = given.strip().lower()
    if answer not in ("yes", "no"):
        raise Refusal("Tap Take it in or Leave it. (The file is kept until then.)")
    return answer


async def _finish(talk: Talk, draft: Draft) -> list[Reply]:
    if draft["confirm"] == "no":
        return [Say("Nothing was changed.")]
    report = await _report(talk, draft, dry_run=False)
    if not report.written:
        return [Say("Something has changed since, so nothing was taken in. Send the file again, please.")]
    return [
        Say(
            f"{bold('Taken in:')} {report.new_cases} cases, {report.new_events} events, "
            f"{report.opened_clocks} clocks."
        )
    ]


IMPORT = Flow("import", (Step("confirm", _ask, _take),), _finish)
