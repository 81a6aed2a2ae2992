"""A copy of the store that is whole although it is written meanwhile: SQLite's own online copy, or PostgreSQL's pg_dump."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Final

from sqlalchemy import URL

from storage.journal import first_line
from vocabulary.errors import Refused, Unavailable

SQLITE_FILE: Final = "onenet.db"
DUMP_FILE: Final = "onenet.dump"
PAGES_AT_ONCE: Final = 2000  # then writers have their turn


def copy_store(url: URL, into: Path) -> Path:
    """Copy the store into a folder and return the file; raises Unavailable where it cannot be read or the disk is full."""
    if url.get_backend_name() == "sqlite":
        return _copy_sqlite(Path(str(url.database)), into / SQLITE_FILE)
    return _dump(url, into / DUMP_FILE)


def check_copy(file: Path) -> None:
    """Refuse a copy of a SQLite store that is damaged or none."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as copy:
            said = copy.execute("PRAGMA integrity_check").fetchone()[0]
            copy.execute("SELECT max(seq) FROM events").fetchone()
    except sqlite3.Error as problem:
        raise Refused("backup.damaged", file=file.name, problem=str(problem)) from None
    if said != "ok":
        raise Refused("backup.damaged", file=file.name, problem=said)


def _copy_sqlite(source: Path, target: Path) -> Path:
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as origin,
            closing(sqlite3.connect(target)) as copy,
        ):
            origin.backup(copy, pages=PAGES_AT_ONCE)
    except sqlite3.Error as problem:
        raise Unavailable("backup.failed", problem=str(problem)) from problem
    target.chmod(0o600)
    check_copy(target)
    return target


def _dump(url: URL, target: Path) -> Path:
    if (program := shutil.which("pg_dump")) is None:
        raise Refused("backup.no_pg_dump")
    plain = url.set(drivername="postgresql", password=None).render_as_string()
    words = [program, "--format=custom", "--no-owner", f"--file={target}", plain]
    secret = {"PGPASSWORD": str(url.password)} if url.password else {}
    try:
        done = subprocess.run(  # noqa: S603 - our own words, no shell
            words, env={**os.environ, **secret}, capture_output=True, text=True, check=False
        )
    except OSError as problem:
        raise Unavailable("backup.failed", problem=first_line(problem)) from problem
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["-"]
        raise Unavailable("backup.failed", problem=lines[0])
    target.chmod(0o600)
    return target
