"""Plans for the API: kept in versions, and a case's response under one, moved together with the case itself."""

from typing import Any, Final

import structlog
from sqlalchemy import Connection

from dispatch.kinds import skills
from dispatch.plans import handlers as plan_handlers
from dispatch.plans import rules
from dispatch.plans.model import RISING, Plan, Response
from dispatch.plans.reading import Known, read_plan, read_toml
from dispatch.plans.rules import TickWish
from exchange.dispatch_ports import PlanWish
from exchange.ports import Once
from incidents import handlers
from incidents.commands import ChangeLevel
from incidents.model import Case, Level
from incidents.rulebook import Tables
from incidents.rules import allowed
from runtime.once import answer_once
from runtime.plan_view import plan_view, response_view
from runtime.recommending import plan_for
from runtime.rooms import Rooms
from runtime.sight import need_sight
from security.audit import entry_of
from security.policy import ROLES
from security.principal import Principal
from storage.answers import Answer
from storage.audit import append_audit
from storage.case_work import CasesInTransaction
from storage.cases import load_case
from storage.journal import Journal
from storage.plans import (
    PlansInTransaction,
    load_plan,
    load_response,
    newest_plans,
    plan_versions,
    sent_for,
)
from storage.transaction import Transaction
from vocabulary.clock import to_text
from vocabulary.errors import Refused
from vocabulary.ids import CaseId
from vocabulary.message import Event

Json = dict[str, Any]
log = structlog.get_logger()
TICKS: Final = "case.note"
ACTIVATES: Final = "plan.activate"
EDITS: Final = "plan.edit"


class PlanWork:
    """The part of the API's service about plans."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    async def plans(self, _principal: Principal) -> list[Json]:
        """Return every plan at its newest version."""
        found = await self._rooms.journal.read(newest_plans)
        return [plan_view(plan) for plan in found]

    async def plan_versions(self, _principal: Principal, plan_id: str) -> list[Json]:
        """Return every version of a plan, the newest first."""
        found = await self._rooms.journal.read(lambda c: plan_versions(c, plan_id))
        if not found:
            raise Refused("dispatch.unknown_plan", plan=plan_id)
        return [
            {**plan_view(plan), "kept_at": to_text(at), "kept_by": by, "note": note}
            for plan, at, by, note in found
        ]

    async def keep_plan(
        self, principal: Principal, raw: dict[str, Any], base: int, note: str, *, dry_run: bool
    ) -> Json:
        """Keep a plan as its next version; a dry run says only whether it is sound."""
        principal.need(EDITS)
        rooms = self._rooms
        plan = read_plan(raw, known_to(rooms.tables))
        if dry_run:
            return {**plan_view(plan), "version": base}

        def work(transaction: Transaction, /) -> Json:
            kept = plan_handlers.keep_plan(
                PlansInTransaction(transaction), plan, base, note, principal.actor
            )
            entry = entry_of(principal, EDITS, f"plan:{plan.id}", rooms.clock.now())
            append_audit(transaction.connection, entry, rooms.audit_key)
            return plan_view(kept)

        return await rooms.journal.write(work)

    async def response(self, principal: Principal, case_id: str) -> Json:
        """Return the plan that holds for a case with its checklist, and the plans that would suit it."""

        def work(connection: Connection) -> Json:
            case = need_sight(principal, load_case(connection, case_id), case_id)
            return self._response_told(connection, principal, case)

        return await self._rooms.journal.read(work)

    async def respond(
        self, principal: Principal, case_id: str, wish: PlanWish, once: Once
    ) -> Answer:
        """Do one step; activating and changing the level set the case's level too, in the same transaction."""
        permission = TICKS if wish.step == "tick" else ACTIVATES
        principal.need(permission)

        def work(transaction: Transaction, /) -> Answer:
            cases = CasesInTransaction(transaction, self._rooms.keyring)
            case = need_sight(principal, cases.load(CaseId(case_id)), case_id)
            plans = PlansInTransaction(transaction)
            events = _decide(plans, case, plans.response(case.id), wish)
            plans.tell(case.id, events, principal.actor, None)
            if wish.level is not None and events:
                self._set_case_level(cases, case, wish.level, wish.reason, principal)
            now = cases.load(case.id) or case
            told = self._response_told(transaction.connection, principal, now)
            return Answer(200, {**told, "seq": transaction.seq})

        return await answer_once(
            self._rooms, principal, once, permission, work, lambda _body: case_id
        )

    def _set_case_level(
        self,
        cases: CasesInTransaction,
        case: Case,
        level: Level,
        reason: str,
        principal: Principal,
    ) -> None:
        """Set the case's own level, where it is another one: a plan holds at the level of its case."""
        if case.level is level:
            return
        handlers.command_case(
            cases,
            case.id,
            case.version,
            ChangeLevel(level=level, reason=reason),
            actor=principal.actor,
            at=self._rooms.clock.now(),
            tables=self._rooms.tables,
        )

    def _response_told(self, connection: Connection, principal: Principal, case: Case) -> Json:
        response = load_response(connection, case.id)
        held = response if response and response.active else None
        plan = load_plan(connection, held.plan_id, held.plan_version) if held else None
        every = newest_plans(connection)
        suggested = plan_for(every, case.category)
        sent = [
            {"at": to_text(at), "by": by, "sent": list(one.sent), "struck": list(one.struck),
             "added": list(one.added), "reason": one.reason, "note": one.note}
            for one, at, by in sent_for(connection, case.id)
        ]  # fmt: skip
        return {
            **response_view(case, response, plan, self._rooms.clock.now()),
            "suggested": suggested.id if suggested else None,
            "plans": [
                {"id": one.id, "name_zh": one.name_zh, "name_en": one.name_en,
                 "levels": [level.level.value for level in one.levels]}
                for one in every
            ],
            "sent": sent,
            "may": {
                "activate": principal.may(ACTIVATES) and case.open,
                "tick": principal.may(TICKS) and case.open,
                "call": "dispatch"
                in allowed(case, principal.permissions, principal.actor.department, tables=self._rooms.tables),
            },
        }  # fmt: skip


