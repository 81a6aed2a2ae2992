"""Speeds at 207 loops of Los Angeles, a week at five minutes (DCRNN, MIT): no clock in the file, miles an hour, 0 is none."""

import csv
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from exchange.replay.sensors.model import DataSet, Sample, Station
from exchange.wires.digits import instant_ms, read_number
from exchange.wires.unreadable import Unreadable

WIRE: Final = "metr-la"
FIRST: Final = datetime(2012, 3, 1, tzinfo=ZoneInfo("America/Los_Angeles"))
STEP: Final = timedelta(minutes=5)
KMH_OF_MPH: Final = 1.609344


def read(folder: Path) -> DataSet:
    """Return the week, its rows counted from the first of March 2012."""
    with (folder / "graph_sensor_locations.csv").open(encoding="utf-8", newline="") as stream:
        stations = [
            Station(
                device=device(row["sensor_id"]),
                name=row["sensor_id"],
                kind="traffic",
                lon_deg=read_number(row["longitude"], WIRE, "longitude"),
                lat_deg=read_number(row["latitude"], WIRE, "latitude"),
                period_s=int(STEP.total_seconds()),
            )
            for row in csv.DictReader(stream)
        ]
    found = DataSet("traffic", stations, iter(()))
    found.samples = _samples(folder / "los_speed.csv", found.refused)
    return found


def device(sensor: str) -> str:
    """Return the device of a loop."""
    return f"metr-la-{sensor}"


def _samples(file: Path, refused: list[Unreadable]) -> Iterator[Sample]:
    with file.open(encoding="utf-8", newline="") as stream:
        lines = csv.reader(stream)
        devices = [device(sensor) for sensor in next(lines)]
        for step, cells in enumerate(lines):
            at_ms = instant_ms(FIRST) + step * int(STEP.total_seconds()) * 1000
            for one, cell in zip(devices, cells, strict=False):
                try:
                    mph = read_number(cell, WIRE, "speed")
                except Unreadable as reason:
                    refused.append(reason)
                    continue
                yield Sample(at_ms, one, {"speed": round(mph * KMH_OF_MPH, 1) if mph else None})
