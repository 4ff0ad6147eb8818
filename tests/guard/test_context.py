"""The model that reads each word in its sentence: small, optional, and quick on long texts."""

import json
import random
import sys
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from bot.encoder import weights_of
from bot.rules.guard import personal
from bot.rules.guard.context import MODEL, ContextModel, stretches
from bot.rules.guard.lines import answered
from bot.rules.guard.messages import Maker
from bot.rules.guard.names import NameFinder
from bot.rules.guard.naming import NAME

BIGGEST = 16_100_000


@pytest.fixture(scope="module")
def alone() -> NameFinder:
    """The linear model without the other."""
    kept = np.load(BytesIO(files("bot.rules.guard").joinpath("model.npz").read_bytes()))
    lines = bytes(kept["vocabulary"]).decode().split("\n")
    return NameFinder({line[:-1]: int(line[-1]) for line in lines}, kept["weights"].astype(np.float32))


def test_the_file_is_small() -> None:
    model = Path(str(MODEL))
    assert model.stat().st_size + weights_of(model).stat().st_size <= BIGGEST


@pytest.mark.parametrize("missing", ["onnxruntime", "tokenizers"])
def test_without_its_libraries_there_is_none(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    assert ContextModel.shipped() is None


def test_the_linear_model_alone_still_guards(alone: NameFinder) -> None:
    assert alone.holds_name("tyler b not seen alone again")
    assert alone.holds_name("spoke to Mrs Kowalczyk")
    assert not alone.holds_name("when is the core group due")


@pytest.mark.parametrize("text", ["", "🙂", "مرحبا", "17/11", "?" * 4000, "a" * 4000, "a " * 2000])
def test_any_text_is_read(text: str) -> None:
    personal(text)


def test_the_same_word_is_a_name_here_and_none_there() -> None:
    assert personal("mark says he never hit her")
    assert not personal("mark the visit late")
    assert personal("grace has a bruise on her arm")
    assert not personal("a few days grace for the report")


def test_a_name_is_found_wherever_it_stands_in_a_long_text() -> None:
    lines = files("bot.finding").joinpath("data/evaluation/dev.jsonl").read_text("utf-8").splitlines()
    asked = [json.loads(line)["question"] for line in lines]
    quiet = [one for one in asked if not personal(one)][:36]
    assert 2000 < len(". ".join(quiet)) < 3900
    assert not personal(". ".join(quiet))
    for at in (0, 18, 36):
        assert personal(". ".join([*quiet[:at], "spoke to mrs kowalczyk about zainab", *quiet[at:]]))


def test_every_likely_word_of_a_long_text_is_read() -> None:
    chance = random.Random(1)
    for _ in range(200):
        likely = [chance.random() < 0.03 for _ in range(chance.randrange(81, 900))]
        read = list(stretches(likely))
        assert all(any(start <= at < end for start, end in read) for at, one in enumerate(likely) if one)
        assert all(0 <= start < end <= len(likely) and end - start <= 104 for start, end in read)


def test_messages_to_learn_from_are_the_same_each_time_and_mark_their_names() -> None:
    first, second = (Maker(random.Random(3), everything=False) for _ in range(2))
    made = [first.message() for _ in range(60)]
    assert made == [second.message() for _ in range(60)]
    for message, named in made:
        assert (NAME in message) == named == any(answered(message)[3])
