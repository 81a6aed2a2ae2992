"""Commands at random, and well-made ones for the buttons that are offered: what the machines of the lifecycle are fed."""

from datetime import timedelta

from hypothesis import strategies as st

from incidents import commands as c
from incidents.model import Case, Lane, Level, Priority
from incidents.task_checks import live_assists, live_tasks
from vocabulary.message import Command

DEPARTMENTS = ("drainage", "fire", "police", "transport")
CATEGORIES = ("E0506", "E0502", "Y0201", "E0113", "H01")
REASON = "理由"
SOME = st.sampled_from(DEPARTMENTS)
MAYBE = st.none() | SOME

COMMANDS_AT_RANDOM: st.SearchStrategy[Command] = st.one_of(
    st.builds(c.RequestVerification),
    st.builds(c.File, condition=st.none() | st.just("01")),
    st.builds(c.Reject, reason=st.sampled_from(["not_true", "没空"])),
    st.builds(c.Dispatch, lead=MAYBE, assists=st.lists(SOME, max_size=3).map(tuple)),
    st.builds(c.Accept, department=MAYBE),
    st.builds(c.Return, reason=st.just(REASON)),
    st.builds(c.Arrive, department=MAYBE),
    st.builds(c.Control),
    st.builds(c.ClearAssist, department=MAYBE),
    st.builds(c.ReleaseAssist, department=MAYBE),
    st.builds(c.Resolve),
    st.builds(c.AssignCheck),
    st.builds(c.PassCheck),
    st.builds(c.Close),
    st.just(c.Close(basis="two_sources", evidence=("sensor:a", "unit:b"))),
    st.builds(c.OrderRework, reason=st.just(REASON)),
    st.builds(c.Reopen, reason=st.just(REASON), lead=MAYBE),
    st.builds(c.Resume),
    st.builds(c.Extend, reason=st.just(REASON)),
    st.builds(c.Supervise, reason=st.just(REASON)),
    st.builds(c.ChangeLevel, level=st.none() | st.sampled_from(Level)),
    st.builds(c.ChangeLane, lane=st.sampled_from(Lane)),
    st.builds(c.ChangePriority, priority=st.sampled_from(Priority), reason=st.just(REASON)),
    st.builds(c.CorrectCategory, category=st.sampled_from(CATEGORIES)),
    st.builds(c.Approve),
    st.builds(c.Refuse, reason=st.just(REASON)),
    st.builds(c.Withdraw),
    st.just(c.GiveAllClear(evidence=("sensor:a", "unit:b"))),
    st.builds(c.KeepOpen, reason=st.just(REASON)),
    st.builds(c.AddNote, text=st.just(REASON)),
)


def an_offered_step(case: Case, name: str) -> Command | None:
    """Return a well-made command for a button that is offered; None for those that other rules press."""
    assists = live_assists(case)
    free = [other for other in DEPARTMENTS if other not in live_tasks(case)]
    steps: dict[str, Command] = {
        "request_verification": c.RequestVerification(),
        "file": c.File(condition="01"),
        "accept": c.Accept(),
        "return": c.Return(reason=REASON),
        "arrive": c.Arrive(),
        "control": c.Control(),
        "clear_assist": c.ClearAssist(),
        "release_assist": c.ReleaseAssist(department=assists[-1] if assists else None),
        "resolve": c.Resolve(note=REASON, photos=("p1",)),
        "assign_check": c.AssignCheck(),
        "pass_check": c.PassCheck(),
        "close": c.Close(),
        "rework": c.OrderRework(reason=REASON),
        "reopen": c.Reopen(reason=REASON),
        "resume": c.Resume(),
    }
    if name == "dispatch" and free:
        return c.Dispatch(assists=tuple(free[:1])) if case.lead else c.Dispatch(lead=free[0])
    if name == "extend" and case.clock and case.clock.due_at:
        return c.Extend(reason=REASON, until=case.clock.due_at + timedelta(hours=1))
    return steps.get(name)
