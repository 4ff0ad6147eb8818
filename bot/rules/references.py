"""Case references: the only way a family is ever named here."""

import re
from dataclasses import dataclass

from bot.rules.errors import Refusal

DEFAULT_PATTERN = r"[A-Z]{2,4}-\d{3,7}"
_NAME_LIKE = ("Sam", "SAM", "Mary-Ann", "O'Brien", "Smith", "ANNE-MARIE", "Lee", "Zoe B")


class UnsafePattern(Exception):
    """A reference pattern that is no regular expression, or that a person's name would match."""


class BadReference(Refusal):
    """What was typed is no case reference; the text says what is accepted."""


@dataclass(frozen=True)
class ReferencePattern:
    """A council's form of case reference; raises UnsafePattern if a name could match it."""

    pattern: str = DEFAULT_PATTERN
    example: str = "CP-1042"

    def __post_init__(self) -> None:
        try:
            regex = re.compile(self.pattern)
        except re.error as error:
            raise UnsafePattern(f"CASE_REFERENCE_PATTERN is no regular expression: {error}") from None
        if any(regex.fullmatch(name) for name in _NAME_LIKE) or regex.fullmatch(""):
            raise UnsafePattern(
                "CASE_REFERENCE_PATTERN would let a person's name through: make it ask for digits"
            )

    def parse(self, typed: str) -> str:
        """The reference in its kept form (upper case); raises BadReference."""
        tidy = typed.strip().upper().replace("–", "-")
        if re.fullmatch(self.pattern, tidy):
            return tidy
        if re.search(r"[A-Za-z]{2}", typed) and not re.search(r"\d", typed):
            raise BadReference(
                "That looks like a name, and names never go in here. "
                f"Use the case reference, like {self.example}."
            )
        raise BadReference(f"That isn't a case reference. It looks like {self.example}.")

    def find(self, text: str) -> str | None:
        """The first reference inside a longer text, or None."""
        found = re.search(rf"(?<![\w-]){self.pattern}(?![\w-])", text.upper().replace("–", "-"))
        return found[0] if found else None
