"""A council's own action templates: added, edited, withdrawn in its overlay, and offered in the chat."""

from pathlib import Path

import pytest

from bot.app import build_office
from bot.content.faults import BrokenContent
from bot.content.overlay import EXAMPLE, FILE
from bot.content.word_lists import TEMPLATES, load_templates
from bot.services.office import Office
from bot.settings import Settings
from tests.flows.town import town_at

OWN = """
[family-network]
title = "Family network meeting"
do = "Hold a family network meeting and write down who does what"
why = "So that the family's own plan is tried first"
measure = "The family's plan is on the record, with a name beside each line"

[direct-work]
title = "Three houses"
do = "Do three houses with the child"
why = "So that the plan says what the child thinks"
measure = "The three houses are on the record"

[seen-alone]
withdrawn = true
"""


def written(folder: Path, text: str) -> Path:
    """An overlay folder with these templates beside the example's council.toml."""
    (folder / FILE).write_bytes((EXAMPLE / FILE).read_bytes())
    (folder / TEMPLATES.name).write_text(text, encoding="utf-8")
    return folder


def office_of(folder: Path) -> Office:
    return build_office(Settings(_env_file=None, guidance_overlay=folder))


def test_the_overlay_adds_edits_and_withdraws(tmp_path: Path) -> None:
    ours, found = load_templates(), load_templates(written(tmp_path, OWN))
    assert found["family-network"].title == "Family network meeting"
    assert (found["direct-work"].title, ours["direct-work"].title) == (
        "Three houses",
        "Direct work: the child's own words",
    )
    assert "seen-alone" in ours
    assert found.keys() == ours.keys() - {"seen-alone"} | {"family-network"}
    assert all(found[name] == ours[name] for name in ours.keys() - {"seen-alone", "direct-work"})


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[nothing-of-ours]\nwithdrawn = true", "nothing-of-ours: withdrawn, but no template of ours"),
        ("[own]\ntitle = 'Own'", "own.do"),
        (OWN.replace("who does what", "who does it ASAP"), "“ASAP” can't be checked"),
        (
            OWN.replace('title = "Three houses"', 'title = "Three houses"\nkind = "other"'),
            "kind other is none",
        ),
        ("[own", "Expected ']'"),
    ],
)
def test_what_is_wrong_with_it_is_said_with_its_file(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(BrokenContent) as broken:
        load_templates(written(tmp_path, text))
    assert fault in str(broken.value)
    assert TEMPLATES.name in str(broken.value)


async def test_in_the_chat_a_manager_is_offered_the_councils_own(sqlite_address: str, tmp_path: Path) -> None:
    folder = tmp_path / "overlay"
    folder.mkdir()
    async with town_at(sqlite_address, office_of(written(folder, OWN))) as town:
        worker, manager = await town.joined("Worker A"), await town.joined("Manager", "manager")
        await manager.says("/action")
        await manager.sees("Who is it for?")
        await manager.presses("Worker A")
        await manager.sees("What does it come from?")
        await manager.presses("Supervision")
        offered = await manager.sees("What should be done?")
        assert "Family network meeting" in offered.labels
        assert "Three houses" in offered.labels
        assert "See the child alone" not in offered.labels
        assert "Direct work: the child's own words" not in offered.labels
        await manager.presses("Family network meeting")
        await manager.sees("By when?")
        await manager.presses("Fri 4 Dec")
        await manager.sees("Preview · Worker A · by Fri 4 Dec 2026")
        await manager.presses("Send")
        await manager.sees("Sent to Worker A")
        await town.bot.tick_now()
        card = await worker.sees("Do: Hold a family network meeting and write down who does what")
        assert "Done means: The family's plan is on the record, with a name beside each line" in card.text
