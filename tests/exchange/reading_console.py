"""Readings and wires in memory, behind the real API: the real door over a sink that keeps in a dictionary."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from exchange.wires.door import Door
from exchange.wires.mqtt import MqttReadings
from exchange.wires.refused import RefusedFrame, WireBook
from exchange.wires.webhook import Hook, shipped_hooks
from runtime.wire_work import WireWork
from tests.clocks import ManualClock
from tests.exchange.wires.sinks import MemorySink, registry
from vocabulary.clock import to_text
from vocabulary.errors import Refused, sentence


class MemoryFrames:
    """`runtime.refused_frames.RefusedFrames`."""

    def __init__(self, book: WireBook) -> None:
        self.book = book
        self.kept: list[RefusedFrame] = []

    async def keep(self, frames: Iterable[RefusedFrame]) -> None:
        self.kept += frames

    async def newest(
        self,
        wires: Collection[str],
        source: str | None,
        since: datetime | None,
        limit: int,
        language: str,
    ) -> list[dict[str, Any]]:
        await self.book.keep(self)
        return [
            {
                "id": number,
                "wire": one.wire,
                "source": one.source,
                "at": to_text(one.at),
                "code": one.code,
                "detail": sentence(one.code, language).format(**one.values),
                "size": one.size,
                "raw": one.raw.hex(" "),
                "text": one.raw.decode("utf-8", "replace"),
            }
            for number, one in reversed(list(enumerate(self.kept, 1)))
            if (not wires or one.wire in wires) and source in (None, one.source)
        ][:limit]


class MemoryWires:
    """`runtime.wires.Wires` as far as the service asks."""

    def __init__(self, clock: ManualClock) -> None:
        registered = registry()
        self.sink = MemorySink(clock)
        self.book = WireBook(clock)
        self.door = Door(lambda: registered, self.sink, clock, self.book)
        self.refused = MemoryFrames(self.book)
        self.mqtt = MqttReadings(self.door, clock)
        self.hooks = shipped_hooks()
        self.link = None
        self.listeners: list[Any] = []
        self.problems: dict[str, str] = {"modbus": "modbus.csv"}

    def hook(self, name: str) -> Hook:
        if name not in self.hooks:
            raise Refused("wires.no_hook", name=name, known=", ".join(self.hooks))
        return self.hooks[name]


class ReadingConsole(WireWork):
    """`exchange.api_readings.ReadingService`."""

    def __init__(self) -> None:
        self.sensing_clock = ManualClock()
        self.memory_wires = MemoryWires(self.sensing_clock)
        stands_in: Any = self.memory_wires
        self.open_wires(self.sensing_clock, stands_in)
