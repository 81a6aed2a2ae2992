"""Devices, their channels and addresses: records of their own, brought by imports and read whole at start."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Float,
    Integer,
    String,
    Table,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from sensors.model import Channel, Device
from sensors.registry import Address, Registry
from storage.counters import next_number
from storage.metadata import metadata
from storage.tables import counters
from vocabulary.place import Place

MARK: Final = "devices"

devices = Table(
    "devices",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("lon_deg", Float, nullable=False),
    Column("lat_deg", Float, nullable=False),
    Column("department", String(40), nullable=False),
    Column("gateway", String(64)),
)

channels = Table(
    "channels",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("device_id", String(64), nullable=False, index=True),
    Column("name", String(60), nullable=False),
    Column("unit", String(20), nullable=False),
    Column("period_s", Integer, nullable=False),
    Column("stale_s", Integer, nullable=False),
    Column("low", Float),
    Column("high", Float),
)

addresses = Table(
    "addresses",
    metadata,
    Column("protocol", String(20), primary_key=True),
    Column("station", String(80), primary_key=True),
    Column("factor", String(60), primary_key=True),
    Column("channel", BigInteger, nullable=False),
)


@dataclass(slots=True)
class Wished:
    """One channel of a device as an import wants it; `addresses` are (protocol, station, factor)."""

    device: Device
    name: str
    unit: str
    period_s: int
    stale_s: int
    low: float | None
    high: float | None
    addresses: list[tuple[str, str, str]] = field(default_factory=list)


def load_registry(connection: Connection) -> Registry:
    """Return everything that measures."""
    return Registry(
        [
            Device(
                id=row.id,
                name=row.name,
                kind=row.kind,
                place=Place(row.lon_deg, row.lat_deg),
                department=row.department,
                gateway=row.gateway,
            )
            for row in connection.execute(select(devices).order_by(devices.c.id))
        ],
        [
            Channel(
                number=row.number,
                device=row.device_id,
                name=row.name,
                unit=row.unit,
                period=timedelta(seconds=row.period_s),
                stale_after=timedelta(seconds=row.stale_s),
                low=row.low,
                high=row.high,
            )
            for row in connection.execute(select(channels).order_by(channels.c.number))
        ],
        [
            Address(row.protocol, row.station, row.factor, row.channel)
            for row in connection.execute(select(addresses))
        ],
    )


def registry_mark(connection: Connection) -> int:
    """Return what grows with every import that changed something: who holds a registry sees when to read again."""
    query = select(counters.c.value).where(counters.c.name == MARK)
    return int(connection.execute(query).scalar_one_or_none() or 0)


@dataclass(frozen=True, slots=True)
class Written:
    """Rows of one table."""

    new: list[dict[str, Any]]
    changed: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Weighed:
    """What an import would write: rows that are new or other than they stand; and how each wished channel stands to that."""

    devices: Written
    channels: Written
    addresses: list[dict[str, Any]]
    outcomes: dict[tuple[str, str], str]  # device and channel: added, changed or unchanged

    @property
    def counts(self) -> tuple[int, int, int]:
        """Return how many devices are new, changed and as they were."""
        new = {row["id"] for row in self.devices.new}
        all_ = {device for device, _ in self.outcomes}
        other = {device for (device, _), outcome in self.outcomes.items() if outcome != "unchanged"}
        return len(new), len(other - new), len(all_ - other)


def weigh(connection: Connection, wished: Sequence[Wished]) -> Weighed:
    """Return what keeping would do; nothing is written."""
    known = {row.id: row._asdict() for row in connection.execute(select(devices))}
    held = {
        (row.device_id, row.name): row._asdict() for row in connection.execute(select(channels))
    }
    theirs = {
        (row.protocol, row.station, row.factor): row.channel
        for row in connection.execute(select(addresses))
    }
    numbers = {key: row["number"] for key, row in held.items()}
    last = max(numbers.values(), default=0)
    wanted = {(one.device.id, one.name): one for one in wished}
    fresh = [key for key in wanted if key not in held]
    numbers |= {key: last + count for count, key in enumerate(fresh, 1)}
    rows = {key: {"number": numbers[key], **_channel_row(one)} for key, one in wanted.items()}
    own = {one.device.id: _device_row(one.device) for one in wished}
    meant = {address: numbers[key] for key, one in wanted.items() for address in one.addresses}
    moved = {address for address, number in meant.items() if theirs.get(address) != number}

    def outcome(key: tuple[str, str], one: Wished) -> str:
        if key not in held:
            return "added"
        same = held[key] == rows[key] and known.get(key[0]) == own[key[0]]
        return "unchanged" if same and moved.isdisjoint(one.addresses) else "changed"

    return Weighed(
        Written(
            [row for id, row in own.items() if id not in known],
            [row for id, row in own.items() if id in known and known[id] != row],
        ),
        Written(
            [rows[key] for key in fresh],
            [row for key, row in rows.items() if key in held and held[key] != row],
        ),
        [_address_row(address, meant[address]) for address in meant if address in moved],
        {key: outcome(key, one) for key, one in wanted.items()},
    )


def keep_weighed(connection: Connection, weighed: Weighed) -> None:
    """Write what was weighed in the same transaction; the mark grows where anything is other than it was."""
    _keep_rows(connection, devices, devices.c.id, weighed.devices)
    _keep_rows(connection, channels, channels.c.number, weighed.channels)
    for row in weighed.addresses:
        table = addresses.c
        where = [table[name] == row[name] for name in ("protocol", "station", "factor")]
        connection.execute(delete(addresses).where(*where))
    if weighed.addresses:
        connection.execute(insert(addresses), weighed.addresses)
    if any(outcome != "unchanged" for outcome in weighed.outcomes.values()):
        next_number(connection, MARK)


def keep_wished(connection: Connection, wished: Sequence[Wished]) -> tuple[int, int, int]:
    """Keep channels and their devices; return how many devices were new, changed and as they were."""
    weighed = weigh(connection, wished)
    keep_weighed(connection, weighed)
    return weighed.counts


def _keep_rows(connection: Connection, table: Table, key: "Column[Any]", written: Written) -> None:
    """Insert and update in two statements: an office brings tens of thousands at once, and the writer waits meanwhile."""
    if written.new:
        connection.execute(insert(table), written.new)
    if written.changed:
        rows = [{**row, "was": row[key.name]} for row in written.changed]
        connection.execute(update(table).where(key == bindparam("was")), rows)


def _address_row(address: tuple[str, str, str], channel: int) -> dict[str, Any]:
    protocol, station, factor = address
    return {"protocol": protocol, "station": station, "factor": factor, "channel": channel}


def _channel_row(one: Wished) -> dict[str, Any]:
    return {
        "device_id": one.device.id,
        "name": one.name,
        "unit": one.unit,
        "period_s": one.period_s,
        "stale_s": one.stale_s,
        "low": one.low,
        "high": one.high,
    }


def _device_row(device: Device) -> dict[str, Any]:
    return {
        "id": device.id,
        "name": device.name,
        "kind": device.kind,
        "lon_deg": device.place.lon_deg,
        "lat_deg": device.place.lat_deg,
        "department": device.department,
        "gateway": device.gateway,
    }
