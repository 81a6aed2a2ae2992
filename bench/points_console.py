"""A console with tens of thousands of devices that go on speaking, for `python -m bench.points`."""

import csv
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from bench.desk import free_port, wait_until_ready
from bench.live_target import Door
from bench.processes import ROOT, Child
from county.locate import Locator
from county.sample.make import ensure_sample
from county.sample.size import SMALL
from vocabulary.clock import SystemClock, to_text

KINDS: Final = (
    ("street_light", "voltage", 220.0),
    ("parking", "occupancy", 50.0),
    ("water_pressure", "pressure", 0.3),
    ("gas", "methane_lel", 3.0),
    ("electrical", "residual_current", 120.0),
)
EVERY_S: Final = 0.5
START_S: Final = 300.0
LEAKING: Final = 60.0
LEAK_LIMIT: Final = 20.0


def device_of(number: int) -> str:
    """Return the id of a device; its kind goes round."""
    return f"bench-{number:05d}"


def places(home: Path, count: int) -> Iterator[tuple[float, float]]:
    """Return so many places of the county, most of them near its seat as in life."""
    county = ensure_sample(home, SMALL)
    locator, box, pick = Locator(county), county.box, random.Random(50)  # noqa: S311
    middle, found = county.center, 0
    while found < count:
        if found % 3:
            spread = (box.east_deg - box.west_deg) / 12
            lon, lat = pick.gauss(middle.lon_deg, spread), pick.gauss(middle.lat_deg, spread)
        else:
            lon = pick.uniform(box.west_deg, box.east_deg)
            lat = pick.uniform(box.south_deg, box.north_deg)
        with suppress(Exception):
            locator.place_inside(lon, lat)
            found += 1
            yield round(lon, 6), round(lat, 6)


def write_devices(home: Path, count: int, file: Path) -> None:
    """Write the registry's file as an office brings it."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(
            ("device_id", "name", "kind", "lon", "lat", "channel", "period_s", "stale_s", "high")
        )
        for number, (lon, lat) in enumerate(places(home, count)):
            kind, channel, _ = KINDS[number % len(KINDS)]
            high = LEAK_LIMIT if kind == "gas" else ""
            id = device_of(number)
            rows.writerow((id, id, kind, lon, lat, channel, 60, 600, high))


class Devices:
    """The console, and its devices: each speaks once in so many seconds."""

    def __init__(self, home: Path, count: int) -> None:
        self.home, self.count, self.port = home, count, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.sent = self.failed = 0
        self._stop = threading.Event()

    def start(self) -> None:
        """Bring the devices in, start the console, and let every device speak once."""
        file = self.home / "devices.csv"
        self.home.mkdir(parents=True, exist_ok=True)
        write_devices(self.home, self.count, file)
        at_home = ["--home", str(self.home)]
        bringing = [sys.executable, "app.py", "devices", "import", str(file), *at_home]
        subprocess.run(bringing, check=True, cwd=ROOT)
        named = [*at_home, "--name", "bench", "--role", "engineer"]
        self.key = Child(["app.py", "key", "add", *named]).line()
        quiet = {"ONENET_LOG_LEVEL": "error", "ONENET_COVERAGE": "false"}
        serving = ["app.py", *at_home, "--port", str(self.port)]
        self.child = Child(serving, quiet, silent=True)
        asking = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        self._door = Door(self.port, asking)
        wait_until_ready(self.port, START_S)
        for first in range(0, self.count, 5_000):
            self.speak(range(first, min(first + 5_000, self.count)))

    def speak(self, numbers: range, leaking: bool = False) -> dict[str, Any]:
        """Let devices say something new."""
        at, readings = to_text(SystemClock().now()), []
        for number in numbers:
            _, channel, usual = KINDS[number % len(KINDS)]
            value = LEAKING if leaking else round(usual * random.uniform(0.97, 1.03), 3)  # noqa: S311
            one = {"device": device_of(number), "channel": channel, "at": at, "value": value}
            readings.append(one)
        self.sent += len(readings)
        told: dict[str, Any] = self._door.ask("POST", "/api/v1/readings", {"readings": readings})
        return told

    def keep_speaking(self, a_second: int) -> None:
        """Go round, so many devices a second, until the end."""
        each = int(a_second * EVERY_S)

        def work() -> None:
            first = 0
            while not self._stop.wait(EVERY_S):
                self.speak(range(first, min(first + each, self.count)))
                first = first + each if first + each < self.count else 0

        self._speaking = threading.Thread(target=work, daemon=True)
        self._speaking.start()

    def fall_silent(self) -> None:
        """Let the devices say no more."""
        self._stop.set()
        self._speaking.join()
        self._stop.clear()

    def end(self) -> None:
        """End the console."""
        self._stop.set()
        self.child.end()
