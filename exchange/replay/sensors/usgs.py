"""River gauges of the USGS (public domain): WaterML as JSON and tab-separated RDB; feet become metres, entities letters."""

import html
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from exchange.fields import read_instant
from exchange.replay.sensors.model import DataSet, Sample, Station
from exchange.wires.digits import instant_ms, read_number
from exchange.wires.unreadable import Unreadable

WIRE: Final = "usgs"
METRE_OF_FOOT: Final = 0.3048
# Parameter codes: what they are with us, and what one of their units is in ours.
PARAMETERS: Final = {"00065": ("level", METRE_OF_FOOT)}
LOCAL: Final = ZoneInfo("America/New_York")
QUARTER_S: Final = 900


def read(folder: Path) -> DataSet:
    """Return the instantaneous levels of `waterservices_iv.txt`."""
    return read_waterml((folder / "waterservices_iv.txt").read_text("utf-8"))


def read_waterml(text: str) -> DataSet:
    """Return the series of a WaterML answer whose parameter we have a channel for."""
    try:
        series = json.loads(text)["value"]["timeSeries"]
    except (ValueError, KeyError, TypeError):
        raise _bad("timeSeries", text[:40], "WaterML 1.1 JSON") from None
    found = DataSet("water", [], iter(()))
    samples: list[Sample] = []
    for one in series:
        code = str(one["variable"]["variableCode"][0]["value"])
        if code not in PARAMETERS:
            continue
        station = _station(one["sourceInfo"])
        if station not in found.stations:
            found.stations.append(station)
        samples += _values(one, station.device, code, found.refused)
    found.samples = iter(sorted(samples, key=lambda sample: sample.at_ms))
    return found


def _station(source: dict[str, Any]) -> Station:
    place = source["geoLocation"]["geogLocation"]  # NAD83: within two metres of WGS 84
    return Station(
        device=f"usgs-{source['siteCode'][0]['value']}",
        name=html.unescape(source["siteName"]).strip(),
        kind="river_level",
        lon_deg=float(place["longitude"]),
        lat_deg=float(place["latitude"]),
        period_s=QUARTER_S,
    )


def _values(
    series: dict[str, Any], device: str, code: str, refused: list[Unreadable]
) -> Iterator[Sample]:
    channel, factor = PARAMETERS[code]
    none = float(series["variable"].get("noDataValue", -999_999))
    for method in series["values"]:
        for row in method["value"]:
            try:
                yield _sample(row, device, channel, factor, none)
            except Unreadable as reason:
                refused.append(reason)


def _sample(row: dict[str, Any], device: str, channel: str, factor: float, none: float) -> Sample:
    try:
        at = read_instant(row["dateTime"])
    except ValueError:
        at = None
    if at is None:
        raise _bad("dateTime", row["dateTime"], "2019-02-14T00:15:00.000-05:00")
    value = read_number(str(row["value"]), WIRE, channel)
    return Sample(
        instant_ms(at), device, {channel: None if value == none else round(value * factor, 4)}
    )


def read_rdb(text: str) -> list[dict[str, str]]:
    """Return the rows of an RDB file by column: `#` are remarks, the second line of the rest tells widths and not values."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    if len(lines) < 2:
        raise _bad("RDB", text[:40], "name<TAB>name")
    head = lines[0].split("\t")
    rows = [line.split("\t") for line in lines[2:]]
    for row in rows:
        if len(row) != len(head):
            raise _bad("RDB", "\t".join(row), f"{len(head)} × TAB")
    return [dict(zip(head, map(html.unescape, row), strict=True)) for row in rows]


def read_peaks(text: str) -> list[Sample]:
    """Return a year's highest levels; a peak whose hour nobody wrote down stands at noon of its day, local time."""
    samples = []
    for row in read_rdb(text):
        if not row["gage_ht"] or "00" in row["peak_dt"][5:].split(
            "-"
        ):  # the day, or month, is not known
            continue
        clock = row["peak_tm"] or "12:00"
        at = datetime.fromisoformat(f"{row['peak_dt']}T{clock}").replace(tzinfo=LOCAL)
        level = round(read_number(row["gage_ht"], WIRE, "gage_ht") * METRE_OF_FOOT, 4)
        samples.append(Sample(instant_ms(at), f"usgs-{row['site_no']}", {"level": level}))
    return samples


def _bad(element: str, value: object, wanted: str) -> Unreadable:
    return Unreadable("wires.bad_element", wire=WIRE, element=element, value=value, wanted=wanted)
