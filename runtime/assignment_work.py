"""Assignments for the API and the clock: listed, answered step by step, and let lapse when nobody answers."""

from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Connection

from dispatch.assigning import Desk, lapse, take_step
from dispatch.assignment import Assignment
from dispatch.assignment_rules import Step
from dispatch.handlers import Saying, known_unit, say_status
from dispatch.model import Declared, Unit
from exchange.ports import Once
from incidents.command_table import ACT_FOR
from runtime.once import answer_once
from runtime.rooms import Rooms
from runtime.sight import need_own
from runtime.unit_views import assignment_view, unit_view
from security.principal import Principal
from storage.answers import Answer
from storage.assignments import list_assignments, load_assignment, unanswered
from storage.case_work import CasesInTransaction
from storage.transaction import Transaction
from storage.units import UnitsInTransaction, load_unit
from vocabulary.errors import Refused, sentence

Json = dict[str, Any]
log = structlog.get_logger()
DONE = 200


class AssignmentWork:
    """The part of the API's service about what units are asked and what crews say."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    async def assignments(
        self, principal: Principal, case_id: str | None, unit_id: str | None, open: bool | None
    ) -> list[Json]:
        """Return assignments, oldest first; a department sees its own units' only."""

        def work(connection: Connection) -> list[tuple[Assignment, Unit | None]]:
            found = list_assignments(connection, case_id=case_id, unit_id=unit_id, open=open)
            units = {id: load_unit(connection, id) for id in {one.unit_id for one in found}}
            return [(one, units[one.unit_id]) for one in found]

        found = await self._rooms.journal.read(work)
        own = principal.actor.department
        return [
            assignment_view(one)
            for one, unit in found
            if not own or (unit and unit.department == own)
        ]

    async def assignment_step(
        self,
        principal: Principal,
        id: str,
        step: Step,
        reason: str,
        source_at: datetime | None,
        once: Once,
    ) -> Answer:
        """Do one step; the centre does it by radio, a department for its own units."""

        def work(transaction: Transaction, /) -> Answer:
            held = load_assignment(transaction.connection, id)
            if held is None:
                raise Refused("dispatch.unknown_assignment", assignment=id)
            desk = desk_of(self._rooms, transaction)
            _need_say(principal, known_unit(desk.units, held.unit_id), _permission(principal, step))
            take_step(desk, held, step, reason, principal.actor, source_at)
            now = load_assignment(transaction.connection, id) or held
            return Answer(DONE, {"assignment": assignment_view(now), "seq": transaction.seq})

        action = f"assignment.{step.value}"
        return await answer_once(
            self._rooms, principal, once, action, work, lambda body: f"assignment:{id}"
        )

    async def unit_status(
        self,
        principal: Principal,
        unit_id: str,
        status: Declared,
        until: datetime | None,
        note: str,
        source_at: datetime | None,
        once: Once,
    ) -> Answer:
        """Take a crew's word with its warnings; a radio call is never refused for them."""
        zone = self._rooms.tables.calendar.zone
        said_at = source_at or self._rooms.clock.now()
        saying = Saying(status=status, said_at=said_at, until=until, note=note)

        def work(transaction: Transaction, /) -> Answer:
            units = UnitsInTransaction(transaction)
            _need_say(principal, known_unit(units, unit_id), "units.position")
            told = say_status(units, unit_id, saying, zone, principal.actor)
            unit, seen = known_unit(units, unit_id), units.seen().get(told.unit_id)
            body = {
                "unit": unit_view(unit, seen, self._rooms.clock.now(), zone),
                "warnings": [_warning(code, principal.language) for code in told.warnings],
                "seq": transaction.seq,
            }
            return Answer(DONE, body)

        return await answer_once(
            self._rooms, principal, once, "units.status", work, lambda body: f"unit:{unit_id}"
        )

    async def lapse_offers(self) -> int:
        """Let every offer lapse whose time is over, each by itself; return how many did."""
        now = self._rooms.clock.now()
        due = await self._rooms.journal.read(lambda connection: unanswered(connection, now))
        lapsed = 0
        for held in due:
            try:
                lapsed += await self._rooms.journal.write(
                    lambda transaction, held=held: lapse(desk_of(self._rooms, transaction), held)
                )
            except Refused as refused:  # the others lapse all the same; this one is tried again
                log.warning("offer_not_lapsed", assignment_id=held.id, code=refused.code)
        return lapsed


def desk_of(rooms: Rooms, transaction: Transaction) -> Desk:
    """Return both rooms' stores in one transaction, for the effects that touch both."""
    return Desk(
        units=UnitsInTransaction(transaction),
        cases=CasesInTransaction(transaction, rooms.keyring),
        tables=rooms.tables,
        at=rooms.clock.now(),
        waits=rooms.waits,
    )


def _permission(principal: Principal, step: Step) -> str:
    if step is Step.CANCEL:
        return "case.dispatch"
    return "case.act" if principal.actor.department else ACT_FOR


def _need_say(principal: Principal, unit: Unit, permission: str) -> None:
    principal.need(permission)
    need_own(principal, unit)


def _warning(code: str, language: str) -> Json:
    return {"code": code, "text": sentence(f"dispatch.warning.{code}", language)}
