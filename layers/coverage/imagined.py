"""A site that is only imagined: made from a few choices and the defaults of its kind, and what it would change."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from rasterio.crs import CRS

from layers.coverage.atlas import Atlas
from layers.coverage.bands import band_of
from layers.coverage.model import Change, Site, Which
from layers.coverage.picture import Laid, Palette, lay_out
from layers.coverage.site_rows import sites_of
from layers.coverage.thresholds import Codes
from vocabulary.errors import Refused
from vocabulary.place import Place

NEW: Final = "what-if"
SAME, BETTER, SERVED, WORSE = 0, 1, 2, 3
CHANGE_PALETTE: Final = Palette(
    ((0, 0, 0, 0), (140, 198, 224, 150), (44, 123, 182, 230), (215, 25, 28, 220))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a person chose of a site; the rest comes from the defaults."""

    place: Place
    operator: str
    bands: tuple[str, ...]
    height_m: float
    tilt_deg: float
    azimuths_deg: tuple[float, ...]
    power_dbm: float | None = None
    site_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a site would do to its operator's customers: people and area per class before and after, and where."""

    people_before: tuple[float, ...]
    people_after: tuple[float, ...]
    area_before: tuple[float, ...]
    area_after: tuple[float, ...]
    laid: Laid
    took_s: float


def site_of(choice: Choice, atlas: Atlas) -> Site:
    """Return the site; Refused where a band or a number is none."""
    rows = [
        {
            "site_id": choice.site_id or NEW,
            "name": choice.site_id or NEW,
            "operator": choice.operator,
            "lon": repr(choice.place.lon_deg),
            "lat": repr(choice.place.lat_deg),
            "sector": str(number),
            "technology": band_of(band).technology.value,
            "band": band,
            "arfcn": str(_channel(band, choice.operator, atlas)),
            "azimuth_deg": repr(azimuth % 360),
            "height_m": repr(choice.height_m),
            "tilt_deg": repr(choice.tilt_deg),
            "power_dbm": "" if choice.power_dbm is None else repr(choice.power_dbm),
        }
        for band in dict.fromkeys(choice.bands)
        for number, azimuth in enumerate(choice.azimuths_deg, 1)
    ]
    taken = sites_of(rows)
    if taken.refused:
        raise taken.refused[0][1]
    return taken.sites[0]


def _channel(band: str, operator: str, atlas: Atlas) -> int:
    """Return the operator's own channel number in a band, else the band's middle."""
    own = [one for one in atlas.map.carriers(Which(band=band)) if one.operator == operator]
    if own:
        return own[0].arfcn
    found = band_of(band)
    return (found.first + found.last) // 2


def effect_of(atlas: Atlas, site: Site, which: Which) -> Effect:
    """Return what the site would change; the map stays as it is."""
    change = atlas.locked(lambda: atlas.map.what_if(site, which))
    if 0 in change.before_dbm.shape:
        place = site.place
        raise Refused("radio.site_outside", site=site.id, cells=len(site.sectors),
                      lon=place.lon_deg, lat=place.lat_deg)  # fmt: skip
    name = which.technology.generation if which.technology else "4G"
    scale = atlas.scales[name]
    before, after = scale.codes(change.before_dbm), scale.codes(change.after_dbm)
    inside = atlas.under.inside[change.window.slices]
    before[~inside] = after[~inside] = 0
    people = atlas.under.people[change.window.slices]
    km2 = np.full(before.shape, atlas.under.cell_km2)
    return Effect(
        people_before=_by_class(before, people, atlas.classes),
        people_after=_by_class(after, people, atlas.classes),
        area_before=_by_class(before, km2, atlas.classes),
        area_after=_by_class(after, km2, atlas.classes),
        laid=_where(atlas, change, _changed(before, after, scale.weak_codes)),
        took_s=change.took_s,
    )


def _by_class(
    codes: Codes, of: NDArray[np.float32] | NDArray[np.float64], classes: int
) -> tuple[float, ...]:
    sums = np.bincount(codes.ravel(), of.ravel().astype(np.float64), minlength=classes + 1)
    return tuple(float(value) for value in sums[1 : classes + 1])


def _changed(before: Codes, after: Codes, weak: Sequence[int]) -> Codes:
    first = weak[0]
    out = np.full(before.shape, SAME, dtype=np.uint8)
    out[after < before] = BETTER
    out[(before >= first) & (after < first)] = SERVED
    out[after > before] = WORSE
    return out


def _where(atlas: Atlas, change: Change, codes: Codes) -> Laid:
    grid = atlas.under.grid
    corner = Affine.translation(change.window.left, change.window.top)
    return lay_out(codes, grid.transform @ corner, CRS.from_string(grid.crs))
