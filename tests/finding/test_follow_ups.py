"""Messages that lean on the answer before them, messages with several questions, and the way of a case."""

import pytest

from bot.finding import EntryText, Finder
from bot.finding.corpus import training_lines
from bot.finding.follow_ups import follow_up
from bot.finding.model import Model
from bot.finding.several import several
from bot.rules.next_stage import NEXT_STAGE
from bot.services.office import Office


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("and after that?", "next"),
        ("ok then what", "next"),
        ("What happens next?", "next"),
        ("who chairs it?", "who"),
        ("thanks, and who signs that off", "who"),
        ("what if they refuse?", "if"),
        ("and if mum says no", "if"),
        ("how do i record that", "record"),
        ("when's it due", "when"),
        ("how long have we got?", "when"),
        ("says who", "sources"),
        ("is that the law?", "sources"),
        ("what do i do first", "steps"),
        ("who chairs an initial conference", None),
        ("when is the core group due", None),
        ("what if a baby has a bruise", None),
        ("how long does police protection last", None),
        ("thanks", None),
        ("", None),
        ("what if " + "they say no and " * 20, None),
    ],
)
def test_what_a_short_message_asks_of_the_answer_before(text: str, kind: str | None) -> None:
    assert follow_up(text) == kind


def test_whole_questions_are_hardly_ever_taken_for_follow_ups() -> None:
    lines = [line for line in training_lines() if line.kind in ("answerable", "near", "far", "urgent")]
    taken = [line.question for line in lines if follow_up(line.question)]
    assert len(taken) <= len(lines) * 0.005, taken


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "when is the first core group due? who chairs a legal planning meeting?",
            ("when is the first core group due?", "who chairs a legal planning meeting?"),
        ),
        (
            "1. How long does an EPO last?\n2. And how often are cp visits?",
            ("How long does an EPO last?", "how often are cp visits?"),
        ),
        ("how long does an EPO last?", ()),
        ("when is the core group due? and who chairs it?", ()),
        ("dad asked me “how long will you take?” what do I say about assessments?", ()),
        ("Bad visit today. Who do I tell about bruises? They cried. How soon is a medical?", ()),
        ("a? b? c?", ()),
    ],
)
def test_questions_that_stand_alone_are_taken_apart(text: str, parts: tuple[str, ...]) -> None:
    assert several(text) == parts


def test_one_persons_question_is_hardly_ever_taken_apart() -> None:
    lines = [line for line in training_lines() if line.kind in ("answerable", "urgent")]
    taken = [line.question for line in lines if several(line.question)]
    assert len(taken) <= len(lines) * 0.002, taken


def test_the_way_of_a_case_leads_from_entry_to_entry(office: Office) -> None:
    named = {*NEXT_STAGE, *(stage for stages in NEXT_STAGE.values() for stage in stages)}
    assert [slug for slug in named if office.library.guidance.find(slug) is None] == []
    assert [slug for slug, stages in NEXT_STAGE.items() if slug in stages] == []


OWN = EntryText(
    "parking-permits", "Parking permits for home visits", ("how do I get a permit to park on a visit",)
)


@pytest.fixture(scope="module")
def with_own(model: Model) -> Finder:
    """Every learnt entry, and one that a council has added."""
    learnt = [EntryText(slug, f"entry {slug}") for slug in model.classes if not slug.startswith("-")]
    return Finder.load([*learnt, OWN], model)


@pytest.mark.parametrize(
    "question",
    [
        "where do i get a parking permit for visits",
        "permit for parking when visiting",
        "park permits visit??",
    ],
)
def test_a_councils_own_entry_is_found_in_own_words(with_own: Finder, question: str) -> None:
    found = with_own.find(question)
    assert found.candidates[0] == OWN.slug
    assert found.status in ("answer", "choices")


@pytest.mark.parametrize(
    "question", ["how often are child protection visits", "when is the first core group", "what is for lunch"]
)
def test_a_councils_own_entry_takes_nothing_from_the_others(with_own: Finder, question: str) -> None:
    assert OWN.slug not in with_own.find(question).candidates[:1]


def test_danger_goes_before_a_councils_own_entry(with_own: Finder) -> None:
    found = with_own.find("dad has a knife at the permit parking, he is stabbing her now")
    assert (found.status, found.entry) == ("urgent", "immediate-protection")
