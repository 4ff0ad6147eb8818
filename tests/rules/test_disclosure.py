"""Small counts are hidden, and can't be worked out from what is given."""

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.disclosure import FEW, SMALLEST, disclosed

COUNTS = st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 12), min_size=1, max_size=6)


@given(COUNTS)
def test_no_count_under_five_is_given_and_every_other_is(counts: dict[str, int]) -> None:
    group = disclosed("x", counts)
    for what, count in counts.items():
        assert group.counts[what] == (count if count >= SMALLEST else FEW)


@given(COUNTS)
def test_a_total_gives_no_small_count_away(counts: dict[str, int]) -> None:
    group = disclosed("x", counts)
    assert (group.total is None) == (FEW in group.counts.values() or len(counts) == 1)
    if group.total is not None:
        assert group.total == sum(counts.values())


def test_nought_looks_like_four() -> None:
    assert disclosed("x", {"a": 0, "b": 4}) == disclosed("x", {"a": 3, "b": 1})
