"""Devices as offices bring them: good rows in, each bad one with its reason, wrong positions above all."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from county.locate import Locator
from exchange.device_tables import read_devices
from exchange.sheet import Sheet
from incidents.rulebook import shipped_tables
from runtime.device_import import import_devices
from runtime.home import open_journal
from storage.devices import load_registry
from storage.engine import open_store, store_url
from storage.journal import Journal
from storage.schema import prepare_schema
from tests.clocks import ManualClock
from tests.sensors.office import ground
from vocabulary.errors import Refused
from vocabulary.place import Place

HEAD = "device_id,name,kind,channel,unit,lon,lat,department,period_s,low,high,gateway,protocol,address,factor"
BEIJING = (115.4, 39.4, 117.6, 41.1)


class Edge:
    """A county as a box."""

    def __init__(self, box: tuple[float, float, float, float] = (120, 30, 121, 31)) -> None:
        self.box = box

    def place_inside(self, lon_deg: float, lat_deg: float) -> Place:
        west, south, east, north = self.box
        place = Place(lon_deg, lat_deg)
        if not (west <= lon_deg <= east and south <= lat_deg <= north):
            raise Refused("place.off_the_globe", field="lon", value=lon_deg, limit=east)
        return place


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    store = open_store(store_url("", tmp_path))
    prepare_schema(store)
    opened = open_journal(store, ManualClock())
    yield opened
    opened.stop()
    store.close()


def sheet_of(text: str, name: str = "d.csv") -> Sheet:
    return Sheet(name=name, form="csv", content=text.encode())


def read(*rows: str) -> tuple[list[str], list[str]]:
    sheet = sheet_of("\n".join([HEAD, *rows]))
    found = read_devices(sheet, shipped_tables().departments, Edge().place_inside)
    wished = [f"{one.device.id}/{one.name}" for one in found.wished]
    return wished, [one.text("en") + one.text("zh") for _, one in found.refused]


def test_a_device_without_a_channel_has_all_of_its_kind() -> None:
    wished, refused = read("a1,空气站,air,,,120.5,30.5,environment,,,,,,,")
    assert wished == ["a1/pm25", "a1/pm10", "a1/so2", "a1/no2", "a1/co", "a1/o3"]
    assert refused == []


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ("a1,x,spaceship,,,120.5,30.5,,,,,,,,", "kind"),
        ("a1,x,air,pm25,mg/L,120.5,30.5,,,,,,,,", "ug/m3"),
        ("a1,x,air,pm25,,0,0,,,,,,,,", "0.0, 0.0"),
        ("a1,x,air,pm25,,,30.5,,,,,,,,", "lon"),
        ("a1,x,air,pm25,,east,30.5,,,,,,,,", "east"),
        ("a1,x,air,pm25,,120.5,30.5,nobody,,,,,,,", "nobody"),
        ("a1,x,air,pm25,,120.5,30.5,,0,,,,,,", "period_s"),
        ("a1,x,air,pm25,,120.5,30.5,,,9,3,,,,", "low"),
        ("a 1,x,air,pm25,,120.5,30.5,,,,,,,,", "device_id"),
        ("a1,x,air,depth,,120.5,30.5,,,,,,,,", "pm25, pm10"),
        (f"a1,{'x' * 121},air,pm25,,120.5,30.5,,,,,,,,", "120"),
        ("a1,x,air,pm25,,120.5,30.5,,,,,,hj-212,M1,", "hj212"),
        ("a1,x,air,pm25,,120.5,30.5,,,,,,hj212,,", "address"),
        ("a1,x,air,,,120.5,30.5,,,,,,hj212,M1,a34004", "channel"),
        ("a1,x,air,pm25,,120.5,30.5,,,,,a1,,,", "gateway"),
        ("a1,x\0y,air,pm25,,120.5,30.5,,,,,,,,", "x�y"),
    ],
)
def test_a_bad_row_is_refused_by_its_cell_and_the_others_stand(row: str, word: str) -> None:
    wished, refused = read(row, "b1,y,noise,level_a,,120.5,30.5,,,,,,,,")
    assert wished == ["b1/level_a"]
    assert len(refused) == 1
    assert word in refused[0]


def test_the_same_file_again_changes_nothing_and_a_new_limit_changes_one(
    journal: Journal, tmp_path: Path
) -> None:
    rows = [
        HEAD,
        "r1,河道水位计,river_level,level,m,120.5,30.5,,300,,3.2,gw,hj212,MN1,w1",
        "r2,河道水位计,river_level,level,m,120.5,30.5,,300,,3.2,,,,",
    ]
    file = tmp_path / "d.csv"
    file.write_text("\n".join(rows), "gb18030")
    first = import_devices(journal, Edge(), shipped_tables(), file)
    again = import_devices(journal, Edge(), shipped_tables(), file)
    file.write_text("\n".join(rows).replace("3.2,,,,", "3.5,,,,"), "utf-8")
    third = import_devices(journal, Edge(), shipped_tables(), file)
    assert (first.new, again.same, third.changed, third.same) == (2, 2, 1, 1)
    registry = journal.read_blocking(load_registry)
    assert registry.find("hj212", "MN1", "w1") == registry.find("mqtt", "r1", "level")
    assert [device.id for device in registry.behind("gw")] == ["r1"]
    assert registry.channels_of("r2")[0].high == 3.5


def test_two_numbers_that_lie_in_the_county_only_the_other_way_round_are_named_as_swapped() -> None:
    county = ground().county
    middle = county.center
    row = f"a1,空气站,air,,,{middle.lat_deg},{middle.lon_deg},environment,,,,,,,"
    text, departments = f"{HEAD}\n{row}", shipped_tables().departments
    found = read_devices(sheet_of(text), departments, Locator(county).place_inside)
    ((_, refused),) = found.refused
    assert "seem to be swapped" in refused.text("en")


@pytest.mark.realdata
def test_beijings_own_station_files_have_no_position_of_beijing_and_its_list_has(
    real_data: Path,
) -> None:
    rows = []
    folder = real_data / "sensors" / "beijing_air"
    for file in sorted(folder.glob("[A-Z]*.csv")):
        with file.open(encoding="utf-8") as stream:
            row = next(csv.DictReader(stream))
        rows.append(f"{row['station']},air,pm25,{row['long']},{row['lat']}")
    text = "\n".join(["station,kind,channel,long,lat", *rows])
    departments = shipped_tables().departments
    wrong = read_devices(sheet_of(text, "files"), departments, Edge(BEIJING).place_inside)
    assert (len(wrong.wished), len(wrong.refused)) == (0, 12)
    assert all(one.code.startswith("sensors.bad_device") for _, one in wrong.refused)
    with (folder / "stations.csv").open(encoding="utf-8") as stream:
        right = [
            f"{row['station']},air,pm25,{row['lon']},{row['lat']}" for row in csv.DictReader(stream)
        ]
    text = "\n".join(["station,kind,channel,lon,lat", *right])
    found = read_devices(sheet_of(text, "stations"), departments, Edge(BEIJING).place_inside)
    assert (len(found.wished), found.refused) == (12, [])
