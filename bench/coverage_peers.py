"""Others that predict coverage on the same hills: our formulas by whole profiles, and SPLAT! where it is installed."""

import os
import shutil
import subprocess
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from time import thread_time
from typing import Final

import numpy as np
from numpy.typing import NDArray

from county.compiled import compiled
from layers.coverage.diffraction import EARTH_M, LIGHT

Reals = NDArray[np.float32]
SPLAT: Final = os.environ.get("ONENET_SPLAT") or shutil.which("splat")
CELLS_A_DEGREE: Final = 1200  # of SPLAT!'s terrain
ROUNDS: Final = 3


@compiled
def every_profile(heights: Reals, row: int, column: int, half: int, mast: float, cell: float, root: float) -> Reals:  # fmt: skip
    """Return Bullington's loss from a mast to every cell around it, each by its own whole profile (ITU-R P.526-15 4.5.1)."""
    out = np.zeros((2 * half + 1, 2 * half + 1), dtype=np.float32)
    station = heights[row, column] + mast
    for down in range(-half, half + 1):
        for right in range(-half, half + 1):
            path = np.sqrt(down * down + right * right) * cell
            if cell < path <= half * cell:
                out[down + half, right + half] = _loss(heights, row, column, down, right, path, cell, station, root)  # fmt: skip
    return out


@compiled
def _loss(
    heights: Reals, row: int, column: int, down: int, right: int, path: float, cell: float, station: float, root: float
) -> float:  # fmt: skip
    steps = int(np.ceil(path / cell))
    mobile = heights[row + down, column + right] + 1.5
    straight = (mobile - station) / path
    steepest, back, highest = -1e30, -1e30, -1e30
    for step in range(1, steps):
        share = step / steps
        along = share * path
        left = path - along
        y, x = row + int(np.rint(share * down)), column + int(np.rint(share * right))
        ground = heights[y, x] + along * left / (2 * EARTH_M)
        steepest = max(steepest, (ground - station) / along)
        back = max(back, (ground - mobile) / left)
        over = ground - (station * left + mobile * along) / path
        highest = max(highest, over * np.sqrt(2 * path / (along * left)))
    if steepest >= straight:
        meet = (mobile - station + back * path) / (steepest + back)
        over = station + steepest * meet - (station * (path - meet) + mobile * meet) / path
        highest = over * np.sqrt(2 * path / (meet * (path - meet)))
    nu = highest / root
    if nu <= -0.78:
        return 0.0
    edge = 6.9 + 20 * np.log10(np.sqrt((nu - 0.1) ** 2 + 1) + nu - 0.1)
    return float(edge + (1 - np.exp(-edge / 6)) * (10 + 0.00002 * path))


def profiles_cpu_s(heights: Reals, at: tuple[int, int], half: int) -> float:
    """Return the processor's seconds for one mast by whole profiles, the least of several rounds."""
    root, took = float(np.sqrt(LIGHT / 2600.0)), []
    every_profile(heights, *at, 4, 30.0, 50.0, root)
    for _ in range(ROUNDS):
        begun = thread_time()
        every_profile(heights, *at, half, 30.0, 50.0, root)
        took.append(thread_time() - begun)
    return min(took)


def splat_px_s(folder: Path, heights: Reals, reach_km: float = 20.0) -> float | None:
    """Return the pixels a second of the processor that SPLAT! (ITM) paints, its start-up taken off; None without it.

    Its grid is 3 seconds of arc, 93 by 80 m here: coarser than ours, so its profiles are shorter.
    """
    if SPLAT is None:
        return None
    rows = [
        " ".join(map(str, row))
        for row in np.rint(heights[:CELLS_A_DEGREE, :CELLS_A_DEGREE] + 500).astype(int)
    ]
    if len(rows) < CELLS_A_DEGREE:
        tall = np.pad(
            np.rint(heights + 500).astype(int),
            ((0, CELLS_A_DEGREE), (0, CELLS_A_DEGREE)),
            mode="wrap",
        )
        rows = ["\n".join(map(str, row)) for row in tall[:CELLS_A_DEGREE, :CELLS_A_DEGREE]]
    (folder / "29:30:242:243.sdf").write_text("243\n29\n242\n30\n" + "\n".join(rows) + "\n")
    (folder / "mast.qth").write_text("mast\n29.5\n242.5\n30 meters\n")
    near, far = _run_cpu_s(SPLAT, folder, 0.5), _run_cpu_s(SPLAT, folder, reach_km)
    pixels = np.pi * (reach_km**2 - 0.5**2) * 1e6 / (92.7 * 80.4)
    return float(pixels / max(far - near, 1e-3))


def _run_cpu_s(splat: str, folder: Path, reach_km: float) -> float:
    command = [
        splat,
        "-t",
        "mast.qth",
        "-L",
        "1.5",
        "-metric",
        "-R",
        str(reach_km),
        "-N",
        "-o",
        "out.ppm",
        "-d",
        ".",
    ]
    took = []
    for _ in range(ROUNDS):
        before = getrusage(RUSAGE_CHILDREN).ru_utime
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        took.append(getrusage(RUSAGE_CHILDREN).ru_utime - before)
    return min(took)
