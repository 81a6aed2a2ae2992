"""Air of Beijing, 2016, hourly at twelve stations (UCI PRSA, CC BY 4.0): local time, `NA` gaps; right places in stations.csv."""

import csv
import heapq
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from exchange.replay.sensors.model import DataSet, Sample, Station
from exchange.wires.digits import BEIJING, instant_ms, read_number, read_whole
from exchange.wires.unreadable import Unreadable

WIRE: Final = "beijing-air"
CHANNELS: Final = {
    "PM2.5": "pm25",
    "PM10": "pm10",
    "SO2": "so2",
    "NO2": "no2",
    "CO": "co",
    "O3": "o3",
}
HOUR_S: Final = 3600


def read(folder: Path) -> DataSet:
    """Return the whole year; the `lat` and `long` of the station files are wrong and not looked at."""
    with (folder / "stations.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    stations = [
        Station(
            device=device(row["station"]),
            name=row["station"],
            kind="air",
            lon_deg=read_number(row["lon"], WIRE, "lon"),
            lat_deg=read_number(row["lat"], WIRE, "lat"),
            period_s=HOUR_S,
        )
        for row in rows
    ]
    found = DataSet("air", stations, iter(()))
    files = [_samples(folder / f"{row['station']}.csv", found.refused) for row in rows]
    found.samples = heapq.merge(*files, key=lambda sample: sample.at_ms)
    return found


def device(station: str) -> str:
    """Return the device of a station."""
    return f"beijing-air-{station.lower()}"


def _samples(file: Path, refused: list[Unreadable]) -> Iterator[Sample]:
    with file.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            try:
                yield _sample(row)
            except Unreadable as reason:
                refused.append(reason)


def _sample(row: dict[str, str]) -> Sample:
    year, month, day, hour = (
        read_whole(row[name], WIRE, name, least, most)
        for name, least, most in (("year", 2000, 2099), ("month", 1, 12), ("day", 1, 31), ("hour", 0, 23))
    )  # fmt: skip
    at = datetime(year, month, day, hour, tzinfo=BEIJING)
    values = {
        ours: None if row[theirs] == "NA" else read_number(row[theirs], WIRE, theirs)
        for theirs, ours in CHANNELS.items()
    }
    return Sample(instant_ms(at), device(row["station"]), values)
