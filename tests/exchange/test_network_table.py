"""Fixed networks as they are brought: Chinese columns and GeoJSON alike, a wrong row alone refused."""

import json

import pytest

from exchange.network_table import NetworkReading, read_network
from vocabulary.errors import Refused
from vocabulary.place import Place

HEAD = "编号,名称,类型,经度,纬度,户数,千兆覆盖户数,千兆用户数,百兆覆盖户数,百兆用户数"
GOOD = "V1,石门村,村,117.9,29.5,100,80,20,100,60"


def inside(place: Place) -> bool:
    return place.lon_deg > 100


def broadband(*rows: str) -> NetworkReading:
    return read_network("broadband", "宽带.csv", "csv", "\n".join([HEAD, *rows]), inside)


def test_a_village_is_read_with_chinese_columns() -> None:
    (village,) = broadband(GOOD).communities
    assert (village.kind, village.households, village.gigabit_reached) == ("village", 100, 80)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("100,80,20", "100,180,20"), "radio.network_count"),
        (("80,20,", "80,81,"), "radio.network_count"),
        (("100,80", "很多,80"), "radio.network_count"),
        (("117.9", "17.9"), "radio.network_outside"),
        (("117.9", "东"), "place.not_a_number"),
        (("石门村", ""), "coverage.missing"),
    ],
)
def test_a_row_that_is_not_right_is_refused_alone(change: tuple[str, str], code: str) -> None:
    reading = broadband(GOOD.replace("V1", "V0").replace(*change), GOOD, GOOD)
    assert [why.code for _, why in reading.refused] == [code, "radio.network_twice"]
    assert [line for line, _ in reading.refused] == [2, 4]
    assert len(reading.communities) == 1


def test_backbone_links_come_as_a_path_or_as_geojson() -> None:
    text = "id,name,kind,ring,path\nL1,一号,链路,环一,117.9 29.5;118 29.6\nL2,二号,link,,117.9\nN1,机房,站,,"
    reading = read_network("backbone", "b.csv", "csv", text, inside)
    assert [part.geometry["coordinates"] for part in reading.parts] == [[[117.9, 29.5], [118, 29.6]]]  # fmt: skip
    assert [why.code for _, why in reading.refused] == ["radio.network_shape", "radio.network_kind"]
    feature = {
        "type": "Feature", "geometry": {"type": "Point", "coordinates": [117.9, 29.5]},
        "properties": {"id": "N1", "name": "机房", "kind": "node", "ring": "环一"},
    }  # fmt: skip
    whole = json.dumps({"type": "FeatureCollection", "features": [feature]})
    (node,) = read_network("backbone", "b.geojson", "geojson", whole, inside).parts
    assert (node.kind, node.ring, node.in_service) == ("node", "环一", True)


@pytest.mark.parametrize(("form", "text"), [("csv", ""), ("csv", "a,b\n1,2"), ("geojson", "{}"), ("geojson", "x")])  # fmt: skip
def test_what_is_no_table_is_refused_whole(form: str, text: str) -> None:
    with pytest.raises(Refused):
        read_network("broadband", "x", form, text, inside)
