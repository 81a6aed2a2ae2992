"""Histories of a county as the journal keeps them: what random commands to `incidents.rules.decide` make happen."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from county.closing import rules as closing
from county.closing.model import RoadClosure
from county.closures import Cause, Ground
from county.messages import CloseRoad, ReopenRoad
from incidents import commands as c
from incidents.firing import fire
from incidents.model import Case, Lane, Level, Priority
from incidents.rulebook import shipped_tables
from incidents.rules import Opening, allowed, apply, decide, decide_merge
from incidents.rules_alerts import alert_wanted
from incidents.situation import Situation
from incidents.timers import timers_of
from incidents.warnings import rules as warnings
from incidents.warnings.messages import WarningExpired, WarningReceived
from incidents.warnings.model import HazardWarning, Reach
from security.permissions import PERMISSIONS
from tests.incidents.warned import HERE, a_message
from vocabulary.errors import Refused
from vocabulary.ids import CaseId, ReportId, id_at
from vocabulary.message import SYSTEM, Actor, Command, Event, Recorded
from vocabulary.place import Place

TABLES = shipped_tables()
CATEGORIES = ("B0101", "B0102", "B0103")
DEPARTMENTS = ("water", "drainage", "fire")
TEXT = "井盖破损,联系人 13812348000"
STARTED_AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
DUTY = tuple(
    Actor(id=name, name=name, kind="person", roles=frozenset({role}))
    for name, role in (("王值班", "supervisor"), ("李值班", "leader"))
)


class County:
    """A journal in memory: commands go in, recorded events come out; refusals change nothing."""

    def __init__(self) -> None:
        self.events: list[Recorded[Event]] = []
        self.cases: dict[CaseId, Case] = {}
        self.closures: dict[str, RoadClosure] = {}
        self.warnings: dict[str, HazardWarning] = {}
        self.at = STARTED_AT

    def report(self, category: str = CATEGORIES[0], lane: Lane | None = None) -> CaseId:
        """Take a report and return the case it opened."""
        case_id = CaseId(id_at(self.at))
        opening = Opening(
            case_id=case_id,
            report_id=ReportId(id_at(self.at)),
            number=f"A-{len(self.cases):04d}",
            address="滨河路 12 号",
            town="城关镇",
        )
        command = c.ReceiveReport(text=TEXT, category=category, place=Place(104, 30), lane=lane)
        self._keep(
            case_id,
            decide(None, command, at=self.at, actor=DUTY[0], tables=TABLES, opening=opening),
        )
        return case_id

    def do(self, case_id: CaseId, command: Command, actor: Actor = DUTY[0]) -> None:
        """Give a command about a case; raises what the rules refuse."""
        self._keep(
            case_id,
            decide(self.cases[case_id], command, at=self.at, actor=actor, tables=TABLES),
            actor,
        )

    def merge(self, case_id: CaseId, command: c.Merge | c.Unmerge, master: CaseId) -> None:
        """Make a case a part of another one, or part them."""
        own, masters = decide_merge(
            self.cases[case_id],
            self.cases[master],
            command,
            at=self.at,
            actor=DUTY[0],
            tables=TABLES,
        )
        self._keep(case_id, own)
        self._keep(master, masters)

    def close_road(self, minutes: int = 60) -> str:
        """Close a stretch of road and return the closure's id."""
        closure_id = id_at(self.at)
        wish = CloseRoad(
            ground=Ground("line", ((104.0, 30.0), (104.01, 30.0))),
            until_at=self.at + timedelta(minutes=minutes),
            cause=Cause.FLOOD,
            note="联系人 13812348000",
        )
        self._road(closure_id, closing.decide_close(wish, closure_id=closure_id, at=self.at))
        return closure_id

    def reopen_road(self, closure_id: str) -> None:
        """End a closure."""
        wish = ReopenRoad(closure_id=closure_id)
        self._road(closure_id, closing.decide_reopen(self.closures[closure_id], wish))

    def warn(self, *, here: bool = True) -> str:
        """Take a warning and return its identifier."""
        message = a_message(sum(one.stream.startswith("warning:") for one in self.events) + 1)
        event = WarningReceived(message=message, reach=HERE if here else Reach())
        self.tell(f"warning:{message.identifier}", event)
        warning = warnings.apply(None, event, version=1, at=self.at, by=DUTY[0].name)
        assert warning is not None
        self.warnings[warning.id] = warning
        return warning.id

    def end_warning(self, identifier: str) -> None:
        """Let a warning's time be up."""
        del self.warnings[identifier]
        self.tell(f"warning:{identifier}", WarningExpired(identifier=identifier))

    def _road(self, closure_id: str, events: Sequence[Event]) -> None:
        for event in events:
            before = self.closures.get(closure_id)
            version = before.version + 1 if before else 1
            self._record(f"closure:{closure_id}", version, event, DUTY[0])
            after = closing.apply(before, event, version=version, at=self.at, by=DUTY[0].name)
            if after is not None:
                self.closures[closure_id] = after

    def call_out(self, case_id: CaseId) -> None:
        """Call people to a case as its priority asks."""
        case = self.cases[case_id]
        situation = Situation(at=self.at, actor=DUTY[0], tables=TABLES)
        self._keep(case_id, [*alert_wanted(case, [], situation)])

    def let_time_pass(self, case_id: CaseId) -> None:
        """Let what is due on a case go off."""
        situation = Situation(at=self.at, actor=SYSTEM, tables=TABLES)
        for timer in timers_of(self.cases[case_id], TABLES):
            case = self.cases[case_id]
            if timer.due_at <= self.at and timer in timers_of(case, TABLES):
                self._keep(case_id, fire(case, timer, situation), SYSTEM)

    def tell(self, stream: str, event: Event) -> None:
        """Keep an event of another room."""
        self._record(stream, sum(one.stream == stream for one in self.events) + 1, event, DUTY[0])

    def _keep(self, case_id: CaseId, events: Sequence[Event], actor: Actor = DUTY[0]) -> None:
        for event in events:
            case = self.cases.get(case_id)
            stream = f"case:{case_id}"
            version = sum(one.stream == stream for one in self.events) + 1
            self._record(stream, version, event, actor)
            after = apply(case, event, version=version, at=self.at, by=actor.name)
            if after is not None:
                self.cases[case_id] = after

    def _record(self, stream: str, version: int, event: Event, actor: Actor) -> None:
        seq = len(self.events) + 1
        self.events.append(
            Recorded(
                seq=seq,
                event_id=f"event-{seq}",
                stream=stream,
                version=version,
                event=event,
                recorded_at=self.at,
                source_at=None,
                actor=actor,
                cause_id=None,
                chain="",
            )
        )


