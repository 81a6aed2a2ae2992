"""What the API answers about where a position is."""

from pydantic import BaseModel


class TownTold(BaseModel):
    """A town."""

    id: str
    name: str
    name_en: str


class CellTold(BaseModel):
    """A unit grid cell."""

    code: str
    name: str
    name_en: str


class NearTold(BaseModel):
    """Something with a name, and how far away it is."""

    name: str
    name_en: str
    distance_m: float


class PlaceTold(BaseModel):
    """Where a position is; each part is null where nothing is near enough. `text` is Chinese, `text_en` English."""

    lon: float
    lat: float
    town: TownTold | None
    cell: CellTold | None
    road: NearTold | None
    place: NearTold | None
    text: str
    text_en: str
