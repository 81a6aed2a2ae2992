"""Alarms, suppressions and the rules that an office set, as projections of the journal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)

from incidents.messages import ReportReceived
from sensors.alarm import Alarm, Suppression, apply, apply_suppression
from sensors.alarm_rules import AlarmRule
from sensors.messages import AlarmRuleSet
from storage.documents import Documents
from storage.instants import Instant
from storage.lots import lots
from storage.metadata import metadata
from storage.tables import events, reports
from storage.transaction import Transaction
from vocabulary.message import Actor, Event, Recorded

ASKED_AT_ONCE = 500  # a flood has more alarms than a statement may name
SENSOR = "sensor"  # a report's source, where no person told it
ALARM_STREAM = "alarm:"
SUPPRESSION_STREAM = "suppression:"
RULE_STREAM = "alarm-rule:"
_report = TypeAdapter(ReportReceived)
_rule = TypeAdapter(AlarmRule)

alarms = Table(
    "alarms",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("standing", Boolean, nullable=False, index=True),
    Column("device_id", String(64), nullable=False),
    Column("channel", BigInteger, nullable=False),
    Column("rule_id", String(60), nullable=False),
    Column("case_id", String(26), index=True),
    Column("held", Boolean, nullable=False),
    Column("raised_at", Instant, nullable=False, index=True),
    Column("document", Text, nullable=False),
    Index("ix_alarms_device_raised", "device_id", "raised_at"),
)

suppressions = Table(
    "suppressions",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("open", Boolean, nullable=False),
    Column("until_at", Instant, nullable=False),
    Column("document", Text, nullable=False),
)

alarm_rules = Table(
    "alarm_rules",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("document", Text, nullable=False),
)


def _beside_alarm(alarm: Alarm) -> dict[str, Any]:
    return {
        "version": alarm.version,
        "standing": alarm.standing,
        "device_id": alarm.raised.device_id,
        "channel": alarm.raised.channel,
        "rule_id": alarm.raised.rule_id,
        "case_id": alarm.case_id,
        "held": alarm.held_by is not None,
        "raised_at": alarm.raised.raised_at,
    }


def _beside_suppression(one: Suppression) -> dict[str, Any]:
    return {"open": one.ended_at is None, "until_at": one.said.until_at}


_alarms = Documents(alarms, alarms.c.id, TypeAdapter(Alarm), _beside_alarm)
_suppressions = Documents(
    suppressions, suppressions.c.id, TypeAdapter(Suppression), _beside_suppression
)


class AlarmsProjection:
    """Keeps the three tables in step with the room's events."""

    def hear(self, connection: Connection, recorded: Recorded[Event]) -> None:
        """Apply one event; those of other rooms are passed over."""
        if recorded.stream.startswith(ALARM_STREAM):
            _alarms.fold(connection, recorded, ALARM_STREAM, apply)
        elif recorded.stream.startswith(SUPPRESSION_STREAM):
            _suppressions.fold(connection, recorded, SUPPRESSION_STREAM, apply_suppression)
        elif isinstance(recorded.event, AlarmRuleSet):
            _keep_rule(connection, recorded.event.rule, recorded.version)

    def clear(self, connection: Connection) -> None:
        """Empty the tables."""
        for table in (alarms, suppressions, alarm_rules):
            connection.execute(delete(table))


def _keep_rule(connection: Connection, rule: AlarmRule, version: int) -> None:
    row = {"version": version, "document": _rule.dump_json(rule).decode()}
    if version > 1:
        connection.execute(update(alarm_rules).where(alarm_rules.c.id == rule.id).values(**row))
    else:
        connection.execute(insert(alarm_rules).values(id=rule.id, **row))


def load_alarm(connection: Connection, alarm_id: str) -> Alarm | None:
    """Return one alarm, None where it is not known."""
    return _alarms.load(connection, alarm_id)


def load_suppression(connection: Connection, name: str) -> Suppression | None:
    """Return one suppression, None where it is not known."""
    return _suppressions.load(connection, name)


def standing_alarms(connection: Connection) -> list[Alarm]:
    """Return the alarms whose condition holds still, the oldest first."""
    query = select(alarms.c.document).where(alarms.c.standing.is_(True))
    return _alarms.read(connection, query.order_by(alarms.c.raised_at))


