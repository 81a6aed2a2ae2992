"""Secrets in files: made on the first start with rights 0600, never overwritten, never inside the database."""

import os
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from vocabulary.errors import Unavailable

OTHERS: Final = 0o077


def read_or_make(file: Path, make: Callable[[], str]) -> str:
    """Return the text of `file`, made with `make` where it does not exist; of several starters one wins.

    Raises Unavailable where others on this machine may read it.
    """
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not file.exists():
        _make_once(file, make())
    if file.stat().st_mode & OTHERS:
        raise Unavailable("security.secret_readable", file=str(file))
    return file.read_text("utf-8").strip()


def _make_once(file: Path, text: str) -> None:
    # mkstemp makes 0600; a link appears whole or not at all, and never replaces another's.
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as draft:
            draft.write(text + "\n")
            draft.flush()
            os.fsync(draft.fileno())
        os.link(name, file)
    except FileExistsError:
        return
    finally:
        Path(name).unlink()


def random_hex() -> str:
    """Return 256 random bits as text for a secret file."""
    return secrets.token_hex(32)
