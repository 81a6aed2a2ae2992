"""What is said with an SL 651 station on one connection: reports in, readings to the door, receipts out."""

from typing import Final

from exchange.wires.door import Door
from exchange.wires.listener import HangUp
from exchange.wires.sl651 import read_readings
from exchange.wires.sl651_frames import LINK, WIRE, Broken, FrameFinder, answer_to
from exchange.wires.unreadable import Unreadable

_BROKEN_IN_A_ROW: Final = 16


class Sl651Conversation:
    """`exchange.wires.listener.Conversation`: a report is receipted once it is kept; a link message asks for no receipt."""

    def __init__(self, door: Door, source: str) -> None:
        self._door, self._source = door, source
        self._finder = FrameFinder()
        self._broken = 0

    async def hear(self, data: bytes) -> bytes:
        """Take bytes as they come; return the receipts."""
        answers = bytearray()
        for found in self._finder.feed(data):
            try:
                if isinstance(found, Broken):
                    raise found.reason
                readings = read_readings(found)
                await self._door.take(WIRE, found.station, readings)
                answers += b"" if found.function == LINK else answer_to(found)
                self._broken = 0
            except Unreadable as reason:
                self._door.book.refuse(WIRE, self._source, reason, found.raw)
                self._broken += 1
            if self._broken > _BROKEN_IN_A_ROW:
                raise HangUp(f"{self._broken} frames in a row")
        return bytes(answers)

    async def tick(self) -> None:
        """Nothing is ever due: a message is one frame."""

    async def end(self) -> None:
        """Tell a frame that broke off with its connection."""
        for broken in self._finder.end():
            self._door.book.refuse(WIRE, self._source, broken.reason, broken.raw)
