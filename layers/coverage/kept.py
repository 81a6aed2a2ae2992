"""A prediction kept on disk by its content: the next start reads it, and a process beside the console makes it."""

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zipfile import BadZipFile

import numpy as np

from county.model import County
from layers.coverage import corrected
from layers.coverage.corrected import USUAL_SIGMA_DB
from layers.coverage.model import Carrier, Sector, Site, Technology
from layers.coverage.tables import FOLDER as TABLES
from vocabulary.errors import Unavailable
from vocabulary.ids import new_id
from vocabulary.place import Place

if TYPE_CHECKING:
    from layers.coverage.coverage_map import PredictedMap
    from layers.coverage.predicted import Corrections, State

ENGINE: Final = "1"  # raise it when the same input comes out otherwise
KEPT: Final = 2
NEW: Final = ".new-"
SPARE: Final = 1.1
LONGEST_S: Final = 1800
STALE_S: Final = (
    3600  # a folder begun so long before another was finished has nobody who goes on with it
)
UNREADABLE: Final = (OSError, ValueError, KeyError, EOFError, BadZipFile)


def prediction(
    county: County, sites: Sequence[Site], home: Path, corrections: "Corrections | None" = None
) -> "PredictedMap":
    """Return the map of these sites: as it was kept, else made by a process of its own; Unavailable when that fails.

    Without `corrections` those the office has taken are used.
    It blocks, and so belongs into a thread.
    """
    office = corrected.kept(home)
    corrections = office.by_band if corrections is None else corrections
    mark = mark_of(county, sites, corrections)
    folder = home / "coverage" / mark
    if not (folder / "facts.json").is_file():
        _make(home, folder, sites, corrections)
    try:
        made = read(folder, mark, office.sigma_db)
    except UNREADABLE:  # a power cut may leave a file short: what was kept can always be made again
        shutil.rmtree(folder, ignore_errors=True)
        _make(home, folder, sites, corrections)
        made = read(folder, mark, office.sigma_db)
    if made.sites:
        made.what_if(
            made.sites[0]
        )  # loads the machine code, so that the first question of a person need not
    return made


def mark_of(county: County, sites: Iterable[Site], corrections: "Corrections") -> str:
    """Return what names a prediction by everything it depends on."""
    digest = hashlib.sha256(f"{ENGINE} {county.version} {sorted(corrections.items())}".encode())
    for table in sorted(TABLES.glob("*.csv")):
        digest.update(table.read_bytes())
    for site in sorted(sites, key=lambda one: one.id):
        digest.update(json.dumps(_told(site), sort_keys=True).encode())
    return digest.hexdigest()[:20]


def write(state: "State", folder: Path) -> None:
    """Keep a prediction in `folder`, which appears whole or not at all; older ones are cleared away."""
    begun = folder.parent / f"{NEW}{new_id()}"
    begun.mkdir(parents=True)
    squares, ground = state.squares, state.ground
    with (begun / "squares").open("wb") as out:
        squares.flat[: squares.used].tofile(out)
        out.truncate(
            int(squares.used * SPARE)
        )  # room for the sites of tomorrow, which takes no disk
    carriers = sorted(state.layers)
    np.savez(begun / "ground.npz", heights=ground.heights, clutter=ground.clutter)
    np.savez(
        begun / "layers.npz", place=squares.place[: len(squares.sectors)],
        best=np.array([state.layers[one].best for one in carriers]),
        server=np.array([state.layers[one].server for one in carriers], dtype=np.int32),
    )  # fmt: skip
    facts = {
        "sites": [_told(state.sites[one]) for one in sorted(state.sites)],
        "sectors": [one.id if one else "" for one in squares.sectors], "used": squares.used,
        "left_out": state.left_out, "corrections": {band: list(of) for band, of in state.corrections.items()},
        "grid": [ground.grid.crs, list(ground.grid.transform)[:6], list(ground.grid.shape)], "margin": ground.margin,
        "carriers": [[one.operator, one.technology, one.band, one.arfcn] for one in carriers],
    }  # fmt: skip
    (begun / "facts.json").write_text(json.dumps(facts), "utf-8")
    try:
        begun.rename(folder)
    except OSError:
        shutil.rmtree(begun)
        if not folder.exists():  # else another process was faster with the same
            raise
    _clear(folder)


