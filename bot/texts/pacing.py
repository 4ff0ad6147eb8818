"""What somebody is told who sends faster than anybody types."""


def too_fast(most: int) -> str:
    """most: messages a minute."""
    return (
        f"You have sent more than {most} messages within a minute, so I leave out what comes now, and "
        "delete what I can't look at or what holds a personal detail. "
        "Wait a minute, then go on from the last answer."
    )
