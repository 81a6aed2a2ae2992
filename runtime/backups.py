"""Backups: what is kept, copied whole into a folder of its own with a list of every file's digest; and put back from there."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL

from storage.backup import SQLITE_FILE, check_copy, copy_store
from vocabulary.clock import to_text
from vocabulary.errors import Refused, Unavailable

Say = Callable[[str], None]
LIST: Final = "backup.json"
FORM: Final = 1
PARTS: Final = ("photos", "tables", "county")
SECRETS: Final = "secrets"
UNFINISHED: Final = ".unfinished"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """One backup as its folder tells of it."""

    folder: Path
    made_at: str
    bytes: int
    files: int
    with_secrets: bool


def make_backup(
    home: Path, url: URL, into: Path, at: datetime, *, with_secrets: bool, say: Say = print
) -> Backup:
    """Copy store, photos, tables and county into `into/onenet-<instant>`; it has its name only once it is whole."""
    folder = into / f"onenet-{at:%Y%m%dT%H%M%SZ}"
    if folder.exists():
        raise Refused("backup.there_already", folder=folder)
    unfinished = folder.with_name(folder.name + UNFINISHED)
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        unfinished.mkdir(mode=0o700, parents=True)
        say("store")
        copy_store(url, unfinished)
        for part in (*PARTS, *([SECRETS] if with_secrets else [])):
            if (home / part).is_dir():
                say(part)
                shutil.copytree(home / part, unfinished / part, symlinks=True)
        _write_list(unfinished, at)
        unfinished.rename(folder)
    except OSError as problem:
        raise Unavailable("backup.failed", problem=problem.strerror or str(problem)) from problem
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return read_backup(folder)


def backups_in(into: Path) -> list[Backup]:
    """Return the backups of a folder, newest first; what is none of ours is passed over."""
    found = [read_backup(each.parent) for each in into.glob(f"onenet-*/{LIST}")]
    return sorted(found, key=lambda one: one.made_at, reverse=True)


def read_backup(folder: Path) -> Backup:
    """Return what a backup's list says; refused where there is none or it cannot be read."""
    told = _read_list(folder)
    return Backup(
        folder=folder,
        made_at=told["made_at"],
        bytes=sum(row["bytes"] for row in told["files"].values()),
        files=len(told["files"]),
        with_secrets=any(name.startswith(f"{SECRETS}/") for name in told["files"]),
    )


def restore_backup(folder: Path, home: Path, *, say: Say = print) -> Backup:
    """Put a backup back into an empty home, after every file was compared with the list; nothing is left where one differs."""
    if home.exists() and any(home.iterdir()):
        raise Refused("backup.home_not_empty", home=home)
    say("compare")
    for name, row in _read_list(folder)["files"].items():
        file = folder / name
        if not file.is_file() or _digest(file) != row["sha256"]:
            raise Refused("backup.differs", file=name)
    if (folder / SQLITE_FILE).is_file():
        check_copy(folder / SQLITE_FILE)
    say("copy")
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    for item in sorted(folder.iterdir()):
        if item.name == LIST:
            continue
        copy = shutil.copytree if item.is_dir() else shutil.copy2
        copy(item, home / item.name)
    return read_backup(folder)


def _write_list(folder: Path, at: datetime) -> None:
    files = {
        str(file.relative_to(folder)): {"bytes": file.stat().st_size, "sha256": _digest(file)}
        for file in _files(folder)
    }
    told = {"form": FORM, "made_at": to_text(at), "files": files}
    target = folder / LIST
    with target.open("w", encoding="utf-8") as out:
        json.dump(told, out, indent=1, sort_keys=True)
        out.flush()
        os.fsync(out.fileno())


def _read_list(folder: Path) -> dict[str, Any]:
    try:
        told = json.loads((folder / LIST).read_text("utf-8"))
    except (OSError, ValueError) as problem:
        raise Refused("backup.no_list", folder=folder, problem=str(problem)[:120]) from None
    if not isinstance(told, dict) or told.get("form") != FORM or "files" not in told:
        raise Refused("backup.no_list", folder=folder, problem=f"form {FORM}")
    return told


def _files(folder: Path) -> Iterator[Path]:
    return (file for file in sorted(folder.rglob("*")) if file.is_file())


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
