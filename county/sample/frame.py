"""The sample county's own frame: metres east and north of its middle, and how smooth shapes are made in it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage
from shapely.geometry.base import BaseGeometry

from county.metres import metres_per_degree

Grid = NDArray[np.float64]
Mask = NDArray[np.bool_]
Points = NDArray[np.float64]
Shapes = NDArray[np.object_]

CENTER_LON_DEG: Final = 117.86
CENTER_LAT_DEG: Final = 29.62
CELL_M: Final = 100.0  # of the grid on which water runs


@dataclass(frozen=True, slots=True)
class Frame:
    """A square of the world: `half_m` to every side of its middle. Grids of any fineness lie in it, row 0 in the south."""

    half_m: float

    @property
    def cells(self) -> int:
        """Return how many cells of CELL_M one side has."""
        return round(2 * self.half_m / CELL_M)

    def step(self, grid: Grid | Mask | int) -> float:
        """Return how wide a cell of the grid is, in metres."""
        return 2 * self.half_m / (grid if isinstance(grid, int) else grid.shape[0])

    def centres(self, cells: int) -> tuple[Grid, Grid]:
        """Return the x and y of every cell's middle."""
        along = -self.half_m + (np.arange(cells) + 0.5) * self.step(cells)
        x, y = np.meshgrid(along, along)
        return x, y

    def noise(self, rng: np.random.Generator, wavelength_m: float, cells: int = 0) -> Grid:
        """Return smooth noise with mean 0 and deviation 1 whose hills are about `wavelength_m` apart."""
        cells = cells or self.cells
        frequency = np.fft.fftfreq(cells, self.step(cells))
        half = np.fft.rfftfreq(cells, self.step(cells))
        squared = frequency[:, None] ** 2 + half[None, :] ** 2
        white = rng.standard_normal((cells, cells))
        band = np.exp(-squared * wavelength_m**2)
        smooth = np.fft.irfft2(np.fft.rfft2(white) * band, s=(cells, cells))
        out: Grid = (smooth - smooth.mean()) / smooth.std()
        return out

    def blur(self, grid: Grid, sigma_m: float) -> Grid:
        """Return the grid blurred by a Gaussian."""
        out: Grid = ndimage.gaussian_filter(
            grid, sigma_m / self.step(grid), mode="nearest", truncate=3.0
        )
        return out

    def place(self, grid: Grid | Mask | int, points: Points) -> Points:
        """Return the points in cells of the grid (column, row), whole numbers being middles."""
        out: Points = (points + self.half_m) / self.step(grid) - 0.5
        return out

    def at(self, grid: Grid, points: Points) -> NDArray[np.float64]:
        """Return the grid's value at each point (x, y), straight between the cells."""
        place = self.place(grid, np.atleast_2d(points))
        out: NDArray[np.float64] = ndimage.map_coordinates(
            grid, place[:, ::-1].T, order=1, mode="nearest"
        )
        return out

    def cell(self, grid: Grid | Mask | int, points: Points) -> tuple[NDArray[np.int64], ...]:
        """Return the row and column of the cell each point lies in."""
        side = grid if isinstance(grid, int) else grid.shape[0]
        column, row = np.clip(np.rint(self.place(side, points)), 0, side - 1).astype(np.int64).T
        return row, column

    def finer(self, grid: Grid, times: int) -> Grid:
        """Return the grid with `times` as many cells a side, smooth between the old ones."""
        side = grid.shape[0] * times
        along = (np.arange(side) + 0.5) / times - 0.5
        rows, columns = np.meshgrid(along, along, indexing="ij")
        out: Grid = ndimage.map_coordinates(grid, [rows, columns], order=3, mode="nearest")
        return out


@dataclass(frozen=True, slots=True)
class Warp:
    """Moves every point a little, neighbours alike: what was drawn with a ruler looks grown, and joints stay joined."""

    frame: Frame
    east: Grid
    north: Grid
    by_m: float

    def __call__(self, points: Points) -> Points:
        """Return the points moved."""
        moves = [self.frame.at(self.east, points), self.frame.at(self.north, points)]
        return points + self.by_m * np.stack(moves, axis=1)


