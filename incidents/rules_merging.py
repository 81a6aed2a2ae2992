"""Rules of merging (并案): a case becomes part of a master and may part again; events go to both streams."""

from incidents.commands import Merge, Unmerge
from incidents.gates import AT_WORK
from incidents.joining import joining_wishes
from incidents.messages import CaseJoined, CaseMerged, CaseParted, CaseUnmerged
from incidents.model import Case, Stage, State
from incidents.situation import Situation
from incidents.stage_clocks import raising, stage_clock
from incidents.task_checks import live_tasks
from vocabulary.errors import Refused
from vocabulary.message import Event

TwoStreams = tuple[list[Event], list[Event]]


def merge(case: Case, master: Case, command: Merge, situation: Situation) -> TwoStreams:
    """Make `case` a part of an open master; reports, departments and units go with it."""
    if master.id == case.id:
        raise Refused("incidents.merge_with_itself", number=case.number)
    if not master.open:
        state = master.state.value
        raise Refused("incidents.master_ended", master=master.number, state=state)
    if case.exercise is not master.exercise:
        raise Refused("incidents.merge_exercise", number=case.number, master=master.number)
    if live_tasks(case) and master.state not in AT_WORK:
        raise Refused(
            "incidents.master_behind",
            number=case.number,
            master=master.number,
            state=master.state.value,
        )
    busy = live_tasks(master)
    joined = CaseJoined(
        case_id=master.id,
        joined=case.id,
        reports=case.reports,
        assists=tuple(name for name in live_tasks(case) if name not in busy),
        units=tuple(unit for unit in case.units if unit not in master.units),
        clock=stage_clock(Stage.ACCEPT, master, situation) if live_tasks(case) else None,
    )
    wishes = joining_wishes(
        master, situation, source=case.source, reports=case.reports, priority=case.priority
    )
    merged = CaseMerged(case_id=case.id, master=master.id)
    return [merged], [joined, *raising(master, situation, wishes)]


def unmerge(case: Case, master: Case, command: Unmerge, situation: Situation) -> TwoStreams:
    """Let `case` stand where it stood before; the master gives back what came with it."""
    if master.state is State.MERGED:
        # Its reports went on to another master: part them there first, from the outside in.
        raise Refused("incidents.master_ended", master=master.number, state=master.state.value)
    before = case.state_before_merge or State.NEW
    unmerged = CaseUnmerged(
        case_id=case.id, master=master.id, state=before, clock=case.clock_before_merge
    )
    parted = CaseParted(case_id=master.id, parted=case.id, reports=case.reports, units=case.units)
    return [unmerged], [parted]
