"""Rules of the end: check (核查), close (结案), rework (返工), reopen, void (作废)."""

from typing import Literal

from incidents.clocks import due
from incidents.commands import (
    AssignCheck,
    Close,
    GiveAllClear,
    KeepOpen,
    OrderRework,
    PassCheck,
    Reopen,
    Void,
)
from incidents.messages import (
    AllClearGiven,
    CaseClosed,
    CaseReopened,
    CaseVoided,
    CheckAssigned,
    ClosingCancelled,
    ReworkOrdered,
)
from incidents.model import Case, Lane, RunningClock, Stage, State
from incidents.situation import Situation, fitting_text, needed_text
from vocabulary.clock import to_text
from vocabulary.errors import Refused
from vocabulary.message import Event

Basis = Literal["check_passed", "direct", "two_sources"]


def assign_check(case: Case, command: AssignCheck, situation: Situation) -> list[Event]:
    """Send a checker, who is not the handler; the check clock goes on."""
    checker = command.checker or situation.actor.id
    if checker == case.handled_by:
        raise Refused("incidents.checker_handled", checker=checker)
    clock = case.clock or situation.clock(Stage.CHECK, situation.tables.timers["check"])
    return [CheckAssigned(case_id=case.id, checker=checker, clock=clock)]


def pass_check(case: Case, command: PassCheck, situation: Situation) -> list[Event]:
    """Close on the checker's word."""
    wish = Close(
        disposition=command.disposition,
        basis="check_passed",
        note=command.note,
        conditions=command.conditions,
    )
    return close(case, wish, situation)


def close(case: Case, command: Close, situation: Situation) -> list[Event]:
    """Close, when the closing conditions are confirmed and the basis holds."""
    situation.tables.code("disposition", command.disposition)
    basis = command.basis or ("check_passed" if case.state is State.CHECKING else "direct")
    _hold_basis(case, command, basis, situation)
    return [
        CaseClosed(
            case_id=case.id,
            disposition=command.disposition,
            basis=basis,
            note=fitting_text("note", command.note, situation),
            conditions=_confirmed(case, command.conditions, situation),
            evidence=command.evidence,
        )
    ]


def _hold_basis(case: Case, command: Close, basis: Basis, situation: Situation) -> None:
    checked = case.state is State.CHECKING
    if checked != (basis == "check_passed"):
        right = "check_passed" if checked else "direct, two_sources"
        raise Refused("incidents.wrong_basis", basis=basis, state=case.state.value, right=right)
    if situation.actor.kind == "system":
        _hold_automatic(case, basis, situation)
    if basis == "two_sources":
        _hold_two_sources(case, command.evidence)


def _hold_automatic(case: Case, basis: Basis, situation: Situation) -> None:
    if basis != "two_sources":
        raise Refused("incidents.person_closes", basis=basis)
    if case.closing is None:
        raise Refused("incidents.no_all_clear", number=case.number)
    if situation.at < case.closing.closes_at:
        raise Refused("incidents.grace", closes_at=to_text(case.closing.closes_at))


def _hold_two_sources(case: Case, evidence: tuple[str, ...]) -> None:
    if case.lane is not Lane.EMERGENCY:
        raise Refused("incidents.two_sources_are_for_emergencies", number=case.number)
    pieces = [piece.partition(":") for piece in evidence]
    if len({kind for kind, _, name in pieces if kind and name}) < 2:
        raise Refused("incidents.two_sources_needed", value=", ".join(evidence) or "-")


def _confirmed(case: Case, ticked: tuple[str, ...] | None, situation: Situation) -> tuple[str, ...]:
    conditions = situation.category(case).closing_conditions
    known = {condition.code for condition in conditions}
    if ticked is None:
        return tuple(condition.code for condition in conditions)
    missing = [c for c in conditions if c.code not in ticked]
    if missing or set(ticked) - known:
        raise Refused(
            "incidents.not_confirmed",
            value=", ".join(ticked) or "-",
            known=", ".join(f"{c.code} {c.zh}" for c in conditions),
        )
    return tuple(dict.fromkeys(ticked))


def give_all_clear(case: Case, command: GiveAllClear, situation: Situation) -> list[Event]:
    """Let an emergency close by itself, after a grace, on the word of two sources."""
    situation.tables.code("disposition", command.disposition)
    _hold_two_sources(case, command.evidence)
    grace = situation.tables.timers["auto_close_grace"]
    return [
        AllClearGiven(
            case_id=case.id,
            closes_at=due(situation.at, grace, situation.tables.calendar),
            disposition=command.disposition,
            note=fitting_text("note", command.note, situation),
            conditions=_confirmed(case, command.conditions, situation),
            evidence=command.evidence,
        )
    ]


def keep_open(case: Case, command: KeepOpen, situation: Situation) -> list[Event]:
    """Object to the all-clear."""
    reason = needed_text("reason", command.reason, situation)
    return [ClosingCancelled(case_id=case.id, reason=reason)]


def close_by_itself(case: Case, situation: Situation) -> list[Event]:
    """Close as the all-clear said, its grace being over."""
    closing = case.closing
    if closing is None:
        raise Refused("incidents.no_all_clear", number=case.number)
    wish = Close(
        disposition=closing.disposition,
        basis="two_sources",
        note=closing.note,
        conditions=closing.conditions,
        evidence=closing.evidence,
    )
    return close(case, wish, situation)


def order_rework(case: Case, command: OrderRework, situation: Situation) -> list[Event]:
    """Have the same lead do it again, by the first deadline."""
    reason = needed_text("reason", command.reason, situation)
    clock = case.handling or _handling_anew(case, situation)
    return [ReworkOrdered(case_id=case.id, reason=reason, clock=clock)]


def reopen(case: Case, command: Reopen, situation: Situation) -> list[Event]:
    """Begin a new episode with a new handling deadline."""
    if command.lead is not None:
        situation.tables.department(command.lead, "lead")
    return [
        CaseReopened(
            case_id=case.id,
            reason=needed_text("reason", command.reason, situation),
            clock=_handling_anew(case, situation),
            lead=command.lead,
        )
    ]


def _handling_anew(case: Case, situation: Situation) -> RunningClock:
    condition = situation.condition(case)
    return situation.clock(Stage.HANDLE, condition.control or condition.limit)


def void(case: Case, command: Void, situation: Situation) -> list[Event]:
    """Strike the case out."""
    reason = needed_text("reason", command.reason, situation)
    return [CaseVoided(case_id=case.id, reason=reason)]