def warp(frame: Frame, rng: np.random.Generator, wavelength_m: float, by_m: float) -> Warp:
    """Return a warp whose moves are about `by_m` and change over `wavelength_m`."""
    return Warp(frame, frame.noise(rng, wavelength_m), frame.noise(rng, wavelength_m), by_m)


def rounded(points: Points, times: int = 2) -> Points:
    """Return the line with its corners cut (Chaikin), its two ends kept."""
    for _ in range(times):
        if len(points) < 3:
            return points
        cut = np.empty((2 * len(points) - 2, 2))
        cut[0::2] = 0.75 * points[:-1] + 0.25 * points[1:]
        cut[1::2] = 0.25 * points[:-1] + 0.75 * points[1:]
        cut[0], cut[-1] = points[0], points[-1]
        points = cut
    return points


def passed(points: Points) -> NDArray[np.float64]:
    """Return how far along the line each of its points lies."""
    steps = np.hypot(*np.diff(points, axis=0).T)
    return np.concatenate([[0.0], np.cumsum(steps)])


def paced(points: Points, step_m: float) -> Points:
    """Return the line with points about `step_m` apart, its two ends kept."""
    along = passed(points)
    where = np.linspace(0, along[-1], max(2, round(float(along[-1]) / step_m) + 1))
    return np.stack([np.interp(where, along, points[:, axis]) for axis in (0, 1)], axis=1)


def eased(points: Points, sigma_m: float, step_m: float = 25.0) -> Points:
    """Return the line without its kinks, its two ends kept."""
    return smoothed(paced(points, step_m), sigma_m / step_m)


def smoothed(even: Points, sigma: float) -> Points:
    """Return an evenly paced line smoothed over `sigma` of its steps, its two ends kept."""
    if len(even) < 5:
        return even
    # Mirrored through its ends the line keeps them, and leaves them in its own direction.
    reach = min(len(even) - 1, int(3 * sigma))
    before, after = 2 * even[0] - even[reach:0:-1], 2 * even[-1] - even[-2 : -reach - 2 : -1]
    longer = np.vstack([before, even, after])
    smooth: Points = ndimage.gaussian_filter1d(longer, sigma, axis=0, mode="nearest")
    out = smooth[reach : reach + len(even)]
    out[0], out[-1] = even[0], even[-1]
    return out


def normals(points: Points) -> Points:
    """Return the direction to the left of the line at each of its points, one metre long."""
    ahead = np.gradient(points, axis=0)
    ahead /= np.maximum(np.hypot(*ahead.T), 1e-9)[:, None]
    return np.stack([-ahead[:, 1], ahead[:, 0]], axis=1)


def line_of(points: Points) -> shapely.LineString:
    """Return the points as a line."""
    return shapely.LineString(points)


def coords(line: BaseGeometry) -> Points:
    """Return a line's points."""
    return np.asarray(shapely.get_coordinates(line))


def turned(angle_rad: float, about: Points) -> Callable[[Points], Points]:
    """Return a function from a local plan (u along, v across) to the frame."""
    along = np.array([np.cos(angle_rad), np.sin(angle_rad)])
    across = np.array([-np.sin(angle_rad), np.cos(angle_rad)])
    return lambda uv: about + uv[:, :1] * along + uv[:, 1:] * across


def to_wgs84(points: Points) -> Points:
    """Return longitude and latitude in degrees of points of the frame."""
    scale = np.array(metres_per_degree(CENTER_LAT_DEG))
    degrees: Points = np.array([CENTER_LON_DEG, CENTER_LAT_DEG]) + points / scale
    return degrees


def placed(geometry: Shapes) -> Shapes:
    """Return geometries of the frame in WGS 84, rounded to a centimetre or so."""
    out: Shapes = shapely.transform(geometry, lambda xy: np.round(to_wgs84(xy), 7))
    return out
