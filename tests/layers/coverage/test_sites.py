"""Rows of a site table become sites: what is missing is assumed and said, what is wrong is refused alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from county.model import Box, County
from layers.coverage.bands import band_at, band_of, downlink_mhz, reference_dbm
from layers.coverage.grid import cell_of, cells_of, degrees_of, grid_of
from layers.coverage.model import Carrier, Technology, Which
from layers.coverage.site_rows import sites_of
from layers.coverage.tables import meant
from vocabulary.errors import Refused
from vocabulary.place import Place

ROW = {
    "site_id": "S1", "name": "青岚1号站", "operator": "CMCC", "lon": "117.8", "lat": "29.6", "sector": "1",
    "technology": "NR", "band": "n41", "arfcn": "504990", "pci": "7", "azimuth_deg": "120", "height_m": "30",
    "tilt_deg": "6", "power_dbm": "53", "antenna": "mimo-64", "in_service": "1", "indoor": "0",
}  # fmt: skip


def test_every_cell_of_the_sample_county_is_taken(sample: County) -> None:
    rows = sample.table("sites")
    taken = sites_of(rows)
    assert not taken.refused
    assert sum(len(site.sectors) for site in taken.sites) == len(rows) > 2000
    assert set(taken.assumed) == {"bandwidth_mhz"}  # the table has no column of it


def test_what_is_missing_is_assumed_by_kind_and_said_so() -> None:
    bare = ROW | dict.fromkeys(("height_m", "tilt_deg", "power_dbm", "antenna"), "")
    (site,) = sites_of([bare]).sites
    (sector,) = site.sectors
    assert sector.assumed >= {"height_m", "electrical_tilt_deg", "power_dbm", "antenna"}
    assert (sector.height_m, sector.power_dbm, sector.antenna) == (25.0, 53.0, "mimo-64")
    low = sites_of([bare | {"band": "n28", "arfcn": "152650"}]).sites[0].sectors[0]
    assert (low.height_m, low.antenna) == (35.0, "panel-65-15")


def test_a_cell_without_azimuth_sends_all_around_and_360_is_0() -> None:
    nowhere = sites_of([ROW | {"azimuth_deg": "", "antenna": ""}]).sites[0].sectors[0]
    assert nowhere.antenna == "omni-2"
    assert "azimuth_deg" in nowhere.assumed
    assert sites_of([ROW | {"azimuth_deg": "360"}]).sites[0].sectors[0].azimuth_deg == 0.0


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"arfcn": "1300"}, "coverage.arfcn"),
        ({"band": "n999"}, "coverage.band"),
        ({"technology": "6G"}, "coverage.technology"),
        ({"azimuth_deg": "400"}, "coverage.number"),
        ({"height_m": "nan"}, "coverage.number"),
        ({"antenna": "yagi"}, "coverage.antenna"),
        ({"lon": ""}, "coverage.missing"),
        ({"in_service": "perhaps"}, "coverage.flag"),
        ({"bandwidth_mhz": "7"}, "coverage.bandwidth"),
        ({"sector": "2", "lat": "29.7"}, "coverage.site_moves"),
        ({}, "coverage.sector_twice"),
    ],
)
def test_a_row_that_cannot_be_is_refused_alone_with_its_number(
    wrong: dict[str, str], code: str
) -> None:
    taken = sites_of([ROW, ROW | wrong])
    assert [(number, why.code) for number, why in taken.refused] == [(2, code)]
    assert len(taken.sites) == 1
    assert taken.refused[0][1].text("zh")


@pytest.mark.parametrize(
    ("technology", "arfcn", "band", "mhz"),
    [
        (Technology.LTE, 1300, "B3", 1815.0), (Technology.LTE, 3683, "B8", 948.3), (Technology.LTE, 100, "B1", 2120.0),
        (Technology.LTE, 6400, "B20", 816.0), (Technology.NR, 152650, "n28", 763.25), (Technology.NR, 504990, "n41", 2524.95),
        (Technology.NR, 627264, "n77", 3408.96), (Technology.NR, 422890, "n1", 2114.45),
    ],
)  # fmt: skip
def test_channel_numbers_become_megahertz(
    technology: Technology, arfcn: int, band: str, mhz: float
) -> None:
    assert band_at(technology, arfcn).band == band
    assert downlink_mhz(band_of(band), arfcn) == pytest.approx(mhz)


def test_the_reference_signal_has_its_share_of_the_channel() -> None:
    (site,) = sites_of([ROW]).sites
    assert reference_dbm(site.sectors[0]) == pytest.approx(53 - 35.15, abs=0.005)  # 12 x 273
    told = sites_of([ROW | {"re_power_dbm": "9.2"}]).sites[0].sectors[0]
    assert reference_dbm(told) == 9.2


def test_customers_hear_the_networks_their_operator_shares() -> None:
    n28 = Carrier("CBN", Technology.NR, "n28", 152650)
    assert meant(n28, Which(operator="CMCC", technology=Technology.NR))
    assert not meant(n28, Which(operator="CUCC"))
    assert not meant(n28, Which(band="n41"))


BOX = Box(west_deg=117.7, south_deg=29.5, east_deg=118.0, north_deg=29.8)


@settings(max_examples=50)
@given(lon=st.floats(117.701, 117.999), lat=st.floats(29.501, 29.799))
def test_a_place_lies_in_the_cell_whose_middle_is_nearest(lon: float, lat: float) -> None:
    grid = grid_of(BOX)
    at = cell_of(grid, Place(lon, lat))
    assert at is not None
    rows, columns = cells_of(grid, *degrees_of(grid, *at))
    assert (int(rows), int(columns)) == at
    back_lon, back_lat = degrees_of(grid, *at)
    assert abs(float(back_lat) - lat) * 111_320 < 36
    assert abs(float(back_lon) - lon) * 97_000 < 36


def test_beside_the_grid_there_is_no_cell() -> None:
    assert cell_of(grid_of(BOX), Place(116.0, 29.6)) is None


def test_an_unknown_band_names_those_that_are_known() -> None:
    with pytest.raises(Refused, match="n28"):
        band_of("n5000")


def test_a_row_whose_numbers_are_swapped_is_told_so() -> None:
    ((number, refused),) = sites_of([ROW | {"lon": ROW["lat"], "lat": ROW["lon"]}]).refused
    assert (number, refused.code) == (1, "place.swapped")
    assert f"lon {float(ROW['lon'])}" in refused.text("en")
