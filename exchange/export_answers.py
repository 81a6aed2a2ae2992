"""What an exported case holds; `docs/guide/papers.md` says how to check it without this program."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from exchange.answers import CaseRow
from exchange.answers_of_cases import ApprovalView, ClockView, PartView


class ExportedBy(BaseModel):
    """Who took it along."""

    id: str
    name: str


class ExportedCounty(BaseModel):
    """Whose case it is."""

    code: str
    name_zh: str
    name_en: str


class ExportedEvent(BaseModel):
    """One event: `sealed` is the text of its link, null where something in it is masked, or where the link does not hold."""

    seq: int
    version: int
    event_id: str
    kind: str
    at: str
    source_at: str | None
    actor: dict[str, Any]
    cause_id: str | None
    data: dict[str, Any]
    sealed: str | None
    chain: str


class Chain(BaseModel):
    """The chain's head and rule: every link is sha256(previous + "|" + sealed) in hex, the first one's previous is empty.

    `masked` are the versions whose text is veiled, `broken` those whose link does not hold.
    """

    stream: str
    events: int
    head: str
    rule: str
    masked: list[int]
    broken: list[int]


class CaseExport(BaseModel):
    """A case with all that happened to it, for keeping outside and checking there."""

    model_config = ConfigDict(extra="forbid")

    format: str
    exported_at: str
    exported_by: ExportedBy
    county: ExportedCounty
    personal: bool
    case: CaseRow
    clock: ClockView | None
    parts: list[PartView]
    approval: ApprovalView | None
    reports: list[dict[str, Any]]
    assignments: list[dict[str, Any]]
    timeline: list[ExportedEvent]
    numbers: dict[str, str]
    chain: Chain
