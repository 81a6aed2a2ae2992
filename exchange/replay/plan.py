"""Makes of a logged call what will be asked of the console, step by step: pure, so that a second run asks the very same.

The department that leads is one that really came: the category's own where it did, else the first on scene. A department accepts
(签收) when its first unit responds and arrives when the first of them does; the call is resolved and closed when the last unit is
available again. A call whose units were all called back is void (C5: cancelled): nobody was there to resolve anything.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from exchange.calllogs.model import LoggedCall, LoggedUnit, Moment

CATEGORY_LEADS: Final = {"Y0301": "medical"}
_LEADS_ELSE: Final = "fire"
VOID_REASON: Final = "途中取消 cancelled before arrival"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCommand:
    """One command; `label` makes its idempotency key, `at` is the log's own time."""

    at: datetime
    label: str
    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """A unit's way to the scene."""

    unit: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPlan:
    """A call and everything that follows its report."""

    call: LoggedCall
    commands: tuple[PlannedCommand, ...]
    legs: tuple[Leg, ...]

    @property
    def ends_in(self) -> str:
        """Return the state in which the case is left."""
        if not self.commands:
            return "NEW"
        return "VOID" if self.call.cancelled else "CLOSED"


def plan(call: LoggedCall) -> CallPlan:
    """Return what is asked of the console for one call."""
    commands = tuple(_commands(call)) if call.units else ()
    return CallPlan(call=call, commands=commands, legs=tuple(_legs(call)))


def _commands(call: LoggedCall) -> Iterator[PlannedCommand]:
    lead = _lead(call)
    found = [*_dispatches(call, lead), *_signatures(call), *_arrivals(call)]
    ends = max(step.at for step in call.chain)
    if call.cancelled:
        found.append(_command(ends, "void", {"reason": VOID_REASON}))
    else:
        found += _clearances(call, lead)
        found.append(_command(ends, "resolve", {"department": lead, "note": call.disposition}))
        found.append(_command(ends, "close", {"disposition": call.disposition}))
    order = ("dispatch", "accept", "arrive", "clear_assist", "release_assist")
    rank = {name: place for place, name in enumerate((*order, "resolve", "close", "void"))}
    yield from sorted(found, key=lambda command: (command.at, rank[command.name], command.label))


def _command(at: datetime, name: str, arguments: dict[str, Any], label: str = "") -> PlannedCommand:
    return PlannedCommand(
        at=at, label=f"{name}-{label}" if label else name, name=name, arguments=arguments
    )


def _lead(call: LoggedCall) -> str:
    preferred = CATEGORY_LEADS.get(call.category, _LEADS_ELSE)
    came = {d: at for d in _departments(call) if (at := _first(call, d, Moment.ON_SCENE))}
    if not came:
        first = min(call.units, key=lambda unit: _dispatched(call, unit))
        return first.department
    return preferred if preferred in came else min(came, key=lambda d: (came[d], d))


def _departments(call: LoggedCall) -> list[str]:
    return sorted({unit.department for unit in call.units})


def _dispatched(call: LoggedCall, unit: LoggedUnit) -> datetime:
    return call.when(Moment.DISPATCH, unit.id) or call.received_at


def _moments(call: LoggedCall, department: str, moment: Moment) -> list[datetime]:
    units = [unit.id for unit in call.units if unit.department == department]
    return [at for unit in units if (at := call.when(moment, unit))]


def _first(call: LoggedCall, department: str, moment: Moment) -> datetime | None:
    return min(_moments(call, department, moment), default=None)


def _dispatches(call: LoggedCall, lead: str) -> Iterator[PlannedCommand]:
    """Yield one dispatch for each time at which units were sent; every department joins with its first unit."""
    joined = {lead}
    times = sorted({_dispatched(call, unit) for unit in call.units})
    for number, at in enumerate(times, 1):
        sent = [unit for unit in call.units if _dispatched(call, unit) == at]
        assists = sorted({unit.department for unit in sent} - joined)
        joined |= set(assists)
        arguments: dict[str, Any] = {"lead": lead} if number == 1 else {}
        arguments |= {"assists": assists, "units": sorted(unit.id for unit in sent)}
        yield _command(at, "dispatch", arguments, str(number))


def _signatures(call: LoggedCall) -> Iterator[PlannedCommand]:
    for department in _departments(call):
        at = _first(call, department, Moment.RESPONSE)
        if at:
            yield _command(at, "accept", {"department": department}, department)


def _arrivals(call: LoggedCall) -> Iterator[PlannedCommand]:
    for department in _departments(call):
        at = _first(call, department, Moment.ON_SCENE)
        if at:
            yield _command(at, "arrive", {"department": department}, department)


def _clearances(call: LoggedCall, lead: str) -> Iterator[PlannedCommand]:
    for department in _departments(call):
        if department == lead:
            continue
        at = max(step.at for step in call.chain if _is_of(call, step.unit, department))
        came = _first(call, department, Moment.ON_SCENE) is not None
        yield _command(
            at, "clear_assist" if came else "release_assist", {"department": department}, department
        )


def _is_of(call: LoggedCall, unit: str | None, department: str) -> bool:
    return any(u.id == unit and u.department == department for u in call.units)


def _legs(call: LoggedCall) -> Iterator[Leg]:
    for unit in call.units:
        starts_at = call.when(Moment.RESPONSE, unit.id)
        ends_at = call.when(Moment.ON_SCENE, unit.id)
        if starts_at and ends_at:
            yield Leg(unit=unit.id, starts_at=starts_at, ends_at=ends_at)
