"""The flow of an uploaded caseload: what it would change, then yes or no."""

from collections.abc import Iterable

from bot.conversations.engine import Draft, Flow, Step, Talk
from bot.rules.errors import Refusal
from bot.services.importing import Options, Report, import_rows
from bot.services.importing.files import Row, read_rows
from bot.services.importing.lines import COLUMNS, OPTIONAL
from bot.texts.html import bold, esc, lines
from bot.texts.reply import Reply, Say

_MOST_LISTED = 10
_OURS = {*COLUMNS, *OPTIONAL}


async def _report(talk: Talk, rows: Iterable[Row], *, dry_run: bool) -> Report:
    options = Options(dry_run=dry_run, team_id=talk.person.team_id)
    return await import_rows(talk.session, talk.office, list(rows), talk.now, options)


async def offer(talk: Talk, file: bytes) -> tuple[Say, Draft | None]:
    """What the file would change, and what is kept of it until the answer: our own columns alone.

    Nothing of a file that can't be taken or holds nothing new. Raises Refusal for what is no such table.
    """
    rows = [
        (number, {name: fields[name] for name in _OURS & fields.keys()}) for number, fields in read_rows(file)
    ]
    report = await _report(talk, rows, dry_run=True)
    if report.bad:
        return Say(
            lines(
                bold(f"{len(report.bad)} of {report.lines} lines can't be taken, so nothing is changed."),
                *_listed(f"line {bad.number}: {bad.reason}" for bad in report.bad),
                "Mend the file and send it again.",
            )
        ), None
    if not (report.new_cases or report.new_events or report.changes):
        return Say("That file holds nothing new."), None
    offered = Say(
        lines(
            bold("This file would add:"),
            f"{report.new_cases} cases, {report.new_events} events, {report.opened_clocks} clocks. "
            f"{report.already} events are here already.",
            *_listed(f"{change.reference}: {change.what}" for change in report.changes),
        )
    )
    return offered, {"rows": rows, "offer": offered.text}


async def _ask(talk: Talk, draft: Draft) -> Say:
    return Say(str(draft["offer"]), ((talk.choice("Take it in", "yes"), talk.choice("Leave it", "no")),))


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
    rows = [(int(number), dict(fields)) for number, fields in draft["rows"]]
    report = await _report(talk, rows, dry_run=False)
    if not report.written:
        return [Say("Something has changed since, so nothing was taken in. Send the file again, please.")]
    return [
        Say(
            f"{bold('Taken in:')} {report.new_cases} cases, {report.new_events} events, "
            f"{report.opened_clocks} clocks."
        )
    ]


IMPORT = Flow("import", (Step("confirm", _ask, _take),), _finish)
