"""The same questions to Valhalla, in an interpreter that has it: ONENET_VALHALLA_PYTHON (Python >= 3.12 with pyvalhalla)."""

import json
import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Final

import numpy as np

from county.roads.graph import RoadGraph
from county.roads.metric import Floats
from county.travel import Travel
from vocabulary.place import Place

PYTHON: Final = "ONENET_VALHALLA_PYTHON"
PLACES: Final = 60
ASKER: Final = Path(__file__).parent / "roads_valhalla_asker.py"
DRIVEN: Final = ("motorway", "trunk", "primary", "secondary", "tertiary", "residential")


def compare(pbf: Path, graph: RoadGraph) -> dict[str, Any] | None:
    """Return how our times and speed compare with Valhalla's on one extract; None, said aloud, where it is not at hand."""
    interpreter = os.environ.get(PYTHON)
    if not interpreter:
        print(f"Valhalla was not compared on {pbf.name}: {PYTHON} names no interpreter that has it")
        return None
    places = _on_roads(graph)
    with TemporaryDirectory() as folder:
        asked = json.dumps({"pbf": str(pbf), "folder": folder, "places": places.tolist()})
        answer = subprocess.run(
            [interpreter, str(ASKER)], input=asked, capture_output=True, text=True, check=False
        )
    if answer.returncode:
        why = (answer.stderr.splitlines() or ["no reason given"])[-1]
        print(f"Valhalla was not compared on {pbf.name}: {why}")
        return None
    theirs = json.loads(answer.stdout.splitlines()[-1])
    found = {"map": pbf.name, **_differences(graph, places, theirs)}
    print(json.dumps(found))
    return found


def _on_roads(graph: RoadGraph) -> Floats:
    """Return positions on roads that both engines drive on alike."""
    chance = np.random.default_rng(5)
    road_class = graph.ways.road_class[graph.pieces.way]
    usable = np.flatnonzero(graph.main & np.isin(road_class.astype(str), DRIVEN))
    pieces = usable[chance.integers(0, len(usable), PLACES)]
    nodes: Floats = graph.nodes_wgs84[graph.pieces.start_node[pieces]]
    return nodes


def _differences(graph: RoadGraph, places: Floats, theirs: dict[str, Any]) -> dict[str, Any]:
    travel = Travel(graph)
    snapped, ours, ours_m, taken = travel.snap_lonlat(places), [], [], []
    for lon, lat in places.tolist():
        started = perf_counter()
        ours.append(travel.outward(Place(lon, lat), snapped).seconds)
        taken.append(perf_counter() - started)
    for one, other in theirs["routed"]:
        ours_m.append(travel.route(Place(*places[one]), Place(*places[other])).length_m)
    mine, other = np.array(ours), np.array(theirs["seconds"], dtype=float)
    both = np.isfinite(mine) & np.isfinite(other) & (other > 60)
    ratio, metres = mine[both] / other[both], np.array(ours_m) / np.array(theirs["routed_m"])
    return {
        "pairs": int(both.sum()),
        "median_dt_percent": round(float(np.median(np.abs(ratio - 1))) * 100, 1),
        "median_dt_percent_after_scaling": round(
            float(np.median(np.abs(ratio / np.median(ratio) - 1))) * 100, 1
        ),
        "median_ratio": round(float(np.median(ratio)), 3),
        "median_dlength_percent": round(float(np.median(np.abs(metres - 1))) * 100, 2),
        "only_ours": int((np.isfinite(mine) & ~np.isfinite(other)).sum()),
        "only_theirs": int((~np.isfinite(mine) & np.isfinite(other)).sum()),
        "valhalla_matrix_p50_ms": theirs["matrix_p50_ms"],
        "ours_p50_ms": round(float(np.median(taken)) * 1000, 2),
    }
