"""Snapshot plus numbered deltas, pure: what an audience holds after any delta is what a new snapshot would tell it."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar

from county.closing import rules as closing
from county.closing.model import RoadClosure
from county.closing.store import CLOSURE_STREAM
from incidents.handover.store import HANDOVER_STREAM
from incidents.messages import CaseOpened, ReportReceived
from incidents.model import Case
from incidents.rules import apply
from incidents.store import CASE_STREAM
from incidents.warnings import rules as warning_rules
from incidents.warnings.model import HazardWarning
from incidents.warnings.store import WARNING_STREAM
from live.audience import (
    Audience,
    departments_of,
    hears_shifts,
    may_see,
    redact_news,
)
from live.rows import alerts_of, closures_of, row_for, warnings_of
from vocabulary.clock import to_text
from vocabulary.folding import applied
from vocabulary.message import Event, Recorded

NEWS_KEPT: Final = 50
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class News:
    """One line of the news: what happened to which case, without a word anybody typed."""

    entry: dict[str, Any]
    departments: frozenset[str]


@dataclass(frozen=True, slots=True)
class Delta:
    """What one recorded event changed: a case, a closed road, a warning, a shift's sheet, or nothing that is shown."""

    seq: int
    before: Case | None = None
    after: Case | None = None
    news: News | None = None
    recorded_at: datetime | None = None
    road: "RoadChange | None" = None
    warning: "WarningChange | None" = None
    shift: bool = False


@dataclass(frozen=True, slots=True)
class RoadChange:
    """A road was closed, or (no closure) is open again."""

    closure_id: str
    closure: RoadClosure | None


@dataclass(frozen=True, slots=True)
class WarningChange:
    """A warning was issued, or (no warning) is over."""

    warning_id: str
    warning: HazardWarning | None


class Board:
    """The open cases, closed roads, warnings and newest news as of `seq`. A step costs the same however many cases are open."""

    def __init__(
        self,
        seq: int = 0,
        cases: Iterable[Case] = (),
        news: Iterable[News] = (),
        closures: Iterable[RoadClosure] = (),
        warnings: Iterable[HazardWarning] = (),
    ) -> None:
        self.seq = seq
        self.warnings: dict[str, HazardWarning] = {one.id: one for one in warnings if one.open}
        self.closures: dict[str, RoadClosure] = {one.id: one for one in closures if one.open}
        self.cases: dict[str, Case] = {case.id: case for case in cases if case.open}
        self._news: dict[str | None, deque[dict[str, Any]]] = {}
        for item in news:
            self._remember(item)

    def lacks(self, recorded: Recorded[Event]) -> bool:
        """Say whether `hear` must be given the case as it was: a case that had ended is not kept here."""
        starts = isinstance(recorded.event, CaseOpened | ReportReceived)
        case_id = case_id_of(recorded)
        return is_of_case(recorded) and not starts and case_id not in self.cases

    def hear(self, recorded: Recorded[Event], before: Case | None = None) -> Delta:
        """Take one event in and return what it changed; `before` is asked for by `lacks`."""
        known = case_id_of(recorded)
        delta = step(self.cases.get(known, before) if known else before, recorded)
        self.take(delta)
        return delta

    def take(self, delta: Delta) -> None:
        """Take a delta in."""
        self.seq = delta.seq
        if delta.after is not None:
            if delta.after.open:
                self.cases[delta.after.id] = delta.after
            else:
                self.cases.pop(delta.after.id, None)
        if delta.news is not None:
            self._remember(delta.news)
        if delta.road is not None:
            _put(self.closures, delta.road.closure_id, delta.road.closure)
        if delta.warning is not None:
            _put(self.warnings, delta.warning.warning_id, delta.warning.warning)

    def news_of(self, audience: Audience) -> list[dict[str, Any]]:
        """Return the newest entries within the audience's sight, oldest first."""
        return [redact_news(audience, entry) for entry in self._news.get(audience.department, ())]

    def _remember(self, news: News) -> None:
        for scope in (None, *news.departments):
            kept = self._news.setdefault(scope, deque(maxlen=NEWS_KEPT))
            kept.append(news.entry)


def _put(held: dict[str, T], key: str, value: T | None) -> None:
    if value is None:
        held.pop(key, None)
    else:
        held[key] = value


def is_of_case(recorded: Recorded[Event]) -> bool:
    """Say whether an event stands in a case's own stream, where every event counts as a version of it."""
    return recorded.stream.startswith(CASE_STREAM)


def case_id_of(recorded: Recorded[Event]) -> str | None:
    """Return the case an event is about, if it is about one."""
    if is_of_case(recorded):
        return recorded.stream.removeprefix(CASE_STREAM)
    return getattr(recorded.event, "case_id", None)


def step(before: Case | None, recorded: Recorded[Event]) -> Delta:
    """Return what an event changes in the case it is about, given that case as it was, or on the roads."""
    if recorded.stream.startswith(CLOSURE_STREAM):
        return Delta(recorded.seq, recorded_at=recorded.recorded_at, road=_road_of(recorded))
    if recorded.stream.startswith(WARNING_STREAM):
        return Delta(recorded.seq, recorded_at=recorded.recorded_at, warning=_warning_of(recorded))
    if recorded.stream.startswith(HANDOVER_STREAM):
        return Delta(recorded.seq, recorded_at=recorded.recorded_at, shift=True)
    after = before
    if is_of_case(recorded):
        after = applied(apply, before, recorded)
    news = news_of(recorded, before, after) if after is not None else None
    return Delta(recorded.seq, before, after, news, recorded.recorded_at)


