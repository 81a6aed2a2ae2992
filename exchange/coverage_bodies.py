"""What may be sent and asked about coverage."""

from typing import Annotated, Final, Literal

from fastapi import Path
from pydantic import BeforeValidator, ConfigDict, Field
from pydantic.config import JsonDict

from exchange.fields import Flag, Instant, Latitude, Longitude, Strict, split_list, text
from exchange.site_table import Told
from layers.coverage.atlas import which_of
from layers.coverage.imagined import Choice
from layers.coverage.messages import BeginOutage, EndOutage
from layers.coverage.model import Which
from vocabulary.place import Place

SiteId = Annotated[str, Path(max_length=60, pattern=r"^[\w.:-]+$", examples=["S0001"])]
Group = Literal["traffic", "community", "trade", "health", "school"]
Network = Literal["broadband", "backbone"]
Form = Literal["geojson", "tif", "xlsx"]
_OUTAGE: Final[JsonDict] = {"cause": "power", "note": "市电中断,蓄电池耗尽"}
_IMAGINED: Final[JsonDict] = {
    "lon": 117.88, "lat": 29.47, "operator": "CMCC", "bands": ["n28"], "height_m": 35,
    "azimuths_deg": [0, 120, 240],
}  # fmt: skip


class OutageBody(Strict):
    """A site goes out of service; without `cells` all of it, without `since_at` now."""

    model_config = ConfigDict(json_schema_extra={"examples": [_OUTAGE]})

    cause: Annotated[str, text(20)] = "unknown"
    cells: Annotated[list[Annotated[str, text(120, 1)]], Field(max_length=200)] = Field(
        default_factory=list
    )
    since_at: Instant = None
    note: Annotated[str, text(200)] = ""
    exercise: Flag = False

    def wish(self, site_id: str) -> BeginOutage:
        """Return the wish in our own words."""
        return BeginOutage(
            site_id=site_id, cells=tuple(self.cells), cause=self.cause, note=self.note,
            since_at=self.since_at, exercise=self.exercise,
        )  # fmt: skip


class BackBody(Strict):
    """A site is in service again."""

    note: Annotated[str, text(200)] = ""

    def wish(self, site_id: str) -> EndOutage:
        """Return the wish in our own words."""
        return EndOutage(site_id=site_id, note=self.note)


class OutagesQuery(Strict):
    """Which outages are listed."""

    ended: bool = False


class WhichQuery(Strict):
    """Which carriers are meant: nothing said means all."""

    operator: Annotated[str, text(40)] = ""
    technology: Annotated[str, text(8)] = ""
    band: Annotated[str, text(8)] = ""

    def which(self) -> Which:
        """Return it in our own words."""
        return which_of(self.operator, self.technology, self.band)


class WeakQuery(WhichQuery):
    """Weak areas: of all towns or of one."""

    town: Annotated[str | None, text(80, 1)] = None


class PlacesQuery(Strict):
    """Key places: of all groups or of one."""

    group: Group | None = None


class SpotQuery(Strict):
    """A place on the map."""

    lon: Annotated[float, Field(ge=-180, le=180, examples=[117.88])]
    lat: Annotated[float, Field(ge=-90, le=90, examples=[29.47])]

    def place(self) -> Place:
        """Return the place in our own words."""
        return Place(self.lon, self.lat)


class SiteImportQuery(Strict):
    """A table of cells: how it is called, and what it does not say itself."""

    name: Annotated[str, text(120, 1)] = "sites.csv"
    operator: Annotated[str, text(40)] = ""
    technology: Literal["", "4G", "5G"] = ""
    datum: Annotated[str, text(20)] = "wgs84"
    dry_run: bool = False

    def told(self) -> Told:
        """Return it in our own words."""
        return Told(operator=self.operator, technology=self.technology, datum=self.datum)


class NetworkImportQuery(Strict):
    """A layer of the fixed network."""

    name: Annotated[str, text(120, 1)] = "network.csv"
    dry_run: bool = False


class ImaginedBody(Strict):
    """A site to try out; `site_id` names one that stands and is to be other than it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [_IMAGINED]})

    lon: Longitude
    lat: Latitude
    operator: Annotated[str, text(40, 1)]
    bands: Annotated[
        list[Annotated[str, text(8, 1)]],
        BeforeValidator(split_list),
        Field(min_length=1, max_length=4),
    ]
    height_m: Annotated[float, Field(strict=True, ge=3, le=150)] = 35.0
    tilt_deg: Annotated[float, Field(strict=True, ge=-10, le=30)] = 4.0
    azimuths_deg: Annotated[
        list[Annotated[float, Field(strict=True, ge=0, le=360)]], Field(min_length=1, max_length=6)
    ] = Field(default=[0.0, 120.0, 240.0])
    power_dbm: Annotated[float | None, Field(strict=True, ge=0, le=60)] = None
    site_id: Annotated[str | None, text(60, 1)] = None
    technology: Annotated[str, text(8)] = ""

    def imagined(self) -> Choice:
        """Return it in our own words."""
        return Choice(
            place=Place(self.lon, self.lat), operator=self.operator, bands=tuple(self.bands),
            height_m=self.height_m, tilt_deg=self.tilt_deg, azimuths_deg=tuple(self.azimuths_deg),
            power_dbm=self.power_dbm, site_id=self.site_id,
        )  # fmt: skip

    def which(self) -> Which:
        """Return of whom the change is told: the operator's customers."""
        return which_of(self.operator, self.technology, None)
