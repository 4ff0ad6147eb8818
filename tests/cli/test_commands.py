"""The command line as a program sees it: output, exit codes, one clear line on stderr."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.clock import utc_now

ROOT = Path(__file__).parents[2]


class Shell:
    """Runs driftless with its own database."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        self.environment = {
            "PATH": "/usr/bin:/bin",
            "DATABASE_URL": address,
            "BOT_USERNAME": "a_bot",
            "PYTHONPATH": str(ROOT),
        }

    def __call__(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def file(self, name: str, text: str) -> str:
        """A file in the folder; returns its path."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)


@pytest.fixture
def shell(tmp_path: Path, sqlite_address: str) -> Shell:
    return Shell(tmp_path, sqlite_address)


def test_a_due_date_with_its_sum(shell: Shell) -> None:
    done = shell("deadlines", "icpc", "2026-11-03", "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 0
    assert (found["due"], found["do_by"]) == ("2026-11-24", "2026-11-24")
    assert found["sum"] == "15 working days from Tue 3 Nov 2026 = Tue 24 Nov 2026"
    assert (found["force"], found["verified"]) == ("statutory guidance", "primary")


def test_hours_give_a_moment_with_its_offset(shell: Shell) -> None:
    found = json.loads(shell("deadlines", "police-protection", "2026-10-24 14:00", "--json").stdout)
    assert found["due"] == "2026-10-27T13:00:00+00:00"


def test_bank_holidays_that_moved_a_date_are_named(shell: Shell) -> None:
    done = shell("deadlines", "icpc", "2026-12-14")
    assert "Thu 7 Jan 2027" in done.stdout
    assert "Christmas Day Fri 25 Dec" in done.stdout


def test_a_batch_of_dates_keeps_going_past_a_bad_line(shell: Shell) -> None:
    lines = shell.file(
        "dates.jsonl",
        '{"id": 1, "timescale": "icpc", "from": "2026-11-03"}\n'
        '{"id": 2, "timescale": "nothing", "from": "2026-11-03"}\n'
        '{"id": 3, "timescale": "rcpc-first", "from": "2026-11-30"}\n',
    )
    done = shell("deadlines", "--batch", lines, "--json")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [item["id"] for item in found] == [1, 2, 3]
    assert "no timescale" in found[1]["error"]
    assert (found[2]["due"], found[2]["do_by"]) == ("2027-02-28", "2027-02-26")
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("deadlines",), 2, "Give a timescale and a date"),
        (("deadlines", "icp", "2026-11-03"), 1, "Did you mean icpc"),
        (("deadlines", "icpc", "31/2"), 1, "as a date"),
        (("deadlines", "icpc", "2028-12-22"), 1, "bank holidays of 2029"),
        (("nonsense",), 2, "No such command"),
        (("ask",), 2, "Give one question"),
        (("invite", "--role", "king", "--team", "North"), 2, "--role"),
        (("invite", "--role", "worker", "--team", "North", "--valid", "soon"), 2, "7d"),
        (("run",), 1, "BOT_TOKEN is not set"),
        (("import", "nowhere.csv"), 2, "nowhere.csv"),
    ],
)
def test_what_can_not_be_done_is_one_line_on_stderr(
    shell: Shell, words: tuple[str, ...], code: int, said: str
) -> None:
    done = shell(*words)
    assert done.returncode == code
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not done.stdout


def test_an_address_is_only_kept_where_mail_is_sent(shell: Shell) -> None:
    done = shell("email", "Worker A", "worker.a@council.example")
    assert (done.returncode, "SMTP_HOST is not set" in done.stderr) == (1, True)
    mail = {"SMTP_HOST": "127.0.0.1", "SMTP_FROM": "bot@council.example", "EMAIL_DOMAINS": "council.example"}
    shell.environment.update(mail)
    done = shell("email", "Worker A", "worker.a@council.example")
    assert (done.returncode, "nobody of that name" in done.stderr) == (1, True)


def test_an_invite_has_a_code_and_a_link(shell: Shell) -> None:
    done = shell("invite", "--role", "worker", "--team", "North", "--json")
    found = json.loads(done.stdout)
    assert found["link"] == f"https://t.me/a_bot?start={found['code']}"
    assert found["valid_until"] > utc_now().isoformat()


def test_an_unmigrated_database_is_refused_with_the_mend(shell: Shell) -> None:
    shell.environment["DATABASE_URL"] = f"sqlite:///{shell.folder / 'new.sqlite'}"
    done = shell("invite", "--role", "worker", "--team", "North")
    assert (done.returncode, "driftless migrate" in done.stderr) == (1, True)
    assert shell("migrate").returncode == 0
    assert shell("invite", "--role", "worker", "--team", "North").returncode == 0


def test_settings_that_are_wrong_are_named(shell: Shell) -> None:
    shell.environment["TIME_ZONE"] = "Europe/Atlantis"
    done = shell("deadlines", "icpc", "2026-11-03")
    assert (done.returncode, "TIME_ZONE" in done.stderr) == (1, True)


def test_a_question_is_answered_with_its_source(shell: Shell) -> None:
    found = json.loads(shell("ask", "how long do we have to hold the ICPC?", "--json").stdout)
    assert (found["status"], found["entry"]) == ("answer", "icpc")
    assert "15 working days" in found["text"]
    assert "Working Together" in found["text"]


def test_the_guidance_passes_its_own_check(shell: Shell) -> None:
    done = shell("guidance", "check")
    assert (done.returncode, "no fault" in done.stdout) == (0, True)
