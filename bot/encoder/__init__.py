"""What the packaged small neural models share: their word pieces, and how one is run.

Both are optional: where onnxruntime or tokenizers is missing, the linear models speak alone.
"""

from functools import cache
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

TOKENS = files("bot.encoder") / "tokens.json"


def word_pieces() -> Any | None:
    """The tokenizer of all-MiniLM-L6-v2, which neither fills up nor cuts off; None without its library."""
    try:
        from tokenizers import Tokenizer  # noqa: PLC0415
    except ImportError:
        return None
    return _read(Tokenizer)


@cache
def _read(kind: Any) -> Any:
    tokenizer = kind.from_str(TOKENS.read_text("utf-8"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def weights_of(model: Path) -> Path:
    """The file beside a model that holds its weights."""
    return model.with_suffix(".bin")


def session(model: Traversable) -> Any | None:
    """A packaged ONNX model ready to run on one thread; None where it can't run or is not there."""
    try:
        import onnxruntime  # noqa: PLC0415
    except ImportError:
        return None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False
    with as_file(model) as path:
        if not (path.is_file() and weights_of(path).is_file()):
            return None
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
