"""Words of danger that is happening now, and what only sounds like it."""

import re

_NOW = r"right now|now\b|this (?:minute|second|moment)|as we speak|as i type|at the moment|just\b|tonight|\brn\b|in \d+ min|in front of me|im outside|im in the|on the phone|on the line|outside (?:the )?(?:house|flat|door|school)"
_HARM = (
    r"knife|machete|\bgun\b|baseball bat|\bbat\b|\baxe\b|hammer|petrol|on fire|\bblade\b|weapon"
    r"|stab|strangl|throttl|chok|drown|suffocat|kill|rape|raping|hitting|punching|kicking|beating|battering|attack"
    r"|not breathing|isnt breathing|cant breathe|stopped breathing|unconscious|wont wake|cant wake|floppy|gone blue|turning blue"
    r"|bleeding|seizure|\bfitting\b|overdos|(?:taken|swallowed|took|taking) (?:\w+ ){0,4}(?:tablets|pills|paracetamol|meds|bleach|methadone)"
    r"|\bjump\b|jumping|hang(?:ing)? (?:him|her|them|my)sel|noose|cut (?:his|her|their|my) wrist|locked (?:me |us |her |him |them )?(?:in|up|inside)"
    r"|wont let (?:me|us|her|him) (?:out|go|leave)|screaming|scream|snatched|grabbed|kicked? (?:in )?(?:the|her|his|my) ?(?:front )?door|smashing"
    r"|threaten|hiding (?:in|under)|help me"
)
_CERTAIN = re.compile(
    r"(?:is|are|hes|shes|theyre) not breathing|isnt breathing|stopped breathing|cant breathe|gone (?:blue|grey|floppy)|wont wake up"
    r"|(?:can|could) hear (?:\w+ ){0,4}(?:hit|hitting|beat|scream|smack|being hit)"
    r"|(?:got|has|holding|pulled|waving|with) (?:\w+ ){0,2}(?:knife|machete|gun|axe|blade) (?:\w+ ){0,6}(?:now|me|us|door|kids|outside|here)"
    r"|(?:just|shes|hes|has|ive) (?:\w+ ){0,2}(?:taken|swallowed|took) (?:\w+ ){0,4}(?:tablets|pills|overdose|paracetamol|bleach)"
    r"|(?:house|flat|home) is on fire|(?:following|chasing) me|locked me in|wont let me (?:out|leave|go)"
    r"|(?:going|gonna|about) to (?:kill|jump|stab|drown|hurt|burn) (?:\w+ ){0,3}(?:now|tonight|baby|kids|children|himself|herself|them|her|him|me)"
)
_SOUNDS_LIKE = re.compile(_HARM)
_HAPPENING = re.compile(_NOW)
_PROCEDURE = re.compile(
    r"^(?:what|who|how|when|which|does|do we|is there|can we|whats|whos|whens|definition|difference|explain)\b"
    r"(?!.*\b(?:right now|this minute|as we speak|rn|im outside)\b)"
)


def signs(text: str) -> int:
    """How plainly a plain text speaks of present danger: 0 not at all, 1 perhaps, 2 it says so."""
    if _CERTAIN.search(text) and not _PROCEDURE.search(text):
        return 2
    return int(bool(_SOUNDS_LIKE.search(text) and _HAPPENING.search(text)))