def _decide(
    plans: PlansInTransaction, case: Case, response: Response | None, wish: PlanWish
) -> list[Event]:
    match wish.step:
        case "activate":
            plan = plan_handlers.known_plan(plans, wish.plan)
            level = _held_by(plan, wish.level or RISING[0])
            return rules.activate(case, response, plan, level, wish.reason)
        case "level":
            plan = plan_handlers.plan_of(plans, response)
            level = _held_by(plan, wish.level or RISING[0])
            return rules.change_level(response, plan, level, wish.reason)
        case "stand_down":
            return rules.stand_down(response, wish.reason)
        case _:
            plan = plan_handlers.plan_of(plans, response)
            tick = TickWish(task=wish.task, done=wish.done, note=wish.note)
            return rules.tick(response, plan, tick)


def _held_by(plan: Plan, level: Level) -> Level:
    known = [one.level for one in plan.levels]
    if level not in known:
        raise Refused(
            "dispatch.plan_level", plan=plan.id, value=level.value, known=", ".join(known)
        )
    return level


def known_to(tables: Tables) -> Known:
    """Return what plans may name."""
    return Known(
        categories=frozenset(row.full_code for row in tables.categories.rows),
        departments=frozenset(tables.departments),
        skills=frozenset(skills()),
        roles=frozenset(ROLES),
    )


def bring_plans(journal: Journal, files: list[Any], tables: Tables) -> list[Refused]:
    """Take a county's plans where none of their names is known; return what was refused, a plan each."""
    refused: list[Refused] = []
    known = known_to(tables)
    for file in files:
        try:
            plan = read_toml(file.read_text("utf-8-sig"), known)
        except Refused as problem:
            refused.append(problem)
            log.warning(
                "plan_refused", file=file.name, code=problem.code, problem=problem.text("en")
            )
            continue
        journal.write_blocking(
            lambda transaction, plan=plan: plan_handlers.bring_plan(
                PlansInTransaction(transaction), plan
            )
        )
    return refused
