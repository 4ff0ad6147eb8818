"""Whose names may be typed: colleagues within reach, where a colleague is meant."""

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.guard.names import tokens
from storage import people

_MEANT = ("/handover", "/leaver", "/action", "/team", "/cover", "/announce")


async def names_that_may_stand(session: AsyncSession, account: int, typed: str) -> frozenset[str]:
    """Words in lower case that may stand although they are names.

    Names of colleagues of the person's team (or service), where the text is nothing but one of them (an
    answer to "who?"), or in the first line of a command or the "to:" line of an action that names colleagues.
    """
    person = await people.person_of_account(session, account)
    if person is None:
        return frozenset()
    reached = await people.team_ids(session, in_service_of=person.team_id)
    known = [tokens(colleague.name) for colleague in await people.people_of_teams(session, reached)]
    names = [tuple(token.word for token in words) for words in known]
    allowed: set[str] = set()
    for line in typed.splitlines()[:2]:
        words = tuple(token.word for token in tokens(line))
        if words in names:
            allowed.update(words)
        elif line.lower().startswith(("to:", *_MEANT)):
            allowed.update(word for name in names if _within(name, words) for word in name)
    return frozenset(allowed)


def _within(name: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return any(words[at : at + len(name)] == name for at in range(len(words) - len(name) + 1))
