"""10,000 points to town, cell, nearest road and nearest place, against geopandas. `python -m bench.locate [--quick]`."""

import argparse
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from bench.roads_map import synthetic_roads
from county.importing.writer import WGS84, Contents, Facts, write
from county.locate import PLACE_REACH_M, ROAD_REACH_M, Location, Locator
from county.model import County
from county.store import county_folder, load, read_layer
from vocabulary.place import Place

BAR_S: Final = 0.5
POINTS, SINGLE, PLACES, TOWNS_A_SIDE = 10_000, 2_000, 100_000, 4
SEED: Final = 20261122
ROUNDS: Final = 5
# A street of kilometres, straight in degrees, bends by so much in UTM.
BENT_M: Final = 3.0

Box = tuple[float, float, float, float]
Spots = NDArray[np.float64]


def made_up() -> Contents:
    """Return a county of 16 towns, 117,000 named pieces of street and 100,000 named places."""
    roads = synthetic_roads(SEED)
    named = [f"道路{number}" for number in range(len(roads))]
    roads = roads.assign(name=named, rank=0, bridge=False, tunnel=False, kind="")
    towns = _towns(tuple(shapely.total_bounds(roads.geometry.to_numpy())))
    facts = Facts(
        code="990109", name_zh="量尺县", name_en="Bench County", source="bench", attribution="", version="bench"
    )  # fmt: skip
    outline = shapely.union_all(towns.geometry.to_numpy())
    layers = {"roads": roads, "pois": _marks(outline.bounds, "school")}
    return Contents(
        facts, outline, towns, {**layers, "places": _marks(outline.bounds, "village", 400)}
    )


def _towns(box: Box) -> gpd.GeoDataFrame:
    xs, ys = (np.linspace(box[i], box[i + 2], TOWNS_A_SIDE + 1) for i in (0, 1))
    shapes = [
        shapely.box(xs[i], ys[j], xs[i + 1], ys[j + 1])
        for j in range(TOWNS_A_SIDE)
        for i in range(TOWNS_A_SIDE)
    ]
    numbers = range(len(shapes))
    columns = {
        "town_id": [f"990109{100 + number}" for number in numbers],
        "name": [f"镇{number}" for number in numbers], "name_en": [f"Town {number}" for number in numbers],
    }  # fmt: skip
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=WGS84)


def _marks(box: Box, kind: str, count: int = PLACES) -> gpd.GeoDataFrame:
    spots = np.random.default_rng(SEED).uniform(box[:2], box[2:], (count, 2))
    columns = {
        "kind": kind,
        "name": [f"{kind}{number}" for number in range(count)],
        "name_en": "",
        "rank": 0,
        "population": 0,
    }
    return gpd.GeoDataFrame(columns, geometry=shapely.points(spots), crs=WGS84)


def county_at(home: Path) -> tuple[County, float]:
    """Return the made-up county, written where the console would read it, and the seconds that took the processor."""
    folder = county_folder(home)
    folder.mkdir(parents=True)
    contents = made_up()
    worked = process_time()
    write(contents, folder)
    return load(home), process_time() - worked


def joined(county: County, spots: Spots) -> tuple[list[gpd.GeoDataFrame], float, float]:
    """Return what geopandas joins to the points (town, cell, road, place), and what that took by clock and processor."""
    points = gpd.GeoDataFrame(geometry=shapely.points(spots), crs=WGS84)
    frame = points.estimate_utm_crs()
    metric = points.to_crs(frame)
    towns, cells = (read_layer(county, layer) for layer in ("towns", "grid_cells"))
    roads, pois, places = (
        read_layer(county, layer).to_crs(frame) for layer in ("roads", "pois", "places")
    )
    marks = gpd.GeoDataFrame(pd.concat([pois, places], ignore_index=True), crs=frame)
    started, worked = perf_counter(), process_time()
    found = [
        points.sjoin(towns, how="left", predicate="intersects"),
        points.sjoin(cells, how="left", predicate="intersects"),
        metric.sjoin_nearest(roads, how="left", max_distance=ROAD_REACH_M, distance_col="away_m"),
        metric.sjoin_nearest(marks, how="left", max_distance=PLACE_REACH_M, distance_col="away_m"),
    ]
    return found, perf_counter() - started, process_time() - worked


