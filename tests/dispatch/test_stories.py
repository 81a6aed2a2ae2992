"""Four nights of a centre: no crew on duty, one engine for two, a silent unit, a bridge that its own incident closed."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dispatch.assignment import AssignmentState
from dispatch.assignment_rules import Step
from dispatch.model import Declared, UnitKind
from dispatch.reach import PointReach
from incidents.model import Level
from storage.journal import Journal
from tests.clocks import ManualClock
from tests.county.road_maps import at
from tests.dispatch.centre import DAYTIME, Centre, gaps, reasons_of, supervisor
from vocabulary.errors import Refused

NIGHT = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)  # three in the morning in the county
WEST, EAST, FAR = at(100, 0), at(3900, 0), at(1500, 1900)


@pytest.fixture
async def centre(journal: Journal, clock: ManualClock, tmp_path: Path) -> Centre:
    return Centre(journal, clock, tmp_path)


async def test_gas_leaks_at_night_and_no_gas_crew_is_on_duty(
    centre: Centre, clock: ManualClock
) -> None:
    clock.at = NIGHT
    await centre.add_unit("gas-01", WEST, UnitKind.TEAM, "gas", "gas_repair", roster=DAYTIME)
    await centre.add_unit("fire-01", WEST, UnitKind.ENGINE, "fire", "firefighting")
    case = await centre.opens("Y0207")
    response = await centre.responds(
        case, "activate", plan="gas_leak", level=Level.IV, reason="夜间"
    )
    assert response["active"]["name_zh"] == "燃气泄漏应急预案"
    assert (await centre.case(case.id)).level == "IV"

    told = await centre.recommended(case)
    assert told["basis"]["kind"] == "plan"
    assert told["proposed"] == ["fire-01"]
    assert gaps(told) == [("gas_repair", ["off_duty"])]
    (gap,) = told["answers"][0]["shortfalls"]
    (absent,) = gap["nearest"]
    assert (absent["unit"], absent["back_at"]) == ("gas-01", "2026-11-23T00:00:00.000Z")

    # The dispatcher telephones the crew and sends it too, with a reason; without one it is refused.
    with pytest.raises(Refused) as refused:
        await centre.send(case, told, "fire-01", "gas-01")
    assert refused.value.code == "dispatch.override_reason"
    sent = await centre.send(case, told, "fire-01", "gas-01", reason="called_back")
    assert (sent["accepted"], sent["struck"], sent["added"]) == (False, [], ["gas-01"])
    # What the crew says against its roster is taken, with a warning.
    assert "off_duty" in await centre.says("gas-01", Declared.AVAILABLE)
    await centre.step(await centre.held("gas-01"), Step.ENROUTE)

    again = await centre.recommended(await centre.case(case.id))
    assert gaps(again) == []
    assert again["proposed"] == []
    assert reasons_of(again, "gas-01") == ["on_case"]
    clock.advance(timedelta(seconds=1))
    figures = await centre.recommending.recommendation_figures(supervisor(), None, None)
    assert (figures["n"], figures["accepted"], figures["reasons"]) == (1, 0, {"called_back": 1})
    assert (figures["places"], figures["missing"]) == (2, 1)


async def test_two_incidents_want_the_one_engine_that_can_do_it(centre: Centre) -> None:
    await centre.add_unit("foam-01", WEST, UnitKind.ENGINE, "fire", "firefighting", "hazmat")
    await centre.add_unit("gas-01", EAST, UnitKind.TEAM, "gas", "gas_repair")
    await centre.add_unit("gas-02", EAST, UnitKind.TEAM, "gas", "gas_repair")
    first, second = await centre.opens("Y0207"), await centre.opens("Y0207", at(2500, 1000))
    for_first, for_second = await centre.recommended(first), await centre.recommended(second)
    assert "foam-01" in for_first["proposed"]
    assert "foam-01" in for_second["proposed"]

    assert (await centre.send(first, for_first, by="王强"))["accepted"]
    with pytest.raises(Refused) as refused:
        await centre.send(second, for_second)
    assert refused.value.code == "dispatch.unit_taken"
    assert refused.value.values["who"] == "王强"
    assert (await centre.case(second.id)).state == "NEW"  # nothing half done

    again = await centre.recommended(second)
    assert gaps(again) == [("firefighting", ["short"])]
    assert len(again["proposed"]) == 1
    assert (await centre.send(second, again))["accepted"]
    assert (await centre.held("foam-01")).case_id == first.id


class Valley:
    """Radio reach with a hole in the west."""

    def at(self, lon_deg: float, lat_deg: float) -> Sequence[PointReach]:
        rsrp = -124.0 if lon_deg <= at(1000, 0).lon_deg else -88.0
        return (PointReach(operator="移动", technology="4G", rsrp_dbm=rsrp),)


async def test_a_unit_fell_silent_in_a_radio_hole(
    journal: Journal, clock: ManualClock, tmp_path: Path
) -> None:
    centre = Centre(journal, clock, tmp_path, Valley())
    await centre.add_unit("fire-01", FAR, UnitKind.ENGINE, "fire", "firefighting")
    await centre.add_unit("fire-02", EAST, UnitKind.ENGINE, "fire", "firefighting")
    await centre.add_unit("fire-03", EAST, UnitKind.ENGINE, "fire", "firefighting")
    await centre.seen("fire-01", at(900, 0), minutes_ago=40)  # near, but in the hole and long ago
    await centre.seen("fire-02", EAST)
    case = await centre.opens("Y0201", at(1400, 0))
    told = await centre.recommended(case)
    assert told["proposed"][0] in {"fire-02", "fire-03"}
    against = reasons_of(told, "fire-01")
    assert {"position_stale", "last_seen_in_hole"} <= set(against)
    assert told["reach"]["known"]
    assert not told["reach"]["hole"]

    # Sent all the same, it does not answer: the next is asked, and at the second the supervisor is told.
    await centre.send(case, told, "fire-01", reason="radio")
    clock.advance(timedelta(seconds=61))
    assert await centre.lapse(await centre.held("fire-01"))
    asked = [one for one in await centre.of_case(case) if one.state is AssignmentState.OFFERED]
    assert [one.attempt for one in asked] == [2]
    clock.advance(timedelta(seconds=61))
    assert await centre.lapse(asked[0])
    kinds = [one.event.kind for one in await centre.journal.events_after(0, 1000)]
    assert "dispatch.assignment_escalated.v1" in kinds


async def test_the_incident_closes_the_bridge_it_lies_on(centre: Centre) -> None:
    await centre.add_unit("west-01", WEST, UnitKind.ENGINE, "fire", "firefighting")
    await centre.add_unit("east-01", EAST, UnitKind.ENGINE, "fire", "firefighting")
    case = await centre.opens("Y0201", at(1900, 0))
    open_road = await centre.recommended(case)
    assert open_road["roads"] == {"closures": 0, "walk_m": None, "estimated": False, "why": ""}
    assert open_road["proposed"] == ["west-01"]

    centre.roads.close(at(1900, 0), 150)
    barred = await centre.recommended(case)
    assert barred["roads"]["closures"] == 1
    assert 140 <= barred["roads"]["walk_m"] <= 165
    rows = {
        row["unit"]: row
        for answer in barred["answers"]
        for row in (*answer["picks"], *answer["others"])
    }
    # Both come to the barrier on their own side and walk; neither is called unreachable, neither drives over the bridge.
    before = {row["unit"]: row["seconds"] for row in open_road["answers"][0]["picks"]}
    assert rows["west-01"]["seconds"] > before["west-01"]
    walk_s = (barred["roads"]["walk_m"] - 5) / 1.4
    assert rows["east-01"]["seconds"] > walk_s
    assert "on_foot" in reasons_of(barred, "west-01")
    # Somebody who needs the other side has the long way round.
    other_side = await centre.opens("Y0207", at(2600, 0))
    away = await centre.recommended(other_side)
    crossing = {row["unit"]: row for a in away["answers"] for row in (*a["picks"], *a["others"])}
    assert crossing["west-01"]["seconds"] > 200

    centre.clock.advance(timedelta(hours=3))  # its time is over
    assert (await centre.recommended(case))["roads"] == open_road["roads"]
