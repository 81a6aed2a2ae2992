"""Alarms, suppressions and the rules that an office set, as projections of the journal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

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
    or_,
    select,
    update,
)

from incidents.messages import ReportReceived
from sensors.alarm import Alarm, Suppression, apply, apply_suppression
from sensors.alarm_rules import AlarmRule
from sensors.messages import AlarmRuleSet
from storage.instants import Instant
from storage.metadata import metadata
from storage.tables import events, reports
from storage.transaction import Transaction
from vocabulary.message import Actor, Event, Recorded

SENSOR = "sensor"  # a report's source, where no person told it
ALARM_STREAM = "alarm:"
SUPPRESSION_STREAM = "suppression:"
RULE_STREAM = "alarm-rule:"
_alarm = TypeAdapter(Alarm)
_report = TypeAdapter(ReportReceived)
_suppression = TypeAdapter(Suppression)
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


class AlarmsProjection:
    """Keeps the three tables in step with the room's events."""

    def hear(self, connection: Connection, recorded: Recorded[Event]) -> None:
        """Apply one event; those of other rooms are passed over."""
        if recorded.stream.startswith(ALARM_STREAM):
            self._hear_alarm(connection, recorded, recorded.stream.removeprefix(ALARM_STREAM))
        elif recorded.stream.startswith(SUPPRESSION_STREAM):
            self._hear_suppression(connection, recorded)
        elif isinstance(recorded.event, AlarmRuleSet):
            rule = recorded.event.rule
            row = {"version": recorded.version, "document": _rule.dump_json(rule).decode()}
            _put(connection, alarm_rules, rule.id, row, known=recorded.version > 1)

    def _hear_alarm(self, connection: Connection, recorded: Recorded[Event], alarm_id: str) -> None:
        before = load_alarm(connection, alarm_id)
        after = apply(
            before,
            recorded.event,
            version=recorded.version,
            at=recorded.recorded_at,
            by=recorded.actor.name,
        )
        if after is None:
            return
        row = {
            "version": after.version,
            "standing": after.standing,
            "device_id": after.raised.device_id,
            "channel": after.raised.channel,
            "rule_id": after.raised.rule_id,
            "case_id": after.case_id,
            "held": after.held_by is not None,
            "raised_at": after.raised.raised_at,
            "document": _alarm.dump_json(after).decode(),
        }
        _put(connection, alarms, alarm_id, row, known=before is not None)

    def _hear_suppression(self, connection: Connection, recorded: Recorded[Event]) -> None:
        name = recorded.stream.removeprefix(SUPPRESSION_STREAM)
        before = load_suppression(connection, name)
        after = apply_suppression(
            before,
            recorded.event,
            version=recorded.version,
            at=recorded.recorded_at,
            by=recorded.actor.name,
        )
        if after is None:
            return
        row = {
            "open": after.ended_at is None,
            "until_at": after.said.until_at,
            "document": _suppression.dump_json(after).decode(),
        }
        _put(connection, suppressions, name, row, known=before is not None)

    def clear(self, connection: Connection) -> None:
        """Empty the tables."""
        for table in (alarms, suppressions, alarm_rules):
            connection.execute(delete(table))


def _put(
    connection: Connection, table: Table, key: str, row: dict[str, object], *, known: bool
) -> None:
    if known:
        connection.execute(update(table).where(table.c.id == key).values(**row))
    else:
        connection.execute(insert(table).values(id=key, **row))


def load_alarm(connection: Connection, alarm_id: str) -> Alarm | None:
    """Return one alarm, None where it is not known."""
    query = select(alarms.c.document).where(alarms.c.id == alarm_id)
    document = connection.execute(query).scalar_one_or_none()
    return None if document is None else _alarm.validate_json(document)


def load_suppression(connection: Connection, name: str) -> Suppression | None:
    """Return one suppression, None where it is not known."""
    query = select(suppressions.c.document).where(suppressions.c.id == name)
    document = connection.execute(query).scalar_one_or_none()
    return None if document is None else _suppression.validate_json(document)


def standing_alarms(connection: Connection) -> list[Alarm]:
    """Return the alarms whose condition holds still, the oldest first."""
    query = select(alarms.c.document).where(alarms.c.standing.is_(True))
    found = connection.execute(query.order_by(alarms.c.raised_at)).scalars()
    return [_alarm.validate_json(document) for document in found]


def recent_alarms(connection: Connection, limit: int, device_id: str | None = None) -> list[Alarm]:
    """Return the newest alarms, of one device where it is named."""
    query = select(alarms.c.document).order_by(alarms.c.raised_at.desc(), alarms.c.id.desc())
    if device_id is not None:
        query = query.where(alarms.c.device_id == device_id)
    return [
        _alarm.validate_json(document)
        for document in connection.execute(query.limit(limit)).scalars()
    ]


def alarms_of_channel(connection: Connection, channel: int, since: datetime) -> list[Alarm]:
    """Return a channel's alarms raised since an instant."""
    query = select(alarms.c.document).where(
        alarms.c.channel == channel, alarms.c.raised_at >= since
    )
    return [_alarm.validate_json(document) for document in connection.execute(query).scalars()]


def alarms_of_case(connection: Connection, case_id: str) -> list[Alarm]:
    """Return the alarms that became part of a case, the oldest first."""
    query = select(alarms.c.document).where(alarms.c.case_id == case_id)
    found = connection.execute(query.order_by(alarms.c.raised_at)).scalars()
    return [_alarm.validate_json(document) for document in found]


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


def alarms_from(connection: Connection, since: datetime, again: Iterable[str]) -> list[Filed]:
    """Return the alarms raised since an instant, and those that are to be looked at again."""
    wanted = or_(alarms.c.raised_at >= since, alarms.c.id.in_(list(again)))
    found = connection.execute(select(alarms).where(wanted)).all()
    reported = _first_told(connection, {row.case_id for row in found if row.case_id})
    return [
        Filed(row.id, row.device_id, row.raised_at, row.standing, row.case_id, reported.get(row.case_id))
        for row in found
    ]  # fmt: skip


def _first_told(connection: Connection, case_ids: set[str]) -> dict[str, datetime]:
    """Return when a person first told of each case, where one did."""
    query = (
        select(reports.c.case_id, reports.c.document, events.c.recorded_at)
        .join(events, events.c.seq == reports.c.seq)
        .where(reports.c.case_id.in_(sorted(case_ids)))
        .order_by(events.c.seq.desc())
    )
    told = [(row, _report.validate_json(row.document)) for row in connection.execute(query)]
    return {row.case_id: row.recorded_at for row, report in told if report.source != SENSOR}


def open_suppressions(connection: Connection) -> list[Suppression]:
    """Return the suppressions that nobody has ended and whose end has not been noted."""
    found = connection.execute(select(suppressions.c.document).where(suppressions.c.open.is_(True)))
    return [_suppression.validate_json(document) for document in found.scalars()]


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
