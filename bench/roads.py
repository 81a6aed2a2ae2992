"""500 units to an incident by road, closures changing all the while. `python -m bench.roads [--quick] [--county FILE]`."""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, thread_time
from typing import Final

import numpy as np
import shapely

from bench.roads_map import synthetic_roads, turn_restrictions
from bench.roads_valhalla import compare
from county.closures import Closure, Closures, InForce
from county.importing.run import import_county
from county.roads.build import build, road_graph
from county.roads.graph import RoadGraph
from county.roads.metric import Floats
from county.store import load
from county.travel import Reach, Travel
from vocabulary.place import Place, distance_m

BAR_P99_MS: Final = 20.0
UNITS, CLOSED_AREAS = 500, 20
WARM_UP: Final = 3
BASELINE: Final = "baseline: straight line, one by one"
SEED: Final = 20261122
NOW: Final = datetime(2026, 11, 22, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Row:
    """What one way of answering took on one map, in milliseconds of the clock and (median) of the processor."""

    what: str
    p50_ms: float
    p99_ms: float
    cpu_ms: float

    def __str__(self) -> str:
        head = f"  {self.what:<44}"
        return f"{head} p50 {self.p50_ms:7.2f}   p99 {self.p99_ms:7.2f}   processor {self.cpu_ms:7.2f} ms"


class Day:
    """Incidents, units that move and closures that come and go on one map, the same at every run."""

    def __init__(self, graph: RoadGraph) -> None:
        """Begin the day."""
        self.graph, self.travel = graph, Travel(graph)
        self._chance = np.random.default_rng(SEED)
        self.units = self._near_roads(UNITS)
        self.closures = Closures()
        for number in range(CLOSED_AREAS):
            self.closures = self.closures.with_closure(self._closure(number))

    def moves_on(self, number: int) -> tuple[Place, InForce]:
        """Return the next incident; every unit has moved and one closure is another one."""
        self.units = self.units + self._chance.normal(0, 1e-4, self.units.shape)
        self.closures = self.closures.with_closure(self._closure(number % CLOSED_AREAS))
        lon, lat = self._near_roads(1)[0].tolist()
        return Place(lon, lat), self.closures.in_force(NOW)

    def _near_roads(self, count: int) -> Floats:
        nodes = self.graph.nodes_wgs84[
            self.graph.edges.tail[self.graph.main[self.graph.edges.piece]]
        ]
        chosen: Floats = nodes[self._chance.integers(0, len(nodes), count)]
        return chosen + self._chance.normal(0, 4e-4, chosen.shape)

    def _closure(self, number: int) -> Closure:
        area = shapely.Point(self._near_roads(1)[0]).buffer(float(self._chance.uniform(5e-4, 4e-3)))
        share = 0.0 if number % 2 else 0.3
        until = NOW + timedelta(hours=1)
        return Closure(id=str(number), until_at=until, area_wgs84=area, speed_share=share)


Taken = dict[str, list[tuple[float, float]]]


def measure(day: Day, times: int) -> tuple[list[Row], int]:
    """Return a row per question, and how many answers were lost (not reached and not said why)."""
    taken: Taken = {}
    lost = 0
    for number in range(times + WARM_UP):
        if number == WARM_UP:
            taken.clear()  # the first few touched every page of memory
        lost += _ask(day, number, taken)
    return [_row(what, values) for what, values in taken.items()], lost


def _ask(day: Day, number: int, taken: Taken) -> int:
    travel, (place, force) = day.travel, day.moves_on(number)
    with _timed(taken, "500 moved units, closures changed"):
        found = travel.toward(place, travel.snap_lonlat(day.units), force)
    snapped = travel.snap_lonlat(day.units)
    with _timed(taken, "500 units that stand, closures known"):
        travel.toward(place, snapped, force)
    with _timed(taken, "nearest 10 of 500"):
        travel.nearest(place, snapped, 10, force)
    with _timed(taken, BASELINE):
        straight(place, day.units)
    if number % 4 == 0:
        with _timed(taken, "isochrones 5, 10, 15 min"):
            travel.isochrones(place, in_force=force)
    unsaid = np.isnan(found.seconds) & (found.reach == Reach.REACHED)
    return int(unsaid.sum()) + len(day.units) - len(found.seconds)


@contextmanager
def _timed(taken: Taken, what: str) -> Iterator[None]:
    clock, processor = perf_counter(), thread_time()
    yield
    taken.setdefault(what, []).append((perf_counter() - clock, thread_time() - processor))


def straight(place: Place, units: Floats) -> list[float]:
    """Return the distances as the crow flies."""
    return [distance_m(place, Place(lon, lat)) for lon, lat in units.tolist()]


def _row(what: str, values: list[tuple[float, float]]) -> Row:
    clock, processor = np.array(values).T * 1000
    return Row(
        what, float(np.median(clock)), float(np.quantile(clock, 0.99)), float(np.median(processor))
    )


def of_county(pbf: Path, folder: Path) -> RoadGraph:
    """Return the graph of a county imported from an OSM extract."""
    import_county([pbf], folder / pbf.name)
    return road_graph(load(folder / pbf.name))


def graphs(files: list[Path], folder: Path) -> list[tuple[str, RoadGraph]]:
    """Return the synthetic county and those of the files."""
    started = perf_counter()
    made = synthetic_roads(SEED)
    drawn = perf_counter()
    synthetic = build(made, turn_restrictions(made, SEED), version="synthetic")
    print(f"drawn in {drawn - started:.1f} s, graph built in {perf_counter() - drawn:.1f} s")
    return [("synthetic", synthetic), *((file.name, of_county(file, folder)) for file in files)]


def main() -> int:
    """Measure on the synthetic county and on the extracts named, and print one line of JSON."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--quick", action="store_true")
    words.add_argument(
        "--county", type=Path, action="append", default=[], help="an .osm.pbf to measure too"
    )
    asked = words.parse_args()
    results: dict[str, list[Row]] = {}
    lost = 0
    with TemporaryDirectory() as temporary:
        for name, graph in graphs(asked.county, Path(temporary)):
            bound = graph.link_nodes - len(graph.nodes_wgs84)
            size = f"{len(graph.nodes_wgs84)} junctions, {len(graph.edges)} edges, {bound} bound approaches"
            print(f"{name}: {size}, {graph.main.mean():.1%} of the pieces in one network")
            results[name], missing = measure(Day(graph), 40 if asked.quick else 300)
            lost += missing
            print(*results[name], sep="\n", flush=True)
        valhalla = [
            compare(file, road_graph(load(Path(temporary) / file.name))) for file in asked.county
        ]
    rows = {row.what: row for row in results["synthetic"]}
    first, base = results["synthetic"][0], rows[BASELINE]
    ok = first.p99_ms <= BAR_P99_MS and not lost
    line = {
        "name": "roads", "bar": f"p99 <= {BAR_P99_MS:.0f} ms for {UNITS} units on 64,000 junctions",
        "value": {"p50_ms": round(first.p50_ms, 2), "p99_ms": round(first.p99_ms, 2), "cpu_ms": round(first.cpu_ms, 2)},
        "baseline": {"straight_line_p50_ms": round(base.p50_ms, 2), "valhalla": [one for one in valhalla if one]},
        "ratio": round(first.p50_ms / base.p50_ms, 1), "lost": lost, "ok": ok,
    }  # fmt: skip
    print(json.dumps(line))
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
