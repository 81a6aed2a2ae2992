"""Readings over HTTP: a batch of them, and what came in by every wire, the refused frames with it."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal, Protocol

from fastapi import APIRouter, Body, Path, Query
from pydantic import Field
from starlette.responses import Response

from exchange.fields import Instant, RequiredInstant, Strict, text
from exchange.operations import READS, WRITES, operation
from exchange.ports import Json
from exchange.replies import reply
from exchange.strict_route import StrictRoute
from exchange.wires.digits import instant_ms
from exchange.wires.model import NO_VALUE, WireReading
from security.principal import Principal, current
from sensors.model import HJ212_FLAGS, Quality

MOST_READINGS: Final = 10_000
HookName = Annotated[str, Path(max_length=40, pattern=r"^[a-z][a-z0-9_-]*$", examples=["ctwing"])]
Flag = Literal["N", "F", "M", "S", "D", "C", "T", "B"]


class ReadingBody(Strict):
    """One value of one channel; `value` null says that the device has none."""

    device: Annotated[str, text(64, 1), Field(examples=["river-level-0001"])]
    channel: Annotated[str, text(64, 1), Field(examples=["level"])]
    at: RequiredInstant
    value: Annotated[float | None, Field(strict=True, ge=-1e15, le=1e15, examples=[2.31])]
    quality: Flag = "N"

    def reading(self) -> WireReading:
        """Return the reading in our own words."""
        if self.value is None:
            return WireReading(
                self.device, self.channel, instant_ms(self.at), NO_VALUE, Quality.MISSING
            )
        quality = HJ212_FLAGS[self.quality]
        return WireReading(self.device, self.channel, instant_ms(self.at), self.value, quality)


class ReadingsBody(Strict):
    """Many readings at once; the same batch sent again changes nothing."""

    readings: Annotated[list[ReadingBody], Field(min_length=1, max_length=MOST_READINGS)]


class RefusedRow(Strict):
    """A reading that was not taken: its place in the batch, counted from 0, and why."""

    index: int
    code: str
    detail: str


class ReadingsTaken(Strict):
    """What became of a batch."""

    accepted: int
    late: int
    duplicate: int
    refused: list[RefusedRow]


class RefusedFrameRow(Strict):
    """A frame that could not be read; `raw` is its beginning in hexadecimal, `text` the same as letters where it has some."""

    id: int
    wire: str
    source: str
    at: str
    code: str
    detail: str
    size: int
    raw: str
    text: str


class RefusedFrames(Strict):
    """Refused frames, the newest first."""

    items: list[RefusedFrameRow]


class WireRow(Strict):
    """What came in by one wire since the console was started."""

    wire: str
    frames: int
    readings: int
    accepted: int
    late: int
    duplicate: int
    refused: int
    unknown: int
    resent: int
    dialect: int
    newest_at: str | None
    sources: int


class PortRow(Strict):
    """A port on which devices call."""

    wire: str
    port: int
    open: bool
    callers: int


class WireProblem(Strict):
    """A wire that could not be opened, and why."""

    wire: str
    problem: str


class Wires(Strict):
    """Every wire, and what waits to be kept."""

    items: list[WireRow]
    waiting: int
    broker_connected: bool | None
    broker_dropped: int
    offline_devices: int
    ports: list[PortRow]
    problems: list[WireProblem]


class RefusedQuery(Strict):
    """Which refused frames are listed."""

    wire: Annotated[str | None, text(20)] = None
    source: Annotated[str | None, text(80)] = None
    since: Instant = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100


class ReadingService(Protocol):
    """What the API asks of the console about wires."""

    async def take_readings(self, principal: Principal, readings: list[WireReading]) -> Json:
        """Take a batch; return `ReadingsTaken`."""
        ...

    async def take_webhook(self, principal: Principal, hook: str, told: Any) -> Json:
        """Take another platform's message; return `ReadingsTaken`."""
        ...

    async def refused_frames(
        self,
        principal: Principal,
        wire: str | None,
        source: str | None,
        since: datetime | None,
        limit: int,
    ) -> list[Json]:
        """Return refused frames, the newest first."""
        ...

    async def wires(self, principal: Principal) -> Json:
        """Return `Wires`."""
        ...


def readings_router(service: ReadingService) -> APIRouter:
    """Return the operations on readings and wires."""
    router = APIRouter(tags=["readings"], route_class=StrictRoute)
    sends: dict[str, Any] = operation("readings.send", "Send readings", ReadingsTaken, WRITES)
    pushes: dict[str, Any] = operation(
        "readings.send", "Send another platform's message", ReadingsTaken, (*WRITES, 404)
    )

    @router.post("/readings", **sends)
    async def take(body: ReadingsBody) -> Response:
        """Take readings: each that is not right is named with its reason, and the others are kept when this is answered."""
        principal = current()
        principal.need("readings.send")
        readings = [one.reading() for one in body.readings]
        return reply(await service.take_readings(principal, readings), principal)

    @router.post("/webhooks/{hook}", **pushes)
    async def webhook(hook: HookName, body: Annotated[Any, Body()]) -> Response:
        """Take a message as CTWing, OneNET and others push it; what it means is a table (docs/operate/wires.md)."""
        principal = current()
        principal.need("readings.send")
        return reply(await service.take_webhook(principal, hook, body), principal)

    _add_inspection(router, service)
    return router


def _add_inspection(router: APIRouter, service: ReadingService) -> None:
    @router.get(
        "/refused-frames", **operation("wires.read", "List refused frames", RefusedFrames, READS)
    )
    async def refused(query: Annotated[RefusedQuery, Query()]) -> Response:
        """Return frames, payloads and rows that could not be read, each with the element that was wrong."""
        principal = current()
        principal.need("wires.read")
        items = await service.refused_frames(
            principal, query.wire, query.source, query.since, query.limit
        )
        return reply({"items": items}, principal)

    @router.get("/wires", **operation("wires.read", "See the wires", Wires, ()))
    async def wires() -> Response:
        """Return what came in by every wire, what was refused, and what waits."""
        principal = current()
        principal.need("wires.read")
        return reply(await service.wires(principal), principal)
