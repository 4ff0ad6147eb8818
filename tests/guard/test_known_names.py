"""The list of names, kept small: every word is found as if it stood in a dictionary."""

from bot.rules.guard.names import Known, KnownNames, known_names

LINES = b"al123\nala300\nalan410\nalana200\nbo001"


def test_words_that_begin_alike_are_told_apart() -> None:
    names = KnownNames(LINES)
    assert dict(names) == {
        "al": Known(1, 2, 3),
        "ala": Known(3),
        "alan": Known(4, 1),
        "alana": Known(2),
        "bo": Known(0, 0, 1),
    }
    assert len(names) == 5
    for none in ("", "a", "alanas", "al1", "ala300", "b", "bob", "zoe", "al123\nala", "è"):
        assert names.get(none) is None
        assert none not in names


def test_every_packaged_name_is_found() -> None:
    names = known_names()
    assert len(names) > 100_000
    words = list(names)
    assert words == sorted(words)
    assert all(names.get(word) is not None for word in words)
    assert names["sarah"].first == 4
