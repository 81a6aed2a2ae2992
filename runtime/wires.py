"""Every wire of the console opened by its settings; one that cannot be opened is told and leaves the others running."""

import asyncio
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import structlog

from exchange.wires.door import Door
from exchange.wires.hj212_conversation import TABLE as HJ212_TABLE
from exchange.wires.hj212_conversation import Hj212Conversation, Hj212Devices, read_devices
from exchange.wires.listener import Conversation, Listener
from exchange.wires.modbus import TABLE as MODBUS_TABLE
from exchange.wires.modbus import Register, read_map
from exchange.wires.mqtt import MqttReadings
from exchange.wires.mqtt_link import MqttLink, read_broker
from exchange.wires.sl651_conversation import Sl651Conversation
from exchange.wires.webhook import TABLE as WEBHOOK_TABLE
from exchange.wires.webhook import Hook, read_hooks, shipped_hooks
from runtime.device_states import DeviceStates, known_devices
from runtime.own_broker import OwnBroker
from runtime.refused_frames import RefusedFrames
from runtime.rooms import Rooms
from runtime.sample_feed import SampleFeeder
from runtime.sensing import Sensing
from runtime.settings import Settings
from runtime.tasks import Tasks
from vocabulary.errors import Refused
from vocabulary.ids import new_id

log = structlog.get_logger()

OWN: Final = "own"
KEEP_EVERY_S: Final = 2.0
OPEN_EVERY_S: Final = 15.0
FEED_EVERY_S: Final = 1.0
LOCAL: Final = "127.0.0.1"
T = TypeVar("T")


class Wires:
    """The door, what stands before it, and what went wrong with any of it."""

    def __init__(
        self,
        settings: Settings,
        home: Path,
        rooms: Rooms,
        sensing: Sensing,
        refused: RefusedFrames,
    ) -> None:
        self._settings, self._home, self._clock = settings, home, rooms.clock
        self._rooms, self._sensing = rooms, sensing
        self.refused, self.book = refused, refused.book
        self.door = Door(partial(known_devices, sensing), sensing, rooms.clock, self.book)
        self.problems: dict[str, str] = {}
        self.hooks = shipped_hooks() | self._table(
            WEBHOOK_TABLE, "webhook", read_hooks, dict[str, Hook]()
        )
        self.link: MqttLink | None = None
        self.mqtt = MqttReadings(
            self.door, rooms.clock, tell=DeviceStates(sensing, rooms.clock).hear
        )
        self._broker: OwnBroker | None = None
        self.listeners: list[Listener] = []
        self._open_mqtt()
        self._prepare_ports()

    def hook(self, name: str) -> Hook:
        """Return a message shape by its name, or refuse."""
        if name not in self.hooks:
            raise Refused("wires.no_hook", name=name, known=", ".join(sorted(self.hooks)))
        return self.hooks[name]

    def _table(self, name: str, wire: str, read: Callable[[str], T], none: T) -> T:
        """Return an office's table; a bad one is told and stands for none, for a console at night must start."""
        file = self._home / name
        if not file.is_file():
            return none
        try:
            return read(file.read_text("utf-8-sig"))
        except (Refused, OSError, UnicodeDecodeError) as problem:
            self._tell(wire, problem)
            return none

    def _tell(self, wire: str, problem: Exception) -> None:
        self.problems[wire] = str(problem)
        log.error("wire_not_open", wire=wire, problem=str(problem))

    def _open_mqtt(self) -> None:
        url = self._settings.mqtt_url
        if not url:
            return
        try:
            if url == OWN:
                host, port = self._settings.wires_host, self._settings.mqtt_port
                self._broker = OwnBroker(self._home, host, port)
                broker = self._broker.ours()
            else:
                broker = read_broker(url)
        except (Refused, OSError) as problem:
            self._tell("mqtt", problem)
            return
        self.link = MqttLink(broker, self._client_id(), self.book)
        self.mqtt.join(self.link)

    def _client_id(self) -> str:
        """Return a name that stays, so that the broker knows us again: one a console."""
        file = self._home / "wires" / "mqtt-client"
        if not file.is_file():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"onenet-{new_id().lower()}\n", "ascii")
        return file.read_text("ascii").strip()

    def _prepare_ports(self) -> None:
        host, devices = self._settings.wires_host, self._hj212_devices()

        def hj212(source: str) -> Conversation:
            return Hj212Conversation(self.door, source, devices, time.monotonic)

        def sl651(source: str) -> Conversation:
            return Sl651Conversation(self.door, source)

        for wire, port, converse in (
            ("hj212", self._settings.hj212_port, hj212),
            ("sl651", self._settings.sl651_port, sl651),
        ):
            if port:
                self.listeners.append(Listener(wire, host, port, converse))

    def _hj212_devices(self) -> Hj212Devices:
        return self._table(HJ212_TABLE, "hj212", read_devices, Hj212Devices())

    def _feed_sample(self, tasks: Tasks) -> None:
        feeder = SampleFeeder(self._rooms.ground, self._sensing, self.door, self._clock)
        tasks.every("sample-feed", FEED_EVERY_S, feeder.turn)

    def start(self, tasks: Tasks) -> None:
        """Begin; belongs to the loop."""
        tasks.run("wires-door", self.door.run())
        if self._settings.sample_feed:
            self._feed_sample(tasks)
        tasks.every("wires-refused", KEEP_EVERY_S, self.refused.keep)
        if self._broker is not None:
            tasks.run("mosquitto", self._broker.run())
        if self.link is not None:
            tasks.run("mqtt", self.link.run())
        if self.listeners:
            tasks.every("wires-ports", OPEN_EVERY_S, self._open_ports)
        registers = self._table(MODBUS_TABLE, "modbus", read_map, list[Register]())
        if registers:
            from exchange.wires.modbus_poller import ModbusPoller  # pymodbus: where it is wanted

            tasks.run("modbus", ModbusPoller(registers, self.door, self._clock).run())

    async def _open_ports(self) -> None:
        """Open what is not open; a port that is taken is told, and tried again."""
        for listener in self.listeners:
            if listener.is_open:
                continue
            try:
                await listener.open()
                self.problems.pop(listener.wire, None)
            except OSError as problem:
                self._tell(listener.wire, problem)

    async def stop(self) -> None:
        """Let callers go, and keep what was refused last."""
        await asyncio.gather(*(listener.close() for listener in self.listeners))
        await self.refused.keep()
