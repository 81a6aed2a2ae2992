"""Who goes, for the API: the moment's units, roads, plan and radio reach made into one recommendation, and what is sent of it."""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any, Final

from sqlalchemy import Connection

from county.closures import InForce
from dispatch.assigning import call_units
from dispatch.kinds import override_reasons
from dispatch.model import Position, Unit
from dispatch.plans.messages import RecommendationSent
from dispatch.plans.model import RISING, Plan, Response
from dispatch.reach import NotKnown, RadioReach
from dispatch.recommend import recommend
from dispatch.recommendation.gathering import Moment, Run, candidates_of, stands
from dispatch.recommendation.model import Need, Recommendation, Scene
from dispatch.recommendation.weighing import weighing
from dispatch.sending import settle
from exchange.dispatch_ports import Sending
from exchange.ports import Once
from incidents import handlers
from incidents.commands import Dispatch
from incidents.handlers import Outcome
from incidents.model import Case
from incidents.summary import case_row
from runtime.assignment_work import desk_of
from runtime.once import answer_once
from runtime.recommendation_drives import Drives, drives_to
from runtime.recommendation_view import Basis, Shown, recommendation_view
from runtime.road_network import RoadNetwork
from runtime.rooms import Rooms
from runtime.sight import need_sight
from security.principal import Principal
from storage.answers import Answer
from storage.assignments import runs_since
from storage.case_work import CasesInTransaction
from storage.cases import load_case
from storage.plans import PlansInTransaction, load_plan, load_response, newest_plans, sent_between
from storage.transaction import Transaction
from storage.units import all_positions, all_units
from vocabulary.clock import to_text
from vocabulary.ids import CaseId, UnitId, new_id

Json = dict[str, Any]
KEPT_PROPOSALS: Final = 500
WORK_COUNTS: Final = timedelta(hours=12)
FIGURES_SPAN: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class _Read:
    """What one instant of the store says of a case and of everybody who might go."""

    case: Case
    response: Response | None
    plan: Plan | None
    suggested: Plan | None
    units: list[Unit]
    positions: list[Position]
    runs: dict[UnitId, Run]


@dataclass(frozen=True, slots=True)
class _Proposal:
    """A recommendation as it was shown."""

    case: Case
    shown: Shown


