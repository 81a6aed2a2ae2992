"""Coverage through the API on a small county whose signal falls with the distance alone: answers, outages, files, refusals."""

import base64
import json
import zlib
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx2
import numpy as np
import openpyxl
import pytest
import rasterio
from fastapi import FastAPI
from pyproj import Transformer
from shapely.geometry import shape

from exchange import api
from exchange.api_coverage import coverage_router
from exchange.http_errors import install
from layers.coverage.grid import grid_of
from layers.coverage.model import Site, Which
from layers.coverage.site_rows import sites_of
from runtime.coverage_work import CoverageWork
from runtime.living_coverage import LivingCoverage
from storage.radio_sites import keep_sites
from tests.clocks import ManualClock
from tests.exchange.conftest import Door, principal
from tests.exchange.console import MemoryConsole
from tests.layers.coverage.plain_map import PlainMap
from tests.sensors.office import Office, ground

NAMES = {0: "unknown", 1: "covered", 2: "weak", 3: "hole"}


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    made = Office(tmp_path, ManualClock())
    yield made
    made.close()


@pytest.fixture
async def living(office: Office, tmp_path: Path) -> LivingCoverage:
    county = ground().county
    inside = [one for one in sites_of(county.table("sites")).sites if _outdoors(one)]
    near = sorted(inside, key=lambda one: _away(one, county.center))[:2]
    now = office.clock.now()
    await office.journal.write(lambda t: keep_sites(t.connection, near, now))
    grid = grid_of(county.box)
    return LivingCoverage(office.rooms, tmp_path, lambda _c, sites, _h: PlainMap(grid, sites))


def _outdoors(site: Site) -> bool:
    return all(one.in_service and not one.indoor for one in site.sectors)


def _away(site: Site, center: Any) -> float:
    return float(np.hypot(site.place.lon_deg - center.lon_deg, site.place.lat_deg - center.lat_deg))


@pytest.fixture
async def door(office: Office, living: LivingCoverage) -> Door:
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    router = coverage_router(CoverageWork(office.rooms, living))
    install(app)
    app.include_router(api.build_router(MemoryConsole(), further=[router]))
    return Door(app, principal("engineer"))


@pytest.fixture
async def client(door: Door) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=door)
    async with httpx2.AsyncClient(transport=transport, base_url="http://console") as client:
        yield client


async def told(client: httpx2.AsyncClient, path: str) -> Any:
    answer = await client.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_before_a_prediction_nothing_is_claimed_and_files_are_not_there_yet(
    client: httpx2.AsyncClient, office: Office
) -> None:
    assert (await told(client, "coverage/signal"))["state"] == "waiting"
    place = office.middle
    at = await told(client, f"coverage/at?lon={place.lon_deg}&lat={place.lat_deg}")
    assert (at["verdict"], at["items"]) == ("unknown", [])
    assert (await client.get("/api/v1/coverage/figures")).status_code == 503
    assert (await client.get("/api/v1/coverage/export/xlsx")).status_code == 503


async def test_the_raster_of_signal_says_of_every_place_what_asking_for_it_says(
    client: httpx2.AsyncClient, living: LivingCoverage
) -> None:
    await living.look()
    raster = await told(client, "coverage/signal")
    codes = np.frombuffer(zlib.decompress(base64.b64decode(raster["codes"])), dtype=np.uint8)
    codes = codes.reshape(raster["high"], raster["wide"])
    assert set(np.unique(codes)) == {0, 1, 2, 3}
    back = Transformer.from_crs("EPSG:3857", "EPSG:4326", always_xy=True)
    for code in (1, 2, 3):
        # Of the whole field's inner places: at an edge half a cell may lie on either side.
        inner = codes == code
        for axis, by in ((0, 2), (0, -2), (1, 2), (1, -2)):
            inner &= np.roll(codes, by, axis) == code
        for row, column in np.argwhere(inner)[::997][:4]:
            x = raster["west_m"] + (column + 0.5) * raster["pixel_m"]
            y = raster["north_m"] - (row + 0.5) * raster["pixel_m"]
            lon, lat = back.transform(x, y)
            at = await told(client, f"coverage/at?lon={lon:.6f}&lat={lat:.6f}")
            assert at["verdict"] == NAMES[code]


async def test_an_outage_is_told_once_changes_the_map_and_ends(
    client: httpx2.AsyncClient, living: LivingCoverage
) -> None:
    await living.look()
    before = await told(client, "coverage/signal")
    site = living.sites[0]
    path, key = f"/api/v1/sites/{site.id}/outage", {"Idempotency-Key": "outage-1"}
    first = await client.post(path, json={"cause": "power"}, headers=key)
    again = await client.post(path, json={"cause": "power"}, headers=key)
    assert (first.status_code, again.json()) == (201, first.json())
    twice = await client.post(path, json={}, headers={"Idempotency-Key": "outage-2"})
    assert (twice.status_code, twice.json()["code"]) == (409, "radio.outage_stands")
    during = await told(client, "coverage/signal")
    assert during["version"] != before["version"]
    assert _count(during)["hole"] > _count(before)["hole"]
    (standing,) = (await told(client, "outages"))["items"]
    assert (standing["site_id"], standing["people"]) == (site.id, first.json()["outage"]["people"])
    back = await client.post(f"{path}/end", json={}, headers={"Idempotency-Key": "outage-3"})
    assert back.status_code == 200
    assert _count(await told(client, "coverage/signal")) == _count(before)
    assert (await told(client, "outages"))["items"] == []


def _count(raster: dict[str, Any]) -> dict[str, int]:
    found = Counter(zlib.decompress(base64.b64decode(raster["codes"])))
    return {name: found[code] for code, name in NAMES.items()}


