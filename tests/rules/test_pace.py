"""When messages may go, and what a long one is folded into."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from bot.rules.pace import AHEAD, BEHIND, UNLIMITED, Pace
from bot.texts.html import MOST_CHARACTERS, folded, plain

NOW = datetime.fromisoformat("2026-11-24T10:00+00:00")


def test_slots_keep_the_pace_and_save_next_to_nothing_up() -> None:
    pace = Pace(in_all=25)
    long_idle = NOW - timedelta(hours=1)
    slots = pace.slots(long_idle, NOW, 100)
    assert slots[0] == NOW - BEHIND
    [step] = {later - earlier for earlier, later in pairwise(slots)}
    assert timedelta(seconds=1 / 25) < step <= timedelta(seconds=1 / (25 * 0.97)), "never above, within 3 %"
    assert slots[-1] <= NOW + AHEAD
    assert pace.slots(pace.free_after(slots[-1]), NOW, 100) == []


def test_a_held_lane_gives_no_slot() -> None:
    for pace in (Pace(), UNLIMITED):
        assert pace.slots(NOW + timedelta(seconds=30), NOW, 5) == []
        assert pace.until_free(NOW + timedelta(seconds=30), NOW) > 29
    assert UNLIMITED.slots(NOW, NOW, 5) == [NOW] * 5


def test_short_text_is_one_part() -> None:
    assert folded("<b>Short</b>\n\nand sweet") == ["<b>Short</b>\n\nand sweet"]
    assert folded("") == [""]


def test_long_text_is_folded_on_line_ends_and_loses_nothing() -> None:
    lines = [f"<b>{number}</b> &amp; {'word ' * 30}".rstrip() for number in range(80)]
    parts = folded("\n".join(lines))
    assert len(parts) == 4
    assert "\n".join(parts).split("\n") == lines
    assert all(len(plain(part)) <= MOST_CHARACTERS for part in parts)


@pytest.mark.parametrize("line", ["word " * 2000, "x" * 9000, "🤷" * 5000, "&lt;" * 5000])
def test_a_line_that_is_too_long_is_folded_too(line: str) -> None:
    parts = folded(line)
    assert "".join(plain(part) for part in parts) == plain(line)
    assert all(len(plain(part).encode("utf-16-le")) // 2 <= MOST_CHARACTERS for part in parts)


def test_an_open_tag_is_closed_and_opened_anew() -> None:
    first, second = folded("<b>" + "\n".join(["x" * 99] * 60) + "</b> end")
    assert first.startswith("<b>")
    assert first.endswith("</b>")
    assert second.startswith("<b>")
    assert second.endswith("</b> end")


def test_a_group_is_written_to_less_often_than_a_chat() -> None:
    assert Pace().group_gap == timedelta(seconds=3)
    assert Pace(in_a_chat=0.2).group_gap == timedelta(seconds=5)
    assert Pace(in_a_group=0).group_gap == Pace().chat_gap
    assert UNLIMITED.group_gap == timedelta()
