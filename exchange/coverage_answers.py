"""What the API answers about coverage, as its description shows it."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class Standing(BaseModel):
    """How far the prediction is, what it is of, and by which thresholds it is classed."""

    model_config = ConfigDict(extra="allow")

    state: str
    version: str
    sites: int
    cells: int
    outages: int
    operators: list[str]
    bands: list[dict[str, Any]]
    scales: dict[str, Any]


class SignalTold(BaseModel):
    """A raster of how places are covered; all but `version` and `state` are missing while nothing is predicted."""

    model_config = ConfigDict(extra="allow")

    version: str
    state: str


class Items(BaseModel):
    """Rows."""

    model_config = ConfigDict(extra="allow")

    items: list[dict[str, Any]]


class SiteReportTold(BaseModel):
    """What an import did, with its refusals by row."""

    model_config = ConfigDict(extra="allow")

    dry_run: bool
    refused: int


class OutageRow(BaseModel):
    """An outage of a site; people and places are what the prediction says it takes away, null while it is not known."""

    site_id: str
    name: str
    operator: str
    lon: float
    lat: float
    cells: list[str]
    cause: str
    since_at: str
    people: int | None
    area_km2: float | None
    without_any: int | None
    cut_off: list[str]
    note: str
    exercise: bool
    told_by: str
    ended_at: str | None
    ended_by: str


class OutageChanged(BaseModel):
    """An outage after what was asked."""

    outage: OutageRow
    seq: int


class OutageList(BaseModel):
    """Outages, and the seq they are true for."""

    items: list[OutageRow]
    seq: int


class FeatureCollection(BaseModel):
    """A GeoJSON feature collection."""

    model_config = ConfigDict(extra="allow")

    type: str
    features: list[dict[str, Any]]


class Anything(BaseModel):
    """Fields as the guide lists them."""

    model_config = ConfigDict(extra="allow")