def _department(case: Case, pick: int) -> str:
    named = [task.department for task in case.tasks] or list(DEPARTMENTS)
    return named[pick % len(named)]


Maker = Callable[[Case, int], Command]

MAKERS: dict[str, Maker] = {
    "request_verification": lambda case, pick: c.RequestVerification(),
    "file": lambda case, pick: c.File(condition=("01", "02")[pick % 2]),
    "reject": lambda case, pick: c.Reject(reason=min(TABLES.codes["reject_reason"])),
    "dispatch": lambda case, pick: c.Dispatch(
        lead=DEPARTMENTS[pick % 3], assists=(DEPARTMENTS[(pick + 1) % 3],) if pick % 2 else ()
    ),
    "accept": lambda case, pick: c.Accept(department=_department(case, pick)),
    "return": lambda case, pick: c.Return(reason="不归我管", department=case.lead),
    "arrive": lambda case, pick: c.Arrive(department=_department(case, pick)),
    "control": lambda case, pick: c.Control(department=case.lead),
    "clear_assist": lambda case, pick: c.ClearAssist(department=_department(case, pick)),
    "release_assist": lambda case, pick: c.ReleaseAssist(department=_department(case, pick)),
    "resolve": lambda case, pick: c.Resolve(department=case.lead, note="已处理"),
    "assign_check": lambda case, pick: c.AssignCheck(),
    "pass_check": lambda case, pick: c.PassCheck(),
    "close": lambda case, pick: c.Close(),
    "rework": lambda case, pick: c.OrderRework(reason="未修好"),
    "reopen": lambda case, pick: c.Reopen(reason="又坏了"),
    "void": lambda case, pick: c.Void(reason="误报"),
    "suspend": lambda case, pick: c.Suspend(
        until=case.updated_at + timedelta(days=2), reason="待料"
    ),
    "resume": lambda case, pick: c.Resume(),
    "extend": lambda case, pick: c.Extend(reason="雨天"),
    "supervise": lambda case, pick: c.Supervise(reason="久拖"),
    "change_level": lambda case, pick: c.ChangeLevel(level=(*Level, None)[pick % 5], reason="雨势"),
    "change_lane": lambda case, pick: c.ChangeLane(lane=list(Lane)[pick % 2], reason="险情"),
    "change_priority": lambda case, pick: c.ChangePriority(
        priority=list(Priority)[pick % 5], reason="核对"
    ),
    "correct_category": lambda case, pick: c.CorrectCategory(
        category=CATEGORIES[pick % 3], condition="01", reason="看错"
    ),
    "approve": lambda case, pick: c.Approve(),
    "refuse": lambda case, pick: c.Refuse(reason="不必"),
    "withdraw": lambda case, pick: c.Withdraw(),
    "acknowledge": lambda case, pick: c.Acknowledge(desk="1 号席"),
    "all_clear": lambda case, pick: c.GiveAllClear(evidence=("sensor:a", "unit:b")),
    "keep_open": lambda case, pick: c.KeepOpen(reason="未完"),
    "add_note": lambda case, pick: c.AddNote(text="现场电话 13812348000"),
}


