"""Every command and button, with what it carries, whose it must be, and how one sees that it was done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from bot.content.loading import load_library
from bot.rules.access import BUTTONS, COMMANDS, OF_OTHERS, Thing, manages, reach
from bot.rules.checklists import item_key
from storage.tables import Person
from tests.reach.stage import CODE, Outcome, Stage, Things

Seen = Callable[[Outcome, Things], bool]
Whose = Literal["role", "case", "holder", "sender", "share"]
"""role: any reach is enough. case: a thing on a case. holder, sender: theirs alone. share: the holder's, or
whoever's who manages them."""


@dataclass(frozen=True)
class Deed:
    """A command ("/case {0.case.reference}") or a button's data, filled with the things of a case."""

    said: str
    seen: Seen
    whose: Whose = "role"
    about: Thing | None = None
    """Where it isn't what the table says of the name alone: a list to tick is a case's, too."""

    @property
    def name(self) -> str:
        """The command or the button's verb."""
        return self.said.removeprefix("/").replace(":", " ").split()[0]

    @property
    def typed(self) -> bool:
        """Whether it is a command."""
        return self.said.startswith("/")

    @property
    def thing(self) -> Thing:
        """What the table says that it is about."""
        return self.about or (COMMANDS if self.typed else BUTTONS)[self.name]

    def allowed(self, stage: Stage, person: Person, things: Things) -> bool:
        """What the table says."""
        far, others = reach(person.role, self.thing), self.name in OF_OTHERS
        if self.whose == "role":
            return manages(person.role, self.thing) if others else far != "none"
        if self.whose == "share":
            given = stage.may(person, "actions-given", things, own=False)
            return person.id == things.worker or given
        if self.whose in ("holder", "sender"):
            owner = things.worker if self.whose == "holder" else things.sender
            return far != "none" and person.id == owner
        return stage.may(person, self.thing, things, own=not others)


def starts(flow: str) -> Seen:
    """A dialogue of this name is under way."""
    return lambda outcome, _: outcome.flow == flow


def changes(*tables: str) -> Seen:
    """Rows of these tables have changed."""
    return lambda outcome, _: outcome.changed >= set(tables)


def says(words: str) -> Seen:
    """A reply holds these words, filled with the things of the case."""
    return lambda outcome, things: outcome.says(words.format(things))


def notes(what: str) -> Seen:
    """The trail has such a line."""
    return lambda outcome, _: any(line.startswith(what) for line, _ in outcome.lines)


def both(first: Seen, second: Seen) -> Seen:
    """The one and the other."""
    return lambda outcome, things: first(outcome, things) and second(outcome, things)


def _case(said: str, seen: Seen) -> Deed:
    return Deed(said, seen, "case")


_LIBRARY = load_library(None)
_ENTRY = _LIBRARY.guidance.find("icpc")
assert _ENTRY is not None
_STEP = item_key(_ENTRY.sections["Steps"][0])[:6]
_OF_CASE = next(name for name, one in _LIBRARY.checklists.items() if one.per == "case")
_OWN = next(name for name, one in _LIBRARY.checklists.items() if one.per != "case")
_ITEM = item_key(_LIBRARY.checklists[_OF_CASE].items[0])[:6]
_OWN_ITEM = item_key(_LIBRARY.checklists[_OWN].items[0])[:6]
_REFERENCE = "{0.case.reference}"

COMMAND_DEEDS = (
    Deed("/help", says("/")),
    Deed("/topics", says("grp:")),
    Deed("/checklist", says("clo:")),
    Deed("/glossary ICPC", says("initial child protection conference")),
    Deed("/today", says("")),
    Deed("/week", says("")),
    Deed("/overdue", says("")),
    Deed("/actions", says("")),
    Deed("/whatmymanagersees", says("")),
    Deed("/settings", says("set:")),
    Deed("/away", starts("away")),
    Deed("/cancel", says("")),
    Deed("/privacy", says("prv:")),
    Deed("/export", notes("exported own data")),
    Deed("/deleteme", starts("deleteme")),
    Deed("/cases", says("cases")),
    Deed("/newcase CP-1999", changes("case_file")),
    Deed("/drift", says("")),
    Deed("/plo", says("")),
    Deed("/calendar", says("driftless.ics")),
    Deed("/spreadsheet", notes("took spreadsheet")),
    _case(f"/case {_REFERENCE}", both(says(_REFERENCE), notes("saw case"))),
    _case(f"/event {_REFERENCE} core group held yesterday", changes("case_event")),
    _case(f"/visit {_REFERENCE} yesterday alone", changes("visit")),
    _case(f"/close {_REFERENCE}", starts("close")),
    _case(f"/family {_REFERENCE} CP-3000", notes("set family")),
    _case(f"/handover {_REFERENCE}", starts("handover")),
    Deed("/team", notes("saw board")),
    Deed("/figures", notes("took figures")),
    Deed("/board", changes("web_key")),
    Deed("/pack", says("upervision")),
    Deed("/action", starts("action")),
    Deed("/announce", starts("announce")),
    Deed("/announcements", says("nnounce")),
    Deed("/questions", says("asked")),
    Deed("/leaver", starts("leaver")),
    Deed("/roster", says("ros")),
    Deed(f"/code {CODE}", notes("proved to be the administrator")),
)

