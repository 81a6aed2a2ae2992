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
    held = {
        (row.device_id, row.name): row._asdict() for row in connection.execute(select(channels))
    }
    number = max((row["number"] for row in held.values()), default=0)
    changed: set[str] = set()
    new: set[str] = set()
    for one in wished:
        row = _device_row(one.device)
        if one.device.id not in known:
            connection.execute(insert(devices).values(**row))
            new.add(one.device.id)
        elif known[one.device.id] != row:
            connection.execute(update(devices).where(devices.c.id == row["id"]).values(**row))
            changed.add(one.device.id)
        known[one.device.id] = row
        number, touched = _keep_channel(connection, one, held, number)
        touched |= _keep_addresses(
            connection, one.addresses, held[one.device.id, one.name]["number"]
        )
        if touched:
            changed.add(one.device.id)
    if new or changed:
        next_number(connection, MARK)
    every = {one.device.id for one in wished}
    return len(new), len(changed - new), len(every - new - changed)


def _keep_channel(
    connection: Connection, one: Wished, held: dict[tuple[str, str], dict[str, Any]], number: int
) -> tuple[int, bool]:
    key = (one.device.id, one.name)
    row = {
        "device_id": one.device.id,
        "name": one.name,
        "unit": one.unit,
        "period_s": one.period_s,
        "stale_s": one.stale_s,
        "low": one.low,
        "high": one.high,
    }
    before = held.get(key)
    if before is None:
        held[key] = {"number": number + 1, **row}
        connection.execute(insert(channels).values(**held[key]))
        return number + 1, True
    if before != {"number": before["number"], **row}:
        held[key] = {"number": before["number"], **row}
        where = channels.c.number == before["number"]
        connection.execute(update(channels).where(where).values(**row))
        return number, True
    return number, False


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
