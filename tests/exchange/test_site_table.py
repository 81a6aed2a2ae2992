"""Site tables of operators: whatever their columns are called; what is missing is assumed and said, what is wrong refused."""

import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from exchange.sheet import Sheet
from exchange.site_table import SiteReading, Told, read_sites
from layers.coverage.model import Site
from vocabulary.errors import Refused

HEAD = "基站编号,运营商,经度,纬度,扇区,制式,频段,频点,PCI,方位角,挂高,下倾角,功率"
GOOD = "S1,中国移动,117.9,29.5,1,4G,B8,3683,21,360,35,4,46"


def inside(_site: Site) -> str:
    return "inside"


def sheet_of(text: str, name: str = "a.csv") -> Sheet:
    return Sheet(name=name, form="csv", content=text.encode())


def read(*rows: str, head: str = HEAD, name: str = "工参.csv", told: Told | None = None) -> SiteReading:  # fmt: skip
    return read_sites(sheet_of("\n".join([head, *rows]), name), told or Told(), inside)


def test_chinese_columns_and_names_of_operators_are_understood() -> None:
    reading = read(GOOD, "S1,移动,117.9,29.5,2,4G,B8,3683,22,120,35,4,46")
    (site,) = reading.sites
    assert {sector.operator for sector in site.sectors} == {"CMCC"}
    assert [sector.azimuth_deg for sector in site.sectors] == [0.0, 120.0]
    assert (reading.full_turns, reading.cells, reading.refused) == (1, 2, [])


def test_what_a_table_does_not_say_is_assumed_and_marked() -> None:
    reading = read("S1,移动,117.9,29.5,1,4G,B8,3683,21,0,,,")
    (sector,) = reading.sites[0].sectors
    assert sector.height_m > 0
    assert {"height_m", "electrical_tilt_deg", "power_dbm"} <= sector.assumed
    assert reading.assumed["height_m"] == 1


def test_a_bad_row_is_refused_alone_with_its_line() -> None:
    reading = read("S1,移动,x,29.5,1,4G,B8,3683,21,0,35,4,46", GOOD, GOOD, "S3,移动,117.9,29.5,1,6G,,1,1,0,,,")  # fmt: skip
    assert [line for line, _ in reading.refused] == [2, 4, 5]
    assert len(reading.sites) == 1
    for _, why in reading.refused:
        assert why.text("zh") != why.text("en")


def test_a_table_without_what_it_needs_is_refused_whole_and_says_what() -> None:
    with pytest.raises(Refused) as refused:
        read("1,2", head="lon,lat")
    assert refused.value.code == "radio.columns"
    assert "arfcn" in refused.value.text("en")
    for text in ("", HEAD):
        with pytest.raises(Refused):
            read_sites(sheet_of(text), Told(), inside)


def test_sites_elsewhere_are_refused_once_each_and_swapped_ones_say_so() -> None:
    def where(site: Site) -> str:
        return {"S1": "outside", "S2": "swapped", "S3": "beyond"}[site.id]

    rows = [GOOD, GOOD.replace("S1,", "S2,"), GOOD.replace("S1,", "S3,")]
    reading = read_sites(sheet_of("\n".join([HEAD, *rows])), Told(), where)
    assert [why.code for _, why in reading.refused] == ["radio.site_outside", "radio.site_swapped"]
    assert ([site.id for site in reading.sites], reading.beyond) == (["S3"], 1)


def test_gcj02_positions_are_brought_to_wgs84() -> None:
    moved = read(GOOD, told=Told(datum="gcj02")).sites[0].place
    assert 0.002 < abs(moved.lon_deg - 117.9) < 0.01


def test_known_operators_are_one_however_they_are_written_and_others_stay_as_told() -> None:
    told = enumerate(("cmcc", "移动", "vodafone", "CMMC"))
    reading = read(*(GOOD.replace("S1,中国移动", f"S{n},{name}") for n, name in told))
    operators = [site.sectors[0].operator for site in reading.sites]
    assert operators == ["CMCC", "CMCC", "Vodafone", "CMMC"]


def test_an_excel_table_is_read_as_a_csv_is() -> None:
    book, kept = Workbook(), io.BytesIO()
    page: Any = book.active
    for row in (HEAD, GOOD):
        page.append(row.split(","))
    book.save(kept)
    sheet = Sheet(name="工参.xlsx", form="xlsx", content=kept.getvalue())
    assert read_sites(sheet, Told(), inside).sites == read(GOOD).sites


@pytest.mark.realdata
def test_four_networks_of_west_sussex_are_read_whole(real_data: Path) -> None:
    files = sorted((real_data / "cells" / "west_sussex").glob("*.csv"))
    readings = {}
    for file in files:
        sheet = Sheet(name=file.name, form="csv", content=file.read_bytes())
        readings[file.name[:5]] = read_sites(sheet, Told(), inside)
    assert {name: (one.rows, one.cells, len(one.sites)) for name, one in readings.items()} == {
        "23410": (884, 884, 167), "23415": (632, 632, 141), "23420": (715, 715, 128), "23430": (1006, 1006, 165),
    }  # fmt: skip
    assert not any(one.refused for one in readings.values())
    assert sum(one.full_turns for one in readings.values()) == 6
    cells = [sector for one in readings.values() for site in one.sites for sector in site.sectors]
    assert all({"height_m", "power_dbm", "antenna"} <= cell.assumed for cell in cells)
    assert {cell.operator for cell in cells} == {"O2", "Vodafone", "Three", "EE"}