# The steps of a case's ordinary life come often enough that histories reach its end.
OFTEN = {
    *("file", "dispatch", "accept", "arrive", "return", "resolve", "assign_check", "close"),
    *("reopen", "clear_assist", "rework", "unmerge"),
}


def _act(county: County, case: Case, pick: int) -> None:
    roles = frozenset({"supervisor", "leader"})
    could = allowed(
        case, PERMISSIONS.keys(), None, at=county.at, tables=TABLES, actor_id="-", roles=roles
    )
    names = could + 5 * [name for name in could if name in OFTEN]
    if not names:
        return
    name = names[pick % len(names)]
    pick //= len(names)
    if name == "merge":
        masters = [other for other in county.cases.values() if other.open and other is not case]
        if masters:
            master = masters[pick % len(masters)].id
            county.merge(case.id, c.Merge(master=master), master)
    elif name == "unmerge" and case.merged_into is not None:
        county.merge(case.id, c.Unmerge(), case.merged_into)
    elif name in MAKERS:
        county.do(case.id, MAKERS[name](case, pick), DUTY[pick % 2])


def _roads(county: County, pick: int) -> None:
    closed = [closure.id for closure in county.closures.values() if closure.open]
    if closed and pick % 2:
        county.reopen_road(closed[pick // 2 % len(closed)])
    else:
        county.close_road()


def _warnings(county: County, pick: int) -> None:
    if county.warnings and pick % 2:
        county.end_warning(list(county.warnings)[pick // 2 % len(county.warnings)])
    else:
        county.warn()


def walk(picks: Sequence[int]) -> list[Recorded[Event]]:
    """Return what happened in a county in which each number picked a case and something to do about it."""
    county = County()
    for pick in picks:
        county.at += timedelta(minutes=pick % 40)
        cases = list(county.cases.values())
        if pick % 11 == 0:
            _roads(county, pick // 11)
            continue
        if pick % 13 == 0:
            _warnings(county, pick // 13)
            continue
        if not cases or pick % 9 == 0:
            county.call_out(county.report(CATEGORIES[pick % 3], list(Lane)[pick % 2]))
            continue
        if pick % 5 == 0:
            county.let_time_pass(cases[pick // 5 % len(cases)].id)
            continue
        try:
            _act(county, cases[pick // 9 % len(cases)], pick // 97)
        except Refused:
            continue
    return county.events


histories = st.lists(st.integers(0, 10**6), max_size=60).map(walk)
