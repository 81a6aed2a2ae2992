"""The small sample county for tests, made once for a run, by whichever process asks first."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from county.store import county_folder

FOLDER: Final = "TEST_COUNTIES"


def share_one_folder() -> Path | None:
    """Name the folder for this process and those it starts; returns it where it is new and the caller's to remove."""
    if FOLDER in os.environ:
        return None
    made = tempfile.mkdtemp(prefix="onenet-counties-")
    os.environ[FOLDER] = made
    return Path(made)


def home_of() -> Path:
    """Return a home with the sample county, which nobody may change."""
    from county.sample.make import ensure_sample  # a second to load
    from county.sample.size import SMALL

    home = Path(os.environ[FOLDER]) / "small"
    home.mkdir(parents=True, exist_ok=True)
    with home.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ensure_sample(home, SMALL)
    return home


def _thin(home: Path) -> None:
    """Leave a few devices and sites: every console of a test takes them in at its first start."""
    for name, kept in (("devices.csv", _every(20)), ("sites.csv", _sites(40))):
        for table in county_folder(home).glob(f"**/tables/{name}"):
            head, *rows = table.read_text("utf-8").splitlines(keepends=True)
            table.write_text(head + "".join(kept(rows)), "utf-8")


def _every(step: int) -> Callable[[list[str]], list[str]]:
    return lambda rows: rows[::step]


def _sites(most: int) -> Callable[[list[str]], list[str]]:
    def first(rows: list[str]) -> list[str]:
        ids = list(dict.fromkeys(row.split(",", 1)[0] for row in rows))
        wanted = set(ids[:: max(1, len(ids) // most)])
        return [row for row in rows if row.split(",", 1)[0] in wanted]

    return first


def put_into(home: Path) -> None:
    """Copy the small sample county into a home that has none."""
    if not county_folder(home).exists():
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copytree(county_folder(home_of()), county_folder(home))
        _thin(home)
