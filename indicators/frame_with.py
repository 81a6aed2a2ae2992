"""A frame with further columns: what another room knows of its rows, reckoned anew only for rows that are new."""

from collections.abc import Mapping
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
