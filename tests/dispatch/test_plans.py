"""Plans: read with every mistake named, kept in versions, activated, raised, ticked and stood down; exercises stay exercises."""

import tomllib
from copy import deepcopy
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from dispatch.assigning import Desk
from dispatch.kinds import override_reasons
from dispatch.model import UnitKind
from dispatch.plans.model import RISING
from dispatch.plans.reading import read_plan, read_toml
from incidents.commands import ChangeLevel, Void
from incidents.handlers import command_case
from incidents.model import Level
from incidents.rulebook import shipped_tables
from runtime.plan_work import known_to
from storage.journal import Journal
from storage.plans import load_response, newest_plans, plan_versions
from storage.rebuild import rebuild
from tests.clocks import ManualClock
from tests.county.road_maps import at
from tests.dispatch.centre import PLANS, Centre, supervisor
from tests.dispatch.desks import dispatcher
from vocabulary.errors import Refused
from vocabulary.ids import CaseId
from vocabulary.message import Command

KNOWN = known_to(shipped_tables())
GAS = tomllib.loads((PLANS / "gas_leak.toml").read_text("utf-8"))


@pytest.fixture
def centre(journal: Journal, clock: ManualClock, tmp_path: Path) -> Centre:
    return Centre(journal, clock, tmp_path)