def recent_alarms(connection: Connection, limit: int, device_id: str | None = None) -> list[Alarm]:
    """Return the newest alarms, of one device where it is named."""
    query = select(alarms.c.document).order_by(alarms.c.raised_at.desc(), alarms.c.id.desc())
    if device_id is not None:
        query = query.where(alarms.c.device_id == device_id)
    return _alarms.read(connection, query.limit(limit))


def alarms_of_channel(connection: Connection, channel: int, since: datetime) -> list[Alarm]:
    """Return a channel's alarms raised since an instant."""
    query = select(alarms.c.document).where(
        alarms.c.channel == channel, alarms.c.raised_at >= since
    )
    return _alarms.read(connection, query)


def alarms_of_case(connection: Connection, case_id: str) -> list[Alarm]:
    """Return the alarms that became part of a case, the oldest first."""
    query = select(alarms.c.document).where(alarms.c.case_id == case_id)
    return _alarms.read(connection, query.order_by(alarms.c.raised_at))


def compression(connection: Connection, since: datetime) -> tuple[int, int]:
    """Return how many alarms raised since an instant became part of cases, and of how many cases (V04)."""
    columns = func.count(alarms.c.id), func.count(alarms.c.case_id.distinct())
    query = select(*columns).where(alarms.c.raised_at >= since, alarms.c.case_id.is_not(None))
    filed, cases = connection.execute(query).one()
    return int(filed), int(cases)


@dataclass(frozen=True, slots=True)
class Filed:
    """An alarm as figures count it: when it was raised, the case it became part of, and the first report of a person there."""

    id: str
    device_id: str
    raised_at: datetime
    standing: bool
    case_id: str | None
    reported_at: datetime | None


_FILED = select(
    alarms.c.id, alarms.c.device_id, alarms.c.raised_at, alarms.c.standing, alarms.c.case_id
)


def alarms_from(connection: Connection, since: datetime, again: Iterable[str]) -> list[Filed]:
    """Return the alarms raised since an instant, and those that are to be looked at again."""
    found = {row.id: row for row in connection.execute(_FILED.where(alarms.c.raised_at >= since))}
    for part in lots(sorted(set(again) - found.keys()), ASKED_AT_ONCE):
        found |= {row.id: row for row in connection.execute(_FILED.where(alarms.c.id.in_(part)))}
    reported = _first_told(connection, {row.case_id for row in found.values() if row.case_id})
    return [Filed(*row, reported.get(row.case_id)) for row in found.values()]


def _first_told(connection: Connection, case_ids: set[str]) -> dict[str, datetime]:
    """Return when a person first told of each case, where one did."""
    query = (
        select(reports.c.case_id, reports.c.document, events.c.recorded_at)
        .join(events, events.c.seq == reports.c.seq)
        .order_by(events.c.seq.desc())
    )
    told: dict[str, datetime] = {}
    for part in lots(sorted(case_ids), ASKED_AT_ONCE):
        for row in connection.execute(query.where(reports.c.case_id.in_(part))):
            if _report.validate_json(row.document).source != SENSOR:
                told[row.case_id] = row.recorded_at
    return told


def open_suppressions(connection: Connection) -> list[Suppression]:
    """Return the suppressions that nobody has ended and whose end has not been noted."""
    query = select(suppressions.c.document).where(suppressions.c.open.is_(True))
    return _suppressions.read(connection, query)


def set_rules(connection: Connection) -> list[tuple[AlarmRule, int]]:
    """Return the rules that an office set, with their versions."""
    rows = connection.execute(
        select(alarm_rules.c.document, alarm_rules.c.version).order_by(alarm_rules.c.id)
    )
    return [(_rule.validate_json(row.document), row.version) for row in rows]


class AlarmsInTransaction:
    """Alarms inside one transaction of the journal."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def load(self, alarm_id: str) -> Alarm | None:
        """Return one alarm, None where it is not known."""
        return load_alarm(self._transaction.connection, alarm_id)

    def append(
        self,
        alarm_id: str,
        version: int,
        events: Sequence[Event],
        actor: Actor,
        cause_id: str | None = None,
    ) -> list[Recorded[Event]]:
        """Keep events of one alarm."""
        if not events:
            return []
        return self._transaction.append(
            ALARM_STREAM + alarm_id, version, events, actor=actor, cause_id=cause_id
        )
