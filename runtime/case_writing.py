"""Reports taken and cases commanded: one transaction each, once per idempotency key, audited beside the events."""

from dataclasses import replace
from typing import Any

from dispatch.assigning import call_units
from dispatch.collectors import nearest_collector
from exchange.ports import CaseCommand, Once
from incidents import handlers
from incidents.command_table import COMMANDS, permissions_needed
from incidents.commands import ReceiveReport, RequestVerification
from incidents.handlers import Outcome
from incidents.messages import ReportReceived
from incidents.model import Case
from incidents.summary import case_row
from incidents.undoing import Undoing, undoing
from runtime.assignment_work import desk_of
from runtime.duplicate_watch import DuplicateWatch
from runtime.once import answer_once
from runtime.report_taking import Taken, take_report
from runtime.rooms import Rooms
from runtime.sight import need_sight, report_view
from security.masking import mask_phone
from security.principal import Principal
from storage.answers import Answer
from storage.case_work import CasesInTransaction
from storage.transaction import Transaction
from storage.units import all_positions, all_units
from vocabulary.ids import CaseId
from vocabulary.message import Command

CREATED = 201
DONE = 200


class CaseWriting:
    """The part of the API's service that changes cases."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self.watch = DuplicateWatch(rooms)

    async def receive_report(
        self, principal: Principal, report: ReceiveReport, once: Once, case_id: str | None = None
    ) -> Answer:
        """Keep a report: in the case that is named, else in one of its own; a place outside the county is refused."""
        rooms = self._rooms
        likely = {} if case_id else await self.watch.arriving(principal, report)

        def work(transaction: Transaction, /) -> Answer:
            if case_id is not None:
                cases = CasesInTransaction(transaction, rooms.keyring)
                need_sight(principal, cases.load(CaseId(case_id)), case_id)
            taken = take_report(rooms, transaction, report, principal.actor, case_id)
            return Answer(CREATED, {**_taken(taken, report), **likely})

        return await self._once(principal, once, "report.create", work)

    async def command(self, principal: Principal, command: CaseCommand, once: Once) -> Answer:
        """Do one command; who may not see the case is told that it is not there."""
        rooms = self._rooms
        row = COMMANDS[command.name]

        def work(transaction: Transaction, /) -> Answer:
            cases = CasesInTransaction(transaction, rooms.keyring)
            case = need_sight(principal, cases.load(CaseId(command.case_id)), command.case_id)
            wish = self._complete(transaction, case, command.command)
            outcome = handlers.command_case(
                cases,
                command.case_id,
                command.version,
                wish,
                actor=principal.actor,
                at=rooms.clock.now(),
                tables=rooms.tables,
                permissions=principal.permissions,
                source_at=command.source_at,
            )
            told = [one.event for one in outcome.recorded]
            call_units(desk_of(rooms, transaction), outcome.case, told, principal.actor)
            undo = undo_view(undoing(case, wish, outcome.case), principal)
            return Answer(DONE, {**_done(outcome), "undo": undo})

        return await self._once(principal, once, row.permission, work)

    def _complete(self, transaction: Transaction, case: Case, wish: Command) -> Command:
        """Return a wish for verification (核实) with who is nearest, where nobody is named and somebody is there."""
        if not isinstance(wish, RequestVerification) or wish.collector is not None:
            return wish
        rooms, connection = self._rooms, transaction.connection
        found = nearest_collector(
            all_units(connection),
            {one.unit_id: one for one in all_positions(connection)},
            case.place,
            at=rooms.clock.now(),
            zone=rooms.tables.calendar.zone,
        )
        return replace(wish, collector=found.id) if found else wish

    async def _once(self, principal: Principal, once: Once, action: str, work: Any) -> Answer:
        return await answer_once(self._rooms, principal, once, action, work, _case_of)


def undo_view(found: Undoing | None, principal: Principal) -> dict[str, Any] | None:
    """Return the command that takes one back, where there is one and the asker may give it."""
    if found is None:
        return None
    needed = permissions_needed(COMMANDS[found.name], principal.actor.department)
    if not needed <= principal.permissions:
        return None
    return {"name": found.name, "arguments": found.arguments, "reason": found.reason}


def _case_of(body: dict[str, Any]) -> str:
    return str(body["case"]["id"])


def _taken(taken: Taken, report: ReceiveReport) -> dict[str, Any]:
    outcome = taken.outcome
    told = [one.event for one in outcome.recorded if isinstance(one.event, ReportReceived)]
    view = report_view(told[0], {})
    if report.caller_phone:
        view["caller_phone"] = mask_phone(report.caller_phone)
    return {
        "report": view,
        "case": case_row(outcome.case),
        "seq": outcome.recorded[-1].seq,
        "attached": taken.attached,
        "by_rule": taken.by_rule,
        "duplicates": [],
        "repeat": None,
    }


def _done(outcome: Outcome) -> dict[str, Any]:
    return {
        "case": case_row(outcome.case),
        "events": [{"seq": one.seq, "kind": one.event.kind} for one in outcome.recorded],
        "seq": outcome.recorded[-1].seq if outcome.recorded else 0,
    }
