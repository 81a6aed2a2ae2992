"""Sites as they send now: an outage takes cells away; and what that leaves people without."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from county.key_places import KeyPlace
from layers.coverage.grid import cells_of
from layers.coverage.model import CoverageMap, Site, Which
from layers.coverage.outages.model import SiteOutage, Struck
from layers.coverage.settlement import Settlement
from layers.coverage.thresholds import Scales

PLACES_TOLD: Final = 20


def silenced(site: Site, cells: Collection[str]) -> Site:
    """Return a site with these cells out of service, with none named all of them."""
    sectors = tuple(
        replace(one, in_service=False) if not cells or one.id in cells else one
        for one in site.sectors
    )
    return replace(site, sectors=sectors)


def as_they_send(sites: Iterable[Site], outages: Iterable[SiteOutage]) -> list[Site]:
    """Return the sites with what is out of service taken away."""
    out = {one.site_id: one.cells for one in outages if one.open}
    return [silenced(site, out[site.id]) if site.id in out else site for site in sites]


def struck_by(
    found: CoverageMap,
    silent: Site,
    operators: Sequence[str],
    under: Settlement,
    places: Sequence[KeyPlace],
    scales: Scales,
) -> Struck:
    """Return the worst that a silent site does to any operator's customers: who loses all signal, where, and which places.

    And how many people then hear no operator at all.
    """
    losses = [
        _loss(found, silent, Which(operator=operator), under, places, scales)
        for operator in operators
    ]
    worst = max(losses, key=lambda one: (one.people or 0, one.area_km2 or 0.0), default=Struck())
    return replace(worst, without_any=_loss(found, silent, Which(), under, places, scales).people)


def _loss(
    found: CoverageMap,
    silent: Site,
    which: Which,
    under: Settlement,
    places: Sequence[KeyPlace],
    scales: Scales,
) -> Struck:
    change = found.what_if(silent, which)
    rows, columns = change.window.slices
    usable = usable_dbm(scales)
    inside = under.inside[rows, columns]
    lost = (np.nan_to_num(change.before_dbm, nan=-np.inf) >= usable) & inside
    lost &= ~(np.nan_to_num(change.after_dbm, nan=-np.inf) >= usable)
    cells = np.zeros(under.town.shape, dtype=bool)
    cells[rows, columns] = lost
    return Struck(
        people=round(float(under.people[rows, columns][lost].sum())),
        area_km2=round(float(lost.sum()) * under.cell_km2, 2),
        cut_off=_cut_off(cells, under, places),
    )


def usable_dbm(scales: Scales) -> float:
    """Return from which value a signal can be used at all: the last class but one begins there."""
    return min(scales[name].grades[-2].at_least_dbm for name in ("4G", "5G"))


def _cut_off(
    lost: NDArray[np.bool_], under: Settlement, places: Sequence[KeyPlace]
) -> tuple[str, ...]:
    if not places:
        return ()
    spots = np.array([(one.place.lon_deg, one.place.lat_deg) for one in places])
    rows, columns = cells_of(under.grid, spots[:, 0], spots[:, 1])
    high, wide = lost.shape
    on = (rows >= 0) & (rows < high) & (columns >= 0) & (columns < wide)
    cut = np.zeros(len(places), dtype=bool)
    cut[on] = lost[rows[on], columns[on]]
    names = [one.name for one, gone in zip(places, cut.tolist(), strict=True) if gone and one.name]
    return tuple(dict.fromkeys(names))[:PLACES_TOLD]
