"""A file or picture with an announcement: what is taken, how it is edited, and taken back with it."""

import pytest

from bot.rules.broadcasts import FILE_ENDINGS, MOST_FILE_BYTES, check_file
from bot.rules.errors import Refusal
from bot.simulator.driver import SeenMessage, SimPerson
from tests.flows.town import Town

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@pytest.mark.parametrize("ending", FILE_ENDINGS)
def test_each_type_that_is_named_is_taken_in_any_case(ending: str) -> None:
    check_file("document", f"Form{ending.upper()}", MOST_FILE_BYTES)


@pytest.mark.parametrize(
    ("kind", "name", "size", "why"),
    [
        ("document", "form.exe", 10, "I can attach a picture, PDF"),
        ("document", "form.pdf.zip", 10, "I can attach a picture, PDF"),
        ("document", "", 10, "I can attach a picture, PDF"),
        ("document", "form.pdf", MOST_FILE_BYTES + 1, "over 10 MB"),
        ("photo", "", MOST_FILE_BYTES + 1, "over 10 MB"),
    ],
)
def test_what_is_not_taken_is_said_in_words(kind: str, name: str, size: int, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        check_file(kind, name, size)


async def asked_for_a_file(town: Town, text: str = "New form") -> tuple[SimPerson, SimPerson]:
    worker, manager = await town.joined("Worker A"), await town.joined("Manager", "manager")
    await manager.says("/announce")
    await manager.sees("Who is it for?")
    await manager.presses("Worker A")
    await manager.sees("Which class?")
    await manager.presses("Read: each taps")
    await manager.sees("What should it say?")
    await manager.says(text)
    await manager.sees("A file or picture with it?")
    return worker, manager


async def sent_with_pdf(town: Town) -> tuple[SimPerson, SimPerson, SeenMessage]:
    worker, manager = await asked_for_a_file(town)
    await manager.sends("document", b"%PDF-1.4 form", name="form.pdf")
    await manager.sees("When should it go?")
    await manager.presses("Now")
    await manager.sees("Preview: 1 person, now")
    await manager.presses("Send")
    await manager.sees("On its way to 1 person")
    await town.bot.tick_now()
    return worker, manager, await worker.sees_file("document")


async def test_what_cant_go_with_it_keeps_the_dialogue_and_a_picture_goes(town: Town) -> None:
    worker, manager = await asked_for_a_file(town)
    await manager.sends("document", b"x" * (MOST_FILE_BYTES + 1), name="form.pdf")
    await manager.sees("That file is over 10 MB. Send a smaller one, or tap No file.")
    await manager.sends("document", b"MZ", name="form.exe")
    await manager.sees("I can attach a picture, PDF, Word, Excel, PowerPoint, OpenDocument or text file.")
    await manager.sends("voice", b"OggS")
    await manager.sees("I can't take pictures")
    await manager.says("the form")
    await manager.sees("Send one file or picture, or tap No file.")
    await manager.sends("photo", PNG)
    await manager.sees("When should it go?")
    await manager.presses("Now")
    shown = await manager.sees_file("photo")
    await manager.presses("Send")
    await manager.sees("On its way to 1 person")
    await town.bot.tick_now()
    got = await worker.sees_file("photo")
    assert (
        (got.text, got.labels) == (shown.text, shown.labels) == ("From Manager\nNew form", ["I've read it"])
    )


async def test_words_that_are_too_long_for_a_file_can_be_shortened_or_go_without(town: Town) -> None:
    worker, manager = await asked_for_a_file(town, "long " * 300)
    await manager.sends("document", b"%PDF-1.4 form", name="form.pdf")
    await manager.sees("With a file the words can have 985 characters in all, and these have 1522.")
    await manager.presses("No file")
    await manager.sees("When should it go?")
    await manager.presses("Now")
    await manager.sees("Preview: 1 person, now")
    await manager.presses("Send")
    await manager.sees("On its way to 1 person")
    await town.bot.tick_now()
    assert (await worker.sees("From Manager")).file_kinds == []


async def test_under_a_file_a_correction_changes_the_caption_and_one_too_long_is_asked_for_again(
    town: Town,
) -> None:
    worker, manager, got = await sent_with_pdf(town)
    await manager.presses("Edit")
    await manager.sees("The new text?")
    await manager.says("much " * 300)
    await manager.sees("these have 1522. Shorten the text, please.")
    await manager.says("Newer <form> & guide")
    shown = await manager.sees_file("document")
    assert shown.text == "From Manager · changed\nNewer <form> & guide"
    await manager.presses("No: only correct it")
    await manager.sees("Corrected in everybody's chat.")
    await town.bot.tick_now()
    changed = await worker.sees("Newer <form> & guide")
    assert (changed.id, changed.text, changed.file_kinds) == (got.id, shown.text, ["document"])
    assert changed.labels == ["I've read it"]


async def test_what_says_something_else_comes_anew_with_its_file(town: Town) -> None:
    worker, manager, got = await sent_with_pdf(town)
    await manager.presses("Edit")
    await manager.sees("The new text?")
    await manager.says("The old form stays")
    shown = await manager.sees("From Manager · changed")
    await manager.presses("Yes: send it again to all")
    await manager.sees("Everybody gets the new version")
    await town.bot.tick_now()
    anew = await worker.sees("The old form stays")
    assert (anew.text, anew.labels, anew.file_kinds) == (shown.text, shown.labels, ["document"])
    old = next(message for message in await worker.chat() if message.id == got.id)
    assert old.text == "This has changed: the newer message is further down."


async def withdraws(town: Town, manager: SimPerson) -> None:
    await manager.presses("Withdraw")
    await manager.sees("Withdraw it?")
    await manager.presses("Withdraw")
    await manager.sees("Withdrawn. Copies")
    await town.bot.tick_now()


async def test_withdrawn_the_file_is_gone_from_the_chat(town: Town) -> None:
    worker, manager, got = await sent_with_pdf(town)
    await withdraws(town, manager)
    said = await worker.sees("Manager has withdrawn this message.")
    chat = await worker.chat()
    assert got.id not in [message.id for message in chat]
    assert [message.file_kinds for message in chat if message.file_kinds] == []
    assert (said.labels, said.file_kinds) == ([], [])


async def test_withdrawn_after_two_days_the_words_under_it_say_so(town: Town) -> None:
    """Telegram deletes nothing older than 48 hours."""
    worker, manager, got = await sent_with_pdf(town)
    await town.time_comes("2026-11-27T11:00:00+00:00")
    await withdraws(town, manager)
    said = await worker.sees("Manager has withdrawn this message.")
    assert (said.id, said.labels, said.file_kinds) == (got.id, [], ["document"])
