"""The tables that the sample county brings: as many as promised, in sensible places, and naming only what there is."""

import csv
import filecmp
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from county.model import County
from county.sample.tables.land import Land
from county.sample.tables.write import write_tables
from dispatch.model import UnitKind
from incidents.rulebook import shipped_tables

pytestmark = pytest.mark.slow

Rows = list[dict[str, str]]
LEVELS = ["IV", "III", "II", "I"]


@pytest.fixture(scope="module")
def folder(sample: County, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("tables")
    write_tables(sample, made, seed=7)
    return made


def rows(folder: Path, table: str) -> Rows:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def places(found: Rows, lon: str = "lon", lat: str = "lat") -> np.ndarray:
    return np.array([[float(row[lon]), float(row[lat])] for row in found])


def plans(folder: Path) -> Iterator[dict[str, Any]]:
    for file in sorted((folder / "plans").glob("*.toml")):
        yield tomllib.loads(file.read_text("utf-8"))


def test_one_seed_makes_one_county_and_another_seed_another(sample: County, folder: Path) -> None:
    for seed, same in ((7, True), (8, False)):
        again = folder.parent / f"again-{seed}"
        write_tables(sample, again, seed)
        for table in ("sites.csv", "devices.csv"):
            assert filecmp.cmp(folder / table, again / table, shallow=False) is same


def test_everything_stands_inside_the_county(sample: County, folder: Path) -> None:
    shapely.prepare(sample.boundary_wgs84)
    edge = sample.boundary_wgs84.buffer(
        0.001
    )  # a country site may stand on the ridge of the border
    for table, lon, lat in (
        ("sites", "lon", "lat"), ("devices", "lon", "lat"), ("units", "home_lon", "home_lat"),
    ):  # fmt: skip
        assert shapely.contains_xy(edge, places(rows(folder, table), lon, lat)).all()


def test_sites_are_as_many_as_a_county_has_with_three_sectors_each(folder: Path) -> None:
    cells = rows(folder, "sites")
    macro = [cell for cell in cells if cell["indoor"] == "0"]
    sectors = Counter(
        len({c["sector"] for c in macro if c["site_id"] == s})
        for s in {c["site_id"] for c in macro}
    )
    assert set(sectors) == {3}
    assert 400 <= len({cell["site_id"] for cell in cells}) <= 600
    assert {cell["operator"] for cell in cells} == {"CMCC", "CTCC", "CUCC", "CBN"}
    assert {cell["technology"] for cell in cells} == {"LTE", "NR"}
    out = [cell for cell in cells if cell["in_service"] == "0"]
    assert 0 < len(out) < 0.1 * len(cells)


def test_sites_are_denser_where_people_are(sample: County, folder: Path) -> None:
    land = Land(sample)
    at = land.metres(places([c for c in rows(folder, "sites") if c["sector"] == "1"]))
    people = land.metres(land.people(np.random.default_rng(1), 4000))
    near = [(np.hypot(*(people - site).T) < 900).mean() for site in at]
    anywhere = land.metres(land.near(np.random.default_rng(2), land.seat[None], 400, 20_000))
    far = [(np.hypot(*(people - spot).T) < 900).mean() for spot in anywhere]
    assert np.mean(near) > 2 * np.mean(far)


def test_five_thousand_devices_of_many_kinds_belong_to_known_departments(folder: Path) -> None:
    devices = rows(folder, "devices")
    assert len(devices) == len({device["device_id"] for device in devices}) == 5000
    assert len({device["kind"] for device in devices}) >= 15
    assert {device["department"] for device in devices} <= set(shipped_tables().departments)
    for device in devices:
        assert int(device["period_s"]) > 0
        if device["low"] and device["high"]:
            assert float(device["low"]) < float(device["high"])


def test_water_levels_stand_on_rivers_and_slopes_are_steep(sample: County, folder: Path) -> None:
    land = Land(sample)
    devices = rows(folder, "devices")
    by_kind = {
        kind: places([device for device in devices if device["kind"] == kind])
        for kind in ("river_level", "slope", "street_light")
    }
    rivers = shapely.union_all(land.lines("waterways", ("river",)))
    assert shapely.distance(rivers, shapely.points(by_kind["river_level"])).max() < 1e-4
    assert np.median(land.heights(by_kind["slope"])) > np.median(
        land.heights(by_kind["street_light"])
    )


def test_departments_have_the_codes_that_categories_use(folder: Path) -> None:
    assert {row["code"] for row in rows(folder, "departments")} == set(shipped_tables().departments)


def test_some_hundred_and_twenty_units_have_homes_skills_and_a_roster(folder: Path) -> None:
    units = rows(folder, "units")
    assert 110 <= len(units) <= 140
    assert len({unit["unit_id"] for unit in units}) == len(units)
    assert len({unit["name"] for unit in units}) == len(units)
    assert {unit["kind"] for unit in units} == {kind.value for kind in UnitKind}
    assert all(unit["skills"] and int(unit["crew"]) > 0 for unit in units)
    assert {duty["unit_id"] for duty in rows(folder, "duty")} == {unit["unit_id"] for unit in units}


def test_by_night_every_trade_has_somebody_but_not_everybody(folder: Path) -> None:
    trade = {unit["unit_id"]: unit["department"] for unit in rows(folder, "units")}
    for weekday in "1234567":
        night = [
            trade[row["unit_id"]] for row in rows(folder, "duty")
            if row["weekday"] == weekday and row["to"] == "08:00"
        ]  # fmt: skip
        assert {"fire", "medical", "police", "gas", "water", "power"} <= set(night)
        assert len(night) < len(trade)


def test_six_plans_rise_from_four_to_one_and_name_what_there_is(folder: Path) -> None:
    tables = shipped_tables()
    units = rows(folder, "units")
    found = list(plans(folder))
    assert len(found) == 6
    for plan in found:
        assert list(plan["levels"]) == LEVELS
        assert all(tables.categories.find(category) for category in plan["categories"])
        for level in plan["levels"].values():
            assert set(level["departments"]) <= set(tables.departments)
            assert all(level[part] for part in ("checklist", "notify", "needs"))
            for need in level["needs"]:
                able = [
                    u
                    for u in units
                    if u["kind"] == need["kind"] and need["skill"] in u["skills"].split(";")
                ]
                assert len(able) >= need["count"], need
