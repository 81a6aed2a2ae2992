"""Rules up to the dispatch: taking a report, verification (核实), filing (立案), dispatch (派遣)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from incidents.categories import Category, FilingCondition
from incidents.commands import Dispatch, File, ReceiveReport, Reject, RequestVerification
from incidents.messages import (
    CaseDispatched,
    CaseFiled,
    CaseOpened,
    CaseReinforced,
    CaseRejected,
    ReportReceived,
    VerifyRequested,
)
from incidents.model import Case, Lane, Stage, State
from incidents.priority import opening_priority, placed_priority
from incidents.situation import Situation, fitting_text, needed_text
from incidents.stage_clocks import stage_clock, stage_limit
from incidents.task_checks import live_tasks
from vocabulary.clock import to_text
from vocabulary.errors import Refused
from vocabulary.ids import CaseId, ReportId
from vocabulary.message import Event

FILED_BY_EMERGENCY_LANE: Final = "emergency_lane"
CLOCKS_DIFFER_BY: Final = timedelta(minutes=5)  # how far ahead of ours a sender's clock may be


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a new case is given: ids, number, and where its place lies."""

    case_id: CaseId
    report_id: ReportId
    number: str
    address: str = ""
    town: str = ""
    cell: str = ""
    by_vulnerable_site: bool = False


def receive(command: ReceiveReport, opening: Opening, situation: Situation) -> list[Event]:
    """Take a report and open its case."""
    category = situation.chosen_category(command.category)
    report = received(command, opening.case_id, opening.report_id, category, situation)
    return [report, _opened(command, report, opening, category, situation)]


def received(
    command: ReceiveReport,
    case_id: CaseId,
    report_id: ReportId,
    category: Category,
    situation: Situation,
) -> ReportReceived:
    """Return the report as it is kept, whichever case it belongs to."""
    situation.tables.code("source", command.source)
    return ReportReceived(
        case_id=case_id,
        report_id=report_id,
        text=needed_text("text", command.text, situation),
        category=category.full_code,
        place=command.place,
        source=command.source,
        occurred_at=_occurred(command.occurred_at, situation),
        has_caller=bool(command.caller_phone or command.caller_name),
    )


def _opened(
    command: ReceiveReport,
    report: ReportReceived,
    opening: Opening,
    category: Category,
    situation: Situation,
) -> CaseOpened:
    lane = command.lane or category.lane
    priority, rule = placed_priority(
        opening_priority(category.default_priority, command.priority, situation.actor),
        situation.tables.raise_rules,
        by_vulnerable_site=opening.by_vulnerable_site,
    )
    limit = stage_limit(Stage.FILE, lane, priority, situation.tables)
    return CaseOpened(
        case_id=opening.case_id,
        number=opening.number,
        report_id=opening.report_id,
        text=report.text,
        category=report.category,
        place=report.place,
        address=fitting_text("address", command.address, situation) or opening.address,
        town=opening.town,
        cell=opening.cell,
        source=report.source,
        reported_at=situation.at,
        lane=lane,
        priority=priority,
        priority_rule=rule,
        clock=situation.clock(Stage.FILE, limit),
        exercise=command.exercise,
    )


def _occurred(occurred_at: datetime | None, situation: Situation) -> datetime:
    if occurred_at is None:
        return situation.at
    if occurred_at.tzinfo is None:
        raise Refused("incidents.no_zone", field="occurred_at", value=occurred_at.isoformat())
    if occurred_at > situation.at + CLOCKS_DIFFER_BY:
        raise Refused(
            "incidents.in_the_future",
            field="occurred_at",
            value=to_text(occurred_at),
            now=to_text(situation.at),
        )
    return occurred_at


def request_verification(
    case: Case, command: RequestVerification, situation: Situation
) -> list[Event]:
    """Ask somebody near whether it is so."""
    clock = stage_clock(Stage.VERIFY, case, situation)
    return [VerifyRequested(case_id=case.id, clock=clock, collector=command.collector)]


def file(case: Case, command: File, situation: Situation) -> list[Event]:
    """File under a chosen condition."""
    category = situation.chosen_category(command.category or case.category)
    return [_filed(case, category, _chosen(category, command.condition), None, situation)]


def _chosen(category: Category, condition: str | None) -> FilingCondition:
    if condition is None and len(category.filing_conditions) > 1:
        known = ", ".join(f"{c.code} {c.zh}" for c in category.filing_conditions)
        raise Refused("incidents.condition_needed", category=category.code, known=known)
    return category.filing_condition(condition)


def _filed(
    case: Case,
    category: Category,
    condition: FilingCondition,
    rule: str | None,
    situation: Situation,
) -> CaseFiled:
    return CaseFiled(
        case_id=case.id,
        category=category.full_code,
        condition=condition.code,
        filed_by_rule=rule,
        clock=stage_clock(Stage.DISPATCH, case, situation),
    )


def reject(case: Case, command: Reject, situation: Situation) -> list[Event]:
    """Do not file, for a coded reason."""
    situation.tables.code("reject_reason", command.reason)
    note = fitting_text("note", command.note, situation)
    return [CaseRejected(case_id=case.id, reason=command.reason, note=note)]


def dispatch(case: Case, command: Dispatch, situation: Situation) -> list[Event]:
    """Send a lead and its assistants: from FILED, first of all in the emergency lane, or more of them later."""
    if case.state not in {State.NEW, State.FILED}:
        return [_reinforced(case, command, situation)]
    category = situation.category(case)
    lead = situation.tables.department(command.lead or category.lead_dept, "lead").id
    dispatched = CaseDispatched(
        case_id=case.id,
        lead=lead,
        assists=_known(command.assists, {lead}, situation),
        units=tuple(dict.fromkeys(command.units)),
        emergency=case.state is State.NEW and case.lane is Lane.EMERGENCY,
        clock=stage_clock(Stage.ACCEPT, case, situation),
    )
    if case.state is State.FILED:
        return [dispatched]
    condition = category.filing_condition(None)
    return [_filed(case, category, condition, FILED_BY_EMERGENCY_LANE, situation), dispatched]


def _reinforced(case: Case, command: Dispatch, situation: Situation) -> CaseReinforced:
    if command.lead not in {None, case.lead}:
        raise Refused("incidents.lead_is_set", lead=case.lead, wanted=command.lead)
    assists = _known(command.assists, set(live_tasks(case)), situation)
    units = tuple(unit for unit in dict.fromkeys(command.units) if unit not in case.units)
    if not assists and not units:
        raise Refused("incidents.nobody_new", number=case.number, lead=case.lead)
    clock = stage_clock(Stage.ACCEPT, case, situation) if assists else None
    return CaseReinforced(case_id=case.id, assists=assists, units=units, clock=clock)


def _known(names: Sequence[str], without: set[str], situation: Situation) -> tuple[str, ...]:
    unique = [situation.tables.department(name, "assists").id for name in dict.fromkeys(names)]
    return tuple(name for name in unique if name not in without)