BUTTON_DEEDS = (
    Deed("entry:icpc", changes("shown_entry")),
    Deed("sec:s:icpc", says("ICPC")),
    Deed("rest:0:icpc", says("")),
    Deed("src:icpc", says("sources")),
    Deed("rel:icpc", says("entry:")),
    Deed("nxt:icpc", says("")),
    Deed("notright:1", says("grp:")),
    Deed("none:1", says("grp:")),
    Deed("try:0", changes("question")),
    Deed("topics:0", says("grp:")),
    Deed("grp:protect", says("")),
    Deed("help:all", says("/")),
    Deed("gwhy:0", says("")),
    Deed(f"clo:{_OWN}:0", says(f"tk:{_OWN}")),
    Deed(f"clo:{_OF_CASE}:{{0.case.id}}", says(_REFERENCE), "case", "cases"),
    Deed("tks:icpc", says("ts:icpc")),
    Deed(f"ts:icpc:0:{_STEP}:0", changes("tick")),
    Deed("tsp:icpc:0:0", says("ts:icpc")),
    Deed(f"tk:{_OWN}:0:{_OWN_ITEM}:0", changes("tick")),
    Deed(f"tk:{_OF_CASE}:0:{_ITEM}:{{0.case.id}}", changes("tick"), "case", "cases"),
    Deed(f"tkp:{_OF_CASE}:0:{{0.case.id}}", says(_REFERENCE), "case", "cases"),
    Deed("set:discreet:1", changes("person")),
    Deed("show:{0.message}", says(_REFERENCE), "holder", "own-data"),
    Deed("prv:data", notes("exported own data")),
    Deed("cases:0", says("cases")),
    Deed("gvisit:0", starts("visit")),
    Deed("start:icpc", starts("start-clock")),
    Deed("calnew:0", changes("web_key")),
    Deed("caloff:0", notes("switched off calendar address")),
    _case("case:{0.case.id}", both(says(_REFERENCE), notes("saw case"))),
    _case("ev:{0.case.id}", starts("event")),
    _case("vis:{0.case.id}", starts("visit")),
    _case("his:{0.case.id}", both(says("evt:{0.event}"), notes("saw case"))),
    _case("tl:{0.case.id}", both(says(_REFERENCE), notes("saw case"))),
    _case("more:{0.case.id}", says(_REFERENCE)),
    _case("dis:{0.case.id}", changes("case_file")),
    _case("plan:{0.case.id}", starts("plan-visit")),
    _case("freq:{0.case.id}", starts("frequency")),
    _case("famset:{0.case.id}", starts("family")),
    _case("close:{0.case.id}", starts("close")),
    _case("cls:{0.case.id}", says(_REFERENCE)),
    _case("evt:{0.event}", says(_REFERENCE)),
    _case("fix:{0.event}", starts("correct")),
    _case("oend:{0.order}", starts("order-end")),
    _case("ans:{0.event}:no-s47", changes("case_event")),
    _case("fam:{0.event}", changes("case_event")),
    _case("undo:{0.event}", changes("case_event")),
    _case("why:{0.visit}:parent", changes("visit")),
    _case("vq:{0.visit}:voice:y", changes("visit")),
    _case("miss:{0.planned}", changes("planned_visit")),
    _case("clk:{0.clock}", says(_REFERENCE)),
    _case("done:{0.clock}", starts("done")),
    _case("snz:{0.clock}", says(_REFERENCE)),
    _case("ext:{0.clock}", starts("extend")),
    _case("nn:{0.clock}", starts("not-needed")),
    _case("req:{0.request}:n", changes("clock_request")),
    _case("lv:{0.leave}:n", changes("leave")),
    _case("hand:{0.case.id}", starts("handover")),
    Deed("act:{0.share}", says(_REFERENCE), "share"),
    Deed("ahis:{0.share}", says("who else comes?"), "share"),
    Deed("ack:{0.share}", changes("action_recipient"), "holder"),
    Deed("adone:{0.share}", starts("action-done"), "holder"),
    Deed("aask:{0.share}", starts("action-ask"), "holder"),
    Deed("bread:{0.received}:1", changes("broadcast_recipient"), "holder"),
    Deed("bpre:1", says("preview")),
    _case("aclose:{0.done}", changes("action_recipient")),
    _case("aret:{0.done}", starts("action-return")),
    _case("aans:{0.question}", starts("action-answer")),
    _case("adate:{0.share}", starts("action-redate")),
    _case("areas:{0.share}", starts("action-reassign")),
    _case("asplit:{0.share}", starts("action-split")),
    _case("acan:{0.share}", starts("action-cancel")),
    _case("actc:{0.case.id}", starts("action")),
    _case("actw:{0.worker}", starts("action")),
    Deed("bshow:{0.broadcast}", says("Good morning"), "sender"),
    Deed("bnudge:{0.broadcast}", changes("broadcast"), "sender"),
    Deed("bedit:{0.broadcast}", starts("announce-change"), "sender"),
    Deed("bdraw:{0.broadcast}", starts("announce-withdraw"), "sender"),
    _case("ros:{0.team.id}", says("{0.team.name}")),
    _case("rosok:{0.team.id}:{0.roster}", changes("team")),
    Deed("rosbye:0", starts("leaver")),
    Deed("team:0", notes("saw board")),
    Deed("trend:0", says("weeks")),
    Deed("figures:0", notes("took figures")),
    Deed("bdoff:0", notes("ended board sessions")),
    _case("pack:{0.worker}", notes("took supervision page")),
    _case("seshld:{0.worker}", starts("session-held")),
    _case("sesok:{0.session}", changes("supervision_session")),
    _case("sespln:{0.worker}", starts("session-plan")),
)
