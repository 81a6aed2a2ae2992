"""How long a base-map tile takes: cold (painted) and cached. `python -m bench.tiles [--quick]`."""

import argparse
import asyncio
import json
import math
import os
import random
import statistics
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from county.model import County
from county.sample.make import ensure_sample
from layers.tile_grid import LAST_Z
from layers.tiles import TileService

COLD_BAR_MS, CACHED_BAR_MS = 30.0, 3.0
SEED = 20261122
FIRST_USUAL_Z = 9  # below it the county is a corner of one tile


def tiles_of(county: County, each: int) -> list[tuple[int, int, int]]:
    """Return `each` different tiles of every zoom, at random places of the county."""
    pick = random.Random(SEED)  # noqa: S311 - a choice of tiles, no secret
    box, out = county.box, []
    for z in range(FIRST_USUAL_Z, LAST_Z + 1):
        seen: set[tuple[int, int, int]] = set()
        for _ in range(each * 4):
            lon, lat = (
                pick.uniform(box.west_deg, box.east_deg),
                pick.uniform(box.south_deg, box.north_deg),
            )
            seen.add((z, *tile_at(lon, lat, z)))
        out += sorted(seen)[:: max(1, len(seen) // each)][:each]
    pick.shuffle(out)
    return out


def tile_at(lon: float, lat: float, z: int) -> tuple[int, int]:
    """Return the tile of the 512 px grid that holds a position."""
    across = 2**z
    south = math.asinh(math.tan(math.radians(lat))) / math.pi
    return int((lon + 180) / 360 * across), int((1 - south) / 2 * across)


async def measure(county: County, home: Path, each: int) -> dict[str, float]:
    """Return percentiles in milliseconds for painting and for answering from the caches."""
    service = TileService(county, home)
    await service.start()
    wanted = tiles_of(county, each)
    for theme in ("dark", "light"):
        await service.tile(theme, 6, *tile_at(county.center.lon_deg, county.center.lat_deg, 6))
    before = _painters_cpu_s(service)
    cold = [await _timed(service, tile) for tile in wanted]
    spent = _painters_cpu_s(service)
    warm = [await _timed(service, tile) for tile in wanted]
    await service.stop()
    again = TileService(county, home)
    await again.start()
    disk = [await _timed(again, tile) for tile in wanted]
    await again.stop()
    return {
        "cold_p50": statistics.median(cold), "cold_p95": statistics.quantiles(cold, n=20)[18], "cold_max": max(cold),
        "cold_cpu_mean": (spent - before) * 1000 / len(wanted), "load": os.getloadavg()[0],
        "cached_p50": statistics.median(warm), "disk_p50": statistics.median(disk), "tiles": float(len(wanted)),
    }  # fmt: skip


def _painters_cpu_s(service: TileService) -> float:
    # What painting costs whatever else the machine does: the processor time of the painters, read by their numbers.
    ticks = 0
    for pid in service.painter_pids:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


async def _timed(service: TileService, tile: tuple[int, int, int]) -> float:
    started = perf_counter()
    await service.tile("dark", *tile)
    return (perf_counter() - started) * 1000


def main() -> int:
    """Measure on the sample county, or on the county of --home, and print one line of JSON."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--quick", action="store_true")
    words.add_argument(
        "--home", type=Path, help="use the county imported there instead of the sample county"
    )
    asked = words.parse_args()
    with TemporaryDirectory() as temporary:
        home = Path(temporary)
        county = ensure_sample(asked.home or home)
        found = asyncio.run(measure(county, home, 8 if asked.quick else 40))
    # The baseline is painting itself: what a server without a cache would take.
    ok = found["cold_p50"] <= COLD_BAR_MS and found["disk_p50"] <= CACHED_BAR_MS
    line = {
        "name": "tiles", "bar": {"cold_p50_ms": COLD_BAR_MS, "cached_p50_ms": CACHED_BAR_MS},
        "value": {key: round(value, 2) for key, value in found.items()}, "baseline": round(found["cold_p50"], 2),
        "ratio": round(found["cold_p50"] / found["disk_p50"], 1), "lost": 0, "ok": ok,
    }  # fmt: skip
    print(json.dumps(line))
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
