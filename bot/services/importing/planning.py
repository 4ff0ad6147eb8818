"""From lines to plans, one a case: what is new, what is there already, and what can't be taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.rules.dates import show_date
from bot.services.importing.lines import Line
from bot.services.importing.plans import Addition, CasePlan, Key
from bot.services.importing.report import BadField, BadLine, Options, Report
from storage.bulk import IMPORTED
from storage.tables import Case, CaseEvent


@dataclass
class Planner:
    """Takes lines one by one; known: the cases that are there already, with all that was recorded."""

    known: Mapping[str, Case]
    events: Mapping[int, Sequence[CaseEvent]]
    options: Options
    report: Report
    now: datetime
    plans: dict[str, CasePlan] = field(default_factory=dict)

    def take(self, line: Line) -> None:
        """Adds the line to its case's plan, or to the report's bad lines."""
        try:
            plan = self.plans.get(line.reference) or self._begin(line)
            if plan.case.closed_at is None or self._opens_again(plan, line):
                self._check_worker(plan, line)
            self._take_event(plan, line)
        except BadField as bad:
            self.report.bad.append(BadLine.of(line.number, bad))
            return
        plan.good_lines += 1
        self._take_facts(plan, line)

    def _begin(self, line: Line) -> CasePlan:
        case = self.known.get(line.reference)
        self._check_team(line, case)
        if case is None:
            case = Case(
                reference=line.reference,
                team_id=line.worker.team_id,
                worker_id=line.worker.id,
                created_at=self.now,
                source=IMPORTED,
            )
        plan = CasePlan(case, fresh=case.id is None, worker=line.worker, first_line=line.number)
        if case.id is not None:
            plan.know(self.events.get(case.id, ()))
            if case.closed_at is None:
                self._check_worker(plan, line)
        self.plans[line.reference] = plan
        return plan

    def _check_team(self, line: Line, case: Case | None) -> None:
        if self.options.team_id is None:
            return
        if line.worker.team_id != self.options.team_id:
            raise BadField("worker", line.worker.name, "not a worker of your team", "a worker of your team")
        if case is not None and case.team_id != self.options.team_id:
            raise BadField("reference", line.reference, "that case isn't your team's", "a case of your team")

    def _check_worker(self, plan: CasePlan, line: Line) -> None:
        if line.worker.id != plan.worker.id:
            why = f"line {plan.first_line} gives {line.reference} to {plan.worker.name}"
            raise BadField("worker", line.worker.name, why, "one worker a case in one file")
        if plan.fresh or plan.case.worker_id == line.worker.id:
            return
        if plan.case.worker_id is not None and not self.options.move_cases:
            why = f"{line.reference} is with another worker here"
            raise BadField(
                "worker", line.worker.name, why, "its worker here, or hand cases over (--move-cases)"
            )
        plan.moves = True

    def _opens_again(self, plan: CasePlan, line: Line) -> bool:
        """True where a file closed the case and this line tells of something after that."""
        if line.kind is None or plan.standing(_key(line)) or plan.was_taken_back(_key(line)):
            return False
        closing = plan.closing()
        closed_on = _closed_on(plan.case, closing)
        if line.day <= closed_on:
            return False
        if closing is None or closing.source != IMPORTED:
            why = f"{line.reference} was closed here on {show_date(closed_on)}"
            raise BadField("reference", line.reference, why, "an open case: /newcase opens it again")
        return True

    def _take_event(self, plan: CasePlan, line: Line) -> None:
        if line.kind is None:
            return
        standing = plan.standing(_key(line))
        if standing is not None:
            self._take_again(plan, line, standing)
        elif plan.was_taken_back(_key(line)):
            self.report.kept_out += 1
        else:
            plan.add(line)

    def _take_again(self, plan: CasePlan, line: Line, standing: CaseEvent | Addition) -> None:
        """What a person typed stands; what a file said, a file may say more exactly."""
        if isinstance(standing, Addition):
            if _says_more(line, standing.moment, standing.detail):
                why = f"line {standing.line.number} gives it that day with another time or meaning"
                raise BadField("event", standing.kind.id, why, "each event of a day once")
        elif standing.source == IMPORTED and _says_more(line, standing.happened_at, standing.detail):
            plan.add(line, replaces=standing)
            return
        self.report.already += 1

    def _take_facts(self, plan: CasePlan, line: Line) -> None:
        if line.family is not None:
            plan.family = line.family if line.family != plan.case.family else None
        if line.disabled is not None:
            plan.disabled = line.disabled if line.disabled != plan.case.disabled else None


def _says_more(line: Line, moment: datetime | None, detail: str) -> bool:
    return line.moment not in (None, moment) or line.detail not in ("", detail)


def _key(line: Line) -> Key:
    assert line.kind is not None
    return line.kind.id, line.day


def _closed_on(case: Case, closing: CaseEvent | None) -> date:
    if closing is not None:
        return closing.happened_on
    assert case.closed_at is not None
    return case.closed_at.date()
