"""The privacy notice: the paper is the program's own words, and it follows the settings and the table."""

from dataclasses import replace
from pathlib import Path

from bot.rules import access
from bot.rules.retention import KINDS, Retention
from bot.services.office import Notice
from bot.texts import privacy
from bot.texts.html import plain
from bot.texts.paging import SCREEN

PAPER = Path(__file__).parents[2] / "docs" / "papers" / "privacy-notice.md"


def test_the_paper_is_what_the_program_says() -> None:
    """Made anew by: driftless notice > docs/papers/privacy-notice.md."""
    assert PAPER.read_text(encoding="utf-8") == privacy.document(Notice())


def test_every_kind_stands_in_it_with_its_days() -> None:
    other = Notice("Northshire", "ig@northshire.example", Retention(dict.fromkeys(KINDS, 777)))
    said = privacy.document(other)
    assert said.count("777 days") == len(KINDS)
    assert "Northshire" in said
    short = plain(privacy.short(other))
    assert short.count("777 days") == 3
    assert "Ask ig@northshire.example." in short


def test_who_sees_it_is_read_from_the_table(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    assert privacy.who_else("questions") == "a practice lead"
    table = dict(access._TABLE) | {"questions": ("none", "team", "none", "none", "all")}
    monkeypatch.setattr(access, "_TABLE", table)
    assert privacy.who_else("questions") == "a manager of your team, an administrator"


def test_each_page_is_a_screen_and_the_last_is_the_end() -> None:
    notice = replace(Notice(), run_by="the children's services of a council with a long name")
    texts = [privacy.page(notice, number)[0] for number in range(9)]
    assert all(len(plain(text)) <= SCREEN for text in texts)
    assert texts[-1] == texts[-2]
    whole = plain("\n".join(dict.fromkeys(texts)))
    for heading, said in privacy.parts(notice):
        assert heading in whole
        assert all(line in whole for line in said)
