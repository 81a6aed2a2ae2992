"""Frames over another frame: with further columns beside its rows, or with rows that each belong to one of its rows."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from indicators.frame import Frame, Mask


class FrameWith(Frame):
    """The rows of `over` as they stand, with `columns` beside them; whoever feeds `over` makes it anew."""

    def __init__(self, over: Frame, columns: Mapping[str, npt.NDArray[Any]]) -> None:
        self._under, self._own = over, dict(columns)
        for name, column in columns.items():
            if len(column) != over.length:
                raise ValueError(f"{name} has {len(column)} rows for {over.length}")
        self.words, self.length = over.words, over.length

    def __getitem__(self, name: str) -> Any:
        """Return a column as an array."""
        return self._own[name] if name in self._own else self._under[name]

    def has(self, name: str) -> bool:
        """Say whether there is such a column."""
        return name in self._own or self._under.has(name)

    @property
    def alive(self) -> Mask:
        """Return which rows hold."""
        return self._under.alive

    def among(self, column: str, *values: str) -> Mask:
        """Return where a word column holds one of these words."""
        return self._under.among(column, *values)

    def is_word(self, column: str, word: str, rows: npt.NDArray[np.intp]) -> Mask:
        """Return where some rows hold a word."""
        return self._under.is_word(column, word, rows)


class FrameOver(Frame):
    """Rows of which each belongs to a row of `over` (-1: to none), with `columns` of their own; made anew as `FrameWith` is."""

    def __init__(
        self, over: Frame, rows: npt.NDArray[np.intp], columns: Mapping[str, npt.NDArray[Any]]
    ) -> None:
        self._under, self._rows, self._own = over, rows, dict(columns)
        self.words, self.length = over.words, len(rows)

    def __getitem__(self, name: str) -> Any:
        """Return a column as an array."""
        return self._own[name] if name in self._own else self._under[name][self._rows]

    def has(self, name: str) -> bool:
        """Say whether there is such a column."""
        return name in self._own or self._under.has(name)

    @property
    def alive(self) -> Mask:
        """Return which rows hold: those whose row is known."""
        known: Mask = self._rows >= 0
        return known

    def among(self, column: str, *values: str) -> Mask:
        """Return where a word column of the frame below holds one of these words."""
        found: Mask = self._under.among(column, *values)[self._rows]
        return found

    def is_word(self, column: str, word: str, rows: npt.NDArray[np.intp]) -> Mask:
        """Return where some rows hold a word."""
        return self._under.is_word(column, word, self._rows[rows])


def rows_in(over: Frame, keys: Iterable[str]) -> npt.NDArray[np.intp]:
    """Return the row of each key, -1 where there is none."""
    found = (over.row_of(key) for key in keys)
    return np.array([-1 if row is None else row for row in found], dtype=np.intp)
