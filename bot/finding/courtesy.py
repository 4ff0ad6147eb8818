"""Greetings, thanks, swearing and distress: what deserves a kind line of its own."""

import re

from bot.finding.result import SmallTalk

_FILLER = (
    r"(?:hi+|hiya|hello|hey+|helo|morning|good morning|good afternoon|good evening"
    r"|afternoon|evening|alright|all right"
    r"|you ok|hows it going|how are you|how are you today|how r u|there|mate|bot|everyone|all|duck|love)"
)
_GREETING = re.compile(rf"^{_FILLER}(?:[\s,.!?]+{_FILLER})*[\s,.!?]*$")
_THANKS = re.compile(
    r"^(?:ok |okay |great |brilliant |perfect |lovely |that helped )*"
    r"(?:thanks?|thank you|thankyou|thx|ta|cheers|much appreciated|nice one|you star|great help"
    r"|thats great|thats helpful"
    r"|youre a lifesaver|lifesaver)\b[\w\s,.!]{0,40}$"
)
_SWEARING = re.compile(
    r"\b(?:f+u+c+k\w*|fck\w*|sh[i1]t\w*|bollocks|bastards?|wank\w*|crap"
    r"|piss off|arsehole|useless bot|bloody useless)\b"
)
_DISTRESS = re.compile(
    r"cant (?:cope|do this|go on|take (?:it|this|any ?more))|(?:im|i am|been) (?:\w+ )?(?:crying"
    r"|in tears|burnt? out|broken|overwhelmed"
    r"|drowning|at breaking point|falling apart)|(?:dont|do not) want to (?:be here|live|wake up)"
    r"|had enough"
    r"|breaking point|panic attack|feel(?:ing)? (?:sick|awful|like a failure|so alone|suicidal)"
    r"|not sleeping|havent slept"
    r"|hate (?:this job|myself)|want to quit|shaking"
)


def small_talk(text: str) -> SmallTalk | None:
    """What kind of small talk or feeling a plain text carries, if any."""
    if _GREETING.match(text):
        return "greeting"
    if _THANKS.match(text):
        return "thanks"
    if _DISTRESS.search(text):
        return "distress"
    return "swearing" if _SWEARING.search(text) else None
