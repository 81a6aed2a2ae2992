"""A table of devices brought by the page: looked through first, told row by row, in force at once, and never half kept."""

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from county.datum import from_wgs84
from exchange.sheet import Sheet
from runtime.device_import import DeviceImport
from security.policy import permissions_of
from security.principal import Principal
from storage.audit import audit_head
from tests.sensors.office import ENGINEER, Office, an_office
from vocabulary.errors import Refused

HEAD = [
    "设备编号",
    "设备名称",
    "设备类型",
    "测点",
    "经度",
    "纬度",
    "部门",
    "网关",
    "周期",
    "上限",
    "协议",
    "站号",
    "因子",
]
BRINGS = Principal(actor=ENGINEER, permissions=permissions_of(["engineer"]))
Row = list[Any]


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(tmp_path) as opened:
        yield opened


def gauge(office: Office, id: str, *, kind: str = "river_level", channel: str = "level", gateway: str = "",
          high: Any = 3.2, wire: tuple[str, str, str] = ("", "", "")) -> Row:  # fmt: skip
    middle = office.middle
    return [id, f"{id} 水位", kind, channel, middle.lon_deg, middle.lat_deg, "", gateway, 300, high, *wire]  # fmt: skip


def excel(*rows: Row) -> Sheet:
    book, kept = Workbook(), io.BytesIO()
    page: Any = book.active
    for row in (HEAD, *rows):
        page.append(row)
    book.save(kept)
    return Sheet(name="设备.xlsx", form="xlsx", content=kept.getvalue())


async def bring(office: Office, *rows: Row, dry_run: bool = False, datum: str = "wgs84") -> Any:
    book = DeviceImport(office.rooms, office.sensing)
    return await book.bring(BRINGS, excel(*rows), datum=datum, dry_run=dry_run)


def outcomes(told: Any) -> list[tuple[int, str]]:
    return sorted((row["row"], row["outcome"]) for row in told["rows"])


async def test_what_would_become_of_a_table_is_told_and_nothing_of_it_is_kept(
    office: Office,
) -> None:
    told = await bring(office, gauge(office, "r1"), gauge(office, "r2", high="三米"), dry_run=True)
    assert outcomes(told) == [(2, "added"), (3, "refused")]
    assert (told["added"], told["changed"], told["unchanged"], told["refused"]) == (1, 0, 0, 1)
    assert "三米" in told["rows"][0]["reason"], "what is wrong stands first"
    assert (await bring(office, dry_run=True))["rows"] == []
    await office.sensing.refresh()
    assert office.sensing.registry.devices == {}


async def test_a_table_holds_at_once_and_a_second_time_tells_what_is_new_other_and_the_same(
    office: Office,
) -> None:
    await bring(office, gauge(office, "r1"), gauge(office, "r2"))
    assert set(office.sensing.registry.devices) == {"r1", "r2"}
    told = await bring(
        office, gauge(office, "r1"), gauge(office, "r2", high=3.5), gauge(office, "r3")
    )
    assert outcomes(told) == [(2, "unchanged"), (3, "changed"), (4, "added")]
    assert told["devices"] == {"new": 1, "changed": 1, "same": 1}
    before = await office.journal.read(audit_head)
    again = await bring(office, gauge(office, "r1"), gauge(office, "r2", high=3.5))
    assert (again["unchanged"], again["added"] + again["changed"]) == (2, 0)
    assert await office.journal.read(audit_head) == before, "what changes nothing is no deed"


async def test_devices_that_spoke_stand_as_they_stood_as_soon_as_others_are_brought(
    office: Office,
) -> None:
    await office.bring(("w1", "road_water", "depth", 0.0))
    await office.say(("w1", 3.0))
    await office.step(1)
    await bring(office, gauge(office, "r1"))
    assert office.sensing._teller.state_of("w1") == 0, "normal before, and so after"


async def test_one_device_told_in_two_ways_and_one_address_of_two_devices_are_refused(
    office: Office,
) -> None:
    wire = ("hj212", "MN1", "w1")
    two_ways = gauge(office, "a1", kind="air", channel="pm10")
    two_ways[1] = "另一个名字"
    told = await bring(
        office,
        gauge(office, "a1", kind="air", channel="pm25", high=75),
        two_ways,
        gauge(office, "r1", wire=wire),
        gauge(office, "r2", wire=wire),
        dry_run=True,
    )
    assert outcomes(told) == [(2, "added"), (3, "refused"), (4, "added"), (5, "refused")]
    assert [row["problem"] for row in told["rows"][:2]] == [
        "sensors.device_differs", "sensors.address_twice",
    ]  # fmt: skip


async def test_offices_write_names_of_kinds_and_channels_and_the_positions_of_their_maps(
    office: Office,
) -> None:
    row = gauge(office, "r1", kind="河道水位计", channel="水位")
    lons, lats = from_wgs84("gcj02", [office.middle.lon_deg], [office.middle.lat_deg])
    row[4:6] = [float(lons[0]), float(lats[0])]
    await bring(office, row, datum="gcj02")
    device = office.sensing.registry.devices["r1"]
    assert device.kind == "river_level"
    assert abs(device.place.lon_deg - office.middle.lon_deg) < 1e-5
    with pytest.raises(Refused) as refused:
        await bring(office, row, datum="mars")
    assert refused.value.code == "datum.unknown"


async def test_a_gateway_that_nobody_registered_is_named(office: Office) -> None:
    told = await bring(office, gauge(office, "r1", gateway="gw-7"), dry_run=True)
    assert any("gw-7" in note for note in told["notes"])
    both = await bring(office, gauge(office, "r1", gateway="gw-7"), gauge(office, "gw-7"))
    assert not any("gw-7" in note for note in both["notes"])
