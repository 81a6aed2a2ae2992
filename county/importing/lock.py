"""One import at a time, and nothing left over from one that was killed."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from county.store import NEW, county_folder
from vocabulary.errors import Refused


@contextmanager
def held(home: Path) -> Iterator[None]:
    """Hold the lock on the home's county; Refused when another import has it. What a killed one was building is swept away."""
    folder = county_folder(home).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        door = os.open(
            folder, os.O_RDONLY
        )  # the folder itself: a lock file would have to be kept for ever
    except OSError as problem:
        raise Refused("county.disk", path=folder, problem=problem.strerror) from problem
    try:
        if not _locked(door):
            raise Refused("county.import_running", path=folder)
        for left in folder.glob(f"{NEW}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield
    finally:
        os.close(door)


def _locked(number: int) -> bool:
    try:
        import fcntl  # not on Windows, where two imports at once must be avoided by hand
    except ImportError:
        return True
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
