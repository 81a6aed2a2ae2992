"""Alarms and cases: a storm of alarms is one case, what clears is written into it, and nothing but people closes it."""

from datetime import datetime
from typing import Final

from bus.cloudevents import Heard
from incidents import handlers
from incidents.commands import AddNote, ReceiveReport
from incidents.duplicates import DANGERS
from incidents.handlers import Outcome
from incidents.model import Case
from incidents.rules_attaching import Attaching
from runtime.flow import Flow
from runtime.kinds import kind_of
from runtime.report_taking import located
from runtime.rooms import Rooms
from sensors.alarm import Alarm
from sensors.messages import AlarmCleared, AlarmFiled, AlarmRaised, AlarmReleased
from sensors.storms import RULE, second_kind, sentence_of, storm_rules, terms
from storage.alarms import AlarmsInTransaction, alarms_of_case
from storage.case_near import open_cases_near
from storage.case_work import CasesInTransaction
from storage.transaction import Transaction
from vocabulary.errors import Refused
from vocabulary.ids import ReportId, new_id
from vocabulary.message import SYSTEM

INTEREST: Final = (AlarmRaised, AlarmReleased, AlarmCleared)
CLEARED: Final = "{device} 已恢复正常({value})"
CLEARED_BY_HAND: Final = "{device} 的报警由 {who} 手动解除:{reason}"


def storm_flow(rooms: Rooms) -> Flow:
    """Return the flow by which alarms become cases: each event has its effect once (`storage.effects.do_once`)."""

    def effect(transaction: Transaction, heard: Heard) -> None:
        hear_alarm(rooms, transaction, heard)

    return Flow("alarms-make-cases", frozenset(map(kind_of, INTEREST)), effect)


def hear_alarm(rooms: Rooms, transaction: Transaction, heard: Heard) -> None:
    """File an alarm that calls for people; write into its case when it is over."""
    event = heard.event
    if not isinstance(event, AlarmRaised | AlarmReleased | AlarmCleared):
        return
    alarm = AlarmsInTransaction(transaction).load(event.alarm_id)
    if alarm is None:
        return
    if isinstance(event, AlarmCleared):
        if alarm.case_id is not None:
            _write_cleared(rooms, transaction, alarm, heard.event_id)
    elif alarm.case_id is None and alarm.held_by is None and alarm.raised.opens_case:
        _file(rooms, transaction, alarm, heard.event_id)


def _file(rooms: Rooms, transaction: Transaction, alarm: Alarm, cause_id: str) -> None:
    found = _storm(rooms, transaction, alarm)
    try:
        outcome = (
            _join(rooms, transaction, alarm, cause_id, *found)
            if found
            else _open(rooms, transaction, alarm, cause_id)
        )
    except Refused as refused:
        if refused.code not in {"county.outside", "place.outside_county"}:
            raise
        return  # a device beyond the edge: its alarm stands, and is no case of this county
    filed = AlarmFiled(
        alarm_id=alarm.id,
        case_id=outcome.case.id,
        case_number=outcome.case.number,
        opened=found is None,
        why=found[1] if found else "",
    )
    AlarmsInTransaction(transaction).append(alarm.id, alarm.version, [filed], SYSTEM, cause_id)


def _report(alarm: Alarm) -> ReceiveReport:
    said = alarm.raised
    return ReceiveReport(
        text=sentence_of(said),
        category=said.category,
        place=said.place,
        occurred_at=said.onset_at,
        source="sensor",
    )


def _open(rooms: Rooms, transaction: Transaction, alarm: Alarm, cause_id: str) -> Outcome:
    return handlers.receive_report(
        CasesInTransaction(transaction, rooms.keyring),
        _report(alarm),
        actor=SYSTEM,
        at=rooms.clock.now(),
        tables=rooms.tables,
        locate=lambda place: located(rooms, place),
        source_at=alarm.raised.raised_at,
        cause_id=cause_id,
    )


def _join(
    rooms: Rooms, transaction: Transaction, alarm: Alarm, cause_id: str, case: Case, why: str
) -> Outcome:
    others = alarms_of_case(transaction.connection, case.id)
    attaching = Attaching(
        report_id=ReportId(new_id()),
        by_rule=RULE,
        why=why,
        independent=second_kind(alarm.raised, others),
    )
    return handlers.attach_report(
        CasesInTransaction(transaction, rooms.keyring),
        case.id,
        _report(alarm),
        attaching,
        actor=SYSTEM,
        at=rooms.clock.now(),
        tables=rooms.tables,
        locate=lambda place: located(rooms, place),
        source_at=alarm.raised.raised_at,
        cause_id=cause_id,
    )


def _storm(rooms: Rooms, transaction: Transaction, alarm: Alarm) -> tuple[Case, str] | None:
    """Return the nearest case the alarm belongs to, with the terms."""
    said = alarm.raised
    rule = storm_rules().get(said.category)
    if rule is None:
        return None
    today = rooms.clock.now().astimezone(rooms.tables.calendar.zone).date()
    codes = {
        said.category,
        *(code for danger in DANGERS if said.category in danger for code in danger),
    }
    near: list[tuple[float, Case, datetime]] = []
    for code in sorted(codes):
        category = rooms.tables.categories.find(code, today).full_code
        for away, case in open_cases_near(
            transaction.connection, category, said.place, rule.within_m
        ):
            last = _last_word(transaction, case)
            if not case.exercise and said.raised_at - last <= rule.within:
                near.append((away, case, last))
    if not near:
        return None
    away, case, last = min(near, key=lambda one: (one[0], one[1].id))
    return case, terms(said, away, last)


def _last_word(transaction: Transaction, case: Case) -> datetime:
    """Return when the case last had word of what it is about: its report, or the newest of its alarms."""
    raised = [one.raised.raised_at for one in alarms_of_case(transaction.connection, case.id)]
    return max([case.reported_at, *raised])


def _write_cleared(rooms: Rooms, transaction: Transaction, alarm: Alarm, cause_id: str) -> None:
    cases = CasesInTransaction(transaction, rooms.keyring)
    case = cases.load(alarm.case_id)  # type: ignore[arg-type]  # it has one
    if case is None:
        return
    case = handlers.root_of(cases, case)
    if not case.open:
        return
    handlers.command_case(
        cases,
        case.id,
        case.version,
        AddNote(text=_over(alarm)),
        actor=SYSTEM,
        at=rooms.clock.now(),
        tables=rooms.tables,
        source_at=alarm.cleared_at,
        cause_id=cause_id,
    )


def _over(alarm: Alarm) -> str:
    said = alarm.raised
    if alarm.cleared_by:
        return CLEARED_BY_HAND.format(
            device=said.device_name, who=alarm.cleared_by, reason=alarm.reason
        )
    value = "-" if alarm.last_value is None else f"{alarm.last_value:g} {said.unit}"
    return CLEARED.format(device=said.device_name, value=value)
