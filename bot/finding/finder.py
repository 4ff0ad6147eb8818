"""Finds the entry that answers a question, or says that there is none."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.finding.courtesy import small_talk
from bot.finding.danger import danger_signals
from bot.finding.decision import Ranking, chances, likely, rank
from bot.finding.model import Model
from bot.finding.own_words import SURE, OwnWords
from bot.finding.result import EntryText, Finding, SmallTalk
from bot.finding.sentence_model import SentenceModel
from bot.finding.signposts import signpost
from bot.finding.text import plain, words

PROTECTION = "immediate-protection"
POLICE = "police-protection"
MOST_CANDIDATES = 10
FEW_WORDS, EVEN = 10, 0.5
"""A few words of somebody in distress are heard as that, unless danger is likelier than not."""
ALL_BUT_CERTAIN = 0.96


class SecondOpinion(Protocol):
    """Whatever reads a message beside the linear model; its classes are the linear model's."""

    def score(self, question: str) -> tuple[NDArray[np.float32], float]:
        """Raw scores of the classes, and that of danger."""
        ...


Models = tuple[Model, SecondOpinion | None]


def shipped_models() -> Models:
    """What the package ships: the linear model, and the other where it can run and knows the same classes."""
    model, second = Model.shipped(), SentenceModel.shipped()
    return model, second if second is not None and second.classes == model.classes else None


class Finder:
    """Answers from the entries it was loaded with, and from no other."""

    def __init__(
        self,
        model: Model,
        second: SecondOpinion | None,
        slugs: Iterable[str],
        exact: dict[str, str],
        own: OwnWords,
    ) -> None:
        allowed = frozenset(slugs)
        self._model = model
        self._second = second
        self._calibration = model.alone if second is None else model.together
        self._shown = np.array([name in allowed for name in model.classes])
        self._exact = exact
        self._own = own

    @classmethod
    def load(
        cls,
        entries: Iterable[EntryText],
        model: Model | None = None,
        second: SecondOpinion | None = None,
    ) -> "Finder":
        """A finder over these entries; without a model, with all that the package ships.

        The entries' own questions and titles are always found.
        """
        texts = tuple(entries)
        exact: dict[str, str] = {}
        for entry in texts:
            for question in (entry.title, *entry.questions):
                exact.setdefault(" ".join(words(plain(question))), entry.slug)
        if model is None:
            model, second = shipped_models()
        own = OwnWords(texts, model.classes)
        return cls(model, second, (entry.slug for entry in texts), exact, own)

    def find(self, question: str) -> Finding:
        """The finding for one message, whatever it is."""
        text = plain(question)
        found = words(text)
        talk = small_talk(text)
        if not found or talk in ("greeting", "thanks"):
            return Finding("none", small_talk=talk)
        scores = self._model.score(found, self._model.mend(found))
        classes, learnt = (None, None) if self._second is None else self._second.score(question)
        use = self._calibration
        ranking = rank(chances(scores.classes, classes, use.sharpness, use.second), self._shown)
        danger = likely(use.alarm, danger_signals(text, scores.danger, learnt))
        heard = talk == "distress" and len(found) <= FEW_WORDS
        if danger >= (max(use.alarm_from, EVEN) if heard else use.alarm_from):
            return self._urgent(ranking, len(found), danger)
        calm = self._calm(text, found, ranking, talk)
        return replace(self._with_own(question, calm), danger=danger)

    def _calm(self, text: str, found: list[str], ranking: Ranking, talk: SmallTalk | None) -> Finding:
        candidates, use = self._candidates(ranking), self._calibration
        signals = ranking.signals(len(found))
        score = likely(use.sure, signals)
        known = self._exact.get(" ".join(found))
        if known is not None:
            return Finding("answer", known, _first(known, candidates), 1.0, None, talk)
        post = signpost(text)
        # Words of a neighbouring service: refused at half the chance, and shown only when all but certain.
        refused = likely(use.refuse, signals) >= (use.refused_from / 2 if post else use.refused_from)
        if not ranking.best_is_shown or refused or (post and post.always):
            return Finding("none", None, candidates, score, post.kind if post else None, talk)
        if score >= (max(use.shown_from, ALL_BUT_CERTAIN) if post else use.shown_from):
            return Finding("answer", candidates[0], candidates, score, None, talk)
        return Finding("choices", None, candidates, score, None, talk)

    def _with_own(self, question: str, found: Finding) -> Finding:
        """A council's own entry where its questions are much like this one."""
        near = self._own.nearest(question)
        if near is None or found.score == 1.0:
            return found
        slug, likeness = near
        candidates = _first(slug, found.candidates)
        if likeness >= SURE and found.status != "answer":
            return replace(found, status="answer", entry=slug, candidates=candidates, score=likeness)
        return replace(found, status="choices", entry=None, candidates=candidates, signpost=None)

    def _candidates(self, ranking: Ranking) -> tuple[str, ...]:
        return tuple(self._model.classes[place] for place in ranking.places[:MOST_CANDIDATES])

    def _urgent(self, ranking: Ranking, length: int, danger: float) -> Finding:
        candidates = self._candidates(ranking)
        score = likely(self._calibration.sure, ranking.signals(length))
        shown = {self._model.classes[place] for place in np.flatnonzero(self._shown)}
        first = next((slug for slug in (PROTECTION, POLICE) if slug in shown), None)
        if candidates and candidates[0] == POLICE:
            first = POLICE
        ranked = candidates if first is None else _first(first, candidates)
        return Finding("urgent", first, ranked[:MOST_CANDIDATES], score, danger=danger)


def _first(slug: str, candidates: tuple[str, ...]) -> tuple[str, ...]:
    return (slug, *(other for other in candidates if other != slug))[:MOST_CANDIDATES]
