"""Handlers: one command, one transaction; a stale look is refused, and a command sent twice has one effect."""

from datetime import timedelta

import pytest

from incidents import commands as c
from incidents.handlers import Outcome, command_case, fire_timer, receive_report
from incidents.model import State
from incidents.store import Located
from incidents.timers import timers_of
from tests.incidents.memory import MemoryStore
from tests.incidents.stories import CHIEF, DRAIN, DUTY, MONDAY_10, TABLES, a_report
from vocabulary.errors import Refused
from vocabulary.ids import CaseId
from vocabulary.message import Actor, Command
from vocabulary.place import Place


def locate(place: Place) -> Located:
    return Located(division="330481", town="硖石街道", address="人民路")


def take(store: MemoryStore, **changes: object) -> Outcome:
    report = a_report(**changes)
    return receive_report(store, report, actor=DUTY, at=store.now, tables=TABLES, locate=locate)


def give(
    store: MemoryStore,
    outcome: Outcome,
    command: Command,
    by: Actor = DUTY,
    permissions: frozenset[str] | None = None,
) -> Outcome:
    store.now += timedelta(minutes=1)
    return command_case(
        store,
        outcome.case.id,
        outcome.case.version,
        command,
        actor=by,
        at=store.now,
        tables=TABLES,
        permissions=permissions,
        source_at=MONDAY_10,
        cause_id="message-1",
    )


def test_a_report_is_numbered_located_and_its_caller_kept_apart() -> None:
    store = MemoryStore()
    outcome = take(store, caller_phone="13800001111", caller_name="张三")
    assert outcome.case.number == "3304812026112300001"
    assert (outcome.case.town, outcome.case.address) == ("硖石街道", "人民路")
    assert list(store.personal.values()) == [{"phone": "13800001111", "name": "张三"}]
    assert take(store).case.number == "3304812026112300002"
    assert len(store.personal) == 1


def test_a_case_is_taken_from_report_to_closure_and_back() -> None:
    store = MemoryStore()
    now = take(store)
    for command, by in (
        (c.File(), DUTY),
        (c.Dispatch(), DUTY),
        (c.Accept(), DRAIN),
        (c.Arrive(), DRAIN),
        (c.Resolve(), DRAIN),
        (c.Close(), CHIEF),
        (c.Reopen(reason="又积水"), CHIEF),
    ):
        now = give(store, now, command, by)
    assert (now.case.state, now.case.episode) == (State.DISPATCHED, 2)
    assert now.case == store.load(now.case.id)
    assert now.recorded[-1].source_at == MONDAY_10
    assert now.recorded[-1].cause_id == "message-1"


def test_a_stale_look_is_refused_with_who_changed_it_and_when() -> None:
    store = MemoryStore()
    seen = take(store)
    give(store, seen, c.File(), by=CHIEF)
    with pytest.raises(Refused) as refused:
        give(store, seen, c.Reject(reason="not_true"))
    assert (refused.value.code, refused.value.status) == ("incidents.stale", 409)
    assert refused.value.values["who"] == "值班长"
    assert refused.value.values["at"] == "2026-11-23T02:01:00.000Z"
    assert refused.value.values["version"] == len(store.log)


def test_bells_that_ring_meanwhile_make_nobodys_look_stale() -> None:
    store = MemoryStore()
    seen = take(store)
    [step] = (
        [alert for alert in seen.case.alert.steps if alert.step == 1] if seen.case.alert else []
    )
    store.now = step.due_at
    for timer in timers_of(seen.case, TABLES):
        if timer.due_at <= store.now:
            assert fire_timer(store, timer, at=store.now, tables=TABLES)
    rung = store.load(seen.case.id)
    assert rung is not None
    assert rung.version > seen.case.version
    assert rung.alert is not None
    assert "supervisor" in rung.alert.roles
    assert give(store, seen, c.File()).case.state is State.FILED


def test_a_command_delivered_twice_has_one_effect() -> None:
    store = MemoryStore()
    seen = take(store)
    give(store, seen, c.AddNote(text="水深 30 厘米"))
    length = len(store.log)
    with pytest.raises(Refused):
        give(store, seen, c.AddNote(text="水深 30 厘米"))
    assert len(store.log) == length


def test_a_case_that_is_not_there_is_told_so() -> None:
    with pytest.raises(Refused) as refused:
        command_case(MemoryStore(), "nowhere", 1, c.File(), actor=DUTY, at=MONDAY_10, tables=TABLES)
    assert (refused.value.code, refused.value.status) == ("incidents.no_such_case", 404)


def test_who_lacks_the_permission_is_refused_before_the_case_is_looked_at() -> None:
    store = MemoryStore()
    with pytest.raises(Refused) as refused:
        give(store, take(store), c.File(), permissions=frozenset({"case.read"}))
    assert refused.value.status == 403
    assert "case.file" in refused.value.text("zh")
    allowed = give(store, take(store), c.File(), permissions=frozenset({"case.file"}))
    assert allowed.case.state is State.FILED


def test_recording_for_a_department_needs_the_permission_to_act_for_it() -> None:
    store = MemoryStore()
    now = give(store, give(store, take(store), c.File()), c.Dispatch())
    with pytest.raises(Refused) as refused:
        give(store, now, c.Accept(), permissions=frozenset({"case.act"}))
    assert "case.act_for" in refused.value.text("en")
    assert give(store, now, c.Accept(), permissions=frozenset({"case.act_for"})).case.lead


def test_a_merge_writes_in_both_streams_and_so_does_its_undoing() -> None:
    store = MemoryStore()
    case, master = take(store), take(store)
    merged = give(store, case, c.Merge(master=master.case.id))
    assert merged.master is not None
    assert {one.stream for one in merged.recorded} == {
        f"case:{case.case.id}",
        f"case:{master.case.id}",
    }
    assert len(merged.master.reports) == 2
    parted = give(store, merged, c.Unmerge())
    assert parted.case.state is State.NEW
    assert parted.master is not None
    assert parted.master == store.load(master.case.id)
    assert len(parted.master.reports) == 1


def test_a_master_that_is_not_there_is_told_so() -> None:
    store = MemoryStore()
    with pytest.raises(Refused) as refused:
        give(store, take(store), c.Merge(master=CaseId("nowhere")))
    assert refused.value.code == "incidents.no_such_case"
