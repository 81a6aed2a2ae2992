"""Builders: a case is walked to where a test wants it, by the commands that people would give."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from incidents import commands as c
from incidents.model import Case, State
from incidents.rulebook import Tables, shipped_tables
from incidents.rules import Opening, apply, decide, decide_merge
from vocabulary.ids import CaseId, ReportId, new_id
from vocabulary.message import Actor, Command, Event
from vocabulary.place import Place

TABLES = shipped_tables()
MONDAY_10 = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 at the county
DUTY = Actor(id="duty", name="值班员", kind="person", roles=frozenset({"dispatcher"}))
CHIEF = Actor(id="chief", name="值班长", kind="person", roles=frozenset({"supervisor"}))
LEADER = Actor(id="leader", name="分管领导", kind="person", roles=frozenset({"leader"}))
DRAIN = Actor(id="drain-1", name="排水处置员", kind="person", department="drainage")
FIRE = Actor(id="fire-1", name="消防员", kind="person", department="fire")
POLICE = Actor(id="police-1", name="民警", kind="person", department="police")
KEY = Actor(id="key-1", name="对接系统", kind="key")
OLD_MILL = Place(120.68, 30.51)


def a_report(**changes: Any) -> c.ReceiveReport:
    report = c.ReceiveReport(text="老磨坊桥下积水", category="E0506", place=OLD_MILL)
    return replace(report, **changes)


def an_opening(sequence: int = 1) -> Opening:
    return Opening(
        case_id=CaseId(new_id()),
        report_id=ReportId(new_id()),
        number=f"33048120261123{sequence:05d}",
        town="硖石街道",
    )


@dataclass
class Story:
    """One case and everything that happened to it; `at` moves only forward."""

    case: Case
    at: datetime = MONDAY_10
    told: list[tuple[Event, datetime]] = field(default_factory=list)
    tables: Tables = TABLES

    def does(
        self, command: Command, by: Actor = DUTY, after: timedelta = timedelta(minutes=1)
    ) -> list[Event]:
        """Give a command some time later; return what was told."""
        self.at += after
        events = decide(self.case, command, at=self.at, actor=by, tables=self.tables)
        self.hears(events)
        return events

    def is_granted(self, command: c.Suspend | c.Extend) -> list[Event]:
        """Ask for a hold or more time, and have both levels approve it at once."""
        asked = self.does(command)
        told = [self.does(c.Approve(), by=who, after=timedelta(0)) for who in (CHIEF, LEADER)]
        return [*asked, *told[0], *told[1]]

    def hears(self, events: list[Event]) -> None:
        """Apply events that were decided elsewhere."""
        for event in events:
            self.told.append((event, self.at))
            self.case = apply(self.case, event, version=self.case.version + 1, at=self.at)


def a_story(**changes: Any) -> Story:
    """Return a case that was just reported (routine, flooded road, P1, unless changed)."""
    events = decide(
        None,
        a_report(**changes),
        at=MONDAY_10,
        actor=DUTY,
        tables=TABLES,
        opening=an_opening(),
    )
    case: Case | None = None
    for version, event in enumerate(events, 1):
        case = apply(case, event, version=version, at=MONDAY_10)
    assert case is not None
    return Story(case=case, told=[(event, MONDAY_10) for event in events])


def a_fire(**changes: Any) -> Story:
    """Return a structure fire that was just reported: the emergency lane."""
    return a_story(category="Y0201", text="老磨坊起火", **changes)


def filed(story: Story) -> Story:
    story.does(c.File())
    return story


def dispatched(story: Story, **arguments: Any) -> Story:
    filed(story).does(c.Dispatch(**arguments))
    return story


def accepted(story: Story) -> Story:
    dispatched(story).does(c.Accept(), by=DRAIN)
    return story


def on_scene(story: Story) -> Story:
    accepted(story).does(c.Arrive(), by=DRAIN)
    return story


def controlled(story: Story) -> Story:
    on_scene(story).does(c.Control(), by=DRAIN)
    return story


def resolved(story: Story) -> Story:
    on_scene(story).does(c.Resolve(), by=DRAIN)
    return story


def checking(story: Story) -> Story:
    resolved(story).does(c.AssignCheck())
    return story


def closed(story: Story) -> Story:
    checking(story).does(c.PassCheck())
    return story


def verifying(story: Story) -> Story:
    story.does(c.RequestVerification())
    return story


def rejected(story: Story) -> Story:
    story.does(c.Reject(reason="not_true"))
    return story


def voided(story: Story) -> Story:
    story.does(c.Void(reason="误报"), by=CHIEF)
    return story


def merged(story: Story) -> Story:
    master = a_story()
    own, _ = decide_merge(
        story.case,
        master.case,
        c.Merge(master=master.case.id),
        at=story.at,
        actor=DUTY,
        tables=TABLES,
    )
    story.hears(own)
    return story


REACH: dict[State, Callable[[Story], Story]] = {
    State.NEW: lambda story: story,
    State.VERIFYING: verifying,
    State.FILED: filed,
    State.DISPATCHED: dispatched,
    State.ACCEPTED: accepted,
    State.ON_SCENE: on_scene,
    State.CONTROLLED: controlled,
    State.RESOLVED: resolved,
    State.CHECKING: checking,
    State.CLOSED: closed,
    State.REJECTED: rejected,
    State.MERGED: merged,
    State.VOID: voided,
}


def a_story_in(state: State, **changes: Any) -> Story:
    """Return a routine case walked to `state`."""
    return REACH[state](a_story(**changes))
