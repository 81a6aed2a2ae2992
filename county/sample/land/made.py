"""The land in one piece: drained, its rivers named, its waters filled, the county's cells chosen."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely
from scipy import ndimage
from shapely.geometry.base import BaseGeometry

from county.sample import names
from county.sample.areas import above
from county.sample.frame import CELL_M, Frame, Mask, Points, line_of
from county.sample.land import ground, heart, outline, relief, rivers, waters
from county.sample.land.ground import Ground
from county.sample.land.rivers import River
from county.sample.land.waters import Water
from county.sample.size import Size

MARGIN_M: Final = 3_300.0
NAMED_KM2: Final = 5.0
GENTLE: Final = 0.11


@dataclass(frozen=True, slots=True, eq=False)
class Land:
    """Everything there was before people; `near` are the county's cells and those around it."""

    frame: Frame
    size: Size
    ground: Ground
    rivers: list[River]
    waters: list[Water]
    broad: BaseGeometry  # rivers and lakes that stop a road
    gentle: BaseGeometry  # where streets can be laid
    inside: Mask
    near: Mask
    capital: Points


def land(rng: np.random.Generator, size: Size) -> Land:
    """Return the land."""
    frame = Frame(size.half_m)
    shape = relief.made(frame, rng)
    calm = heart.seat(frame, shape)
    flows = rivers.trace(frame, rng, shape, calm)
    capital = flows[0].line[np.argmin(((flows[0].line - calm) ** 2).sum(axis=1))]
    floor = ground.finished(frame, rng, shape, flows)
    inside = outline.county_mask(
        frame, rng, shape.drainage, heart.middle(frame, capital), size.area_km2
    )
    near = ndimage.binary_dilation(inside, iterations=int(MARGIN_M / CELL_M))
    flows = _named(frame, flows, inside, near)
    flat = waters.broad(flows)
    clear = shapely.union_all(
        [one.shape for one in flat] + [shapely.Point(capital).buffer(4_500 * size.seat)]
    )
    flat += waters.reservoirs(frame, floor, shape.drainage, inside, clear, max(2, size.towns // 2))
    broad = shapely.union_all([one.shape for one in flat])
    flows = [one for one in (_above_water(flow, flat) for flow in flows) if one is not None]
    gentle = shapely.union_all(above(frame, -frame.blur(floor.slope, 70.0), -GENTLE, 20_000.0))
    dry = shapely.difference(gentle, shapely.buffer(broad, 32.0))
    return Land(frame, size, floor, flows, flat, broad, dry, inside, near, capital)


def _named(frame: Frame, flows: list[River], inside: Mask, near: Mask) -> list[River]:
    words = iter(names.RIVERS)
    out = []
    for number, flow in enumerate(flows):
        row, column = frame.cell(near, flow.line)
        if not near[row, column].any():
            continue
        home = inside[row, column].mean() > 0.4 and flow.km2[-1] >= NAMED_KM2
        name = names.MAIN_RIVER if number == 0 else next(words, "") if home else ""
        out.append(replace(flow, name=name))
    return out


def _above_water(flow: River, flat: list[Water]) -> River | None:
    # A brook that now runs under a reservoir's water is drawn down to its shore only where it ends there.
    lakes = [one.shape for one in flat if one.kind == "reservoir"]
    line = line_of(flow.line)
    drowned = [lake for lake in lakes if shapely.intersects(lake, line)]
    if not drowned:
        return flow
    outside = ~shapely.contains_xy(shapely.union_all(drowned), flow.line[:, 0], flow.line[:, 1])
    return flow if outside.mean() > 0.15 else None
