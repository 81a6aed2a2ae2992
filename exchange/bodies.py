"""What may be sent to the API: one strict shape per body and query."""

from typing import Annotated, Any, Final

from pydantic import BeforeValidator, ConfigDict, Field
from pydantic.config import JsonDict

from dispatch.model import UnitKind
from exchange.fields import (
    Flag,
    Instant,
    Latitude,
    Longitude,
    RequiredInstant,
    Strict,
    Version,
    split_list,
    text,
)
from exchange.ports import NewUnit, PositionReport
from incidents.commands import ReceiveReport
from incidents.filters import CaseFilter
from incidents.model import Lane, Priority, State
from vocabulary.errors import Refused
from vocabulary.place import Place

_EXAMPLE_REPORT: Final[JsonDict] = {
    "text": "解放路与人民路口井盖缺失,有行人绊倒",
    "category": "GB30428-2@2013:B0101",
    "lon": 119.905,
    "lat": 30.612,
    "source": "phone",
    "caller_phone": "13800000000",
}


class ReportBody(Strict):
    """A report: a call, a citizen's note, another system's alarm."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE_REPORT]})

    text: Annotated[str, text(2000, 1)]
    category: Annotated[str, text(40, 1)]
    lon: Longitude
    lat: Latitude
    occurred_at: Instant = None
    source: Annotated[str, text(40, 1)] = "phone"
    address: Annotated[str, text(200)] = ""
    lane: Lane | None = None
    priority: Priority | None = None
    exercise: Flag = False
    caller_phone: Annotated[str | None, text(20, 3, r"^\+?[0-9][0-9 -]*$")] = None
    caller_name: Annotated[str | None, text(60, 1)] = None
    case: Annotated[
        str | None, text(40, 1), Field(description="A case that stands: the report is put to it")
    ] = None

    def report(self) -> ReceiveReport:
        """Return the report in our own words."""
        values = self.model_dump(exclude={"lon", "lat", "case"})
        return ReceiveReport(place=Place(self.lon, self.lat), **values)


class CommandBody(Strict):
    """One command to one case; `version` is the case's version that the sender saw."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "dispatch",
                    "version": 2,
                    "arguments": {"lead": "fire", "assists": [], "units": ["E32"]},
                }
            ]
        }
    )

    name: Annotated[str, text(40, 1, r"^[a-z][a-z_]*$")]
    version: Version
    arguments: dict[str, Any] = Field(default_factory=dict)
    occurred_at: Instant = None


class UnitBody(Strict):
    """A unit to be made known; sent again with the same id it sets the particulars anew."""

    id: Annotated[str, text(40, 1, r"^[A-Za-z0-9_.:-]+$"), Field(examples=["E32"])]
    name: Annotated[str, text(60, 1), Field(examples=["消防一中队 32 车"])]
    kind: UnitKind
    department: Annotated[str, text(40, 1), Field(examples=["fire"])]
    lon: Longitude | None = None
    lat: Latitude | None = None

    def unit(self) -> NewUnit:
        """Return the unit in our own words; its home needs both coordinates."""
        home = _place(self.lon, self.lat)
        return NewUnit(
            id=self.id, name=self.name, kind=self.kind, department=self.department, home=home
        )


class PositionBody(Strict):
    """Where a unit is, by its own receiver and clock."""

    lon: Longitude
    lat: Latitude
    observed_at: Instant = None
    speed_mps: Annotated[float | None, Field(strict=True, ge=0, le=400)] = None
    heading_deg: Annotated[float | None, Field(strict=True, ge=0, le=360)] = None
    accuracy_m: Annotated[float | None, Field(strict=True, ge=0, le=1e6)] = None

    def position(self) -> PositionReport:
        """Return the position in our own words."""
        return PositionReport(
            place=Place(self.lon, self.lat),
            observed_at=self.observed_at,
            speed_mps=self.speed_mps,
            heading_deg=self.heading_deg,
            accuracy_m=self.accuracy_m,
        )


class CaseQuery(Strict):
    """Which cases are listed; a parameter that is not known is refused, so that a misspelt filter never lists everything."""

    state: Annotated[list[State], BeforeValidator(split_list), Field(max_length=13)] = Field(
        default_factory=list
    )
    priority: Annotated[list[Priority], BeforeValidator(split_list), Field(max_length=5)] = Field(
        default_factory=list
    )
    category: Annotated[str | None, text(40)] = None
    town: Annotated[str | None, text(80)] = None
    lead: Annotated[str | None, text(40)] = None
    open: bool | None = None
    q: Annotated[str | None, text(100)] = None
    since: Instant = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100
    cursor: Annotated[str | None, text(200)] = None

    def filter(self) -> CaseFilter:
        """Return what narrows the list, in our own words."""
        return CaseFilter(
            states=frozenset(self.state),
            priorities=frozenset(self.priority),
            category=self.category or None,
            town=self.town or None,
            lead=self.lead or None,
            open=self.open,
            text=self.q or None,
            since=self.since,
        )


class AlertQuery(Strict):
    """Which alerts are listed."""

    waiting: bool | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100


class WindowQuery(Strict):
    """From when until when a figure counts."""

    since: Instant = None
    until: Instant = None


class PastQuery(Strict):
    """A stretch of the past."""

    since: RequiredInstant
    until: RequiredInstant


class EventQuery(Strict):
    """From where the events are read on."""

    after: Annotated[int, Field(ge=0, le=2**53)] = 0
    limit: Annotated[int, Field(ge=1, le=1000)] = 500


class SearchQuery(Strict):
    """What a place is called; near `lon`, `lat`, of equally good answers the nearest comes first."""

    q: Annotated[str, text(60, 1), Field(examples=["人民路"])]
    lon: Annotated[float | None, Field(ge=-180, le=180, examples=[119.905])] = None
    lat: Annotated[float | None, Field(ge=-90, le=90, examples=[30.612])] = None
    limit: Annotated[int, Field(ge=1, le=50)] = 10

    def near(self) -> Place | None:
        """Return the place to be near to; it needs both coordinates."""
        return _place(self.lon, self.lat)


class LocateQuery(Strict):
    """A position in WGS 84, longitude first."""

    lon: Annotated[float, Field(examples=[119.905], allow_inf_nan=False)]
    lat: Annotated[float, Field(examples=[30.612], allow_inf_nan=False)]


def _place(lon: float | None, lat: float | None) -> Place | None:
    if lon is not None and lat is not None:
        return Place(lon, lat)
    if lon is not None or lat is not None:
        raise Refused("exchange.half_a_place", field="lat" if lat is None else "lon")
    return None
