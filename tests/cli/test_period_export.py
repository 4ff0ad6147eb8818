"""driftless export-period: two files for one answer, and one clear line where it can't be given."""

import asyncio
import json
import stat
from datetime import timedelta
from pathlib import Path

from sqlmodel import select

from bot.clock import utc_now
from storage.database import Database
from storage.tables import Audit
from tests.cli.test_commands import Shell, shell
from tests.people import enrol

__all__ = ["shell"]

PERIOD = ("--from", "2026-01-01", "--to", "2035-12-31")


def _with_a_worker(address: str) -> int:
    async def fill() -> int:
        database = Database(address)
        async with database.transaction() as session:
            person = await enrol(session, "Worker A", "worker", utc_now() - timedelta(days=1))
        await database.close()
        return person.id or 0

    return asyncio.run(fill())


def _audited(address: str) -> list[str]:
    async def look() -> list[str]:
        database = Database(address)
        async with database.transaction() as session:
            found = await session.exec(select(Audit.what).where(Audit.what.startswith("exported")))
            said = list(found.all())
        await database.close()
        return said

    return asyncio.run(look())


def test_figures_in_two_files_for_the_owner_alone(shell: Shell, sqlite_address: str, tmp_path: Path) -> None:
    _with_a_worker(sqlite_address)
    out = tmp_path / "answers" / "first"
    done = shell("export-period", *PERIOD, "--out", str(out), "--json")
    assert done.returncode == 0, done.stderr
    files = [Path(name) for name in json.loads(done.stdout)["files"]]
    assert [file.name for file in files] == [
        "figures-2026-01-01-to-2035-12-31.json",
        "figures-2026-01-01-to-2035-12-31.csv",
    ]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    assert "People who joined,worker,<5," in files[1].read_text(encoding="utf-8")
    again = shell("export-period", *PERIOD, "--out", str(out))
    assert again.returncode == 1
    assert again.stderr.endswith("exists already. Choose another folder.\n")
    assert _audited(sqlite_address) == ["exported figures"]


def test_one_persons_data(shell: Shell, sqlite_address: str, tmp_path: Path) -> None:
    person = _with_a_worker(sqlite_address)
    done = shell("export-period", *PERIOD, "--out", str(tmp_path / "sar"), "--person", str(person))
    assert done.returncode == 0, done.stderr
    stem = f"person-{person}-2026-01-01-to-2035-12-31"
    data = json.loads((tmp_path / "sar" / f"{stem}.json").read_text(encoding="utf-8"))
    assert data["held"]["person"][0]["name"] == "Worker A"
    assert data["period"] == {"first": "2026-01-01", "last": "2035-12-31"}
    assert "Worker A" in (tmp_path / "sar" / f"{stem}.html").read_text(encoding="utf-8")
    assert _audited(sqlite_address) == ["exported a person's data"]


def test_what_can_not_be_answered_is_one_line_and_leaves_nothing(
    shell: Shell, sqlite_address: str, tmp_path: Path
) -> None:
    turned = shell(
        "export-period", "--from", "2026-02-01", "--to", "2026-01-31", "--out", str(tmp_path / "x")
    )
    assert (turned.returncode, turned.stdout) == (2, "")
    assert turned.stderr.startswith(
        "driftless: --to 2026-01-31 is before --from 2026-02-01: turn them round. See: "
    )
    assert turned.stderr.count("\n") == 1
    nobody = shell("export-period", *PERIOD, "--out", str(tmp_path / "x"), "--person", "77")
    assert nobody.returncode == 1
    assert nobody.stderr.startswith("driftless: There is no person 77.")
    assert not list((tmp_path / "x").glob("*"))
    assert _audited(sqlite_address) == []
