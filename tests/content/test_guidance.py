"""The shipped guidance is whole; whatever is wrong in content is named with file, line and mend."""

import shutil
import tomllib
from datetime import date
from pathlib import Path

import pytest

from bot.content.faults import BrokenContent
from bot.content.guidance_files import FOLDER, load_guidance
from bot.content.loading import load_entries, load_library
from bot.content.overlay import EXAMPLE, load_overlay
from bot.content.signing import SIGNED_FILE, changed_since, read_sign_offs, sign, still_signed
from bot.content.timescale_files import load_timescales
from bot.content.word_lists import load_checklists
from bot.texts.answers import SIGNPOSTS
from bot.texts.guidance import UNSIGNED, answer, answer_buttons, section
from bot.texts.html import MOST_CHARACTERS, plain

BOOK = load_timescales()
LIBRARY = load_library(EXAMPLE)


def test_every_topic_is_an_entry_and_every_timescale_is_named_by_one() -> None:
    assert len(LIBRARY.guidance.entries) == 137
    named = {clock for entry in LIBRARY.guidance.entries for clock in entry.header.clocks}
    assert [row.id for row in BOOK.rows if not named & {row.id, *row.aliases}] == []
    assert sum(1 + len(row.aliases) for row in BOOK.rows) == 314


@pytest.mark.parametrize("entry", LIBRARY.guidance.entries, ids=lambda entry: entry.id)
def test_an_entry_reads_on_a_phone(entry) -> None:  # type: ignore[no-untyped-def]  # a parameter of the table
    text = plain(answer(entry, LIBRARY))
    assert "{" not in text
    assert entry.header.sources[0].document in text
    assert len(text.splitlines()) <= 12
    for code in "swrgi":
        if len(code) and any(
            button.data.startswith(f"sec:{code}:") for row in answer_buttons(entry, LIBRARY) for button in row
        ):
            whole = plain(section(entry, code, LIBRARY)[0])
            assert "{" not in whole
            assert len(whole) < MOST_CHARACTERS