class Recommending:
    """The part of the API's service that says who goes."""

    def __init__(self, rooms: Rooms, network: RoadNetwork, reach: RadioReach | None = None) -> None:
        self._rooms = rooms
        self._recommend_roads = network
        self.radio_reach: RadioReach = reach or NotKnown()
        self._proposals: OrderedDict[str, _Proposal] = OrderedDict()

    async def recommendation(self, principal: Principal, case_id: str) -> Json:
        """Return who is recommended to go now, with reasons and gaps, under a name that sending may quote."""
        made = await self._propose(principal, case_id)
        proposal_id = new_id()
        self._proposals[proposal_id] = made
        while len(self._proposals) > KEPT_PROPOSALS:
            self._proposals.popitem(last=False)
        return recommendation_view(proposal_id, made.shown)

    async def send_recommended(
        self, principal: Principal, case_id: str, wish: Sending, once: Once
    ) -> Answer:
        """Send units by the ordinary dispatch, and keep beside them what was proposed."""
        made = self._proposals.get(wish.proposal or "")
        if made is None or made.case.id != case_id:
            # Shown by a console that has gone since: what would be shown now stands for it.
            made = await self._propose(principal, case_id)
        proposal_id = wish.proposal or new_id()

        def work(transaction: Transaction, /) -> Answer:
            return self._send_units(transaction, principal, made, proposal_id, wish)

        def subject(body: Json) -> str:
            return str(body["case"]["id"])

        return await answer_once(self._rooms, principal, once, "case.dispatch", work, subject)

    async def recommendation_figures(
        self, _principal: Principal, since: datetime | None, until: datetime | None
    ) -> Json:
        """Return how often recommendations were taken as they were (C10), why not, and how many places stayed empty."""
        last = until or self._rooms.clock.now()
        first = since or last - FIGURES_SPAN
        rows = await self._rooms.journal.read(lambda c: sent_between(c, first, last))
        accepted = sum(row.accepted for row in rows)
        places, missing = sum(row.places for row in rows), sum(row.missing for row in rows)
        reasons = Counter(row.reason for row in rows if not row.accepted)
        return {
            "since": to_text(first),
            "until": to_text(last),
            "n": len(rows),
            "accepted": accepted,
            "overridden": len(rows) - accepted,
            "accepted_share": accepted / len(rows) if rows else None,
            "reasons": dict(reasons.most_common()),
            "places": places,
            "missing": missing,
            "shortfall_rate": missing / places if places else None,
            "left_out": "exercises",
        }

    def _send_units(
        self,
        transaction: Transaction,
        principal: Principal,
        made: _Proposal,
        proposal_id: str,
        wish: Sending,
    ) -> Answer:
        rooms = self._rooms
        cases = CasesInTransaction(transaction, rooms.keyring)
        case = need_sight(principal, cases.load(CaseId(made.case.id)), made.case.id)
        sent = settle(
            case,
            proposal_id,
            made.shown.basis.kind,
            made.shown.told,
            [UnitId(unit) for unit in wish.units],
            wish.reason,
            wish.note,
            known_reasons=override_reasons(),
        )
        command = _dispatch(case, sent.sent, made.shown.units, self._category_lead(case))
        outcome = handlers.command_case(
            cases,
            case.id,
            wish.version,
            command,
            actor=principal.actor,
            at=rooms.clock.now(),
            tables=rooms.tables,
            permissions=principal.permissions,
        )
        told = [one.event for one in outcome.recorded]
        call_units(desk_of(rooms, transaction), outcome.case, told, principal.actor)
        PlansInTransaction(transaction).tell(case.id, [sent], principal.actor, None)
        return Answer(200, _sent(outcome, sent, transaction.seq))

    async def _propose(self, principal: Principal, case_id: str) -> _Proposal:
        started = perf_counter()
        now = self._rooms.clock.now()
        read = await self._rooms.journal.read(
            lambda connection: self._read_moment(connection, principal, case_id, now)
        )
        force = await self._recommend_roads.in_force()
        told, drives = await asyncio.to_thread(self._weigh_units, read, force, now)
        shown = Shown(
            told=told,
            basis=self._needs_basis(read),
            drives=drives,
            units={unit.id: unit for unit in read.units},
            at=now,
            took_ms=1000 * (perf_counter() - started),
        )
        return _Proposal(read.case, shown)

    def _weigh_units(
        self, read: _Read, force: InForce, now: datetime
    ) -> tuple[Recommendation, Drives]:
        weights, goal = weighing(), read.case.place
        where = stands(read.units, {p.unit_id: p for p in read.positions}, now, weights.station_m)
        places = [place for stand in where for place in stand.places]
        drives = drives_to(self._recommend_roads.travel_or_none, goal, places, force, weights)
        moment = Moment(
            at=now,
            zone=self._rooms.tables.calendar.zone,
            case_id=read.case.id,
            scene=goal,
            reach=self.radio_reach,
        )
        heard = self.radio_reach.at(goal.lon_deg, goal.lat_deg)
        scene = Scene(reach=tuple(heard), walk_m=drives.walk_m)
        candidates = candidates_of(where, drives.ways, read.runs, moment, weights)
        return recommend(self._needs_basis(read).needs, candidates, scene, weights), drives

    def _read_moment(
        self, connection: Connection, principal: Principal, case_id: str, now: datetime
    ) -> _Read:
        case = need_sight(principal, load_case(connection, case_id), case_id)
        response = load_response(connection, case.id)
        held = response if response and response.active else None
        plan = load_plan(connection, held.plan_id, held.plan_version) if held else None
        suggested = None if plan else plan_for(newest_plans(connection), case.category)
        return _Read(
            case=case,
            response=held,
            plan=plan,
            suggested=suggested,
            units=all_units(connection),
            positions=all_positions(connection),
            runs=runs_since(connection, now - WORK_COUNTS, now),
        )

    def _needs_basis(self, read: _Read) -> Basis:
        if read.plan and read.response:
            level = read.response.level or RISING[0]
            return Basis("plan", read.plan, level, read.plan.needs_at(level))
        if read.suggested:
            level = read.case.level or RISING[0]
            return Basis("suggested", read.suggested, level, read.suggested.needs_at(level))
        lead = read.case.lead or self._category_lead(read.case)
        need = Need(count=1, department=lead, role_zh="先期到场", role_en="First on scene")
        return Basis("department", None, None, (need,))

    def _category_lead(self, case: Case) -> str:
        return self._rooms.tables.categories.find(case.category).lead_dept


def plan_for(plans: list[Plan], category: str) -> Plan | None:
    """Return the plan for a category; a newer version of the category is the same to it."""
    short = category.rpartition(":")[2]
    for plan in plans:
        if short in {name.rpartition(":")[2] for name in plan.categories}:
            return plan
    return None


def _dispatch(
    case: Case, sent: tuple[UnitId, ...], units: Mapping[UnitId, Unit], lead: str
) -> Dispatch:
    """Return the dispatch of units: whose department has no part in the case yet is called in to assist."""
    there = {task.department for task in case.tasks if task.live} | {case.lead or lead}
    wanted = [units[unit].department for unit in sent if unit in units]
    assists = tuple(name for name in dict.fromkeys(wanted) if name not in there)
    return Dispatch(assists=assists, units=sent)


def _sent(outcome: Outcome, sent: RecommendationSent, seq: int) -> Json:
    return {
        "case": case_row(outcome.case),
        "events": [{"seq": one.seq, "kind": one.event.kind} for one in outcome.recorded],
        "accepted": not sent.struck and not sent.added,
        "struck": list(sent.struck),
        "added": list(sent.added),
        "seq": seq,
    }
