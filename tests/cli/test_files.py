"""Files in and out on the command line: exit codes, what is printed, what is written."""

import asyncio
import csv
import json
from pathlib import Path

import pytest
from icalendar import Calendar
from openpyxl import load_workbook

from bot.clock import utc_now
from storage.database import Database
from tests.cli.test_commands import Shell
from tests.people import enrol

GOOD = "reference,worker,event,date\nCP-1001,Worker A,icpc,3/11/2025\nCP-1002,Worker A,,\n"
BAD = GOOD + "CP-1003,Worker A,party,3/11/2025\nCP-1004,=1+1,icpc,3/11/2025\n"


@pytest.fixture
def shell(tmp_path: Path, sqlite_address: str) -> Shell:
    """With a manager and two workers of the team North."""

    async def fill() -> None:
        database = Database(sqlite_address)
        async with database.transaction() as session:
            for name, role in (("Manager", "manager"), ("Worker A", "worker"), ("Worker B", "worker")):
                await enrol(session, name, role, utc_now())
        await database.close()

    asyncio.run(fill())
    return Shell(tmp_path, sqlite_address)


def test_a_file_comes_in_once_after_a_dry_run(shell: Shell) -> None:
    file = shell.file("cases.csv", GOOD)
    dry = shell("import", file, "--dry-run")
    assert (dry.returncode, dry.stderr) == (0, "")
    assert "CP-1001: new case with Worker A" in dry.stdout
    assert "2 lines: would add 2 cases, 1 events" in dry.stdout
    done = json.loads(shell("import", file, "--json").stdout)
    assert (done["changed"], done["new_cases"], done["new_events"], done["bad"]) == (True, 2, 1, [])
    again = shell("import", file)
    assert again.stdout == ("2 lines: added 0 cases, 0 events and 0 clocks; 1 events were there already.\n")


def test_bad_lines_stop_a_file_or_are_left_out_and_stand_in_a_report(shell: Shell) -> None:
    file, report = shell.file("cases.csv", BAD), shell.folder / "bad.csv"
    stopped = shell("import", file, "--report", str(report))
    assert (stopped.returncode, stopped.stdout) == (1, "")
    assert stopped.stderr.splitlines()[-1] == "2 of 4 lines can't be taken, so nothing was changed."
    rows = list(csv.DictReader(report.read_text(encoding="utf-8-sig").splitlines()))
    assert [(row["line"], row["field"], row["given"]) for row in rows] == [
        ("4", "event", ""),
        ("5", "worker", "'=1+1"),
    ]
    assert all(row["accepted"] for row in rows)
    skipped = shell("import", file, "--skip-bad", "--json")
    found = json.loads(skipped.stdout)
    assert (skipped.returncode, found["changed"], found["new_cases"]) == (1, True, 2)
    assert [bad["line"] for bad in found["bad"]] == [4, 5]


def test_cases_move_and_missing_ones_are_named(shell: Shell) -> None:
    shell("import", shell.file("first.csv", GOOD))
    second = shell.file("second.csv", "reference,worker,event,date\nCP-1001,Worker B,icpc,3/11/2025\n")
    refused = shell("import", second, "--update")
    assert (refused.returncode, "CP-1001 is with another worker here" in refused.stderr) == (1, True)
    moved = shell("import", second, "--update", "--move-cases")
    assert moved.returncode == 0
    assert "CP-1001: handed over to Worker B" in moved.stdout
    assert "CP-1002: not in the file" in moved.stdout


@pytest.mark.parametrize(
    ("name", "text", "options", "said"),
    [
        ("cases.csv", "reference,worker,event\n", (), "No column for date"),
        ("cases.csv", "reference,worker,event,date\n", ("--mapping", "m.toml"), "“Case ID”: given “ref”"),
        ("cases.csv", GOOD, ("--report", "nowhere/bad.csv"), "Can't write nowhere/bad.csv"),
    ],
)
def test_a_file_or_mapping_that_is_wrong_is_one_line_on_stderr(
    shell: Shell, name: str, text: str, options: tuple[str, ...], said: str
) -> None:
    shell.file("m.toml", '[columns]\n"Case ID" = "ref"\n')
    done = shell("import", shell.file(name, text), *options)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert json.loads(shell("import", shell.file("good.csv", GOOD), "--json").stdout)["new_cases"] == 2


def test_a_calendar_and_a_workbook_are_written(shell: Shell) -> None:
    shell("import", shell.file("cases.csv", GOOD))
    made = shell("calendar", "--worker", "Worker A", "--team", "North", "--out", "a.ics")
    assert (made.returncode, made.stdout) == (0, "Wrote a.ics.\n")
    entries = Calendar.from_ical((shell.folder / "a.ics").read_bytes()).walk("VEVENT")
    assert entries
    assert all(str(entry["SUMMARY"]).startswith("CP-1001: ") for entry in entries)
    made = shell("spreadsheet", "--team", "north", "--out", "north.xlsx")
    assert (made.returncode, made.stdout) == (0, "Wrote north.xlsx.\n")
    assert load_workbook(shell.folder / "north.xlsx")["Clocks"]["A2"].value == "CP-1001"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("calendar", "--worker", "Worker Z", "--out", "a.ics"), "nobody of that name has joined"),
        (("calendar", "--worker", "Worker A", "--out", "nowhere/a.ics"), "Can't write nowhere/a.ics"),
        (("spreadsheet", "--team", "West", "--out", "a.xlsx"), "no team “West”"),
    ],
)
def test_what_can_not_be_written_is_one_line_on_stderr(
    shell: Shell, words: tuple[str, ...], said: str
) -> None:
    done = shell(*words)
    assert (done.returncode, said in done.stderr, done.stdout) == (1, True, "")
    assert len(done.stderr.strip().splitlines()) == 1
