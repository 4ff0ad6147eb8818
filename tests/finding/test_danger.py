"""Danger that is happening now is never missed; a question about danger is not danger."""

import pytest

from bot.finding import EntryText, Finder
from bot.finding.corpus import Line, development_lines, training_lines
from bot.finding.model import Model
from bot.finding.result import Finding
from bot.texts.answers import MAYBE_DANGER

IN_PASSING = "hand37"
"""Whose lines tell of danger inside another question: the hardest to hear, and no measure for the others."""
HAPPENING = [
    "he's hitting her right now and i can hear the children",
    "dad has a knife and we are in the hallway",
    "the baby has stopped breathing",
    "she has just taken a whole packet of tablets",
    "i'm locked in the house and he won't let me out",
    "a boy is on the bridge saying he will jump",
    "there's a toddler on his own in the flat, nobody is answering",
    "mum is drunk and driving off with the kids",
    "I am outside, there is screaming and the door is locked",
    "They are taking her to the airport tonight to be married",
    "he is outside my car with a bat",
    "Child says she is going to kill herself tonight",
    "the house is on fire and the children are upstairs",
    "father is strangling her in front of the baby",
    "he has grabbed the baby from the carer and driven away just now",
    "little girl hiding in a cupboard on the phone to us, he is coming up the stairs",
]
ONLY_ASKED_ABOUT = [
    "what does an EPO do",
    "how long does police protection last",
    "when must a serious incident be notified",
    "which form do we use for an emergency protection order",
    "how soon after a strategy discussion is the conference",
    "what is the threshold for immediate protection",
    "who chairs the strategy discussion when a child is in hospital",
    "dad was convicted of assault years ago, does that go in the chronology",
    "is a non-molestation order enough to close the case",
    "what questions are on the DASH form",
]


@pytest.mark.parametrize("text", HAPPENING)
def test_danger_now_is_urgent(finder: Finder, text: str) -> None:
    found = finder.find(text)
    assert found.status == "urgent"
    assert found.entry in ("immediate-protection", "police-protection")
    assert found.candidates[0] == found.entry


@pytest.mark.parametrize("text", HAPPENING)
def test_danger_now_is_urgent_when_shouted(finder: Finder, text: str) -> None:
    assert finder.find(f"HELP!! {text.upper()}").status == "urgent"


@pytest.mark.parametrize("text", ONLY_ASKED_ABOUT)
def test_a_question_about_danger_is_not_urgent(finder: Finder, text: str) -> None:
    assert finder.find(text).status != "urgent"


def test_no_danger_of_the_development_set_is_missed(finder: Finder) -> None:
    missed = [
        line.question
        for line in development_lines()
        if line.kind == "urgent" and finder.find(line.question).status != "urgent"
    ]
    assert missed == []


def _calm(finder: Finder, lines: list[Line]) -> list[Finding]:
    return [found for line in lines if (found := finder.find(line.question)).status != "urgent"]


def test_hardly_any_learnt_danger_is_missed(finder: Finder) -> None:
    urgent = [line for line in training_lines() if line.kind == "urgent" and line.hand != IN_PASSING]
    assert len(_calm(finder, urgent)) <= len(urgent) * 0.02


def test_of_danger_that_is_told_in_passing_little_is_missed(finder: Finder) -> None:
    urgent = [line for line in training_lines() if line.kind == "urgent" and line.hand == IN_PASSING]
    assert len(urgent) > 400
    calm = _calm(finder, urgent)
    assert len(calm) <= len(urgent) * 0.085
    unwarned = [found for found in calm if found.danger < MAYBE_DANGER]
    assert len(unwarned) <= len(urgent) * 0.065, "others have the emergency line above the answer"


def test_distress_is_heard_as_that_unless_danger_is_likelier(finder: Finder) -> None:
    assert finder.find("i cant cope with this any more").small_talk == "distress"
    assert finder.find("i cant cope he has a knife at her throat").status == "urgent"
    assert finder.find("im shaking, dad is breaking the door down right now").status == "urgent"


def test_danger_without_the_protection_entry_still_says_urgent(model: Model) -> None:
    finder = Finder.load([EntryText("icpc", "Initial conference")], model)
    found = finder.find("the baby has stopped breathing")
    assert (found.status, found.entry) == ("urgent", None)


def test_the_chance_of_danger_is_told_on_either_side_of_the_alarm(finder: Finder, model: Model) -> None:
    alarm = model.alone.alarm_from
    assert finder.find(HAPPENING[0]).danger >= alarm
    assert all(finder.find(text).danger < alarm for text in ONLY_ASKED_ABOUT)
    assert any(finder.find(text).danger > 0 for text in ONLY_ASKED_ABOUT)
