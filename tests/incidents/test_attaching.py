"""Attaching: a report joins a case that stands; in whatever order reports and cases come together, the same belong together."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents import commands as c
from incidents.handlers import Outcome, attach_report, command_case, receive_report, root_of
from incidents.messages import ReportAttached, ReportReceived
from incidents.model import Case, Priority, State
from incidents.rules_attaching import Attaching
from incidents.store import Located
from tests.incidents.memory import MemoryStore
from tests.incidents.stories import CHIEF, DUTY, TABLES, a_report
from vocabulary.errors import Refused
from vocabulary.ids import CaseId, ReportId, new_id
from vocabulary.place import Place


def located(place: Place) -> Located:
    return Located(division="330481")


def take(store: MemoryStore, **changes: object) -> Case:
    report = a_report(**changes)
    return receive_report(
        store, report, actor=DUTY, at=store.now, tables=TABLES, locate=located
    ).case


def attach(store: MemoryStore, case_id: str, **changes: object) -> Outcome:
    return attach_report(
        store,
        case_id,
        a_report(**changes),
        Attaching(report_id=ReportId(new_id())),
        actor=DUTY,
        at=store.now,
        tables=TABLES,
        locate=located,
    )


def merge(store: MemoryStore, case_id: str, master: str) -> Outcome:
    case = store.load(CaseId(case_id))
    assert case is not None
    return command_case(
        store,
        case_id,
        case.version,
        c.Merge(master=CaseId(master)),
        actor=DUTY,
        at=store.now,
        tables=TABLES,
    )


def void(store: MemoryStore, case: Case) -> None:
    command_case(
        store,
        case.id,
        case.version,
        c.Void(reason="误报"),
        actor=CHIEF,
        at=store.now,
        tables=TABLES,
    )


def test_an_attached_report_opens_no_case_and_says_that_it_was_attached() -> None:
    store = MemoryStore()
    case = take(store)
    outcome = attach(store, case.id, text="还是那里", caller_phone="13800001111")
    assert len(store.cases) == 1
    assert len(outcome.case.reports) == 2
    assert {type(one.event) for one in outcome.recorded} >= {ReportReceived, ReportAttached}
    assert list(store.personal.values()) == [{"phone": "13800001111"}]


def test_a_third_report_is_urgent_by_the_same_rule_as_a_third_merged_case() -> None:
    store = MemoryStore()
    case = take(store, category="E0113")
    attach(store, case.id, category="E0113")
    third = attach(store, case.id, category="E0113")
    assert (third.case.priority, third.case.priority_rule) == (Priority.P2, "R06")


def test_a_report_to_a_merged_case_goes_to_the_case_it_became_a_part_of() -> None:
    store = MemoryStore()
    master, case = take(store), take(store)
    merge(store, case.id, master.id)
    assert attach(store, case.id).case.id == master.id


def test_nothing_is_attached_to_a_case_that_ended() -> None:
    store = MemoryStore()
    case = take(store)
    void(store, case)
    with pytest.raises(Refused) as refused:
        attach(store, case.id)
    assert (refused.value.code, refused.value.status) == ("incidents.attach_ended", 409)


def test_an_exercise_and_the_real_thing_are_never_one_case() -> None:
    store = MemoryStore()
    with pytest.raises(Refused) as refused:
        attach(store, take(store).id, exercise=True)
    assert refused.value.code == "incidents.attach_exercise"


def test_a_report_to_a_case_that_is_not_there_is_told_so() -> None:
    with pytest.raises(Refused) as refused:
        attach(MemoryStore(), "nowhere")
    assert refused.value.code == "incidents.no_such_case"


def test_merging_what_is_one_already_changes_nothing() -> None:
    store = MemoryStore()
    master, case = take(store), take(store)
    merge(store, case.id, master.id)
    length = len(store.log)
    for one, other in ((case, master), (master, case)):
        assert merge(store, one.id, other.id).recorded == []
    assert len(store.log) == length


def test_a_case_is_still_not_merged_with_itself() -> None:
    store = MemoryStore()
    case = take(store)
    with pytest.raises(Refused) as refused:
        merge(store, case.id, case.id)
    assert refused.value.code == "incidents.merge_with_itself"


def test_merging_into_a_merged_case_is_merging_into_its_master() -> None:
    store = MemoryStore()
    root, middle, late = take(store), take(store), take(store)
    merge(store, middle.id, root.id)
    merge(store, late.id, middle.id)
    kept = store.load(late.id)
    assert kept is not None
    assert (kept.state, kept.merged_into) == (State.MERGED, root.id)


# --- in any order ---

CASES = 6
Act = tuple[str, int, int]
merges = st.tuples(st.just("merge"), st.integers(0, CASES - 1), st.integers(0, CASES - 1))
attachments = st.tuples(st.just("attach"), st.integers(0, CASES - 1), st.integers(0, 9))


def partition(acts: list[Act]) -> set[tuple[frozenset[int], frozenset[str]]]:
    """Do the acts on fresh cases; return which cases and which reports belong together."""
    store = MemoryStore()
    cases = [take(store, text=f"第 {number} 起") for number in range(CASES)]
    numbers = {case.id: number for number, case in enumerate(cases)}
    texts: dict[str, str] = {}
    for kind, one, other in acts:
        if kind == "attach":
            attach(store, cases[one].id, text=f"附 {other}")
        elif one != other:
            merge(store, cases[one].id, cases[other].id)
    for recorded in store.log:
        if isinstance(recorded.event, ReportReceived):
            texts[recorded.event.report_id] = recorded.event.text
    groups: dict[str, set[int]] = {}
    for case_id, number in numbers.items():
        root = root_of(store, store.cases[case_id])
        groups.setdefault(root.id, set()).add(number)
    return {
        (frozenset(members), frozenset(texts[each] for each in store.cases[root].reports))
        for root, members in groups.items()
    }


@settings(max_examples=60, deadline=None)
@given(st.lists(merges | attachments, max_size=8, unique=True), st.randoms(use_true_random=False))
def test_any_order_of_merges_and_attachments_gives_the_same_cases_with_the_same_reports(
    acts: list[Act], chance: object
) -> None:
    shuffled = list(acts)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert partition(acts) == partition(shuffled)


@settings(max_examples=30, deadline=None)
@given(st.lists(merges, max_size=6))
def test_merging_twice_is_merging_once(acts: list[Act]) -> None:
    assert partition(acts) == partition([*acts, *acts])


def test_the_report_that_is_kept_is_the_one_that_came() -> None:
    store = MemoryStore()
    case = take(store)
    told = attach(store, case.id, text="水更深了", source="12345")
    report = told.recorded[0].event
    assert isinstance(report, ReportReceived)
    assert (report.text, report.source, report.case_id) == ("水更深了", "12345", case.id)
    assert replace(told.case, version=0) == replace(store.cases[case.id], version=0)
