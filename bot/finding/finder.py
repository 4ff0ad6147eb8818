"""Finds the entry that answers a question, or says that there is none."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from bot.finding.courtesy import small_talk
from bot.finding.danger import danger_signals
from bot.finding.decision import Ranking, chances, likely, rank
from bot.finding.model import Model
from bot.finding.result import EntryText, Finding, SmallTalk
from bot.finding.signposts import signpost
from bot.finding.text import plain, words

PROTECTION = "immediate-protection"
POLICE = "police-protection"
# A lower alarm finds more danger but rings more for nothing: `Finding.danger` lets a caller be more careful.
ALARM = 0.5
MOST_CANDIDATES = 10


class Finder:
    """Answers from the entries it was loaded with, and from no other."""

    def __init__(self, model: Model, slugs: Iterable[str], exact: dict[str, str]) -> None:
        allowed = frozenset(slugs)
        self._model = model
        self._shown = np.array([name in allowed for name in model.classes])
        self._exact = exact
        self._shape = model.calibration["shape"]

    @classmethod
    def load(cls, entries: Iterable[EntryText], model: Model | None = None) -> "Finder":
        """A finder over these entries. Their own questions and titles are always found."""
        texts = tuple(entries)
        exact: dict[str, str] = {}
        for entry in texts:
            for question in (entry.title, *entry.questions):
                exact.setdefault(" ".join(words(plain(question))), entry.slug)
        return cls(model or Model.shipped(), (entry.slug for entry in texts), exact)

    def find(self, question: str) -> Finding:
        """The finding for one message, whatever it is."""
        text = plain(question)
        found = words(text)
        talk = small_talk(text)
        if not found or talk in ("greeting", "thanks"):
            return Finding("none", small_talk=talk)
        mended = self._model.mend(found)
        scores = self._model.score(found, mended)
        ranking = rank(chances(scores.classes, self._shape[0]), self._shown)
        danger = likely(self._model.calibration["alarm"], danger_signals(text, scores.danger))
        if danger >= ALARM:
            return self._urgent(ranking, len(found), danger)
        return replace(self._calm(text, found, ranking, talk), danger=danger)

    def _calm(self, text: str, found: list[str], ranking: Ranking, talk: SmallTalk | None) -> Finding:
        candidates = self._candidates(ranking)
        signals = ranking.signals(len(found))
        score = likely(self._model.calibration["sure"], signals)
        known = self._exact.get(" ".join(found))
        if known is not None:
            rest = tuple(slug for slug in candidates if slug != known)
            return Finding("answer", known, (known, *rest)[:MOST_CANDIDATES], 1.0, None, talk)
        refuse = likely(self._model.calibration["refuse"], signals)
        post = signpost(text)
        if not ranking.best_is_shown or refuse >= self._shape[2] or (post and post.always):
            return Finding("none", None, candidates, score, post.kind if post else None, talk)
        if score >= self._shape[1]:
            return Finding("answer", candidates[0], candidates, score, None, talk)
        return Finding("choices", None, candidates, score, None, talk)

    def _candidates(self, ranking: Ranking) -> tuple[str, ...]:
        return tuple(self._model.classes[place] for place in ranking.places[:MOST_CANDIDATES])

    def _urgent(self, ranking: Ranking, length: int, danger: float) -> Finding:
        candidates = self._candidates(ranking)
        score = likely(self._model.calibration["sure"], ranking.signals(length))
        shown = {self._model.classes[place] for place in np.flatnonzero(self._shown)}
        first = next((slug for slug in (PROTECTION, POLICE) if slug in shown), None)
        if candidates and candidates[0] == POLICE:
            first = POLICE
        rest = tuple(slug for slug in candidates if slug != first)
        ranked = rest if first is None else (first, *rest)
        return Finding("urgent", first, ranked[:MOST_CANDIDATES], score, danger=danger)