def _road_of(recorded: Recorded[Event]) -> RoadChange:
    # Closing tells everything about a closure, and one that ended is gone: no other event need be known.
    after = applied(closing.apply, None, recorded)
    return RoadChange(recorded.stream.removeprefix(CLOSURE_STREAM), after)


def _warning_of(recorded: Recorded[Event]) -> WarningChange:
    # As with roads: what was received tells everything, and whatever follows it in its stream ends it.
    after = applied(warning_rules.apply, None, recorded)
    standing = after if after is not None and after.open else None
    return WarningChange(recorded.stream.removeprefix(WARNING_STREAM), standing)


def replay(history: Sequence[Recorded[Event]], until_version: int) -> Case | None:
    """Return the case as its own stream left it at `until_version`."""
    case: Case | None = None
    for recorded in history:
        if recorded.version > until_version:
            break
        case = step(case, recorded).after
    return case


def kind_of(event: Event) -> str:
    """Return the tag `room.verb.vN` every event carries."""
    return str(getattr(event, "kind", ""))


def news_of(recorded: Recorded[Event], before: Case | None, after: Case) -> News:
    """Return the news entry of an event; seen by the departments it concerned before or concerns now."""
    entry = {
        "seq": recorded.seq,
        "at": to_text(recorded.recorded_at),
        "kind": kind_of(recorded.event),
        "id": after.id,
        "number": after.number,
        "state": after.state.value,
        "lane": after.lane.value,
        "priority": after.priority.value,
        "category": after.category,
        "town": after.town,
        "lead": after.lead,
        "by": recorded.actor.name,
        "exercise": after.exercise,
    }
    seen_before = departments_of(before) if before is not None else frozenset()
    return News(entry, seen_before | departments_of(after))


def snapshot(board: Board, audience: Audience) -> dict[str, Any]:
    """Return everything the audience may see, as of the board's seq."""
    rows = {
        case.id: row_for(audience, case) for case in board.cases.values() if may_see(audience, case)
    }
    told = {"seq": board.seq, "rows": rows, "news": board.news_of(audience)}
    told["closures"] = closures_of(board.closures.values(), audience)
    told["warnings"] = warnings_of(board.warnings.values(), audience)
    return told | {"alerts": alerts_of(board.cases.values(), audience)}


def delta_for(delta: Delta, audience: Audience) -> dict[str, Any]:
    """Return one delta as the audience may hear it: a whole row, or null for what left its sight."""
    news = delta.news
    heard = news is not None and (
        audience.department is None or audience.department in news.departments
    )
    told = {
        "seq": delta.seq,
        "changes": changes_for(delta, audience),
        "news": redact_news(audience, news.entry) if news is not None and heard else None,
        "closures": _roads_for(delta.road, audience),
        "warnings": _warnings_for(delta.warning, audience),
        "alerts": _alerts_for(delta, audience),
    }
    # A sheet is asked for by who may read it; here it is only said that there is something to ask for.
    return told | {"shift": True} if delta.shift and hears_shifts(audience) else told


def _alerts_for(delta: Delta, audience: Audience) -> list[dict[str, Any]]:
    if delta.after is None or delta.after is delta.before:
        return []
    before = alerts_of([delta.before] if delta.before else [], audience)
    after = alerts_of([delta.after], audience)
    if before == after:
        return []
    return [{"id": delta.after.id, "row": after.get(delta.after.id)}]


def _roads_for(road: RoadChange | None, audience: Audience) -> list[dict[str, Any]]:
    if road is None:
        return []
    rows = closures_of([road.closure] if road.closure else [], audience)
    return [{"id": road.closure_id, "row": rows.get(road.closure_id)}]


def _warnings_for(change: WarningChange | None, audience: Audience) -> list[dict[str, Any]]:
    if change is None:
        return []
    rows = warnings_of([change.warning] if change.warning else [], audience)
    return [{"id": change.warning_id, "row": rows.get(change.warning_id)}]


def changes_for(delta: Delta, audience: Audience) -> list[dict[str, Any]]:
    """Return the rows that changed for the audience."""
    before, after = delta.before, delta.after
    if after is None or after is before:
        return []
    if after.open and may_see(audience, after):
        return [{"id": after.id, "row": row_for(audience, after)}]
    if before is not None and before.open and may_see(audience, before):
        return [{"id": after.id, "row": None}]
    return []


def fold(start: dict[str, Any], deltas: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return what a listener holds who took `start` and then heard `deltas` (the browser half does the same)."""
    seq, rows, news = start["seq"], dict(start["rows"]), list(start["news"])
    closures, alerts = dict(start["closures"]), dict(start["alerts"])
    warnings = dict(start["warnings"])
    held_by = {"changes": rows, "closures": closures, "alerts": alerts, "warnings": warnings}
    for delta in deltas:
        seq = delta["seq"]
        for name, held in held_by.items():
            for change in delta[name]:
                if change["row"] is None:
                    held.pop(change["id"], None)
                else:
                    held[change["id"]] = change["row"]
        if delta["news"] is not None:
            news = [*news, delta["news"]][-NEWS_KEPT:]
    told = {"seq": seq, "rows": rows, "news": news, "closures": closures}
    return told | {"alerts": alerts, "warnings": warnings}