def wrong(path: str, value: Any) -> dict[str, Any]:
    raw: dict[str, Any] = deepcopy(GAS)
    place: Any = raw
    *way, last = path.split(".")
    for part in way:
        place = place[int(part)] if part.isdigit() else place[part]
    place[int(last) if last.isdigit() else last] = value
    return raw


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("id", "Gas Leak", "id"),
        ("name", "", "name_zh"),
        ("categories", ["ONENET@1:NONE"], "categories"),
        ("levels.IV.area_m", -1, "levels.IV.area_m"),
        ("levels.IV.area_m", 10.5, "levels.IV.area_m"),
        ("levels.II.departments", ["gas", "ministry"], "levels.II.departments"),
        ("levels.I.notify", ["someone"], "levels.I.notify"),
        ("levels.I.notify", ["role:king"], "levels.I.notify"),
        ("levels.III.needs.0.count", 0, "levels.III.needs.1.count"),
        ("levels.III.needs.0.count", True, "levels.III.needs.1.count"),
        ("levels.III.needs.1.kind", "tank", "levels.III.needs.2.kind"),
        ("levels.IV.needs.0.skill", "magic", "levels.IV.needs.1.skill"),
        ("levels.IV.needs.0.role", "", "levels.IV.needs.1.role_zh"),
        ("levels.IV.checklist.0", {"zh": ""}, "levels.IV.checklist.1.zh"),
        (
            "levels.IV.checklist.1",
            {"zh": "关阀", "within_min": 0},
            "levels.IV.checklist.2.within_min",
        ),
        (
            "levels.IV.checklist.1",
            {"zh": "关阀", "department": "x"},
            "levels.IV.checklist.2.department",
        ),
        ("levels", [], "levels"),
        ("levels.V", {}, "levels"),
        ("levels.IV", [], "levels.IV"),
    ],
)
def test_a_mistake_in_a_plan_is_named_with_its_value_and_what_would_be_right(
    path: str, value: Any, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        read_plan(wrong(path, value), KNOWN)
    assert (refused.value.code, refused.value.values["field"]) == ("dispatch.plan_field", field)
    assert refused.value.values["expected"]
    assert field in refused.value.text("zh")


def test_levels_may_not_be_skipped_and_toml_that_is_none_is_refused() -> None:
    raw: dict[str, Any] = deepcopy(GAS)
    del raw["levels"]["III"]
    with pytest.raises(Refused, match="IV, II, I"):
        read_plan(raw, KNOWN)
    with pytest.raises(Refused) as refused:
        read_toml("id = ", KNOWN)
    assert refused.value.code == "dispatch.plan_unreadable"


@pytest.mark.parametrize("file", sorted(PLANS.glob("*.toml")), ids=lambda file: file.stem)
def test_a_shipped_plan_is_whole_in_both_languages_and_each_level_adds(file: Path) -> None:
    plan = read_toml(file.read_text("utf-8"), KNOWN)
    assert [one.level for one in plan.levels] == list(RISING)
    assert plan.name_en
    for low, high in pairwise(RISING):
        assert len(plan.needs_at(low)) < len(plan.needs_at(high))
        assert set(plan.departments_at(low)) < set(plan.departments_at(high))
        assert plan.area_at(low) <= plan.area_at(high)
    assert all(need.role_en for need in plan.needs_at(Level.I))
    assert all(task.en for _, task in plan.tasks_at(Level.I))


async def test_a_plan_is_kept_in_versions_and_who_comes_late_is_told(centre: Centre) -> None:
    raw = {**GAS, "name_en": "Gas leak, new"}
    kept = await centre.plans.keep_plan(supervisor(), raw, 1, "改名", dry_run=False)
    assert kept["version"] == 2
    with pytest.raises(Refused) as refused:
        await centre.plans.keep_plan(supervisor("李四"), raw, 1, "", dry_run=False)
    assert (refused.value.code, refused.value.status) == ("dispatch.plan_stale", 409)
    again = await centre.plans.keep_plan(supervisor(), raw, 2, "", dry_run=False)
    assert again["version"] == 2  # nothing changed, no new version
    told = await centre.plans.plan_versions(supervisor(), "gas_leak")
    assert [(one["version"], one["note"]) for one in told] == [(2, "改名"), (1, "")]
    # A dry run keeps nothing.
    await centre.plans.keep_plan(supervisor(), GAS, 2, "", dry_run=True)
    versions = await centre.journal.read(lambda c: plan_versions(c, "gas_leak"))
    assert len(versions) == 2


async def test_a_plan_is_activated_raised_ticked_and_stood_down(centre: Centre) -> None:
    case = await centre.opens("Y0207")
    told = await centre.responds(case, "activate", plan="gas_leak", level=Level.IV)
    assert told["active"]["area_m"] == 100
    assert told["active"]["not_called"] == ["gas", "fire"]
    with pytest.raises(Refused) as refused:
        await centre.responds(case, "activate", plan="forest_fire", level=Level.IV)
    assert refused.value.code == "dispatch.plan_active"

    raised = await centre.responds(case, "level", level=Level.II, reason="有人被困")
    assert (raised["active"]["level"], raised["active"]["area_m"]) == ("II", 500)
    assert (await centre.case(case.id)).level is Level.II
    first = raised["active"]["tasks"][0]["id"]
    ticked = await centre.responds(case, "tick", task=first)
    assert ticked["active"]["tasks"][0]["done_by"] == "陈静"
    await centre.responds(case, "tick", task=first)  # said twice: once
    undone = await centre.responds(case, "tick", task=first, done=False)
    assert undone["active"]["tasks"][0]["done_at"] is None
    with pytest.raises(Refused, match="IX-1"):
        await centre.responds(case, "tick", task="IX-1")

    down = await centre.responds(case, "stand_down", reason="解除")
    assert down["active"] is None
    with pytest.raises(Refused) as over:
        await centre.responds(case, "tick", task=first)
    assert over.value.code == "dispatch.no_plan_active"
    kinds = [one.event.kind for one in await centre.journal.stream(f"response:{case.id}")]
    assert kinds == [
        f"dispatch.{name}.v1"
        for name in (
            "plan_activated", "plan_level_changed", "task_ticked", "task_ticked", "plan_stood_down",
        )
    ]  # fmt: skip


async def test_a_level_set_on_the_case_is_the_plans_and_a_case_that_ends_stands_it_down(
    centre: Centre,
) -> None:
    case = await centre.opens("Y0207")
    await centre.responds(case, "activate", plan="gas_leak", level=Level.IV)
    assert (await centre.case(case.id)).level is Level.IV
    await centre.do(partial(_command, case.id, ChangeLevel(level=Level.III, reason="扩大")))
    await centre.hear_cases()
    raised = await centre.journal.read(lambda c: load_response(c, case.id))
    assert raised is not None
    assert (raised.level, raised.active) == (Level.III, True)
    await centre.do(partial(_command, case.id, Void(reason="误报")))
    await centre.hear_cases()
    over = await centre.journal.read(lambda c: load_response(c, case.id))
    assert over is not None
    assert (over.level, over.active) == (Level.III, False)


def _command(case_id: str, wish: Command, desk: Desk) -> None:
    case = desk.cases.load(CaseId(case_id))
    assert case is not None
    command_case(
        desk.cases, case.id, case.version, wish, actor=dispatcher(), at=desk.at, tables=desk.tables
    )


async def test_an_exercise_says_so_everywhere_and_is_in_no_figure(
    centre: Centre, clock: ManualClock
) -> None:
    await centre.add_unit("gas-01", at(0, 0), UnitKind.TEAM, "gas", "gas_repair")
    case = await centre.opens("Y0207", exercise=True)
    told = await centre.responds(case, "activate", plan="gas_leak", level=Level.IV)
    assert told["exercise"]
    assert told["active"]["exercise"]
    await centre.send(case, await centre.recommended(case))
    clock.at = clock.at.replace(year=2027)
    span = clock.at.replace(year=2026), clock.at
    figures = await centre.recommending.recommendation_figures(supervisor(), *span)
    assert figures["n"] == 0
    events = [one.event for one in await centre.journal.stream(f"response:{case.id}")]
    assert [getattr(event, "exercise", None) for event in events] == [True, True]


async def test_what_was_kept_is_made_anew_from_the_journal(centre: Centre) -> None:
    case = await centre.opens("Y0207")
    await centre.responds(case, "activate", plan="gas_leak", level=Level.III)
    before = await centre.journal.read(lambda c: (newest_plans(c), load_response(c, case.id)))
    rebuild(centre.journal)
    after = await centre.journal.read(lambda c: (newest_plans(c), load_response(c, case.id)))
    assert before == after
    assert len(before[0]) == 6
    assert override_reasons()["other"].en
