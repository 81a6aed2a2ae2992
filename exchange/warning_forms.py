"""What is sent and answered about warnings."""

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from exchange.fields import Instant, RequiredInstant, Strict, text
from incidents.warnings.messages import CancelWarning, IssueWarning
from incidents.warnings.model import Act, Colour, Source, Status

_EXAMPLE: Final[JsonDict] = {
    "hazard": "rainstorm",
    "colour": "yellow",
    "expires_at": "2026-11-28T02:00:00+08:00",
    "description": "预计未来 6 小时降雨量将达 50 毫米以上。",
}


class IssueBody(Strict):
    """Enters a warning by hand; no town stands for the whole county."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    hazard: Annotated[str, text(40, 1)]
    colour: Colour
    expires_at: RequiredInstant
    effective_at: Instant = None
    headline: Annotated[str, text(300)] = ""
    description: Annotated[str, text(2000)] = ""
    instruction: Annotated[str, text(2000)] = ""
    towns: Annotated[list[Annotated[str, text(40, 1)]], Field(max_length=100)] = Field(
        default_factory=list
    )
    status: Status = Status.ACTUAL

    def wish(self) -> IssueWarning:
        """Return it in our own words."""
        values: dict[str, Any] = self.model_dump(exclude={"towns"})
        return IssueWarning(towns=tuple(dict.fromkeys(self.towns)), **values)


class CancelBody(Strict):
    """Calls a warning off."""

    reason: Annotated[str, text(500, 1)]

    def wish(self, identifier: str) -> CancelWarning:
        """Return it in our own words."""
        return CancelWarning(identifier=identifier, reason=self.reason)


class WarningsQuery(Strict):
    """Which warnings are listed."""

    past: bool = False
    limit: Annotated[int, Field(ge=1, le=500)] = 100


class WordsView(BaseModel):
    """What is told in one language."""

    event: str
    headline: str
    description: str
    instruction: str


class TownView(BaseModel):
    """A town that is warned."""

    id: str
    zh: str
    en: str


class WarningView(BaseModel):
    """A warning: in force from `effective_at` until just before `expires_at`, unless `ended_how` says otherwise.

    One whose `status` is not `actual` is never to be shown as meant;
    `outline` is a GeoJSON MultiPolygon of the warned ground in the county.
    """

    id: str
    version: int
    sender: str
    sent_at: str
    status: Status
    act: Act
    references: list[str]
    source: Source
    hazard: str
    event_code: str
    colour: Colour | None
    severity: str
    urgency: str
    certainty: str
    effective_at: str
    onset_at: str | None
    expires_at: str
    expires_told: bool
    words: dict[str, WordsView]
    areas: list[str]
    whole: bool
    towns: list[TownView]
    outline: dict[str, Any] | None
    kept_at: str
    kept_by: str
    ended_how: Literal["updated", "cancelled"] | None
    ended_by: str
    ended_at: str | None


class WarningList(BaseModel):
    """Warnings, and the seq they are true for."""

    items: list[WarningView]
    seq: int


class WarningTaken(BaseModel):
    """A warning after what was sent."""

    warning: WarningView
    seq: int
