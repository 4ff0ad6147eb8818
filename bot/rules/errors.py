"""Expected refusals. Everything else that is raised is a bug.

Refusal
├── BadDate, BadReference     what was typed can't be read (bot.rules.dates, bot.rules.references)
├── NotAllowed                the person's role or reach doesn't cover it
├── NotFound                  there is no such thing within the person's reach
└── Stale                     a button whose time has passed
"""


class Refusal(Exception):
    """Says in one plain sentence what is wrong and what to do; shown to the person as it stands."""


class NotAllowed(Refusal):
    """The person's role or reach does not cover what was asked."""


class NotFound(Refusal):
    """There is no such thing, or not within the person's reach: the two are never told apart.

    about: for the trail, a thing that is there and out of reach, by its id ("case 12"); empty for none.
    """

    def __init__(self, words: str, about: str = "") -> None:
        super().__init__(words)
        self.about = about


class Stale(Refusal):
    """The button or dialogue is about something that has moved on."""