def test_no_question_is_claimed_by_two_entries() -> None:
    seen: dict[str, str] = {}
    for entry in LIBRARY.guidance.entries:
        for question in entry.header.questions:
            key = " ".join(question.casefold().split())
            assert seen.setdefault(key, entry.id) == entry.id, question


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Two entries to spoil, which name only each other."""
    for name in ("icpc", "core-group"):
        shutil.copy(FOLDER / f"{name}.md", tmp_path)
    return tmp_path


def faults(folder: Path) -> str:
    with pytest.raises(BrokenContent) as broken:
        load_guidance(BOOK, folder)
    return "\n".join(str(fault) for fault in broken.value.faults if "no other entry" not in str(fault))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("group: conference", "group: nonsense", "group nonsense is none of"),
        ("clocks: [icpc,", "clocks: [icpcc, icpc,", "clocks names icpcc, which is no timescale"),
        ("{clock:icpc}", "{clock:icpcc}", "{clock:icpcc} names no timescale"),
        ("{clock:icpc}", "15 working days", "types '15 working days', which a timescale says"),
        ("{clock:icpc}", "{clokc:icpc}", "placeholder {clokc…} is none of"),
        ("[WT]", "[WTT]", "cites [WTT], which is not among the sources"),
        ("order: 10", "order: ten", "order: Input should be a valid integer"),
        ("checked_on: 2026-11-24", "checked_on: soon", "checked_on:"),
        ("## Steps", "## Stepps", "section ## Steps is missing"),
        ("id: icpc", "id: ipcc", "differs from the file's name"),
        ("title:", "titel:", "titel: Unexpected keyword argument"),
    ],
)
def test_a_malformed_entry_is_named_with_file_and_line(
    copy: Path, before: str, after: str, said: str
) -> None:
    file = copy / "icpc.md"
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), encoding="utf-8")
    found = faults(copy)
    assert said in found
    assert f"{file}:" in found


def test_an_entry_without_front_matter_is_named(copy: Path) -> None:
    (copy / "icpc.md").write_text("just text", encoding="utf-8")
    assert "front matter missing" in faults(copy)


def overlay(folder: Path, text: str) -> Path:
    (folder / "council.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[timescales.icpc]\namount = 16\nunit = 'working-days'",
            r":1: .* never loosened: make it 15 working-days or less",
        ),
        ("[timescales.icpc]\namount = 4\nunit = 'weeks'", "can be tightened, never loosened"),
        ("[timescales.icpcc]\namount = 1\nunit = 'days'", "icpcc is no timescale"),
        ("[timescales.icpc]\namount = 10\nunit = 'moons'", "timescale icpc"),
        ("[contacts]\nmayor = 'x'", "contact mayor is none of"),
        ("\n\n[contacts", r"council.toml:3: not readable as TOML"),
        ("\ncontacts = 'x'", r"council.toml:2: contacts is to be a table: write \[contacts\]"),
        ("timescales = 3", "timescales is to be a table"),
    ],
)
def test_a_broken_overlay_is_named_with_its_mend(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BrokenContent, match=said):
        load_overlay(overlay(tmp_path, text), BOOK)


def test_an_overlay_tightens_a_national_limit_and_sets_a_local_one(tmp_path: Path) -> None:
    folder = overlay(
        tmp_path,
        "[timescales.icpc]\namount = 12\nunit = 'working-days'\n"
        "[timescales.cp-visit]\namount = 2\nunit = 'weeks'",
    )
    library = load_library(folder)
    entry = library.guidance.find("icpc")
    assert entry is not None
    assert "12 working days" in plain(answer(entry, library))


def test_the_example_overlay_changes_what_a_person_sees() -> None:
    national, local = load_library(), LIBRARY
    before, after = national.guidance.find("cp-visits"), local.guidance.find("cp-visits")
    assert before is not None
    assert after is not None
    assert "your council's rule" in plain(answer(after, local))
    assert "your council's rule" not in plain(answer(before, national))
    assert "Example council" in section(after, "s", local, page=1)[0]
    danger = local.guidance.find("immediate-protection")
    assert danger is not None
    assert "0345 000 000" in plain(answer(danger, local))


def test_an_addition_to_no_entry_is_named(tmp_path: Path) -> None:
    folder = overlay(tmp_path, "")
    (folder / "guidance").mkdir()
    (folder / "guidance" / "nothing.add.md").write_text("---\nsources: []\n---\n## Steps\n", encoding="utf-8")
    with pytest.raises(BrokenContent, match="adds to nothing, which is no entry"):
        load_entries(folder)


def test_a_sign_off_holds_until_the_content_changes(tmp_path: Path) -> None:
    folder = overlay(tmp_path, "")
    _, loaded = load_entries(folder)
    entry = loaded.guidance.find("icpc")
    assert entry is not None
    assert UNSIGNED in plain(answer(entry, load_library(folder)))
    sign(folder, {"icpc": loaded.contents["icpc"]}, "Principal social worker", date(2026, 11, 26))
    assert read_sign_offs(folder)["icpc"].role == "Principal social worker"
    assert UNSIGNED not in plain(answer(entry, load_library(folder)))
    (folder / "guidance").mkdir()
    (folder / "guidance" / "icpc.add.md").write_text(
        "---\nsources: []\n---\n## Steps\n10. Ring the unit first. {unverified}\n", encoding="utf-8"
    )
    changed = load_library(folder)
    assert "icpc" not in changed.signed
    _, now = load_entries(folder)
    assert still_signed(read_sign_offs(folder), now.contents) == frozenset()
    assert "+10. Ring the unit first. {unverified}" in list(
        changed_since(folder, "icpc", now.contents["icpc"])
    )
    assert (folder / SIGNED_FILE).is_file()


def test_a_checklist_that_points_nowhere_is_named(tmp_path: Path) -> None:
    file = tmp_path / "checklists.toml"
    file.write_text('[x]\ntitle = "X"\nentry = "nothing"\nper = "case"\nitems = ["a"]\n', encoding="utf-8")
    with pytest.raises(BrokenContent, match="points at nothing, which is no entry"):
        load_checklists(frozenset({"icpc"}), file)


def test_every_kind_of_refused_question_has_its_signpost() -> None:
    raw = (FOLDER.parents[1] / "finding" / "data" / "signposts.toml").read_text(encoding="utf-8")
    assert set(tomllib.loads(raw)) == set(SIGNPOSTS)
    assert LIBRARY.signposts["it"] == "the service desk on 0345 000 010"


def test_a_fault_stands_at_its_very_line(copy: Path) -> None:
    file = copy / "icpc.md"
    written = file.read_text(encoding="utf-8").splitlines()
    number = written.index("## Steps") + 2
    written[number - 1] = "1. Said without a source."
    file.write_text("\n".join(written), encoding="utf-8")
    assert f"{file}:{number}: says something without a source" in faults(copy)
