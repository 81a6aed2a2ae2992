"""Devices, their channels and addresses: records of their own, brought by imports and read whole at start."""

from collections.abc import Iterable, Sequence
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


def keep_wished(connection: Connection, wished: Sequence[Wished]) -> tuple[int, int, int]:
    """Keep channels and their devices; return how many devices were new, changed and as they were."""
    known = {row.id: row._asdict() for row in connection.execute(select(devices))}
    wanted = {one.device.id: _device_row(one.device) for one in wished}
    new = [row for id, row in wanted.items() if id not in known]
    other = [row for id, row in wanted.items() if id in known and known[id] != row]
    _keep_rows(connection, devices, devices.c.id, new, other)
    numbers, touched = _keep_channels(connection, wished)
    for one in wished:
        if _keep_addresses(connection, one.addresses, numbers[one.device.id, one.name]):
            touched.add(one.device.id)
    changed = (touched | {row["id"] for row in other}) - {row["id"] for row in new}
    if new or changed:
        next_number(connection, MARK)
    return len(new), len(changed), len(wanted) - len(new) - len(changed)


def _keep_channels(
    connection: Connection, wished: Sequence[Wished]
) -> tuple[dict[tuple[str, str], int], set[str]]:
    """Keep channels; return the number of each, and the devices of those that were not as they are wanted."""
    held = {
        (row.device_id, row.name): row._asdict() for row in connection.execute(select(channels))
    }
    wanted = {(one.device.id, one.name): _channel_row(one) for one in wished}
    numbers = {key: row["number"] for key, row in held.items()}
    last = max(numbers.values(), default=0)
    fresh = [key for key in wanted if key not in held]
    numbers |= {key: last + count for count, key in enumerate(fresh, 1)}
    rows = {key: {"number": numbers[key], **row} for key, row in wanted.items()}
    other = [key for key, row in rows.items() if key in held and held[key] != row]
    new, changed = [rows[key] for key in fresh], [rows[key] for key in other]
    _keep_rows(connection, channels, channels.c.number, new, changed)
    return numbers, {device for device, _ in (*fresh, *other)}


def _keep_rows(
    connection: Connection,
    table: Table,
    key: "Column[Any]",
    new: list[dict[str, Any]],
    changed: list[dict[str, Any]],
) -> None:
    """Insert and update in two statements: an office brings tens of thousands at once, and the writer waits meanwhile."""
    if new:
        connection.execute(insert(table), new)
    if changed:
        rows = [{**row, "was": row[key.name]} for row in changed]
        connection.execute(update(table).where(key == bindparam("was")), rows)


def _keep_addresses(
    connection: Connection, wanted: Iterable[tuple[str, str, str]], channel: int
) -> bool:
    touched = False
    for protocol, station, factor in wanted:
        table = addresses.c
        where = (table.protocol == protocol) & (table.station == station) & (table.factor == factor)
        found = connection.execute(select(table.channel).where(where)).scalar_one_or_none()
        if found == channel:
            continue
        connection.execute(delete(addresses).where(where))
        row = {"protocol": protocol, "station": station, "factor": factor, "channel": channel}
        connection.execute(insert(addresses).values(**row))
        touched = True
    return touched


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
