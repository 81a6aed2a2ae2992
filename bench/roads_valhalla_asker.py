"""Run by an interpreter that has Valhalla, and by none of ours: builds its tiles, asks it, prints one line of JSON."""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROUTED = 120


def main() -> None:
    """Answer the question on standard input."""
    asked = json.load(sys.stdin)
    actor = started(Path(asked["folder"]), asked["pbf"])
    places = [{"lon": lon, "lat": lat} for lon, lat in asked["places"]]
    seconds, taken = [], []
    for place in places[: asked.get("ask", len(places))]:
        question = {"sources": [place], "targets": places, "costing": "auto"}
        begun = time.perf_counter()
        answer = actor.matrix(question)
        taken.append((time.perf_counter() - begun) * 1000)
        seconds.append([_time(cell) for cell in answer["sources_to_targets"][0]])
    routed, metres = routes(actor, places)
    line = {
        "seconds": seconds,
        "matrix_p50_ms": round(statistics.median(taken), 2),
        "routed": routed,
        "routed_m": metres,
    }
    print(json.dumps(line))


def started(folder: Path, pbf: str) -> Any:
    """Build the tiles of `pbf` in `folder` and return the engine."""
    import valhalla  # type: ignore[import-not-found,unused-ignore]

    (folder / "tiles").mkdir()
    config = valhalla.get_config(tile_extract="", tile_dir=str(folder / "tiles"), verbose=False)
    file = folder / "valhalla.json"
    file.write_text(json.dumps(config), "utf-8")
    program = Path(valhalla.__file__).parent / "bin" / "valhalla_build_tiles"
    build = [str(program), "-c", str(file), pbf]
    subprocess.run(build, check=True, capture_output=True)
    return valhalla.Actor(str(file))


def routes(actor: Any, places: list[dict[str, float]]) -> tuple[list[tuple[int, int]], list[float]]:
    """Return some pairs of places and the length of Valhalla's way between them."""
    pairs, metres = [], []
    for number in range(ROUTED):
        one, other = number % len(places), (number * 7 + 3) % len(places)
        if one == other:
            continue
        question = {"locations": [places[one], places[other]], "costing": "auto"}
        try:
            answer = actor.route(question)
        except RuntimeError:  # no way: the matrix says so too
            continue
        if answer["trip"]["summary"]["length"] > 0.1:
            pairs.append((one, other))
            metres.append(answer["trip"]["summary"]["length"] * 1000)
    return pairs, metres


def _time(cell: dict[str, Any]) -> float:
    return float("nan") if cell.get("time") is None else float(cell["time"])


if __name__ == "__main__":
    main()
