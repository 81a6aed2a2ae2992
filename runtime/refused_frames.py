"""What wires brought and could not be taken: counted by reason, the newest kept for inspection in a file that outlives us."""

from collections import Counter, deque
from pathlib import Path
from typing import Any, Final

import orjson

from vocabulary.clock import Clock, to_text
from vocabulary.errors import Refused, Told

KEPT: Final = 200
RAW_MOST: Final = 512
FILE: Final = "avl-refused.json"
Json = dict[str, Any]


class RefusedFrames:
    """In memory, and written down now and then: a storm of junk must not keep the store busy."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._file, self._clock = folder / FILE, clock
        self.counts: Counter[str] = Counter()
        self._kept: deque[Json] = deque(self._read(), maxlen=KEPT)
        self._changed = False

    def add(self, wire: str, peer: str, problem: Refused, raw: bytes) -> None:
        """Count one and keep it."""
        self.counts[problem.code] += 1
        self._changed = True
        self._kept.append(
            {
                "at": to_text(self._clock.now()),
                "wire": wire,
                "peer": peer,
                "code": problem.code,
                "zh": problem.text("zh"),
                "en": problem.text("en"),
                "bytes": len(raw),
                "raw": raw[:RAW_MOST].hex(),
            }
        )

    def newest(self, language: str) -> list[Json]:
        """Return what is kept, the newest first, told in one language."""
        return [
            {name: value for name, value in one.items() if name not in ("zh", "en")}
            | {"detail": one["en" if language == "en" else "zh"]}
            for one in reversed(self._kept)
        ]

    def write(self) -> None:
        """Write down what changed."""
        if not self._changed:
            return
        self._changed = False
        beside = self._file.with_suffix(".new")
        beside.write_bytes(orjson.dumps(list(self._kept)))
        beside.chmod(0o600)  # it may hold the number of a vehicle's card
        beside.replace(self._file)

    def _read(self) -> list[Json]:
        try:
            kept = orjson.loads(self._file.read_bytes())
        except (OSError, ValueError):
            return []
        return kept if isinstance(kept, list) else []


def problem_of(failure: Told, language: str) -> Json:
    """Return why one item of many was not taken."""
    return {"code": failure.code, "detail": failure.text(language)}
