"""Writes a model with its weights in a file beside it, as the package carries it.

A running bot maps that file into its memory: of the word pieces' vectors, half of a model, it reads only
those that somebody has typed.
"""

from pathlib import Path

import onnxruntime

from bot.encoder import weights_of

_LEAST = 4096
"""Bytes from which on an array goes into the file beside; a mapping begins at a page of memory."""


def put_apart(whole: Path, model: Path) -> None:
    """Writes `whole` as `model` with its weights beside it; nothing else about it changes."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.optimized_model_filepath = str(model)
    settings = {"file_name": weights_of(model).name, "min_size_in_bytes": str(_LEAST)}
    for name, value in settings.items():
        options.add_session_config_entry(f"session.optimized_model_external_initializers_{name}", value)
    onnxruntime.InferenceSession(str(whole), options, providers=["CPUExecutionProvider"])
