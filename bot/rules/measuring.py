"""How long a text is to Telegram, whose limits count UTF-16 units: most emoji are two."""


def units(text: str) -> int:
    """The length in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2
