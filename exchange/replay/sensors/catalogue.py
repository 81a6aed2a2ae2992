"""Which data sets of measurements can be played, and the table that makes their stations known to the console."""

import csv
import io
from collections.abc import Iterable
from typing import Final

from exchange.replay.sensors import beijing_air, metr_la, usgs
from exchange.replay.sensors.model import Reader, Station

READERS: Final[dict[str, Reader]] = {
    "beijing-air": beijing_air.read,
    "metr-la": metr_la.read,
    "usgs": usgs.read,
}


def devices_table(stations: Iterable[Station]) -> str:
    """Return the stations as `app.py devices import` takes them."""
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\n")
    lines.writerow(["device_id", "name", "kind", "lon", "lat", "period_s"])
    for one in stations:
        lines.writerow([one.device, one.name, one.kind, one.lon_deg, one.lat_deg, one.period_s])
    return written.getvalue()