async def test_weak_areas_leave_as_geojson_that_lies_in_the_county_and_adds_up(
    client: httpx2.AsyncClient, living: LivingCoverage
) -> None:
    await living.look()
    answer = await client.get("/api/v1/coverage/export/geojson")
    assert answer.headers["content-type"] == "application/geo+json"
    assert answer.headers["content-disposition"].endswith('.geojson"')
    whole = json.loads(answer.content)
    shown = (await told(client, "coverage/weak"))["features"]
    assert len(whole["features"]) == len(shown) > 0
    county = ground().county
    west, south, east, north = county.box.as_tuple()
    for feature in whole["features"]:
        area = shape(feature["geometry"])
        assert area.is_valid
        assert west - 0.01 <= area.bounds[0] <= area.bounds[2] <= east + 0.01
        assert south - 0.01 <= area.bounds[1] <= area.bounds[3] <= north + 0.01
    figures = await told(client, "coverage/figures")
    listed = sum(one["properties"]["people"] for one in shown)
    # Areas below ten hectares are no areas of the list, but their people are in the figures.
    assert 0 < listed <= figures["county"]["weak_people"] * 1.01


async def test_the_prediction_leaves_as_a_geotiff_on_its_own_grid(
    client: httpx2.AsyncClient, living: LivingCoverage
) -> None:
    await living.look()
    answer = await client.get("/api/v1/coverage/export/tif?technology=4G")
    assert answer.status_code == 200, answer.text
    atlas = living.atlas()
    with rasterio.MemoryFile(answer.content) as memory, memory.open() as raster:
        assert (raster.crs.to_string(), raster.shape) == (atlas.map.grid.crs, atlas.map.grid.shape)
        assert raster.transform == atlas.map.grid.transform
        assert np.isnan(raster.nodata)
        values = raster.read(1)
        assert raster.tags()["version"] == atlas.version
    from layers.coverage.model import Technology

    wanted = atlas.map.rsrp_dbm(Which(technology=Technology.LTE))
    np.testing.assert_allclose(values, wanted, atol=1e-3)


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_all_figures_leave_as_a_workbook_in_the_asker_s_language(
    client: httpx2.AsyncClient, door: Door, living: LivingCoverage, language: str
) -> None:
    await living.look()
    door.who = principal("engineer", language=language)
    answer = await client.get("/api/v1/coverage/export/xlsx")
    assert answer.status_code == 200, answer.text
    book = openpyxl.load_workbook(BytesIO(answer.content))
    chinese = any("一" <= letter <= "鿿" for letter in "".join(book.sheetnames))
    assert chinese == (language == "zh")
    figures = (await told(client, "coverage/figures"))["towns"]
    first = book.worksheets[0]
    assert first.freeze_panes == "A2"
    rows = list(first.iter_rows(min_row=2, values_only=True))
    assert len(rows) >= len(figures)
    assert any(isinstance(cell, int | float) for row in rows for cell in row)
    for sheet in book.worksheets:
        for row in sheet.iter_rows(values_only=True):
            assert not any(isinstance(cell, str) and cell[:1] in "=+@" and cell for cell in row)


async def test_a_site_that_is_tried_changes_nothing_and_one_outside_is_refused(
    client: httpx2.AsyncClient, living: LivingCoverage, office: Office
) -> None:
    await living.look()
    before = living.version
    operator = living.atlas().operators[0]
    band = living.atlas().map.carriers(Which(operator=operator))[0].band
    body = {"lon": office.middle.lon_deg, "lat": office.middle.lat_deg, "operator": operator, "bands": [band]}  # fmt: skip
    answer = await client.post("/api/v1/coverage/what-if", json=body)
    assert answer.status_code == 200, answer.text
    effect = answer.json()
    assert effect["people"]["after"] >= effect["people"]["before"]
    assert effect["picture"].startswith("data:image/png;base64,")
    assert living.version == before
    outside = await client.post("/api/v1/coverage/what-if", json=body | {"lon": 100.0})
    assert outside.status_code in (409, 422)
    bad = await client.post("/api/v1/coverage/what-if", json=body | {"bands": ["n999"]})
    assert (bad.status_code, "n999" in bad.text) == (422, True)


async def test_who_may_not_is_refused_by_name_and_the_former_way_to_plan_is_gone(
    client: httpx2.AsyncClient, door: Door, living: LivingCoverage
) -> None:
    await living.look()
    assert (await client.get("/api/v1/coverage/best-sites")).status_code == 404
    assert (await client.get("/api/v1/coverage/export/pdf")).status_code in (404, 422)
    assert (await client.get("/api/v1/coverage/figures?band=n999")).status_code == 422
    door.who = replace(principal("engineer"), permissions=frozenset())
    for path in ("coverage", "coverage/signal", "coverage/export/xlsx", "sites", "outages"):
        assert (await client.get(f"/api/v1/{path}")).status_code == 403, path


async def test_while_a_correction_is_worked_in_the_former_coverage_stays_and_is_called_so(
    client: httpx2.AsyncClient, living: LivingCoverage
) -> None:
    await living.look()
    former = living.ready
    seen: list[tuple[str, bool]] = []

    async def hear(_reason: str) -> None:
        standing = await told(client, "coverage")
        shares = await client.get("/api/v1/coverage/figures")
        seen.append((standing["state"], shares.status_code == 200 and living.ready is former))

    living.on_change(hear)
    living.predict_again()
    await living.look()
    assert seen == [("renewing", True), ("ready", False)]
    assert living.ready is not None
    await living.look()
    assert len(seen) == 2  # once is enough
