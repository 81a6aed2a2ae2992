"""The figures' book as it was last written beside the store, so that a console that starts again need not read its past anew.

It is what was reckoned, never truth: one that is torn, made by other code or about another journal is passed over.
"""

import hashlib
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
import structlog

from indicators import columns, frame, record
from indicators.frame import Frames
from storage.figures import event_mark, times_made_anew
from storage.journal import Journal

log = structlog.get_logger()
FILE: Final = "figures.npz"
# A book says what these read of a case, so another line in them makes it another book: no number that somebody forgets to raise.
_MADE_BY: Final = (columns, frame, record)


class KeptBook:
    """One file in the home folder."""

    def __init__(self, home: Path, journal: Journal) -> None:
        self._file, self._journal = home / FILE, journal

    def keep(self, frames: Frames, seq: int, made: int) -> None:
        """Write the frames as they stand at `seq`, whole or not at all; a full disk costs the next start its haste.

        `made` is how often the records had been made anew when they were read: a book read before a `rebuild` is not used after
        it.
        """
        if not (mark := self._mark(seq, made)):
            return
        kept = BytesIO()
        np.savez(kept, mark=np.array([mark]), seq=np.array([seq]), **frames.packed())  # type: ignore[arg-type]  # names are ours
        fresh = self._file.with_suffix(".new")
        try:
            fresh.touch(mode=0o600)
            fresh.write_bytes(kept.getbuffer())
            fresh.replace(self._file)
        except OSError as problem:
            log.warning("figures_not_kept", problem=problem.strerror)

    def restored(self) -> tuple[Frames, int] | None:
        """Return the frames that were kept and up to which event they know, None where there are none to be trusted."""
        try:
            with self._file.open("rb") as file, np.load(file, allow_pickle=False) as kept:
                seq = int(kept["seq"][0])
                made = self._journal.read_blocking(times_made_anew)
                if not (mark := self._mark(seq, made)) or str(kept["mark"][0]) != mark:
                    return None
                return _unpacked({name: kept[name] for name in kept.files}), seq
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            return None

    def _mark(self, seq: int, made: int) -> str:
        """Return what a book of this code about this journal is called, nothing where the journal has no such event."""
        code = hashlib.sha256(b"".join(Path(str(one.__file__)).read_bytes() for one in _MADE_BY))
        event = self._journal.read_blocking(lambda connection: event_mark(connection, seq))
        return event and f"{code.hexdigest()} {made} {event}"


def forget_kept(home: Path) -> None:
    """Let the next start read its past anew."""
    (home / FILE).unlink(missing_ok=True)


def _unpacked(kept: dict[str, npt.NDArray[Any]]) -> Frames:
    frames = Frames()
    frames.unpack(kept)
    return frames
