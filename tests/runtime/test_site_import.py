"""A table of sites tells what it did besides its refusals: whose cells they are, and what was assumed of them."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from exchange.sheet import Sheet
from exchange.site_table import Told
from runtime.site_import import SiteReport, import_sites
from tests.sensors.office import Office, an_office

HEAD = "基站编号,运营商,经度,纬度,扇区,制式,频段,频点,方位角"


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(tmp_path) as opened:
        yield opened


def bring(office: Office, *operators: str, **given: Any) -> SiteReport:
    at = f"{office.middle.lon_deg},{office.middle.lat_deg}"
    rows = [f"S{n},{name},{at},1,4G,B8,3683,0" for n, name in enumerate(operators)]
    sheet = Sheet(name="工参.csv", form="csv", content="\n".join([HEAD, *rows]).encode())
    return import_sites(office.journal, office.rooms.ground.locator, sheet, told=Told(), **given)


async def test_an_operator_nobody_knows_is_named_before_it_counts_as_one_more(
    office: Office,
) -> None:
    looked = bring(office, "CMCC", "电信", "CMMC", "CMMC", dry_run=True)
    assert looked.strange == {"CMMC": 2}
    for language in ("zh", "en"):
        first = looked.told(language)["notes"][0]
        assert "CMMC 2" in first
        assert "CTCC" in first, "those that are known are named"
        assert first in looked.lines(language)
    bring(office, "CMMC")
    assert bring(office, "CMMC").strange == {}, "once it is there, it is known"


async def test_what_was_assumed_is_told_by_field_and_new_and_changed_are_counted_apart(
    office: Office,
) -> None:
    first = bring(office, "CMCC").told("zh")
    assert any("height_m 1" in note and "power_dbm 1" in note for note in first["notes"])
    second = bring(office, "CUCC", "CMCC").told("zh")
    assert (second["added"], second["changed"], second["unchanged"]) == (1, 1, 0)