def read(folder: Path, mark: str, sigma_db: float = USUAL_SIGMA_DB) -> "PredictedMap":
    """Return a kept prediction; the squares stay on disk and come into memory where they are asked for."""
    from affine import Affine

    from layers.coverage.coverage_map import PredictedMap
    from layers.coverage.ground import Ground
    from layers.coverage.model import Grid
    from layers.coverage.predicted import State
    from layers.coverage.squares import Squares

    facts: dict[str, Any] = json.loads((folder / "facts.json").read_text("utf-8"))
    crs, transform, shape = facts["grid"]
    grid = Grid(crs=crs, transform=Affine(*transform), shape=(shape[0], shape[1]))
    with (folder / "ground.npz").open("rb") as file, np.load(file) as arrays:
        ground = Ground(grid, facts["margin"], arrays["heights"], arrays["clutter"])
    sites = {one["id"]: site_of(one) for one in facts["sites"]}
    sectors = {sector.id: (sector, site.id) for site in sites.values() for sector in site.sectors}
    squares = Squares(np.asarray(np.memmap(folder / "squares", dtype=np.uint8, mode="c")))
    if len(squares.flat) < facts["used"]:
        raise ValueError("the squares end too soon")
    corrections = {band: tuple(of) for band, of in facts["corrections"].items()}
    state = State(ground, corrections, sites, squares, left_out=facts["left_out"])
    with (folder / "layers.npz").open("rb") as file, np.load(file) as arrays:
        squares.restore([sectors[one][0] for one in facts["sectors"]], arrays["place"], facts["used"])  # fmt: skip
        _layers(state, facts["carriers"], arrays["best"], arrays["server"])
    state.site_of = {one: sectors[one][1] for one in facts["sectors"]}
    return PredictedMap(state, mark, sigma_db)


def _layers(state: "State", told: list[list[Any]], best: Any, server: Any) -> None:
    from layers.coverage.predicted import Layer, carriers_of

    slots = carriers_of(state.squares)
    for number, (operator, technology, band, arfcn) in enumerate(told):
        carrier = Carrier(operator, Technology(technology), band, arfcn)
        state.layers[carrier] = Layer(carrier, best[number], server[number], slots[carrier])


def site_of(told: dict[str, Any]) -> Site:
    """Return a site from what `facts.json` says of it."""
    sectors = tuple(
        Sector(
            **(one | {"technology": Technology(one["technology"]), "assumed": frozenset(one["assumed"])})
        )
        for one in told["sectors"]
    )  # fmt: skip
    place = Place(*told["place"])
    return Site(id=told["id"], name=told["name"], place=place, sectors=sectors)


def _told(site: Site) -> dict[str, Any]:
    sectors = [asdict(one) | {"assumed": sorted(one.assumed)} for one in site.sectors]
    place = [site.place.lon_deg, site.place.lat_deg]
    return {"id": site.id, "name": site.name, "place": place, "sectors": sectors}


def _make(home: Path, folder: Path, sites: Sequence[Site], corrections: "Corrections") -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    asked = json.dumps({"sites": [_told(one) for one in sites], "corrections": dict(corrections)})
    command = [sys.executable, "-m", "layers.coverage.predicting", str(home), str(folder)]
    done = subprocess.run(  # noqa: S603 - our own module
        command, input=asked, text=True, capture_output=True, check=False, timeout=LONGEST_S,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]
        raise Unavailable("coverage.not_predicted", problem=last)


def _clear(folder: Path) -> None:
    finished_at = folder.stat().st_mtime
    known = [one for one in folder.parent.iterdir() if one.is_dir() and one != folder]
    whole = [one for one in known if not one.name.startswith(NEW)]
    former = sorted(whole, key=lambda one: one.stat().st_mtime, reverse=True)[KEPT - 1 :]
    begun = [one for one in known if one.name.startswith(NEW)]
    left = [one for one in begun if finished_at - one.stat().st_mtime > STALE_S]
    for one in [*former, *left]:
        shutil.rmtree(one, ignore_errors=True)
