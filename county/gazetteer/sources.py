"""A county's map layers as one table of names: towns, places, marks, addresses; a road once for every town it passes."""

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from county.areas import Areas
from county.gazetteer.crossings import Crossings, find_crossings
from county.gazetteer.model import Floats, Names
from county.model import County
from county.store import read_layer


@dataclass(frozen=True, slots=True)
class Source:
    """One layer: where its kind stands (else `kind`), what its names weigh, whether features of one name are one thing.

    `name_column` is where the name stands that this row is about, if not in the usual ones.
    """

    layer: str
    kind_column: str
    kind: str
    weight: float
    joined: bool = False
    name_column: str = ""


SOURCES: Final = (
    Source("towns", "", "township", 0.9),
    Source("places", "kind", "place", 0.7),
    Source("pois", "kind", "poi", 0.6),
    Source("roads", "class", "road", 0.5, joined=True),
    Source("waterways", "kind", "waterway", 0.4, joined=True),
    Source("water", "kind", "water", 0.4),
    Source("buildings", "", "poi", 0.4),
    Source("pois", "", "address", 0.3, name_column="address"),
    Source("buildings", "", "address", 0.3, name_column="address"),
)
SAME_PLACE_DIGITS: Final = 3  # of a degree: about 100 m
# Kinds people ask for more often than others of their layer.
WEIGHTY: Final = {
    "hospital": 0.2, "fire_station": 0.2, "police": 0.2, "townhall": 0.2, "city": 0.25, "town": 0.2, "school": 0.1,
    "motorway": 0.2, "trunk": 0.15, "primary": 0.15, "secondary": 0.1, "service": -0.2, "track": -0.2, "path": -0.2,
}  # fmt: skip


def names_of(county: County) -> Names:
    """Return everything in the county that has a name."""
    frames = [_whole_county(county), *(_read(county, source) for source in SOURCES)]
    filled = [frame for frame in frames if len(frame)]
    rows = pd.concat(filled, ignore_index=True)
    towns = _towns_at(county, rows["lon"].to_numpy(), rows["lat"].to_numpy())
    rows = _one_a_town(rows.assign(town=[county.towns[i].name_zh if i >= 0 else "" for i in towns]))
    rows = _once(_seats_for_towns(rows))
    return Names(
        names=rows["name"].tolist(), names_en=rows["name_en"].tolist(), kinds=rows["kind"].tolist(), towns=rows["town"].tolist(),
        lons_deg=rows["lon"].to_numpy(dtype=float), lats_deg=rows["lat"].to_numpy(dtype=float),
        weights=rows["weight"].to_numpy(dtype=float), aliases=_aliases(rows),
    )  # fmt: skip


def crossings_of(county: County) -> Crossings:
    """Return where the county's named roads meet."""
    return find_crossings(read_layer(county, "roads"), road_names)


def road_names(frame: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Return what each road is called: its name, or else its number."""
    names, numbers = _text(frame, "name"), _text(frame, "ref")
    return np.where(names != "", names, numbers)


def _whole_county(county: County) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": [county.name_zh], "name_en": [county.name_en], "kind": ["county"], "layer": [""], "alias": [""],
            "joined": [False], "lon": [county.center.lon_deg], "lat": [county.center.lat_deg], "weight": [1.0],
        }
    )  # fmt: skip


def _read(county: County, source: Source) -> pd.DataFrame:
    frame = read_layer(county, source.layer)
    frame = frame[~(frame.geometry.isna() | frame.geometry.is_empty)]
    column = source.name_column
    names = _text(frame, column) if column else road_names(frame)
    english = np.full(len(frame), "", dtype=object) if column else _text(frame, "name_en")
    aliases = np.full(len(frame), "", dtype=object) if column else _aliases_of(frame)
    kinds = (
        _text(frame, source.kind_column) if source.kind_column else np.full(len(frame), source.kind)
    )
    points = _points(frame.geometry.to_numpy())
    weights = [source.weight + WEIGHTY.get(str(kind), 0.0) for kind in kinds]
    rows = pd.DataFrame(
        {
            "name": names, "name_en": english, "kind": kinds, "layer": source.layer, "alias": aliases,
            "joined": np.full(len(frame), source.joined), "lon": points[:, 0], "lat": points[:, 1], "weight": weights,
        }
    )  # fmt: skip
    return rows[(rows["name"] != "") | (rows["name_en"] != "")]


def _aliases_of(frame: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Return what else a feature is called: a road's number, a place's name in the language spoken there."""
    numbers, local = _text(frame, "ref"), _text(frame, "name_local")
    return np.where(numbers != "", numbers, local)


def _points(shapes: NDArray[np.object_]) -> Floats:
    """Return a position on each feature: the middle of a line's way, a point within an area."""
    lines = shapely.get_dimensions(shapes) == 1
    at = shapely.point_on_surface(shapes)
    # Only a single line has a middle of its way; of several any point on them will do.
    single = lines & (shapely.get_type_id(shapes) == shapely.GeometryType.LINESTRING)
    at[single] = shapely.line_interpolate_point(shapes[single], 0.5, normalized=True)
    return shapely.get_coordinates(at)


def _towns_at(county: County, lons: Floats, lats: Floats) -> NDArray[np.int64]:
    towns = Areas(np.array([town.boundary_wgs84 for town in county.towns], dtype=object))
    return towns.of(np.asarray(shapely.points(lons, lats), dtype=object))


def _one_a_town(rows: pd.DataFrame) -> pd.DataFrame:
    """Return roads and rivers once for every town they pass, at the piece nearest to the middle of all."""
    pieces, others = rows[rows["joined"]], rows[~rows["joined"]]
    if pieces.empty:
        return others.reset_index(drop=True)
    keys = ["name", "name_en", "town"]
    groups = pieces.groupby(keys, sort=False)
    middle = groups[["lon", "lat"]].transform("mean")
    away = ((pieces[["lon", "lat"]] - middle) ** 2).sum(axis=1)
    nearest: pd.DataFrame = pieces.loc[
        away.groupby([pieces[key] for key in keys], sort=False).idxmin()
    ]
    nearest = nearest.assign(weight=groups["weight"].max().to_numpy())
    return pd.concat([others, nearest], ignore_index=True)


def _seats_for_towns(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the table without the towns whose seats are in it under the same name: people mean the seat."""
    settled = rows["layer"].isin(["towns", "places"])
    twice = rows[settled].duplicated(["name", "town"], keep="last")
    return rows.drop(index=twice.index[twice]).reset_index(drop=True)


def _once(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the table without what is in it twice: a mark that is drawn both as a point and as an area."""
    cell = rows[["lon", "lat"]].round(SAME_PLACE_DIGITS).add_suffix("_cell")
    twice = pd.concat([rows[["name", "name_en", "kind", "town"]], cell], axis=1).duplicated()
    return rows[~twice].reset_index(drop=True)


def _aliases(rows: pd.DataFrame) -> tuple[tuple[int, str], ...]:
    other = (rows["alias"] != "") & (rows["alias"] != rows["name"])
    return tuple(zip(np.flatnonzero(other).tolist(), rows["alias"][other].tolist(), strict=True))


def _text(frame: pd.DataFrame, column: str) -> NDArray[np.object_]:
    if column not in frame.columns:
        return np.full(len(frame), "", dtype=object)
    values: NDArray[np.object_] = frame[column].fillna("").astype(str).to_numpy(dtype=object)
    return values