def disagreeing(found: list[gpd.GeoDataFrame], told: list[Location]) -> dict[str, int]:
    """Return for how many points the joins say another town or cell, or another distance to the nearest road or place."""
    town, cell, road, place = (frame[~frame.index.duplicated()] for frame in found)
    names = {
        "town": ([one.town.name_zh if one.town else None for one in told], town["name"]),
        "cell": ([one.cell.code if one.cell else None for one in told], cell["code"]),
    }
    metres = {
        "road": ([one.road.distance_m if one.road else np.nan for one in told], road["away_m"]),
        "place": ([one.place.distance_m if one.place else np.nan for one in told], place["away_m"]),
    }
    other = {what: int((np.array(ours) != theirs).sum()) for what, (ours, theirs) in names.items()}
    return other | {
        what: int((~np.isclose(ours, theirs, rtol=0.01, atol=BENT_M, equal_nan=True)).sum())
        for what, (ours, theirs) in metres.items()
    }


def timed(locator: Locator, spots: Spots) -> tuple[list[Location], float, float]:
    """Return what the locator says of the points, and the least time of several rounds by clock and processor."""
    clock, processor, told = [], [], []
    for _ in range(ROUNDS):
        started, worked = perf_counter(), process_time()
        told = locator.locate_many(spots[:, 0], spots[:, 1])
        clock.append(perf_counter() - started)
        processor.append(process_time() - worked)
    return told, min(clock), min(processor)


def one_by_one(locator: Locator, spots: Spots) -> tuple[float, float]:
    """Return the median and the 99th percentile of single questions in milliseconds of the processor."""
    took = []
    for lon, lat in spots.tolist():
        worked = process_time()
        locator.locate(Place(lon, lat))
        took.append((process_time() - worked) * 1000)
    return float(np.median(took)), float(np.quantile(took, 0.99))


def main() -> int:
    """Measure and print one line of JSON; 0 only if the bar is met and nothing is said otherwise than by the joins."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--quick", action="store_true", help="fewer single questions")
    quick: bool = words.parse_args().quick
    with TemporaryDirectory() as temporary:
        county, written_s = county_at(Path(temporary))
        worked = process_time()
        locator = Locator(county)
        opened_s = process_time() - worked
        cells = len(read_layer(county, "grid_cells", ["code"]))
        print(
            f"{cells} cells; the county written in {written_s:.1f} s, read and indexed in {opened_s:.1f} s"
        )
        spots = np.random.default_rng(SEED + 1).uniform(
            county.box.as_tuple()[:2], county.box.as_tuple()[2:], (POINTS, 2)
        )
        told, clock_s, cpu_s = timed(locator, spots)
        single = one_by_one(locator, spots[: SINGLE // 4 if quick else SINGLE])
        found, base_clock_s, base_cpu_s = joined(county, spots)
    other = disagreeing(found, told)
    print(
        f"locator {cpu_s * 1000:.0f} ms, joins {base_cpu_s * 1000:.0f} ms of the processor; otherwise: {other}"
    )
    lost = other["town"] + other["cell"] + sum(one.town is None or one.cell is None for one in told)
    ok = cpu_s <= BAR_S and not lost and max(other.values()) <= POINTS // 1000
    line = {
        "name": "locate", "bar": f"{POINTS} points in {BAR_S} s of the processor",
        "value": {"cpu_s": round(cpu_s, 3), "clock_s": round(clock_s, 3), "one_p50_ms": round(single[0], 3),
                  "one_p99_ms": round(single[1], 3), "otherwise": other},
        "baseline": {"geopandas_cpu_s": round(base_cpu_s, 3), "geopandas_clock_s": round(base_clock_s, 3)},
        "ratio": round(base_cpu_s / cpu_s, 1), "lost": lost, "ok": ok, "cells": cells,
    }  # fmt: skip
    print(json.dumps(line))
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
