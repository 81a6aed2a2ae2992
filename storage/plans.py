"""Plans and responses as projections of the journal, and what was proposed beside what was sent."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Integer,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
)

from dispatch.plans.messages import PlanKept, RecommendationSent
from dispatch.plans.model import Plan, Response
from dispatch.plans.rules import apply
from dispatch.plans.store import PLAN_STREAM, RESPONSE_STREAM
from storage.documents import Documents
from storage.instants import Instant
from storage.metadata import metadata
from storage.transaction import Transaction
from vocabulary.ids import CaseId
from vocabulary.message import Actor, Event, Recorded

plans = Table(
    "plans",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("kept_at", Instant, nullable=False),
    Column("kept_by", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("document", Text, nullable=False),
)
responses = Table(
    "responses",
    metadata,
    Column("case_id", String(26), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("document", Text, nullable=False),
)
# One row per sending with a recommendation on the screen; exercises stand apart, so that no figure counts them.
recommendations = Table(
    "recommendations",
    metadata,
    Column("event_id", String(26), primary_key=True),
    Column("case_id", String(26), nullable=False, index=True),
    Column("sent_at", Instant, nullable=False, index=True),
    Column("sent_by", Text, nullable=False),
    Column("exercise", Boolean, nullable=False),
    Column("accepted", Boolean, nullable=False),
    Column("reason", String(40), nullable=False),
    Column("places", Integer, nullable=False),
    Column("missing", Integer, nullable=False),
    Column("document", Text, nullable=False),
)
_plan = TypeAdapter(Plan)
_sent = TypeAdapter(RecommendationSent)
PLANS_AT_HAND = 256


def _beside(response: Response) -> dict[str, Any]:
    return {"version": response.version, "active": response.active}


_responses = Documents(responses, responses.c.case_id, TypeAdapter(Response), _beside)


@lru_cache(maxsize=PLANS_AT_HAND)
def _plan_of(document: str) -> Plan:
    """Return a plan from its document; every recommendation asks for all of them, and they seldom change."""
    return _plan.validate_json(document)


class PlanProjection:
    """Keeps the tables of plans, responses and recommendations in step with their events."""

    def hear(self, connection: Connection, recorded: Recorded[Event]) -> None:
        """Apply one event; those of other rooms are passed over."""
        if recorded.stream.startswith(PLAN_STREAM):
            _keep_version(connection, recorded)
        elif recorded.stream.startswith(RESPONSE_STREAM):
            _responses.fold(connection, recorded, RESPONSE_STREAM, apply)
            _keep_sent(connection, recorded)

    def clear(self, connection: Connection) -> None:
        """Empty the tables."""
        for table in (plans, responses, recommendations):
            connection.execute(delete(table))


def _keep_version(connection: Connection, recorded: Recorded[Event]) -> None:
    if not isinstance(recorded.event, PlanKept):
        return
    plan = recorded.event.plan
    row = {
        "id": plan.id,
        "version": plan.version,
        "kept_at": recorded.recorded_at,
        "kept_by": recorded.actor.name,
        "note": recorded.event.note,
        "document": _plan.dump_json(plan).decode(),
    }
    connection.execute(insert(plans).values(**row))


def _keep_sent(connection: Connection, recorded: Recorded[Event]) -> None:
    event = recorded.event
    if not isinstance(event, RecommendationSent):
        return
    owed = [answer for answer in event.answers if not answer.need.advised]
    row = {
        "event_id": recorded.event_id,
        "case_id": event.case_id,
        "sent_at": recorded.recorded_at,
        "sent_by": recorded.actor.name,
        "exercise": event.exercise,
        "accepted": not event.struck and not event.added,
        "reason": event.reason,
        "places": sum(answer.need.count for answer in owed),
        "missing": sum(answer.missing for answer in owed),
        "document": _sent.dump_json(event).decode(),
    }
    connection.execute(insert(recommendations).values(**row))


class PlansInTransaction:
    """`dispatch.plans.store.Plans` over one transaction of the journal."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def plan(self, plan_id: str, version: int | None = None) -> Plan | None:
        """Return a plan at a version (None: the newest), None where there is none."""
        return load_plan(self._transaction.connection, plan_id, version)

    def response(self, case_id: CaseId) -> Response | None:
        """Return a case's response, None where no plan was ever activated."""
        return load_response(self._transaction.connection, case_id)

    def keep_plan(self, plan: Plan, note: str, actor: Actor) -> None:
        """Keep a new version."""
        kept = PlanKept(plan=plan, note=note)
        self._transaction.append(PLAN_STREAM + plan.id, plan.version - 1, [kept], actor=actor)

    def tell(
        self, case_id: CaseId, events: Sequence[Event], actor: Actor, cause_id: str | None
    ) -> None:
        """Keep events at the end of a case's response."""
        if not events:
            return
        response = self.response(case_id)
        version = response.version if response else 0
        stream = RESPONSE_STREAM + case_id
        self._transaction.append(stream, version, events, actor=actor, cause_id=cause_id)


