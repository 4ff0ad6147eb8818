"""What somebody is told who sends faster than anybody types."""


def too_fast(most: int) -> str:
    """most: messages a minute."""
    return (
        f"You have sent more than {most} messages within a minute, so I leave out what comes now. "
        "Wait a minute, then go on from the last answer."
    )
