"""Several questions in one message, taken apart where each plainly stands alone."""

import re

MOST = 3
_SHORTEST = 4  # words; less is "right?" or "is that ok?"
_ASKED = re.compile(r"[^?\n]+\?+|[^?\n]+")
_LEANS = re.compile(
    r"\b(?:it|its|that|thats|this|these|those|they|theyre|them|he|she|him|her|his|hers|their|there|then|so|one)\b",
    re.IGNORECASE,
)
_MARK = re.compile(r"^\s*(?:\d{1,2}[.):]|[-*•])\s*")
_LEAD = re.compile(r"^\W*(?:and|also|plus|then|second(?:ly)?|another thing)\b[\s,:]*", re.IGNORECASE)


def several(text: str) -> tuple[str, ...]:
    """The two or three questions of a message.

    Empty for one question, for a story, and where one leans on another.
    """
    if re.search(r"[\"“”]", text):  # somebody is quoted
        return ()
    parts = [_LEAD.sub("", _MARK.sub("", part)).strip() for part in _ASKED.findall(text)]
    parts = [part for part in parts if part]
    asked = [part for part in parts if part.endswith("?")]
    if not 2 <= len(asked) <= MOST or len(asked) != len(parts):
        return ()
    alone = all(len(part.split()) >= _SHORTEST and not _LEANS.search(part) for part in asked)
    return tuple(asked) if alone else ()
