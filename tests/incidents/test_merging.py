"""Merging: reports, departments and units go to one open master, and come back."""

from datetime import timedelta

import pytest

from incidents import commands as c
from incidents.messages import CaseJoined, CaseParted
from incidents.model import Priority, State
from incidents.rules import decide_merge
from tests.incidents.stories import DRAIN, DUTY, POLICE, TABLES, Story, a_story, a_story_in, filed
from vocabulary.errors import Refused
from vocabulary.ids import UnitId

MINUTE = timedelta(minutes=1)


def merge(case: Story, master: Story) -> None:
    own, masters = decide_merge(
        case.case,
        master.case,
        c.Merge(master=master.case.id),
        at=master.at,
        actor=DUTY,
        tables=TABLES,
    )
    case.hears(own)
    master.hears(masters)


def unmerge(case: Story, master: Story) -> None:
    own, masters = decide_merge(
        case.case, master.case, c.Unmerge(), at=master.at, actor=DUTY, tables=TABLES
    )
    case.hears(own)
    master.hears(masters)


def refused_merge(case: Story, master: Story) -> Refused:
    with pytest.raises(Refused) as refused:
        merge(case, master)
    return refused.value


def test_a_merged_case_points_to_its_master_which_has_both_reports() -> None:
    case, master = a_story(), a_story()
    merge(case, master)
    assert (case.case.state, case.case.merged_into) == (State.MERGED, master.case.id)
    assert case.case.clock is None
    assert set(master.case.reports) >= set(case.case.reports)
    assert len(master.case.reports) == 2
    assert master.case.merged_from == (case.case.id,)


def test_departments_and_units_go_along_and_return_with_the_case() -> None:
    case, master = filed(a_story()), a_story_in(State.ON_SCENE)
    case.does(c.Dispatch(lead="transport", assists=("police", "drainage"), units=(UnitId("E4"),)))
    merge(case, master)
    joined = master.told[-1][0] if isinstance(master.told[-1][0], CaseJoined) else None
    assert joined is not None
    assert joined.assists == ("transport", "police")
    master.does(c.ClearAssist(), by=POLICE)
    assert list(master.case.units) == ["E4"]
    unmerge(case, master)
    assert isinstance(master.told[-1][0], CaseParted)
    assert list(master.case.units) == []
    released = {t.department for t in master.case.tasks if t.released_at is not None}
    assert released == {"transport"}
    assert (case.case.state, case.case.lead) == (State.DISPATCHED, "transport")


@pytest.mark.parametrize(
    "state", [State.NEW, State.VERIFYING, State.FILED, State.RESOLVED, State.CHECKING]
)
def test_unmerging_is_back_to_the_state_and_clock_of_before(state: State) -> None:
    case, master = a_story_in(state), a_story()
    before = case.case
    merge(case, master)
    unmerge(case, master)
    assert (case.case.state, case.case.clock) == (before.state, before.clock)
    assert case.case.merged_into is None
    assert master.case.merged_from == ()
    assert len(master.case.reports) == 1


def test_a_held_case_is_still_held_after_it_was_merged_and_parted() -> None:
    case, master = a_story(), a_story()
    case.is_granted(c.Suspend(until=case.at + timedelta(days=2), reason="待材料"))
    merge(case, master)
    assert not case.case.suspended
    unmerge(case, master)
    assert case.case.suspended_until is not None


def test_a_case_is_not_merged_with_itself() -> None:
    story = a_story()
    told = refused_merge(story, story)
    assert (told.code, told.status) == ("incidents.merge_with_itself", 422)


@pytest.mark.parametrize("state", [State.CLOSED, State.REJECTED, State.MERGED, State.VOID])
def test_a_master_is_open_and_not_itself_merged(state: State) -> None:
    told = refused_merge(a_story(), a_story_in(state))
    assert (told.code, told.status) == ("incidents.master_ended", 409)


def test_a_case_at_work_is_not_merged_into_one_that_nobody_handles() -> None:
    told = refused_merge(a_story_in(State.ON_SCENE), a_story())
    assert told.code == "incidents.master_behind"


def test_an_exercise_and_the_real_thing_are_never_one_case() -> None:
    told = refused_merge(a_story(exercise=True), a_story())
    assert told.code == "incidents.merge_exercise"


def test_a_chain_of_merges_has_one_root_and_parts_from_the_outside_in() -> None:
    inner, middle, root = a_story(), a_story(), a_story()
    merge(inner, middle)
    merge(middle, root)
    assert len(root.case.reports) == 3
    with pytest.raises(Refused) as refused:
        unmerge(inner, middle)
    assert refused.value.code == "incidents.master_ended"
    told = refused_merge(root, middle)  # would be a cycle
    assert told.code == "incidents.master_ended"
    unmerge(middle, root)
    unmerge(inner, middle)
    assert [len(s.case.reports) for s in (inner, middle, root)] == [1, 1, 1]


def test_a_mistaken_merge_is_undone_even_when_the_master_was_closed() -> None:
    case, master = a_story(), a_story_in(State.RESOLVED)
    merge(case, master)
    master.does(c.Close())
    unmerge(case, master)
    assert (case.case.state, master.case.state) == (State.NEW, State.CLOSED)


@pytest.mark.parametrize(
    ("source", "rule", "priority"),
    [
        ("12345", "R01", Priority.P2),
        ("sensor", "R02", Priority.P2),
        ("phone", "category_default", Priority.P3),
    ],
)
def test_a_second_independent_source_raises_the_master_by_a_named_rule(
    source: str, rule: str, priority: Priority
) -> None:
    master = a_story(category="E0113")
    merge(a_story(category="E0113", source=source), master)
    assert (master.case.priority, master.case.priority_rule) == (priority, rule)


def test_a_third_report_makes_a_case_at_least_p2() -> None:
    master = a_story(category="E0113")
    merge(a_story(category="E0113"), master)
    assert master.case.priority is Priority.P3
    merge(a_story(category="E0113"), master)
    assert (master.case.priority, master.case.priority_rule) == (Priority.P2, "R06")


def test_a_joined_case_that_is_more_urgent_lends_its_priority() -> None:
    master = a_story(category="E0113")
    merge(a_story(category="E0502"), master)
    assert (master.case.priority, master.case.priority_rule) == (Priority.P0, "R07")


def test_after_parting_the_master_is_handled_to_its_end() -> None:
    case, master = filed(a_story()), a_story_in(State.ON_SCENE)
    case.does(c.Dispatch(lead="transport"))
    merge(case, master)
    unmerge(case, master)
    master.does(c.Resolve(), by=DRAIN)
    assert master.case.state is State.RESOLVED
