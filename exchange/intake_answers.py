"""What intake answers, as the API's description shows it."""

from typing import Literal

from pydantic import BaseModel

from exchange.answers import CaseRow, PlaceFound
from incidents.model import Priority, State


class BriefCase(BaseModel):
    """What shows an officer which case it is."""

    id: str
    number: str
    version: int
    state: State
    priority: Priority
    category: str
    text: str
    lon: float
    lat: float
    address: str
    town: str
    source: str
    reported_at: str
    lead: str | None
    reports: int
    exercise: bool


class LikelyCase(BaseModel):
    """An open case that may be the same, with the terms of its score; `why` is the terms as one line."""

    case: BriefCase
    score: float
    distance_m: int | None
    age_min: float
    category: Literal["same", "danger", "group", "other"] | None
    text: float | None
    why: str


class LikelyCases(BaseModel):
    """Open cases, the likeliest first."""

    items: list[LikelyCase]


class SuggestedCategory(BaseModel):
    """A category with what spoke for it: words of the text with their weight, and how many past cases taught it."""

    code: str
    full_code: str
    name_zh: str
    name_en: str
    group_zh: str
    group_en: str
    default_priority: str
    score: float
    reasons: list[tuple[str, float]]
    learned: int
    why: str


class SuggestedCategories(BaseModel):
    """Categories, the likeliest first."""

    items: list[SuggestedCategory]


class SiteNear(BaseModel):
    """A vulnerable site near a place."""

    name: str
    name_en: str
    kind: str


class FirstPriority(BaseModel):
    """The priority a new case would get, the rule that would set it, and the vulnerable sites that spoke for it."""

    priority: Priority
    rule: str
    sites: list[SiteNear]


class SpanView(BaseModel):
    """Something found in a text, and where it stands."""

    value: str
    start: int
    end: int


class PlaceSpan(SpanView):
    """A place that was named, and the county's places it may be."""

    found: list[PlaceFound]


class ParsedReport(BaseModel):
    """The fields of a pasted text."""

    text: SpanView
    phones: list[SpanView]
    names: list[SpanView]
    places: list[PlaceSpan]
    occurred_at: str | None
    time: SpanView | None
    categories: list[SuggestedCategory]


class CategoryRowReport(BaseModel):
    """What became of one row of a sheet of categories."""

    row: int
    outcome: Literal["added", "unchanged", "refused"]
    code: str
    reason: str
    problem: str | None


class CategoryReport(BaseModel):
    """What became of a sheet of categories."""

    dry_run: bool
    added: int
    unchanged: int
    refused: int
    rows: list[CategoryRowReport]


class CategoryVersion(BaseModel):
    """One version of a category: where it comes from (shipped with the program, or brought), and whether it is in force."""

    full_code: str
    code: str
    scheme: str
    version: str
    valid_from: str
    in_force: bool
    name_zh: str
    name_en: str
    default_priority: Priority
    limit: str
    lead: str
    origin: Literal["shipped", "brought"]
    added_at: str | None
    added_by: str | None


class CategoryVersions(BaseModel):
    """Every version of every category, in the table's order."""

    items: list[CategoryVersion]


class ReportRowReport(BaseModel):
    """What became of one row of a sheet of reports."""

    row: int
    key: str
    outcome: Literal["accepted", "unchanged", "refused"]
    case_id: str | None
    number: str | None
    reason: str
    problem: str | None
    remarks: list[str]


class ReportsReport(BaseModel):
    """What became of a sheet of reports."""

    dry_run: bool
    accepted: int
    unchanged: int
    refused: int
    rows: list[ReportRowReport]


class BulkResult(BaseModel):
    """What became of one case: its row where it was done, code and sentence where it was refused."""

    id: str
    done: bool
    replayed: bool
    case: CaseRow | None
    code: str | None
    detail: str


class BulkDone(BaseModel):
    """What became of all of them, in the order in which they were named."""

    done: int
    refused: int
    results: list[BulkResult]
