"""Alerts and what became of them, in step with the cases' events: for the list of those that wait, and for the figures."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from incidents.acknowledgement import Offered
from incidents.messages import (
    AcknowledgementMissed,
    AlertAcknowledged,
    AlertEscalated,
    AlertOffered,
    CaseClosed,
    CaseMerged,
    CaseRejected,
    CaseUnmerged,
    CaseVoided,
)
from incidents.model import Priority
from storage.cases import load_case
from storage.tables import alerts
from vocabulary.message import Event, Recorded


class AlertProjection:
    """Keeps the table `alerts`; stands after the projection of cases, whose numbers it takes."""

    def hear(self, connection: Connection, recorded: Recorded[Event]) -> None:
        """Take one event in; those that concern no alert are passed over."""
        event, at = recorded.event, recorded.recorded_at
        match event:
            case AlertOffered():
                _set(connection, event.case_id, open=False, ended_at=at)
                _offer(connection, event, recorded)
            case AlertAcknowledged():
                who = {"acknowledged_by": recorded.actor.name, "desk": event.desk}
                values = {"acknowledged_at": at, "implied": event.implied, **who}
                _set(connection, event.case_id, open=False, **values)
            case AcknowledgementMissed():
                _set(connection, event.case_id, missed=True)
            case AlertEscalated():
                _set(connection, event.case_id, step=event.step)
            case CaseUnmerged():
                _again(connection, event.case_id)
            case CaseClosed() | CaseMerged() | CaseRejected() | CaseVoided():
                _set(connection, event.case_id, open=False, ended_at=at)
            case _:
                return

    def clear(self, connection: Connection) -> None:
        """Empty the table."""
        connection.execute(delete(alerts))


def _offer(connection: Connection, event: AlertOffered, recorded: Recorded[Event]) -> None:
    case = load_case(connection, event.case_id)
    if case is None:
        raise ValueError(f"an alert of {event.case_id}, which is not kept")
    connection.execute(
        insert(alerts).values(
            case_id=event.case_id,
            offered_seq=recorded.seq,
            number=case.number,
            priority=event.priority.value,
            exercise=case.exercise,
            offered_at=recorded.recorded_at,
            ack_due_at=event.ack_due_at,
            step=0,
            missed=False,
            desk="",
            implied=False,
            open=True,
        )
    )


def _set(connection: Connection, case_id: str, **values: Any) -> None:
    waiting = (alerts.c.case_id == case_id) & alerts.c.open.is_(True)
    connection.execute(update(alerts).where(waiting).values(**values))


def _again(connection: Connection, case_id: str) -> None:
    newest = (
        select(alerts.c.offered_seq, alerts.c.acknowledged_at)
        .where(alerts.c.case_id == case_id)
        .order_by(alerts.c.offered_seq.desc())
        .limit(1)
    )
    last = connection.execute(newest).first()
    if last is not None and last.acknowledged_at is None:
        this = (alerts.c.case_id == case_id) & (alerts.c.offered_seq == last.offered_seq)
        connection.execute(update(alerts).where(this).values(open=True, ended_at=None))


def read_alerts(connection: Connection, *, waiting: bool | None, limit: int) -> list[Offered]:
    """Return alerts, those that wait first, then the newest; `waiting` narrows to those that do, or do not."""
    query = select(alerts).order_by(alerts.c.open.desc(), alerts.c.offered_seq.desc())
    if waiting is not None:
        query = query.where(alerts.c.open.is_(waiting))
    return [_offered(row) for row in connection.execute(query.limit(limit))]


def alerts_between(connection: Connection, since: datetime, until: datetime) -> list[Offered]:
    """Return the alerts offered from `since` on and before `until`."""
    window = (alerts.c.offered_at >= since) & (alerts.c.offered_at < until)
    return [_offered(row) for row in connection.execute(select(alerts).where(window))]


def alerts_from(connection: Connection, seq: int, waiting: Iterable[int]) -> dict[int, Offered]:
    """Return the alerts offered after a seq, those that wait, and those that waited, by the seq of their offer."""
    c = alerts.c
    wanted = (c.offered_seq > seq) | c.open.is_(True) | c.offered_seq.in_(list(waiting))
    query = select(alerts).where(wanted).order_by(c.offered_seq)
    return {row.offered_seq: _offered(row) for row in connection.execute(query)}


def _offered(row: Row[Any]) -> Offered:
    return Offered(
        case_id=row.case_id,
        number=row.number,
        priority=Priority(row.priority),
        exercise=row.exercise,
        offered_at=row.offered_at,
        ack_due_at=row.ack_due_at,
        step=row.step,
        missed=row.missed,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=row.acknowledged_by,
        desk=row.desk,
        implied=row.implied,
        ended_at=row.ended_at,
        waiting=row.open,
    )
