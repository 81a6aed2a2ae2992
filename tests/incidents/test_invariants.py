"""Invariants of the lifecycle (domain.md C5), held against any history that people and the clock can make."""

from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from incidents import commands as c
from incidents import messages
from incidents.command_table import ROW_OF
from incidents.firing import fire
from incidents.fold import APPLIERS, apply
from incidents.messages import CaseOpened
from incidents.model import ENDED, Case, State
from incidents.rules import allowed, decide, decide_merge
from incidents.situation import Situation
from incidents.timers import timers_of
from security.permissions import PERMISSIONS
from tests.incidents.stories import (
    CHIEF,
    DRAIN,
    DUTY,
    FIRE,
    LEADER,
    MONDAY_10,
    POLICE,
    TABLES,
    a_report,
    an_opening,
)
from tests.incidents.wishes import CATEGORIES, COMMANDS_AT_RANDOM, REASON, an_offered_step
from vocabulary.errors import Refused
from vocabulary.message import SYSTEM, Actor, Command, Event

EVERYTHING = frozenset(PERMISSIONS)
ACTORS = st.sampled_from([DUTY, DUTY, CHIEF, LEADER, DRAIN, FIRE, POLICE, SYSTEM])
PAUSES = st.sampled_from(
    [timedelta(0), timedelta(minutes=1), timedelta(hours=3), timedelta(days=8)]
)


def hold_sentence(told: Refused) -> None:
    """Hold that a refusal can be said in both languages, as one of the kinds a person can act on."""
    assert told.text("zh")
    assert told.text("en")
    assert told.status in {403, 409, 422}


