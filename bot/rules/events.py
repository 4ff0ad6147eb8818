"""What can happen on a case: the events that start and end its clocks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class EventKind:
    """One kind of event.

    words: other plain ways to say it. clock_time: hours count from it. ahead: a date that is fixed
    beforehand (a hearing, a due date), so that clocks count back from it and it may lie in the future.
    sealed_end: a court order whose end is read off the sealed order and typed in, never computed over.
    """

    id: str
    title: str
    words: tuple[str, ...] = ()
    clock_time: bool = False
    ahead: bool = False
    sealed_end: bool = False


@dataclass(frozen=True)
class Answer:
    """A follow-up that changes what an event means, offered as a button after it is recorded."""

    kind: str
    detail: str
    label: str


NO_S47 = "no-s47"
NO_PLAN = "no-plan"
NO_CONFERENCE = "no-conference"

ANSWERS = (
    Answer("strategy-discussion-held", NO_S47, "Section 47 not begun"),
    Answer("icpc-held", NO_PLAN, "No plan was made"),
    Answer("s47-outcome", NO_CONFERENCE, "No conference needed"),
)

_KINDS = (
    EventKind("referral-received", "Referral received", ("referral", "contact received")),
    EventKind(
        "assessment-completed", "Assessment completed", ("assessment done", "single assessment completed")
    ),
    EventKind(
        "strategy-discussion-held",
        "Strategy discussion held",
        ("strategy discussion", "strategy meeting", "strat", "strat held", "strategy meeting held"),
    ),
    EventKind(
        "s47-started", "Section 47 enquiry begun", ("s47", "section 47", "section 47 started", "s47 begun")
    ),
    EventKind(
        "s47-outcome", "Section 47 outcome decided", ("section 47 outcome", "s47 done", "s47 completed")
    ),
    EventKind(
        "icpc-held",
        "Initial child protection conference held",
        ("icpc", "initial conference", "initial child protection conference", "conference held"),
    ),
    EventKind("core-group-held", "Core group held", ("core group", "core group meeting", "cg held")),
    EventKind("cp-visit", "Child on a plan seen", ("visit", "cp visit", "child seen")),
    EventKind("cp-visit-not-seen", "Visit, child not seen", ("not seen",)),
    EventKind(
        "rcpc-held",
        "Review conference held",
        ("rcpc", "review conference", "review child protection conference"),
    ),
    EventKind("plan-ended", "Child protection plan ended", ("plan closed", "cp plan ended", "de-planned")),
    EventKind("transfer-in-notified", "Told of a move into our area", ("transfer in",)),
    EventKind("cin-plan-started", "Child in need plan started", ("cin plan",)),
    EventKind("cin-plan-ended", "Child in need plan ended", ("cin plan ended", "cin closed")),
    EventKind("cin-review-held", "Child in need review held", ("cin review",)),
    EventKind("cin-visit", "Child in need visit", ("cin visit",)),
    EventKind(
        "legal-planning-meeting-held",
        "Legal planning meeting held",
        ("legal planning meeting", "lpm", "legal gateway", "legal gateway meeting", "gateway"),
    ),
    EventKind(
        "pre-proceedings-decided",
        "Decision to enter pre-proceedings",
        ("pre-proceedings", "pre proceedings decided", "entered plo", "plo started"),
    ),
    EventKind(
        "letter-before-proceedings-sent",
        "Letter before proceedings sent",
        ("letter before proceedings", "lbp", "lbp sent", "plo letter"),
    ),
    EventKind(
        "pre-proceedings-meeting-held",
        "Pre-proceedings meeting held",
        ("pre-proceedings meeting", "ppm", "plo meeting", "first plo meeting"),
    ),
    EventKind(
        "pre-proceedings-review-held", "Pre-proceedings review held", ("plo review", "mid-point review")
    ),
    EventKind("pre-proceedings-ended", "Pre-proceedings ended", ("plo ended", "stepped down from plo")),
    EventKind(
        "proceedings-issued", "Care proceedings issued", ("issued", "proceedings issued", "c110a issued")
    ),
    EventKind("case-management-hearing", "Case management hearing", ("cmh",), ahead=True),
    EventKind("issues-resolution-hearing", "Issues resolution hearing", ("irh",), ahead=True),
    EventKind("final-hearing", "Final hearing listed", (), ahead=True),
    EventKind("final-hearing-held", "Final hearing held", ()),
    EventKind("missing-began", "Child went missing", ("missing",), clock_time=True),
    EventKind("transfer-out", "Told another area of a move", ("transfer out",)),
    EventKind("police-protection-ended", "Police protection ended", (), clock_time=True),
    EventKind("pregnancy-due-date", "Baby's due date", ("edd", "due date"), ahead=True),
    EventKind("child-born", "Child born", ("birth", "born")),
    EventKind("interim-care-order-made", "Interim care order made", ("ico",), sealed_end=True),
    EventKind("care-order-made", "Care order made", ("care order",)),
    EventKind("supervision-order-made", "Supervision order made", ("supervision order",), sealed_end=True),
    EventKind("placement-order-made", "Placement order made", ("placement order",)),
    EventKind("adoption-order-made", "Adoption order made", ("adoption order",)),
    EventKind("special-guardianship-order-made", "Special guardianship order made", ("sgo",)),
    EventKind(
        "emergency-protection-order-made", "Emergency protection order made", ("epo",), sealed_end=True
    ),
    EventKind(
        "police-protection-began",
        "Police protection began",
        ("police protection", "pp began"),
        clock_time=True,
    ),
    EventKind("became-looked-after", "Child became looked after", ("looked after", "came into care")),
    EventKind("placement-started", "Placement started", ("placed", "new placement", "placement move")),
    EventKind("placement-ended", "Placement ended", ()),
    EventKind("lac-visit", "Looked-after child seen", ("lac visit", "cla visit")),
    EventKind(
        "lac-review-held", "Looked-after review held", ("lac review", "cla review", "child in care review")
    ),
    EventKind(
        "health-assessment-done", "Health assessment done", ("iha done", "rha done", "health assessment")
    ),
    EventKind("pep-reviewed", "Personal education plan reviewed", ("pep", "pep done")),
    EventKind("reg24-approved", "Temporary approval of a connected person", ("reg 24", "reg24")),
    EventKind("placed-with-parent", "Child placed with a parent", ("placed with parents",)),
    EventKind("home-on-interim-order", "Child at home on an interim care order", ("ico at home",)),
    EventKind("home-on-care-order", "Child at home on a care order", ("care order at home",)),
    EventKind("ceased-looked-after", "Child stopped being looked after", ("ceased to be looked after",)),
    EventKind("private-fostering-notified", "Private fostering notified", ("private fostering",)),
    EventKind("private-fostering-visit", "Private fostering visit", ()),
    EventKind("private-fostering-ended", "Private fostering ended", ()),
    EventKind(
        "missing-returned",
        "Child returned after going missing",
        ("returned", "missing returned"),
        clock_time=True,
    ),
    EventKind("return-interview-held", "Return home interview held", ("return interview", "rhi")),
    EventKind("allegation-received", "Allegation received", ("allegation", "lado")),
    EventKind("serious-incident-known", "Serious incident known", ("serious incident",)),
    EventKind("serious-incident-notified", "Serious incident notified", ()),
    EventKind("rapid-review-done", "Rapid review done", ("rapid review",)),
    EventKind("supervision-held", "Supervision held", ("supervision",)),
    EventKind("case-allocated", "Case allocated", ("allocated",)),
    EventKind("worker-changed", "Change of social worker", ("new worker",)),
    EventKind("icpc-requested", "Initial conference asked for", ("conference requested",)),
    EventKind("complaint-received", "Complaint received", ("complaint",)),
    EventKind("records-request-received", "Request for records received", ("sar", "subject access request")),
    EventKind("focused-visit-letter-received", "Ofsted focused visit letter received", ()),
    EventKind("ofsted-report-received", "Ofsted report received", ()),
    EventKind("case-closed", "Case closed", ("closed",)),
)

EVENTS: Mapping[str, EventKind] = {kind.id: kind for kind in _KINDS}


def _plain(text: str) -> str:
    return re.sub(r"[\s_-]+", " ", text.lower()).strip()


_BY_WORDS = {
    _plain(words): kind for kind in _KINDS for words in (*kind.words, kind.title, kind.id.replace("-", " "))
}


def find_event(typed: str) -> EventKind | None:
    """The event kind with this id or these plain words, or None."""
    return EVENTS.get(typed.strip().lower()) or _BY_WORDS.get(_plain(typed))
