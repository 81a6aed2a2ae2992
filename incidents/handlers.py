"""Handling: load, decide, append. One command, one transaction; permission is held here where the caller passes what it has.

Merges and attached reports go to the root of the case that is named, so that their order does not matter.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from incidents.command_table import ROW_OF, permissions_needed
from incidents.commands import Acknowledge, Merge, ReceiveReport, Unmerge
from incidents.firing import fire
from incidents.messages import AlertOffered
from incidents.model import Case
from incidents.numbers import case_number, number_prefix
from incidents.rulebook import Tables
from incidents.rules import Opening, apply, decide, decide_merge
from incidents.rules_alerts import alert_wanted, implied_acknowledgement
from incidents.rules_attaching import Attaching, attach
from incidents.situation import Situation
from incidents.store import CaseStore, Locate, case_stream
from incidents.timers import Timer, timer_name, timers_of
from vocabulary.clock import to_text
from vocabulary.errors import Refused
from vocabulary.ids import CaseId, ReportId, new_id
from vocabulary.message import SYSTEM, Actor, Command, Event, Recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a command made: the case as it stands now, and the events kept (a merge keeps some in the master's stream too)."""

    case: Case
    recorded: list[Recorded[Event]]
    master: Case | None = None


def receive_report(
    tx: CaseStore,
    command: ReceiveReport,
    *,
    actor: Actor,
    at: datetime,
    tables: Tables,
    locate: Locate,
    source_at: datetime | None = None,
    cause_id: str | None = None,
) -> Outcome:
    """Keep a report and open its case; phone and name are kept apart from the events."""
    located = locate(command.place)
    prefix = number_prefix(located.division, at, tables.calendar.zone)
    opening = Opening(
        case_id=CaseId(new_id()),
        report_id=ReportId(new_id()),
        number=case_number(prefix, tx.next_number(prefix)),
        address=located.address,
        town=located.town,
        cell=located.cell,
        by_vulnerable_site=located.by_vulnerable_site,
    )
    events = decide(None, command, at=at, actor=actor, tables=tables, opening=opening)
    _keep_caller(tx, opening.report_id, command)
    situation = Situation(at=at, actor=actor, tables=tables)
    return _keep(tx, opening.case_id, None, events, _Envelope(situation, source_at, cause_id))


def attach_report(
    tx: CaseStore,
    case_id: str,
    command: ReceiveReport,
    attaching: Attaching,
    *,
    actor: Actor,
    at: datetime,
    tables: Tables,
    locate: Locate,
    source_at: datetime | None = None,
    cause_id: str | None = None,
) -> Outcome:
    """Put a report to a case that stands, or to the one it was merged into; it overwrites nothing and needs no version."""
    case = root_of(tx, _loaded(tx, case_id))
    locate(command.place)
    situation = Situation(at=at, actor=actor, tables=tables)
    events = attach(case, command, attaching, situation)
    _keep_caller(tx, attaching.report_id, command)
    return _keep(tx, case.id, case, events, _Envelope(situation, source_at, cause_id))


def root_of(tx: CaseStore, case: Case) -> Case:
    """Return the case that a merged one has become a part of, itself where it was not merged."""
    while case.merged_into is not None:
        case = _loaded(tx, case.merged_into)
    return case


def _keep_caller(tx: CaseStore, report_id: ReportId, command: ReceiveReport) -> None:
    personal = {"phone": command.caller_phone, "name": command.caller_name}
    if said := {key: value for key, value in personal.items() if value}:
        tx.keep_personal(report_id, said)


def command_case(
    tx: CaseStore,
    case_id: str,
    expected_version: int,
    command: Command,
    *,
    actor: Actor,
    at: datetime,
    tables: Tables,
    permissions: Set[str] | None = None,
    source_at: datetime | None = None,
    cause_id: str | None = None,
) -> Outcome:
    """Do one command on a case that the asker saw at `expected_version`; `permissions` None: the caller has held them."""
    _hold_permission(command, actor, permissions)
    case = _loaded(tx, case_id)
    _hold_fresh(case, expected_version)
    situation = Situation(at=at, actor=actor, tables=tables)
    envelope = _Envelope(situation, source_at, cause_id)
    if isinstance(command, Merge | Unmerge):
        return _merge(tx, case, command, envelope)
    events = decide(case, command, at=at, actor=actor, tables=tables)
    if not isinstance(command, Acknowledge):
        events = [*implied_acknowledgement(case, situation), *events]
    return _keep(tx, case.id, case, events, envelope)