class Lifecycle(RuleBasedStateMachine):
    """A county's day with a few cases; every accepted command is applied, every refusal changes nothing."""

    ids = Bundle("ids")

    def __init__(self) -> None:
        super().__init__()
        self.at = MONDAY_10
        self.cases: dict[str, Case] = {}
        self.log: dict[str, list[tuple[Event, Any, Case | None]]] = {}

    def keep(self, case_id: str, events: list[Event]) -> None:
        case = self.cases.get(case_id)
        for event in events:
            version = len(self.log.setdefault(case_id, [])) + 1
            case = apply(case, event, version=version, at=self.at)
            self.log[case_id].append((event, self.at, case))
        assert case is not None
        self.cases[case_id] = case

    @rule(
        target=ids,
        category=st.sampled_from(CATEGORIES),
        source=st.sampled_from(["phone", "sensor"]),
    )
    def report(self, category: str, source: str) -> str:
        if len(self.cases) > 2:  # a few cases that go far, rather than many that do not
            return min(self.cases)
        opening = an_opening(len(self.cases) + 1)
        events = decide(
            None,
            a_report(category=category, source=source),
            at=self.at,
            actor=DUTY,
            tables=TABLES,
            opening=opening,
        )
        self.keep(opening.case_id, events)
        return opening.case_id

    @rule(case_id=ids, command=COMMANDS_AT_RANDOM, actor=ACTORS, pause=PAUSES)
    def command(self, case_id: str, command: Command, actor: Actor, pause: timedelta) -> None:
        self.at += pause
        before = self.cases[case_id]
        offered = allowed(
            before,
            EVERYTHING,
            actor.department,
            at=self.at,
            tables=TABLES,
            actor_id=actor.id,
            roles=actor.roles,
        )
        name = ROW_OF[type(command)].name
        try:
            events = decide(before, command, at=self.at, actor=actor, tables=TABLES)
        except Refused as told:
            hold_sentence(told)
            return
        assert events
        assert name in offered, f"{name} was done, but no button offered it"
        self.keep(case_id, events)
        after = self.cases[case_id]
        if before.state is State.CLOSED:
            assert after.state is State.CLOSED or isinstance(command, c.Reopen)
        elif before.state in ENDED:
            assert after.state is before.state

    @rule(case_id=ids, pick=st.integers(0, 1000), pause=PAUSES)
    def press_a_button(self, case_id: str, pick: int, pause: timedelta) -> None:
        """What is offered is done: no button leads to a refusal when its form is filled in well."""
        self.at += pause
        case = self.cases[case_id]
        offered = allowed(
            case,
            EVERYTHING,
            None,
            at=self.at,
            tables=TABLES,
            actor_id=DUTY.id,
            roles=DUTY.roles,
        )
        wishes = [an_offered_step(case, name) for name in offered]
        steps = [wish for wish in wishes if wish is not None]
        if steps:
            command = steps[pick % len(steps)]
            self.keep(case_id, decide(case, command, at=self.at, actor=DUTY, tables=TABLES))

    @rule(case_id=ids, days=st.integers(1, 300))
    def suspend(self, case_id: str, days: int) -> None:
        if days > 100:
            return
        until = self.at + timedelta(days=days)
        self.command(case_id, c.Suspend(until=until, reason=REASON), DUTY, timedelta(0))
        for who in (CHIEF, LEADER):
            self.command(case_id, c.Approve(), who, timedelta(0))

    @rule(case_id=ids)
    def let_what_is_due_go_off(self, case_id: str) -> None:
        """Each timer leaves a mark on its case, and is gone: it cannot go off again."""
        situation = Situation(at=self.at, actor=SYSTEM, tables=TABLES)
        for timer in timers_of(self.cases[case_id], TABLES):
            if timer.due_at <= self.at and timer in timers_of(self.cases[case_id], TABLES):
                self.keep(case_id, fire(self.cases[case_id], timer, situation))
                assert timer not in timers_of(self.cases[case_id], TABLES)

    @rule(case_id=ids)
    def void(self, case_id: str) -> None:
        if len(self.log[case_id]) > 16:
            self.command(case_id, c.Void(reason=REASON), CHIEF, timedelta(0))

    @rule(case_id=ids, master_id=ids)
    def merge(self, case_id: str, master_id: str) -> None:
        self._merge(case_id, master_id, c.Merge(master=self.cases[master_id].id))

    @rule(case_id=ids)
    def unmerge(self, case_id: str) -> None:
        master_id = self.cases[case_id].merged_into
        if master_id is not None:
            self._merge(case_id, master_id, c.Unmerge())

    def _merge(self, case_id: str, master_id: str, command: c.Merge | c.Unmerge) -> None:
        case, master = self.cases[case_id], self.cases[master_id]
        try:
            own, masters = decide_merge(
                case, master, command, at=self.at, actor=DUTY, tables=TABLES
            )
        except Refused as told:
            hold_sentence(told)
            return
        self.keep(case_id, own)
        self.keep(master_id, masters)

    @invariant()
    def a_case_is_the_fold_of_its_events_and_so_was_each_prefix(self) -> None:
        for history in self.log.values():
            folded: Case | None = None
            for version, (event, at, shown) in enumerate(history, 1):
                folded = apply(folded, event, version=version, at=at)
                assert folded == shown

    @invariant()
    def every_open_case_has_a_running_clock_or_a_hold_with_an_end(self) -> None:
        for case in self.cases.values():
            assert (case.clock is not None) is case.open
            if case.suspended_at is not None:
                assert case.suspended_until is not None
                assert case.suspended_until > case.suspended_at

    @invariant()
    def as_many_cases_stand_in_some_state_as_were_created(self) -> None:
        created = [
            e for history in self.log.values() for e, _, _ in history if isinstance(e, CaseOpened)
        ]
        by_state = [sum(case.state is state for case in self.cases.values()) for state in State]
        assert sum(by_state) == len(created) == len(self.cases)

    @invariant()
    def a_merged_tree_has_one_root(self) -> None:
        for case in self.cases.values():
            seen = {case.id}
            while case.state is State.MERGED:
                assert case.merged_into is not None
                case = self.cases[case.merged_into]
                assert case.id not in seen
                seen.add(case.id)
            assert case.merged_into is None

    @invariant()
    def whoever_works_was_sent_and_times_go_forward(self) -> None:
        for case in self.cases.values():
            for task in case.tasks:
                steps = [task.offered_at, task.accepted_at, task.arrived_at, task.cleared_at]
                known = [step for step in steps if step is not None]
                assert known == sorted(known)
                assert task.arrived_at is None or task.accepted_at is not None

    @invariant()
    def a_case_at_work_has_exactly_one_lead(self) -> None:
        for case in self.cases.values():
            if case.state in {State.DISPATCHED, State.ACCEPTED, State.ON_SCENE, State.CONTROLLED}:
                assert sum(task.lead and task.live for task in case.tasks) == 1
                live = [task.department for task in case.tasks if task.live]
                assert len(live) == len(set(live))


Lifecycle.TestCase.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
TestLifecycle = Lifecycle.TestCase


def test_every_event_of_the_room_has_its_applier() -> None:
    events = {
        value
        for value in vars(messages).values()
        if isinstance(value, type) and issubclass(value, Event) and value is not Event
    }
    assert set(APPLIERS) | {CaseOpened} == events
