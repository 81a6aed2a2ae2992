"""Devices, channels and readings with defaults, for the tests of the room."""

from datetime import UTC, datetime, timedelta

from sensors.batch import Batch, batch_of, to_us
from sensors.model import Channel, Device, Quality
from sensors.registry import Registry
from vocabulary.place import Place

START = datetime(2026, 11, 27, 6, 0, tzinfo=UTC)
START_US = to_us(START)
SECOND = 1_000_000


def a_device(
    name: str = "road-water-0001", kind: str = "road_water", *, gateway: str | None = None
) -> Device:
    return Device(
        id=name,
        name=name,
        kind=kind,
        place=Place(120.5, 30.5),
        department="drainage",
        gateway=gateway,
    )


def a_channel(
    number: int = 1,
    device: str = "road-water-0001",
    name: str = "depth",
    *,
    period_s: int = 60,
    low: float | None = None,
    high: float | None = 15.0,
) -> Channel:
    return Channel(
        number=number,
        device=device,
        name=name,
        unit="cm",
        period=timedelta(seconds=period_s),
        stale_after=timedelta(seconds=3 * period_s),
        low=low,
        high=high,
    )


def a_registry(count: int = 1, **channel: object) -> Registry:
    devices = [a_device(f"road-water-{n:04d}") for n in range(1, count + 1)]
    channels = [a_channel(n, device.id, **channel) for n, device in enumerate(devices, 1)]  # type: ignore[arg-type]
    return Registry(devices, channels)


def readings(*pairs: tuple[float, float], channel: int = 1, quality: int = Quality.GOOD) -> Batch:
    """Return (seconds after START, value) of one channel as a batch, received as observed."""
    observed = [START_US + int(second * SECOND) for second, _ in pairs]
    return batch_of([channel] * len(pairs), observed, observed, [v for _, v in pairs], quality)
