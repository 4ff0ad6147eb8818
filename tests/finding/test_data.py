"""The data and the model file belong together, and nothing of the development set is learnt."""

import re

from bot.finding.corpus import data_hash, development_lines, kept_out_lines, training_lines, unseen_lines
from bot.finding.model import Model
from bot.finding.text import abbreviations, meanings, plain, words

DEV_LINES = 260
TOPICS = 137


def _normal(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip() or text


def test_the_model_was_made_from_this_data(model: Model) -> None:
    assert model.data_hash == data_hash(), "run: python -m bot.finding.train"


def test_no_development_line_is_learnt() -> None:
    learnt = {_normal(line.question) for line in training_lines()}
    lines = development_lines()
    assert len(lines) == DEV_LINES
    for line in (*lines, *kept_out_lines(), *unseen_lines()):
        assert _normal(line.question) not in learnt


def test_every_topic_is_learnt_from_several_hands() -> None:
    hands: dict[str, set[str]] = {}
    for line in training_lines():
        if line.kind == "answerable":
            for slug in line.entries:
                hands.setdefault(slug, set()).add(line.hand)
    assert len(hands) == TOPICS
    assert {slug for slug, found in hands.items() if len(found) < 4} == set()


def test_the_model_knows_every_topic(model: Model) -> None:
    assert len([name for name in model.classes if not name.startswith("-")]) == TOPICS


def test_abbreviations_are_written_out() -> None:
    assert "conference" in meanings(words(plain("ICPC due?")))
    assert words(plain("s.47 / sec 47 / Section 47 / S47")) == ["s47"] * 4
    assert words(plain("2wks b4 the mtg")) == ["2", "weeks", "before", "the", "meeting"]


def test_no_abbreviation_means_itself() -> None:
    assert [short for short, long in abbreviations().meanings.items() if short == long] == []