def fire_timer(tx: CaseStore, timer: Timer, *, at: datetime, tables: Tables) -> Outcome | None:
    """Do what is due, once: None where the timer runs no more."""
    case = tx.load(timer.case_id)
    if case is None or timer not in timers_of(case, tables):
        return None
    situation = Situation(at=at, actor=SYSTEM, tables=tables)
    envelope = _Envelope(
        situation, None, f"timer:{timer_name(timer.kind, timer.part, timer.due_at)}"
    )
    return _keep(tx, case.id, case, fire(case, timer, situation), envelope)


@dataclass(frozen=True, slots=True)
class _Envelope:
    situation: Situation
    source_at: datetime | None
    cause_id: str | None


def _merge(
    tx: CaseStore,
    case: Case,
    command: Merge | Unmerge,
    envelope: _Envelope,
) -> Outcome:
    if isinstance(command, Merge):
        asked, case = case.id, root_of(tx, case)
        master = root_of(tx, _loaded(tx, command.master))
        if case.id == master.id and asked != command.master:
            return Outcome(case=case, recorded=[], master=master)  # they are one already
    else:
        master = _loaded(tx, case.merged_into or case.id)
    situation = envelope.situation
    own, masters = decide_merge(
        case, master, command, at=situation.at, actor=situation.actor, tables=situation.tables
    )
    seen, master_seen = (implied_acknowledgement(one, situation) for one in (case, master))
    of_case = _keep(tx, case.id, case, [*seen, *own], envelope)
    of_master = _keep(tx, master.id, master, [*master_seen, *masters], envelope)
    return Outcome(
        case=of_case.case,
        recorded=of_case.recorded + of_master.recorded,
        master=of_master.case,
    )


def _keep(
    tx: CaseStore,
    case_id: CaseId,
    case: Case | None,
    events: Sequence[Event],
    envelope: _Envelope,
) -> Outcome:
    situation, version = envelope.situation, case.version if case else 0
    recorded = tx.append(
        case_stream(case_id),
        version,
        [*events, *_called_out(case, events, situation)],
        actor=situation.actor,
        source_at=envelope.source_at,
        cause_id=envelope.cause_id,
    )
    for one in recorded:
        case = apply(case, one.event, version=one.version, at=one.recorded_at, by=one.actor.name)
    if case is None:
        raise ValueError(f"no case came of {events}")
    return Outcome(case=case, recorded=recorded)


def _called_out(
    case: Case | None, events: Sequence[Event], situation: Situation
) -> list[AlertOffered]:
    """Return the alert that the case, as the events leave it, must be called out with."""
    for event in events:
        case = apply(case, event, version=0, at=situation.at)
    return alert_wanted(case, events, situation) if case else []


def _loaded(tx: CaseStore, case_id: str) -> Case:
    case = tx.load(CaseId(case_id))
    if case is None:
        raise Refused("incidents.no_such_case", value=case_id)
    return case


def _hold_fresh(case: Case, expected_version: int) -> None:
    if not case.decided_version <= expected_version <= case.version:
        raise Refused(
            "incidents.stale",
            number=case.number,
            who=case.updated_by or "-",
            at=to_text(case.decided_at or case.updated_at),
            version=case.version,
            expected=expected_version,
        )


def _hold_permission(command: Command, actor: Actor, permissions: Set[str] | None) -> None:
    if permissions is None:
        return
    row = ROW_OF[type(command)]
    missing = permissions_needed(row, actor.department) - permissions
    if missing:
        raise Refused(
            "incidents.not_permitted",
            command_zh=row.zh,
            command_en=row.en,
            permission=", ".join(sorted(missing)),
        )
