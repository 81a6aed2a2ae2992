"""The commands as a table: names, permissions, schemas, and the buttons that a person is offered."""

import re
from datetime import timedelta

import pytest

from incidents import commands as c
from incidents.command_table import (
    COMMANDS,
    ROW_OF,
    argument_schema,
    permissions_needed,
    read_command,
)
from incidents.labels import STAGES, STATES
from incidents.model import Lane, Stage, State
from incidents.rules import DECIDERS, allowed
from security.permissions import PERMISSIONS
from security.policy import ROLES
from tests.incidents.stories import (
    DRAIN,
    DUTY,
    Story,
    a_fire,
    a_story,
    a_story_in,
    dispatched,
)
from vocabulary.errors import Refused
from vocabulary.message import Command

EVERYTHING = frozenset(PERMISSIONS)


def buttons(story: Story, department: str | None = None, actor_id: str = "chief") -> set[str]:
    """Return what somebody with every permission is offered, notes apart."""
    offered = allowed(story.case, EVERYTHING, department, at=story.at, actor_id=actor_id)
    return set(offered) - {"add_note"}


def test_every_command_class_has_a_row_under_the_name_in_its_kind() -> None:
    classes = {
        value
        for value in vars(c).values()
        if isinstance(value, type) and issubclass(value, Command) and value is not Command
    }
    assert set(ROW_OF) == classes
    for name, row in COMMANDS.items():
        assert argument_schema(name)["properties"].keys().isdisjoint({"kind"})
        kind = row.command.__dataclass_fields__["kind"].default
        assert kind == f"incidents.{name}.v1"


def test_every_command_but_report_and_merge_has_a_decider() -> None:
    elsewhere = {c.ReceiveReport, c.Merge, c.Unmerge}
    assert set(DECIDERS) | elsewhere == set(ROW_OF)


def test_every_permission_is_one_of_the_policys_and_some_role_has_it() -> None:
    granted = frozenset[str]().union(*(role.permissions for role in ROLES.values()))
    for row in COMMANDS.values():
        for department in (None, "fire"):
            assert permissions_needed(row, department) <= granted


@pytest.mark.parametrize(
    ("name", "required"),
    [("close", []), ("merge", ["master"]), ("suspend", ["until", "reason"]), ("file", [])],
)
def test_a_schema_says_what_is_required_and_allows_nothing_else(
    name: str, required: list[str]
) -> None:
    schema = argument_schema(name)
    assert schema.get("required", []) == required
    assert schema["additionalProperties"] is False


def test_a_command_is_read_from_json_values() -> None:
    command = read_command("dispatch", {"lead": "fire", "units": ["E4"]})
    assert command == c.Dispatch(lead="fire", units=("E4",))  # type: ignore[arg-type]
    assert read_command("change_lane", {"lane": "emergency"}) == c.ChangeLane(lane=Lane.EMERGENCY)


@pytest.mark.parametrize(
    ("name", "arguments", "refusal", "said", "status"),
    [
        ("explode", {}, "incidents.unknown_command", "dispatch", 404),
        ("close", {"kind": "x"}, "incidents.unknown_argument", "disposition", 422),
        ("close", {"reason": "x"}, "incidents.unknown_argument", "reason", 422),
        ("suspend", {"until": "soon", "reason": "x"}, "incidents.bad_argument", "until", 422),
        ("void", {}, "incidents.bad_argument", "reason", 422),
    ],
)
def test_a_command_that_cannot_be_read_is_refused_by_field(
    name: str, arguments: dict[str, str], refusal: str, said: str, status: int
) -> None:
    with pytest.raises(Refused) as refused:
        read_command(name, arguments)
    assert (refused.value.code, refused.value.status) == (refusal, status)
    assert said in refused.value.text("zh")
    assert said in refused.value.text("en")


