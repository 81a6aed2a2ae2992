"""Names and codes: a cell belongs to the nearest settlement of its town, and is counted from left to right, top to bottom."""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from county.grid.faces import Floats, Indexes, holding, reading_order
from county.grid.tables import Scheme, community_numbers, schemes

REST: Final = "rest"
PART: Final = "part"
TOWN_CODE_DIGITS: Final = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """One cell's place in the count: its community's number, its own in it, and that around its settlement (row, or -1)."""

    community: int
    cell: int
    settlement: int
    count: int


@dataclass(frozen=True, slots=True)
class Towns:
    """The county's code and its towns in their order; a county without towns has one without a name."""

    division: str
    frame: gpd.GeoDataFrame

    def id(self, town: int) -> str:
        """Return a town's id."""
        return str(self.frame["town_id"].iloc[town]) if town >= 0 else ""

    def number(self, town: int) -> int:
        """Return a town's three digits: those of its own code, or else its place among the towns by their ids."""
        if town < 0:
            return 0
        ids = [str(one) for one in self.frame["town_id"]]
        own = [one[-3:] for one in ids if self._is_code(one)]
        if len(own) == len(ids) == len(set(own)):
            return int(own[town])
        return sorted(ids).index(ids[town]) + 1

    def name(self, town: int, column: str) -> str:
        """Return a town's name."""
        return str(self.frame[column].iloc[town]) if town >= 0 else ""

    def _is_code(self, one: str) -> bool:
        return len(one) == TOWN_CODE_DIGITS and one.isdigit() and one.startswith(self.division)


def numbered_cells(
    spots: Floats, groups: Indexes, towns: Towns, places: gpd.GeoDataFrame | None, taken: Set[str]
) -> pd.DataFrame:
    """Return code (one column a scheme), name, name_en and community of every cell; `taken` are codes given already."""
    settlements = _settlements(places)
    town_of = holding(towns.frame.geometry.to_numpy(), _points(settlements))
    tables = []
    for town in np.unique(groups).tolist():
        members = np.flatnonzero(groups == town)
        inside = np.flatnonzero(town_of == town)
        columns = _town_columns(spots[members], settlements.iloc[inside], (towns, town), taken)
        tables.append(pd.DataFrame(columns, index=members))
    return pd.concat(tables).sort_index() if tables else pd.DataFrame({"code": []})


def code_columns() -> list[str]:
    """Return the column of each scheme's codes: that of the first is `code`."""
    return ["code", *(f"code_{scheme.name}" for scheme in schemes()[1:])]


def _town_columns(
    spots: Floats, settlements: gpd.GeoDataFrame, where: tuple[Towns, int], taken: Set[str]
) -> dict[str, list[str]]:
    towns, town = where
    number = towns.number(town)
    out: dict[str, list[str]] = {}
    counted: list[Numbered] = []
    for column, scheme in zip(code_columns(), schemes(), strict=True):
        used = {scheme.community_of(code, towns.division, number) for code in taken}
        counted = _numbered(spots, settlements, scheme, used)
        out[column] = [
            scheme.code(towns.division, number, one.community, one.cell) for one in counted
        ]
    names, english = (
        [*settlements[column].fillna("").astype(str), towns.name(town, column)]
        for column in ("name", "name_en")
    )
    english = [told or name for told, name in zip(english, names, strict=True)]
    out["community"] = [names[one.settlement] for one in counted]
    out["name"] = [f"{names[one.settlement]}第{one.count}网格" for one in counted]
    out["name_en"] = [f"{english[one.settlement]} cell {one.count}".strip() for one in counted]
    return out


def _settlements(places: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame:
    if places is None:
        return gpd.GeoDataFrame({"kind": [], "name": [], "name_en": []}, geometry=[])
    kept = places[places["kind"].isin(list(community_numbers())) & (places["name"] != "")]
    return kept.iloc[reading_order(_points(kept))].reset_index(drop=True)


def _points(frame: gpd.GeoDataFrame) -> Floats:
    return shapely.get_coordinates(shapely.point_on_surface(frame.geometry.to_numpy()))


def _numbered(
    spots: Floats, settlements: gpd.GeoDataFrame, scheme: Scheme, used: Set[int | None]
) -> list[Numbered]:
    out: dict[int, Numbered] = {}
    free = _free(used)
    for kind, settlement, members in _communities(spots, settlements):
        ordered = members[reading_order(spots[members])].tolist()
        parts = range(0, len(ordered), scheme.cells)
        communities = [_next(free, kind if not start else PART) for start in parts]
        for at, cell in enumerate(ordered):
            part, number = divmod(at, scheme.cells)
            out[cell] = Numbered(
                community=communities[part], cell=number + 1, settlement=settlement, count=at + 1
            )
    return [out[cell] for cell in range(len(spots))]


def _free(used: Set[int | None]) -> dict[str, Iterator[int]]:
    """Return the numbers still to be given by kind; kinds with the same numbers share them."""
    ranges = {kind: (row.first, row.last + 1) for kind, row in community_numbers().items()}
    left = {
        bounds: (number for number in range(*bounds) if number not in used)
        for bounds in ranges.values()
    }
    return {kind: left[bounds] for kind, bounds in ranges.items()}


def _communities(
    spots: Floats, settlements: gpd.GeoDataFrame
) -> Iterator[tuple[str, int, NDArray[np.int64]]]:
    if not len(settlements):
        yield REST, -1, np.arange(len(spots))
        return
    near = shapely.STRtree(settlements.geometry.to_numpy()).nearest(shapely.points(spots))
    for row in range(len(settlements)):
        members = np.flatnonzero(near == row)
        if len(members):
            yield str(settlements["kind"].iloc[row]), row, members


def _next(free: dict[str, Iterator[int]], kind: str) -> int:
    # A town with more settlements of a kind than its numbers goes on among the further ones.
    first = next(free[kind], None)
    return first if first is not None else next(free[PART])
