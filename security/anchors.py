"""Anchors: the audit chain's head, written every minute to a file outside the database, so that cutting off its end shows."""

import os
from datetime import datetime
from pathlib import Path

from security.audit import Anchor
from vocabulary.clock import to_text


def keep_anchor(file: Path, head: Anchor, at: datetime) -> bool:
    """Append the head to `file` (on another disk or machine where there is one); False where the chain has gone back."""
    last = last_anchor(file)
    if last and (head.seq < last.seq or (head.seq == last.seq and head.hash != last.hash)):
        return False
    if last != head:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with file.open("a", encoding="ascii") as kept:
            kept.write(f"{head.seq} {head.hash} {to_text(at)}\n")
            kept.flush()
            os.fsync(kept.fileno())
    return True


def last_anchor(file: Path) -> Anchor | None:
    """Return the newest whole anchor in `file`, or None; a line cut short by a power failure is passed over."""
    if not file.exists():
        return None
    for line in reversed(file.read_text("ascii").splitlines()):
        parts = line.split()
        if len(parts) == 3 and parts[0].isdigit():
            return Anchor(int(parts[0]), parts[1])
    return None
