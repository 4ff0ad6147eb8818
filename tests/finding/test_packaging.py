"""The neural models' weights stand in files of their own, which a running bot maps and need not copy."""

from pathlib import Path

import pytest
from onnxruntime import InferenceSession

from bot.encoder import session, weights_of
from bot.encoder.apart import put_apart
from bot.finding.sentence_model import MODEL
from bot.rules.guard.context import MODEL as CONTEXT

MODELS = [Path(str(MODEL)), Path(str(CONTEXT))]


@pytest.mark.parametrize("model", MODELS, ids=lambda path: path.stem)
def test_what_is_read_whole_is_small(model: Path) -> None:
    assert model.stat().st_size < 400_000
    assert weights_of(model).stat().st_size > 15_000_000


def test_without_its_weights_a_model_is_not_there(tmp_path: Path) -> None:
    alone = tmp_path / "sentence.onnx"
    alone.write_bytes(Path(str(MODEL)).read_bytes())
    assert session(alone) is None


def test_written_anew_it_is_the_same(tmp_path: Path) -> None:
    again = tmp_path / "again.onnx"
    put_apart(Path(str(CONTEXT)), again)
    assert weights_of(again).read_bytes() == weights_of(Path(str(CONTEXT))).read_bytes()
    options = {"providers": ["CPUExecutionProvider"]}
    first, second = (InferenceSession(str(path), **options) for path in (Path(str(CONTEXT)), again))
    assert [one.name for one in first.get_inputs()] == [one.name for one in second.get_inputs()]