def load_plan(connection: Connection, plan_id: str, version: int | None = None) -> Plan | None:
    """Return a plan at a version (None: the newest), None where there is none."""
    query = select(plans.c.document).where(plans.c.id == plan_id)
    if version is not None:
        query = query.where(plans.c.version == version)
    query = query.order_by(plans.c.version.desc()).limit(1)
    document = connection.execute(query).scalar_one_or_none()
    return None if document is None else _plan_of(document)


def newest_plans(connection: Connection) -> list[Plan]:
    """Return every plan at its newest version, by id."""
    newest = select(plans.c.id, func.max(plans.c.version).label("version")).group_by(plans.c.id)
    last = newest.subquery()
    query = (
        select(plans.c.document)
        .join(last, (plans.c.id == last.c.id) & (plans.c.version == last.c.version))
        .order_by(plans.c.id)
    )
    return [_plan_of(document) for document in connection.execute(query).scalars()]


def plan_versions(connection: Connection, plan_id: str) -> list[tuple[Plan, datetime, str, str]]:
    """Return every version of a plan, the newest first, with when and by whom it was kept, and why."""
    query = select(plans).where(plans.c.id == plan_id).order_by(plans.c.version.desc())
    return [
        (_plan.validate_json(row.document), row.kept_at, row.kept_by, row.note)
        for row in connection.execute(query)
    ]


def load_response(connection: Connection, case_id: str) -> Response | None:
    """Return a case's response, None where there is none."""
    return _responses.load(connection, case_id)


def sent_for(
    connection: Connection, case_id: str
) -> list[tuple[RecommendationSent, datetime, str]]:
    """Return what was sent for a case with a recommendation on the screen, oldest first."""
    query = select(recommendations).where(recommendations.c.case_id == case_id)
    return [
        (_sent.validate_json(row.document), row.sent_at, row.sent_by)
        for row in connection.execute(query.order_by(recommendations.c.sent_at))
    ]


def sent_between(connection: Connection, since: datetime, until: datetime) -> list[Any]:
    """Return the rows of real sendings in a window (`exercise` false): accepted, reason, places, missing."""
    query = select(
        recommendations.c.accepted,
        recommendations.c.reason,
        recommendations.c.places,
        recommendations.c.missing,
    ).where(
        recommendations.c.sent_at >= since,
        recommendations.c.sent_at < until,
        recommendations.c.exercise.is_(False),
    )
    return list(connection.execute(query))


def sent_since(connection: Connection, since: datetime) -> list[Any]:
    """Return the rows of sendings from an instant on, exercises too: event_id, case_id, sent_at, accepted, places, missing."""
    c = recommendations.c
    query = select(c.event_id, c.case_id, c.sent_at, c.accepted, c.places, c.missing)
    return list(connection.execute(query.where(c.sent_at >= since).order_by(c.sent_at)))