def test_hexin_is_before_filing_and_hecha_after_handling() -> None:
    """核实 ≠ 核查 (domain.md S2): the two words are swapped in other systems, never here."""
    assert COMMANDS["request_verification"].zh == "核实"
    assert STATES[State.VERIFYING].zh == "核实中"
    assert STAGES[Stage.VERIFY].zh == "核实"
    for name in ("assign_check", "pass_check"):
        assert "核查" in COMMANDS[name].zh
    assert STATES[State.CHECKING].zh == "核查中"
    assert STATES[State.RESOLVED].zh == "处置反馈·待核查"
    assert STAGES[Stage.CHECK].zh == "核查"
    before_filing = [STATES[state].zh for state in (State.NEW, State.VERIFYING)]
    assert not any("核查" in label for label in before_filing)


def test_every_state_and_stage_has_a_label_in_both_languages() -> None:
    assert set(STATES) == set(State)
    assert set(STAGES) == set(Stage)
    words = [(label.zh, label.en) for label in STATES.values()]
    words += [(label.zh, label.en) for label in STAGES.values()]
    for zh, en in words:
        assert re.search(r"[一-鿿]", zh)
        assert en.isascii()


# --- buttons ---


ALWAYS_OPEN = {
    "merge", "void", "suspend", "extend", "supervise", "change_level", "change_lane",
    "change_priority", "correct_category",
}  # fmt: skip


@pytest.mark.parametrize(
    ("state", "steps"),
    [
        (State.NEW, {"request_verification", "file", "reject"}),
        (State.VERIFYING, {"file", "reject"}),
        (State.FILED, {"dispatch"}),
        (State.DISPATCHED, {"dispatch", "accept", "return", "arrive"}),
        (State.ACCEPTED, {"dispatch", "arrive"}),
        (State.ON_SCENE, {"dispatch", "control", "resolve"}),
        (State.CONTROLLED, {"dispatch", "resolve"}),
        (State.RESOLVED, {"assign_check", "close"}),
        (State.CHECKING, {"pass_check", "close", "rework"}),
    ],
)
def test_an_open_case_offers_its_steps(state: State, steps: set[str]) -> None:
    assert buttons(a_story_in(state)) == steps | ALWAYS_OPEN


@pytest.mark.parametrize(
    ("state", "steps"),
    [
        (State.CLOSED, {"reopen"}),
        (State.MERGED, {"unmerge"}),
        (State.REJECTED, set()),
        (State.VOID, set()),
    ],
)
def test_an_ended_case_offers_little(state: State, steps: set[str]) -> None:
    assert buttons(a_story_in(state)) == steps


def test_an_emergency_offers_the_dispatch_at_once() -> None:
    assert "dispatch" in buttons(a_fire())
    assert "dispatch" not in buttons(a_story())


def test_a_department_is_offered_its_own_steps_only() -> None:
    story = dispatched(a_story(), assists=("police",))
    steps = {"accept", "return", "arrive", "clear_assist"}
    assert buttons(story, "drainage") & steps == {"accept", "return", "arrive"}
    assert buttons(story, "police") & steps == {"accept", "return", "arrive", "clear_assist"}
    assert buttons(story, "fire") & steps == set()


def test_nothing_is_offered_without_its_permission() -> None:
    story = a_story_in(State.DISPATCHED)
    assert allowed(story.case, frozenset(), None) == []
    assert allowed(story.case, frozenset({"case.act"}), "drainage") == [
        "accept",
        "return",
        "arrive",
    ]
    assert allowed(story.case, frozenset({"case.act"}), None) == []


def test_who_handled_it_is_not_offered_to_close_it() -> None:
    story = a_story_in(State.RESOLVED)
    assert "close" not in buttons(story, "drainage", DRAIN.id)
    assert "close" in buttons(story, None, DUTY.id)


def test_what_is_over_is_not_offered() -> None:
    story = a_story_in(State.CLOSED)
    story.at += timedelta(days=31)
    assert buttons(story) == set()
    held = a_story_in(State.ACCEPTED)
    held.is_granted(c.Suspend(until=held.at + timedelta(days=1), reason="待材料"))
    assert buttons(held) == (ALWAYS_OPEN | {"resume"}) - {"suspend", "extend"}
