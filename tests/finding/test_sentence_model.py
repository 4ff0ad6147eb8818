"""The sentence model: what is shipped fits the linear model, and nothing needs it."""

import math
import sys
from pathlib import Path

import pytest

from bot.encoder import weights_of
from bot.finding import EntryText, Finder
from bot.finding.model import Model
from bot.finding.sentence_model import MODEL, MOST_TOKENS, SentenceModel, sentence_input, shortened
from tests.finding.conftest import SLICE

BIGGEST = 30_000_000


def test_both_models_know_the_same_classes(sentences: SentenceModel, model: Model) -> None:
    assert sentences.classes == model.classes, "train the sentence model, then the linear one"


def test_the_file_is_small() -> None:
    model = Path(str(MODEL))
    assert model.stat().st_size + weights_of(model).stat().st_size <= BIGGEST


def test_it_scores_any_text(sentences: SentenceModel) -> None:
    for text in ("", "🙂", "مرحبا", "a" * 4_000, "when is the core group due"):
        classes, danger = sentences.score(text)
        assert len(classes) == len(sentences.classes)
        assert math.isfinite(danger)


def test_it_knows_a_plain_question_and_danger(sentences: SentenceModel) -> None:
    classes, calm = sentences.score("when is the first core group due")
    assert sentences.classes[int(classes.argmax())] == "core-group"
    assert sentences.score("the baby has stopped breathing")[1] > calm


def test_a_long_message_keeps_its_start_and_its_end() -> None:
    tokens = list(range(200))
    kept = shortened(tokens)
    assert len(kept) == MOST_TOKENS
    assert (kept[0], kept[-1]) == (0, 199)
    assert shortened(tokens[:10]) == tokens[:10]


def test_long_forms_stand_behind_the_text() -> None:
    assert sentence_input("ICPC due?") == "icpc due? ; initial child protection cp conference"
    assert sentence_input("what is due?") == "what is due?"


@pytest.mark.parametrize("missing", ["onnxruntime", "tokenizers"])
def test_without_its_libraries_the_linear_model_speaks_alone(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    assert SentenceModel.shipped() is None
    finder = Finder.load([EntryText(slug, slug) for slug in SLICE])
    assert finder.find("when is the first core group due after conference").candidates[0] == "core-group"
    assert finder.find("the baby has stopped breathing").status == "urgent"
