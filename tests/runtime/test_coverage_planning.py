"""Planning and measurements as the API asks for them, on the map in use; corrections are kept, audited, and made use of."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from exchange.api_coverage_planning import PlanBody
from exchange.sheet import Sheet
from layers.coverage import corrected
from layers.coverage.atlas import Atlas
from layers.coverage.coverage_map import PredictedMap
from layers.coverage.grid import degrees_of
from layers.coverage.ground import ground_of
from layers.coverage.model import Site, Which
from layers.coverage.predicted import predict
from layers.coverage.settlement import settled
from layers.coverage.site_rows import sites_of
from layers.coverage.thresholds import shipped_scales
from runtime.coverage_planning import CoveragePlanning
from security.policy import permissions_of
from security.principal import Principal
from storage.audit import read_audit
from tests.clocks import ManualClock
from tests.sensors.office import Office, ground
from vocabulary.errors import Refused
from vocabulary.message import Actor

ENGINEER = Principal(
    actor=Actor(id="p1", name="通信工程师", kind="person", roles=frozenset({"admin"})),
    permissions=permissions_of(frozenset({"admin"})),
)  # fmt: skip


@dataclass
class Living:
    """The coverage in use, as planning asks for it."""

    made: Atlas
    again: list[str] = field(default_factory=list)

    def atlas(self) -> Atlas:
        return self.made

    def predict_again(self) -> None:
        self.again.append("again")


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    county = ground().county
    sites = [one for one in sites_of(county.table("sites")).sites if _of(one, "n28")][:6]
    land = ground_of(county)
    made = PredictedMap(predict(land, sites), "x")
    return Atlas(made, settled(county, land.grid), shipped_scales())


def _of(site: Site, band: str) -> bool:
    return any(one.band == band and one.in_service for one in site.sectors)


@pytest.fixture
def planning(atlas: Atlas, tmp_path: Path) -> Iterator[CoveragePlanning]:
    office = Office(tmp_path, ManualClock())
    yield CoveragePlanning(office.rooms, Living(atlas), tmp_path)  # type: ignore[arg-type]
    office.close()


async def test_a_plan_tells_where_how_many_and_what_came_second(planning: CoveragePlanning) -> None:
    told = await planning.plan(ENGINEER, PlanBody(operator="CMCC", bands=["n28"], count=3, threshold_dbm=-95.0))  # fmt: skip
    picks = [one["properties"] for one in told["features"]]
    assert [one["order"] for one in picks] == [1, 2, 3]
    assert picks[0]["people"] > 0
    assert (
        picks[0]["second"]["people"] / picks[0]["second"]["cost"] <= picks[0]["people_per_cost"] + 1
    )
    gained = told["after"]["people"] - told["before"]["people"]
    assert gained == pytest.approx(sum(one["people"] for one in picks), abs=3)
    county = ground().county
    for one in told["features"]:
        assert county.box.west_deg <= one["geometry"]["coordinates"][0] <= county.box.east_deg


async def test_a_plan_of_two_technologies_or_of_nothing_is_refused(
    planning: CoveragePlanning,
) -> None:
    with pytest.raises(Refused, match="one technology"):
        await planning.plan(ENGINEER, PlanBody(operator="CMCC", bands=["n28", "B3"]))
    with pytest.raises(Refused, match="no band"):
        await planning.plan(ENGINEER, PlanBody(operator="CMCC", bands=["n999"]))
    with pytest.raises(ValidationError):
        PlanBody(operator="CMCC", bands=["n28"], count=0)


def drive(atlas: Atlas, off_db: float) -> Sheet:
    """Return a drive test of n28 in which everything is `off_db` away from the prediction."""
    made = atlas.map
    level = made.rsrp_dbm(Which(band="n28"))
    rows, columns = np.nonzero(np.isfinite(level) & (level > -125) & (level < -60))
    some = np.random.default_rng(1).choice(len(rows), 3000, replace=False)
    lon, lat = degrees_of(made.grid, rows[some], columns[some])
    lines = [
        f"{x:.6f},{y:.6f},{level[row, column] + off_db:.1f},5G,152650"
        for x, y, row, column in zip(lon, lat, rows[some], columns[some], strict=True)
    ]
    head = "lon,lat,rsrp,technology,arfcn"
    body = "\n".join([head, *lines, "117.8,29.6,-200,5G,152650"])
    return Sheet(name="drive.csv", form="csv", content=body.encode())


async def test_measurements_are_held_against_the_map_and_change_nothing_unless_asked(
    planning: CoveragePlanning, atlas: Atlas, tmp_path: Path
) -> None:
    told: dict[str, Any] = await planning.measured(ENGINEER, drive(atlas, -7.0), "", apply=False)
    assert told["taken"]["refused"] == {"sentinel": 1}
    (band,) = told["bands"]
    assert band["held_out"]["before"]["bias_db"] == pytest.approx(-7.0, abs=0.3)
    assert band["held_out"]["after"]["rmse_db"] < 0.5
    assert len(told["measured"]["features"]) == told["cells"] > 2000
    assert corrected.kept(tmp_path) == corrected.Correction({})


async def test_corrections_that_are_applied_are_kept_audited_and_the_county_is_predicted_anew(
    planning: CoveragePlanning, atlas: Atlas, tmp_path: Path
) -> None:
    await planning.measured(ENGINEER, drive(atlas, -7.0), "", apply=True)
    assert corrected.kept(tmp_path).by_band["n28"][0] == pytest.approx(7.0, abs=0.3)
    assert planning._living.again == ["again"]  # type: ignore[attr-defined]
    journal = planning._rooms.journal
    (row,) = journal.read_blocking(lambda c: read_audit(c, action="coverage.calibrate"))
    assert row["object"] == "drive.csv"
    few = Sheet(name="few.csv", form="csv", content=b"lon,lat,rsrp\n117.85,29.64,-90\n")
    with pytest.raises(Refused, match="Too little"):
        await planning.measured(ENGINEER, few, "", apply=True)


async def test_a_correction_says_who_took_it_and_is_taken_back_step_by_step(
    planning: CoveragePlanning, atlas: Atlas, tmp_path: Path
) -> None:
    assert await planning.correction(ENGINEER) == {"stands": False, "taken": None}
    with pytest.raises(Refused) as nothing:
        await planning.undo_correction(ENGINEER, "")
    assert nothing.value.code == "coverage.no_correction"
    clock = planning._rooms.clock
    taken = []
    for off_db in (-7.0, -3.0):
        await planning.measured(ENGINEER, drive(atlas, off_db), "", apply=True)
        told = (await planning.correction(ENGINEER))["taken"]
        taken.append(told["at"])
        assert (told["by"], told["source"]) == ("通信工程师", "drive.csv")
        (band,) = told["bands"]
        assert band["held_out"]["after"]["rmse_db"] < band["held_out"]["before"]["rmse_db"]
        clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]
    with pytest.raises(Refused) as other:
        await planning.undo_correction(ENGINEER, taken[0])  # not those in force
    assert other.value.status == 409
    back = await planning.undo_correction(ENGINEER, taken[1])
    assert back["taken"]["at"] == taken[0]
    assert corrected.kept(tmp_path).by_band["n28"][0] == pytest.approx(7.0, abs=0.3)
    none = await planning.undo_correction(ENGINEER, taken[0])
    assert none == {"stands": False, "taken": None}
    assert corrected.kept(tmp_path) == corrected.Correction({})
    assert len(planning._living.again) == 4  # type: ignore[attr-defined]
    journal = planning._rooms.journal
    rows = journal.read_blocking(lambda c: read_audit(c, action="coverage.calibrate_undo"))
    assert len(list(rows)) == 2
