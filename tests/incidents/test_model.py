"""The lifecycle against a second, much simpler one: what it says can be done is done, what it says cannot is refused."""

from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from incidents import commands as c
from incidents.handlers import command_case, fire_timer, receive_report
from incidents.model import Case
from incidents.rules_alerts import waiting_alert
from incidents.store import Located
from incidents.timers import Timer, TimerKind, timers_of
from tests.incidents.memory import MemoryStore
from tests.incidents.slip import DAY, HOUR, MINUTE, STEPS, TWO, WHY, Model, S
from tests.incidents.stories import CHIEF, DUTY, LEADER, MONDAY_10, TABLES, a_report
from vocabulary.errors import Refused
from vocabulary.message import Actor, Command


class Desk(RuleBasedStateMachine):
    """One case behind the handlers; everybody at the centre, and the clock."""

    @initialize(
        kind=st.sampled_from(
            [("Y0201", True, True), ("E0506", True, False), ("E0113", False, False)]
        )
    )
    def report(self, kind: tuple[str, bool, bool]) -> None:
        category, urgent, emergency = kind
        self.store, self.fired = MemoryStore(), set[Timer]()
        outcome = receive_report(
            self.store,
            a_report(category=category),
            actor=DUTY,
            at=MONDAY_10,
            tables=TABLES,
            locate=lambda place: Located(division="330481"),
        )
        self.id = outcome.case.id
        self.model = Model(urgent=urgent, emergency=emergency, calls=urgent, called=urgent)
        self.last: tuple[Command, Actor, int] | None = None

    @property
    def case(self) -> Case:
        return self.store.cases[self.id]

    def gives(self, command: Command, who: Actor = DUTY, *, can: bool) -> bool:
        """Give a command that the model says can or cannot be done; a refusal leaves no trace."""
        before, length = self.case, len(self.store.log)
        refused: Refused | None = None
        try:
            command_case(
                self.store,
                self.id,
                before.version,
                command,
                actor=who,
                at=self.store.now,
                tables=TABLES,
            )
        except Refused as told:
            refused = told
        if refused is not None:
            assert not can, f"{command} should be done in {self.model}: {refused}"
            assert refused.text("zh")
            assert (self.case, len(self.store.log)) == (before, length)
            return False
        assert can, f"{command} should be refused in {self.model}"
        self.model.calls = False
        self.last = (command, who, before.version)
        return True

    @rule(step=st.sampled_from(sorted(STEPS)))
    def step(self, step: str) -> None:
        deadline = self.case.handling
        if self.gives(STEPS[step], CHIEF, can=self.model.can(step, self.store.now)):
            stage = self.case.clock.stage if self.case.clock else None
            self.model.takes(step, self.store.now)
            if self.model.wish == "extend" and stage is not self.wish_stage:
                self.model.wish = ""
            if step == "rework":
                assert self.case.clock == deadline, "rework keeps the first deadline"

    @rule(pick=st.integers(0, 99), more=st.integers(1, 9))
    def go_on(self, pick: int, more: int) -> None:
        """A few steps that can be done, so that cases come far; the end only now and then."""
        for _ in range(more):
            possible = [name for name in STEPS if self.model.can(name, self.store.now)]
            forward = [name for name in possible if name not in {"reject", "return", "close"}]
            if not possible:
                return
            chosen = forward if forward and pick >= 20 else possible
            self.step(chosen[pick % len(chosen)])
            self.the_case_stands_where_the_slip_says()

    @rule(hold=st.booleans())
    def is_granted(self, hold: bool) -> None:
        """Asked and approved at once."""
        if hold:
            self.ask_for_a_hold(5)
        else:
            self.ask_for_more_time()
        for who in (CHIEF, LEADER):
            self.approve(who)

    @precondition(lambda self: self.model.state is S.CLOSED)
    @rule()
    def a_month_goes_by(self) -> None:
        self.time_passes(31 * DAY)
        self.step("reopen")

    @rule()
    def void(self) -> None:
        if len(self.store.log) > 60 and self.gives(c.Void(reason=WHY), CHIEF, can=self.model.open):
            self.model.state = S.VOID
            self.model.hold_until = None
            self.model.moved()

    @rule(days=st.sampled_from([1, 2, 200, 400]))
    def ask_for_a_hold(self, days: int) -> None:
        model, until = self.model, self.store.now + days * DAY
        can = model.open and not model.hold_until and not model.wish and model.holds < 1
        if self.gives(c.Suspend(until=until, reason=WHY), can=can and days <= 365):
            model.wish, model.wish_until, model.left_to_ask = "suspend", until, 2

    @rule()
    def ask_for_more_time(self) -> None:
        model, clock = self.model, self.case.clock
        due_at = clock.due_at if clock else None
        can = model.open and not model.hold_until and not model.wish and model.extensions < 2
        can = can and due_at is not None and self.store.now <= due_at
        until = (due_at or self.store.now) + HOUR
        if self.gives(c.Extend(reason=WHY, until=until), can=can):
            model.wish, model.wish_until, model.left_to_ask = "extend", until, 2
            assert clock is not None
            self.wish_stage = clock.stage

    @rule(who=st.sampled_from([DUTY, CHIEF, LEADER]))
    def approve(self, who: Actor) -> None:
        model = self.model
        turn = {2: CHIEF, 1: LEADER}.get(model.left_to_ask)
        can = bool(model.wish) and who is turn
        if can and model.left_to_ask == 1 and model.wish == "suspend":
            can = self.store.now < model.wish_until <= self.store.now + 365 * DAY
        if can and model.left_to_ask == 1 and model.wish == "extend":
            clock = self.case.clock
            can = clock is not None and clock.due_at is not None and clock.due_at < model.wish_until
        if self.gives(c.Approve(), who, can=can):
            model.left_to_ask -= 1
            if model.left_to_ask == 0:
                self.granted()

    def granted(self) -> None:
        model = self.model
        if model.wish == "suspend":
            model.holds, model.hold_until = model.holds + 1, model.wish_until
        else:
            model.extensions += 1
            assert self.case.clock is not None
            assert self.case.clock.due_at == model.wish_until
        model.wish = ""

    @rule(who=st.sampled_from([DUTY, CHIEF, LEADER]))
    def refuse(self, who: Actor) -> None:
        turn = {2: CHIEF, 1: LEADER}.get(self.model.left_to_ask)
        if self.gives(c.Refuse(reason=WHY), who, can=bool(self.model.wish) and who is turn):
            self.model.wish = ""

    @rule()
    def resume(self) -> None:
        if self.gives(c.Resume(), can=self.model.hold_until is not None):
            self.model.hold_until = None

    @rule()
    def acknowledge(self) -> None:
        self.gives(c.Acknowledge(), can=self.model.calls)

    @precondition(lambda self: self.model.emergency and self.model.state is S.RESOLVED)
    @rule()
    def give_the_all_clear(self) -> None:
        model = self.model
        can = model.state is S.RESOLVED and not model.hold_until and not model.closes_at
        if self.gives(c.GiveAllClear(evidence=TWO), CHIEF, can=can):
            model.closes_at = self.store.now + timedelta(seconds=90)

    @rule()
    def keep_open(self) -> None:
        model = self.model
        can = model.closes_at is not None and not model.hold_until
        if self.gives(c.KeepOpen(reason=WHY), CHIEF, can=can):
            model.closes_at = None

    @rule(span=st.sampled_from([timedelta(seconds=85), 2 * MINUTE, 3 * HOUR, 2 * DAY, 9 * DAY]))
    def time_passes(self, span: timedelta) -> None:
        """Let the clock run; every timer goes off once, and only what the slip says happens."""
        until, was_new = self.store.now + span, self.case.state is S.NEW
        while due := [t for t in timers_of(self.case, TABLES) if t.due_at <= until]:
            timer = min(due, key=lambda one: one.due_at)
            assert timer not in self.fired, "a timer went off twice"
            self.fired.add(timer)
            self.store.now = max(self.store.now, timer.due_at)
            assert fire_timer(self.store, timer, at=self.store.now, tables=TABLES)
            if timer.kind is TimerKind.UNATTENDED:
                assert was_new
                assert not self.model.called
                self.model.calls = self.model.called = True
            self.model.passes(self.store.now)
        self.store.now = until
        self.model.passes(until)

    @rule()
    def deliver_again(self) -> None:
        """The last command once more, as its sender saw the case then: no second effect."""
        if self.last is None:
            return
        command, who, version = self.last
        length = len(self.store.log)
        with pytest.raises(Refused):
            command_case(
                self.store,
                self.id,
                version,
                command,
                actor=who,
                at=self.store.now,
                tables=TABLES,
            )
        assert len(self.store.log) == length

    @invariant()
    def the_case_stands_where_the_slip_says(self) -> None:
        case, model = self.case, self.model
        assert case.state is model.state
        assert case.suspended is (model.hold_until is not None)
        assert (case.suspended_n, case.extended_n) == (model.holds, model.extensions)
        assert (case.rework_n, case.returned_n, case.episode) == (
            model.rework,
            model.returns,
            model.episode,
        )
        assert bool(case.approval) is bool(model.wish)
        assert case.supervised is model.supervised
        assert (waiting_alert(case) is not None) is model.calls

    @invariant()
    def an_open_case_is_waited_for(self) -> None:
        """Every open case has a running clock that goes off, or has gone off; or a hold with an end."""
        case = self.case
        running = timers_of(case, TABLES)
        if case.suspended:
            assert [timer.kind for timer in running] == [TimerKind.RESUME]
        elif case.open and case.clock and case.clock.due_at:
            overdue = [timer for timer in running if timer.kind is TimerKind.OVERDUE]
            assert overdue or self.store.now >= case.clock.due_at
        assert case.open or not running


Desk.TestCase.settings = settings(max_examples=120, stateful_step_count=50, deadline=None)
TestDesk = Desk.TestCase
