"""Copies of an SQLite database, taken while it is in use, and put back."""

import os
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from storage.database import Database

_COMPANIONS = ("-wal", "-shm", "-journal")


class NoBackup(Exception):
    """It can't be done; the text says why and what to do."""


def database_file(address: str) -> Path:
    """Where the database of this address lies; raises NoBackup for PostgreSQL."""
    database = Database(address)
    if database.is_postgresql:
        raise NoBackup("PostgreSQL is backed up with its own tools: pg_dump and pg_restore.")
    return Path(str(database.url.database))


def back_up(source: Path, target: Path) -> int:
    """Writes a whole and consistent copy, also while others write; returns its size in bytes.

    Raises NoBackup where there is nothing to copy, the target exists, or the copy is not sound.
    """
    if not source.is_file():
        raise NoBackup(f"There is no database at {source}.")
    if target.exists():
        raise NoBackup(f"{target} exists already. Choose another name.")
    _copy(source, target)
    return target.stat().st_size


def restore(backup: Path, target: Path, now: datetime) -> Path | None:
    """Puts the backup in the database's place; returns where the former database lies now, if there was one.

    The bot must be stopped. Raises NoBackup for a file that is no sound database of ours.
    """
    _check(backup)
    fresh = target.with_name(f"{target.name}.restoring")
    fresh.unlink(missing_ok=True)
    _copy(backup, fresh)
    former = _set_aside(target, now)
    os.replace(fresh, target)
    return former


def _set_aside(target: Path, now: datetime) -> Path | None:
    """The former database with what belongs to it; otherwise its write-ahead log would spoil the new one."""
    if not target.exists():
        return None
    former = target.with_name(f"{target.name}.before-restore-{now:%Y%m%d-%H%M%S}")
    for ending in ("", *_COMPANIONS):
        part = Path(f"{target}{ending}")
        if part.exists():
            os.replace(part, f"{former}{ending}")
    return former


def _copy(source: Path, target: Path) -> None:
    try:
        with closing(_readable(source)) as here, closing(sqlite3.connect(target)) as there:
            here.backup(there, pages=-1)
            there.execute("PRAGMA journal_mode=DELETE")
        _check(target)
    except (sqlite3.Error, OSError, NoBackup) as error:
        target.unlink(missing_ok=True)
        raise NoBackup(f"The copy failed: {error}") from None


def _check(file: Path) -> None:
    try:
        with closing(_readable(file)) as there:
            (verdict,) = there.execute("PRAGMA integrity_check").fetchone()
            there.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error:
        raise NoBackup(f"{file} is no backup of Driftless.") from None
    if verdict != "ok":
        raise NoBackup(f"{file} is damaged: {verdict}.")


def _readable(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=30)
