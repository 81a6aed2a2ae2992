"""Records as columns: a frame holds one row per case, stage or unit's way; instants are seconds since 1970, NaN for none.

A frame is fed: a case that changed takes the place of what it was, and nothing else is read again.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from indicators.columns import CASE_COLUMNS, OF_THE_CASE, RIDE_COLUMNS, VISIT_COLUMNS, Column
from indicators.record import CaseRecord

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]
SPARE: Final = 1024
DEAD_SHARE: Final = 0.25
OF_CASES: Final = ("cases", "visits", "rides")


_TYPES: Final[dict[str, Any]] = {"word": np.int32, "text": object, "flag": np.bool_}


class Frame:
    """Columns of one kind of row; `taken` columns are taken over from the rows of another frame (`over`)."""

    def __init__(
        self, columns: Sequence[Column], over: "Frame | None" = None, taken: Sequence[str] = ()
    ) -> None:
        self._columns = {column.name: column for column in columns}
        self._over, self._taken = over, taken
        self.words: dict[str, list[str]] = {c.name: [] for c in columns if c.kind == "word"}
        self._codes: dict[str, dict[str, int]] = {name: {} for name in self.words}
        self._arrays = {
            c.name: np.empty(SPARE, dtype=_TYPES.get(c.kind, np.float64)) for c in columns
        }
        for name in taken:
            self._take_column(over, name)
        self.length = 0
        self._alive = np.zeros(SPARE, dtype=np.bool_)
        self._where: dict[str, range] = {}

    def _take_column(self, over: "Frame | None", name: str) -> None:
        if over is None:
            raise ValueError(f"{name} is taken over from no frame")
        self._arrays[name] = np.empty(SPARE, dtype=over[name].dtype)
        if name in over.words:  # one vocabulary: the codes are taken over too
            self.words[name], self._codes[name] = over.words[name], over._codes[name]

    def __getitem__(self, name: str) -> Any:
        """Return a column as an array."""
        return self._arrays[name][: self.length]

    def has(self, name: str) -> bool:
        """Say whether there is such a column."""
        return name in self._arrays

    @property
    def alive(self) -> Mask:
        """Return which rows hold: the others were replaced."""
        return self._alive[: self.length]

    def among(self, column: str, *values: str) -> Mask:
        """Return where a word column holds one of these words."""
        known = self._codes[column]
        table = np.zeros(len(known) + 1, dtype=np.bool_)
        table[[known[value] for value in values if value in known]] = True
        found: Mask = table[self[column]]
        return found

    def is_word(self, column: str, word: str, rows: npt.NDArray[np.intp]) -> Mask:
        """Return where some rows hold a word."""
        found: Mask = self[column][rows] == self._codes[column].get(word, -1)
        return found

    def put(self, key: str, rows: Sequence[Any]) -> None:
        """Let these rows stand for `key` instead of those it had."""
        self.put_all([(key, rows)])

    def put_all(self, given: Sequence[tuple[str, Sequence[Any]]]) -> None:
        """Do so for many keys at once: column by column, which is many times quicker."""
        start, last = self.length, dict(given)  # a key given twice stands with its last rows
        for key, rows in last.items():
            for index in self._where.pop(key, ()):
                self._alive[index] = False
            if rows:
                self._where[key] = range(self.length, self.length + len(rows))
                self.length += len(rows)
        if self.length == start:
            return
        self._grow()
        flat = [row for rows in last.values() for row in rows]
        for name, column in self._columns.items():
            values = list(map(column.read, flat))
            if column.kind == "word":
                values = self._coded(name, values)
            self._arrays[name][start : self.length] = values
        self._take_over(start, list(last), [len(rows) for rows in last.values()])
        self._alive[start : self.length] = True

    def _take_over(self, start: int, keys: Sequence[str], counts: Any) -> None:
        if self._over is None:
            return
        firsts = np.array([self._over.row_of(key) or 0 for key in keys], dtype=np.intp)
        rows = np.repeat(firsts, np.asarray(counts, dtype=np.intp))
        for name in self._taken:
            self._arrays[name][start : self.length] = self._over[name][rows]

    def packed(self) -> dict[str, npt.NDArray[Any]]:
        """Return the rows that hold as plain arrays, without what is taken over."""
        keys = sorted(self._where, key=lambda key: self._where[key].start)
        counts = [len(self._where[key]) for key in keys]
        own = {f".{name}": self[name][self.alive] for name in self._columns}
        texts = {f".{c.name}": own[f".{c.name}"].astype("U") for c in self._columns.values() if c.kind == "text"}  # fmt: skip
        words = {f"={name}": np.array(self.words[name], dtype="U") for name in self._columns if name in self.words}  # fmt: skip
        return {"keys": np.array(keys, dtype="U"), "counts": np.array(counts, dtype=np.int64)} | own | texts | words  # fmt: skip

    def unpack(self, given: Mapping[str, npt.NDArray[Any]]) -> None:
        """Take the rows of such arrays into this frame, which is empty; those it takes from come first."""
        keys, counts = given["keys"].tolist(), given["counts"]
        ends = np.cumsum(counts).tolist()
        self.length = ends[-1] if ends else 0
        self._where = {key: range(end - n, end) for key, end, n in zip(keys, ends, counts.tolist(), strict=True)}  # fmt: skip
        self._grow()
        for name, column in self._columns.items():
            self._arrays[name][: self.length] = given[f".{name}"]
            if column.kind == "word":
                self._coded(name, given[f"={name}"].tolist())
        self._take_over(0, keys, counts)
        self._alive[: self.length] = True

    def row_of(self, key: str) -> int | None:
        """Return the first row that stands for a key, None where none does."""
        rows = self._where.get(key)
        return rows[0] if rows else None

    def settle(self) -> None:
        """Let go of replaced rows, where they have become many."""
        dead = self.length - int(self.alive.sum())
        if dead < SPARE or dead < self.length * DEAD_SHARE:
            return
        kept = np.flatnonzero(self.alive)
        moved = np.cumsum(self.alive) - 1
        for name, array in self._arrays.items():
            self._arrays[name] = array[kept]
        self._alive = np.ones(len(kept), dtype=np.bool_)
        self.length = len(kept)
        self._where = {
            key: range(int(moved[rows.start]), int(moved[rows.start]) + len(rows))
            for key, rows in self._where.items()
        }

    def _grow(self) -> None:
        while self.length > len(self._alive):
            self._alive = np.concatenate([self._alive, np.zeros_like(self._alive)])
            for name, array in self._arrays.items():
                self._arrays[name] = np.concatenate([array, np.empty_like(array)])

    def _coded(self, name: str, values: list[str]) -> list[int]:
        codes = self._codes[name]
        for value in dict.fromkeys(values):
            if value not in codes:
                codes[value] = len(codes)
                self.words[name].append(value)
        return [codes[value] for value in values]


class Frames:
    """The frames that formulas read: those of the cases, and what other rooms bring under names of their own."""

    def __init__(self) -> None:
        cases = Frame(CASE_COLUMNS)
        self._frames: dict[str, Frame] = {
            "cases": cases,
            "visits": Frame(VISIT_COLUMNS, cases, OF_THE_CASE),
            "rides": Frame(RIDE_COLUMNS, cases, (*OF_THE_CASE, "department")),
        }
        # What was computed over frames as they stand; forgotten with every feeding.
        self.memory: dict[object, Any] = {}

    def get(self, name: str) -> Frame | None:
        """Return a frame, None where nobody brought one: then there is no source, which is no zero."""
        return self._frames.get(name)

    def __getitem__(self, name: str) -> Frame:
        """Return a frame that is there."""
        return self._frames[name]

    def bring(self, name: str, frame: Frame) -> None:
        """Take a frame of another room: sensors, alarms, coverage, calls."""
        self._frames[name] = frame
        self.memory.clear()

    def places(self, ids: Iterable[str]) -> list[list[float]]:
        """Return where cases lie, longitude first."""
        cases = self["cases"]
        rows = [cases.row_of(id) for id in ids]
        return [
            [float(cases["lon_deg"][i]), float(cases["lat_deg"][i])] for i in rows if i is not None
        ]

    def feed(self, records: Iterable[CaseRecord]) -> int:
        """Let these records stand for their cases; return how many there were."""
        given = list(records)
        self["cases"].put_all([(one.id, [one]) for one in given])
        self["visits"].put_all([(one.id, one.visits) for one in given])
        self["rides"].put_all([(one.id, one.rides) for one in given])
        for name in OF_CASES:
            self[name].settle()
        if given:
            self.memory.clear()
        return len(given)

    def packed(self) -> dict[str, npt.NDArray[Any]]:
        """Return the cases' frames as plain arrays; what other rooms bring they bring again."""
        return {
            f"{name}/{part}": array
            for name in OF_CASES
            for part, array in self[name].packed().items()
        }

    def unpack(self, given: Mapping[str, npt.NDArray[Any]]) -> None:
        """Take such arrays into these frames, which are empty."""
        for name in OF_CASES:
            head = f"{name}/"
            parts = {key.removeprefix(head): given[key] for key in given if key.startswith(head)}
            self[name].unpack(parts)


def frames_of(records: Iterable[CaseRecord]) -> Frames:
    """Return the frames of these records."""
    frames = Frames()
    frames.feed(records)
    return frames
