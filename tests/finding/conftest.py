"""Finders for the tests: one over all entries, one over the first slice."""

import pytest

from bot.finding import EntryText, Finder
from bot.finding.model import Model
from bot.finding.sentence_model import SentenceModel

SLICE = (
    "strategy-discussion",
    "strategy-discussion-reconvene",
    "s47-enquiry",
    "s47-outcomes",
    "icpc",
    "core-group",
    "cp-visits",
    "rcpc",
    "immediate-protection",
    "supervision-and-management-oversight",
    "when-to-consider-pre-proceedings",
    "legal-gateway-planning-meeting",
    "letter-before-proceedings-content",
    "pre-proceedings-meeting",
    "pre-proceedings-reviews",
    "court-timetable-26-weeks",
)


@pytest.fixture(scope="session")
def model() -> Model:
    """The shipped model."""
    return Model.shipped()


@pytest.fixture(scope="session")
def sentences() -> SentenceModel:
    """The shipped sentence model."""
    found = SentenceModel.shipped()
    assert found is not None
    return found


@pytest.fixture(scope="session")
def finder(model: Model, sentences: SentenceModel) -> Finder:
    """A finder with every entry that the model knows."""
    slugs = [name for name in model.classes if not name.startswith("-")]
    return Finder.load((EntryText(slug, f"entry {slug}") for slug in slugs), model, sentences)


@pytest.fixture(scope="session")
def slice_finder(model: Model, sentences: SentenceModel) -> Finder:
    """A finder with the sixteen entries of the first slice."""
    return Finder.load((EntryText(slug, f"entry {slug}") for slug in SLICE), model, sentences)
