"""Taking a report inside one transaction: to the case that is named, to the one a rule finds, or to a new one."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from county.key_places import KeyPlace
from incidents import handlers
from incidents.commands import ReceiveReport
from incidents.handlers import Outcome
from incidents.model import Case
from incidents.priority import opening_priority, placed_priority
from incidents.rules_attaching import Attaching
from incidents.store import Located
from runtime.rooms import Rooms
from storage.case_near import open_cases_near
from storage.case_work import CasesInTransaction
from storage.transaction import Transaction
from vocabulary.ids import ReportId, new_id
from vocabulary.message import Actor
from vocabulary.place import Place

MACHINE_REPEATS = "machine_repeats"
SITES_TOLD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a report; `attached` where it opened no case of its own, `by_rule` where no person chose that."""

    outcome: Outcome
    attached: bool = False
    by_rule: str | None = None


def first_priority(
    rooms: Rooms, actor: Actor, category_code: str, place: Place | None
) -> dict[str, Any]:
    """Return the priority that a report would open its case with, JSON-ready, with the vulnerable sites near."""
    tables = rooms.tables
    today = rooms.clock.now().astimezone(tables.calendar.zone).date()
    category = tables.categories.find(category_code, today)
    near = _vulnerable(rooms, place) if place else []
    opened = opening_priority(category.default_priority, None, actor)
    priority, rule = placed_priority(opened, tables.raise_rules, by_vulnerable_site=bool(near))
    sites = [
        {"name": site.name, "name_en": site.name_en, "kind": site.kind.kind}
        for site in near[:SITES_TOLD]
    ]
    return {"priority": priority.value, "rule": rule, "sites": sites}


def _vulnerable(rooms: Rooms, place: Place) -> list[KeyPlace]:
    within_m = rooms.tables.quotas["vulnerable_within_m"]
    return rooms.locator.key_places.near(place, within_m, vulnerable=True)


def located(rooms: Rooms, place: Place) -> Located:
    """Return where a place lies; Refused outside the county."""
    rooms.locator.require_inside(place)
    where = rooms.locator.locate(place)
    return Located(
        division=rooms.county.code,
        town=where.town.name_zh if where.town else "",
        cell=where.cell.code if where.cell else "",
        address=where.text(),
        by_vulnerable_site=bool(_vulnerable(rooms, place)),
    )


def take_report(
    rooms: Rooms,
    transaction: Transaction,
    report: ReceiveReport,
    actor: Actor,
    case_id: str | None = None,
    cause_id: str | None = None,
) -> Taken:
    """Keep a report. A machine that says the same again so soon and so near joins its case by rule; people are only asked."""
    rule, why = None, ""
    if case_id is None:
        repeated = _machine_repeats(rooms, transaction, report)
        if repeated is not None:
            case_id, rule, why = repeated[0].id, MACHINE_REPEATS, repeated[1]
    cases = CasesInTransaction(transaction, rooms.keyring)
    if case_id is None:
        outcome = handlers.receive_report(
            cases,
            report,
            actor=actor,
            at=rooms.clock.now(),
            tables=rooms.tables,
            locate=lambda place: located(rooms, place),
            source_at=report.occurred_at,
            cause_id=cause_id,
        )
        return Taken(outcome=outcome)
    outcome = handlers.attach_report(
        cases,
        case_id,
        report,
        Attaching(report_id=ReportId(new_id()), by_rule=rule, why=why),
        actor=actor,
        at=rooms.clock.now(),
        tables=rooms.tables,
        locate=lambda place: located(rooms, place),
        source_at=report.occurred_at,
        cause_id=cause_id,
    )
    return Taken(outcome=outcome, attached=True, by_rule=rule)


def _machine_repeats(
    rooms: Rooms, transaction: Transaction, report: ReceiveReport
) -> tuple[Case, str] | None:
    tables, at = rooms.tables, rooms.clock.now()
    sources = tables.codes["source"]
    source = sources.get(report.source)
    if source is None or not source.sensor:
        return None
    category = tables.categories.find(
        report.category, at.astimezone(tables.calendar.zone).date()
    ).full_code
    within_m = tables.duplicates["machine_within_m"]
    since = at - timedelta(minutes=tables.duplicates["machine_within_min"])
    near = open_cases_near(transaction.connection, category, report.place, within_m)
    for away, case in near:
        same_kind = sources[case.source].sensor and case.exercise is report.exercise
        if same_kind and case.reported_at >= since:
            age_min = (at - case.reported_at).total_seconds() / 60
            return case, f"{away:.0f} m, {age_min:.0f} min"
    return None
