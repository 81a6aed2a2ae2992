"""The squares of all sectors in one array: where each lies, which are in use, and whose wins where two are equal."""

from bisect import insort
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from layers.coverage.model import Sector

Bytes = NDArray[np.uint8]
SPARE: Final = 1.1  # the share by which the array grows beyond what is asked, so that the next change finds room


class Squares:
    """A number (slot) for every sector, and the bytes of the cells around it."""

    def __init__(self, bytes_: Bytes | None = None) -> None:
        """Begin with none, or with bytes that were kept; `restore` then tells whose they are."""
        self.flat: Bytes = np.zeros(0, dtype=np.uint8) if bytes_ is None else bytes_
        self.place = np.zeros((0, 4), dtype=np.int64)  # offset, row, column, half
        self.rank = np.zeros(0, dtype=np.int32)
        self.sectors: list[Sector | None] = []
        self.slot_of: dict[str, int] = {}
        self.used = 0
        self._free: dict[int, list[int]] = {}  # by half: offsets of squares whose sectors are gone
        self._order: list[str] = []
        self._ranked = False
        self._empty: list[int] = []  # slots whose sectors are gone

    def reserve(self, cells: int) -> None:
        """Make room for so many more bytes at once."""
        if self.used + cells > len(self.flat):
            grown = np.zeros(int((self.used + cells) * SPARE), dtype=np.uint8)
            grown[: self.used] = self.flat[: self.used]
            self.flat = grown

    def put(self, sector: Sector, at: tuple[int, int], half: int) -> int:
        """Give a sector its slot (its former one where it has one) and an empty square; `rank_all` must follow."""
        slot = self.slot_of.get(sector.id)
        if slot is None:
            slot = self._new_slot()
            self._ranked = False
            self.slot_of[sector.id] = slot
            insort(self._order, sector.id)
        else:
            self._release(slot)
        self.sectors[slot] = sector
        former = self._free.get(half)
        self.place[slot] = (former.pop() if former else self._room(half), *at, half)
        if former is not None:
            self.square(slot)[:] = 0
        return slot

    def remove(self, sector_id: str) -> int:
        """Take a sector away; its slot stays empty, its square may be given to the next."""
        slot = self.slot_of.pop(sector_id)
        self._release(slot)
        self._ranked = False
        self.sectors[slot] = None
        self._empty.append(slot)
        self._order.remove(sector_id)
        return slot

    def rank_all(self) -> None:
        """Say anew which of two equals wins: the one whose id comes first, whenever it was put."""
        if self._ranked:
            return
        self._ranked = True
        self.rank = np.zeros(len(self.sectors), dtype=np.int32)
        for number, sector_id in enumerate(self._order):
            self.rank[self.slot_of[sector_id]] = number

    def square(self, slot: int) -> Bytes:
        """Return the cells around a sector."""
        offset, _, _, half = self.place[slot].tolist()
        side = 2 * half + 1
        return self.flat[offset : offset + side * side].reshape(side, side)

    def restore(self, sectors: Sequence[Sector], place: NDArray[np.int64], used: int) -> None:
        """Take kept bytes, of which `used` are in use, as those of `sectors`."""
        self.sectors = list(sectors)
        self.place = place
        self.slot_of = {sector.id: slot for slot, sector in enumerate(sectors)}
        self._order = sorted(self.slot_of)
        self.used = used
        self.rank_all()

    def _new_slot(self) -> int:
        if self._empty:
            return self._empty.pop()
        if len(self.sectors) == len(self.place):
            self.place = np.vstack([self.place, np.zeros((len(self.place) // 4 + 64, 4), np.int64)])
        self.sectors.append(None)
        return len(self.sectors) - 1

    def _room(self, half: int) -> int:
        cells = (2 * half + 1) ** 2
        self.reserve(cells)
        offset, self.used = self.used, self.used + cells
        return offset

    def _release(self, slot: int) -> None:
        offset, _, _, half = self.place[slot].tolist()
        self._free.setdefault(half, []).append(offset)
