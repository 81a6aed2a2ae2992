"""Turn restrictions come out of an extract with their members' roles, and what is not supported is counted, never dropped."""

from pathlib import Path

import pytest
import shapely

from county.importing.extract import restrictions
from county.importing.report import LayerReport
from county.importing.run import import_county
from county.roads.build import road_graph
from county.store import load, read_layer
from vocabulary.errors import Refused

COUNTY = shapely.box(119.9, 28.9, 120.1, 29.1)
NODES = """<node id="1" version="1" lon="120.0000001" lat="29.0000003"/>
<node id="2" version="1" lon="120.001" lat="29.0"/>
<node id="9" version="1" lon="121.5" lat="29.0"/>"""


def relation(kind: str, *members: tuple[str, str, int], **tags: str) -> str:
    inside = "".join(
        f'<member type="{of}" ref="{ref}" role="{role}"/>' for role, of, ref in members
    )
    told = {"type": "restriction", "restriction": kind, **tags}
    inside += "".join(f'<tag k="{name}" v="{value}"/>' for name, value in told.items() if value)
    relation.number += 1  # type: ignore[attr-defined]
    return f'<relation id="{relation.number}" version="1">{inside}</relation>'  # type: ignore[attr-defined]


relation.number = 0  # type: ignore[attr-defined]
FROM, TO, VIA = ("from", "way", 10), ("to", "way", 20), ("via", "node", 1)


def taken(folder: Path, *relations: str) -> tuple[list[tuple[str, str, str]], LayerReport]:
    file = folder / "small.osm"
    text = f'<?xml version="1.0"?><osm version="0.6">{NODES}{"".join(relations)}</osm>'
    file.write_text(text, "utf-8")
    report = LayerReport("turn_restrictions")
    layer = restrictions.take(file, COUNTY, report)
    rows = zip(layer["from_way"], layer["to_way"], layer["kind"], strict=True)
    return [(str(a), str(b), str(kind)) for a, b, kind in rows], report


def test_a_restriction_keeps_who_comes_from_where_and_goes_whither(tmp_path: Path) -> None:
    rows, report = taken(tmp_path, relation("no_left_turn", TO, VIA, FROM))
    assert rows == [("10", "20", "no_left_turn")]
    assert (report.accepted, report.refused) == (1, {})


def test_several_ways_one_may_not_enter_from_are_as_many_restrictions(tmp_path: Path) -> None:
    rows, _ = taken(tmp_path, relation("no_entry", FROM, ("from", "way", 11), TO, VIA))
    assert rows == [("10", "20", "no_entry"), ("11", "20", "no_entry")]


@pytest.mark.parametrize(
    ("why", "written"),
    [
        ("via_way", relation("no_u_turn", FROM, ("via", "way", 30), TO)),
        ("kind", relation("", FROM, VIA, TO, **{"restriction:hgv": "no_left_turn"})),
        ("kind", relation("no_flying", FROM, VIA, TO)),
        ("exempt", relation("no_left_turn", FROM, VIA, TO, **{"except": "psv;emergency"})),
        ("members", relation("no_left_turn", FROM, VIA)),
        ("members", relation("no_left_turn", FROM, ("from", "way", 11), VIA, TO)),
        ("outside", relation("no_left_turn", FROM, ("via", "node", 9), TO)),
        ("outside", relation("no_left_turn", FROM, ("via", "node", 404), TO)),
    ],
)
def test_what_is_not_taken_is_counted_by_its_reason(tmp_path: Path, why: str, written: str) -> None:
    rows, report = taken(tmp_path, relation("only_right_turn", FROM, VIA, TO), written)
    assert len(rows) == 1
    assert report.refused == {why: 1}


def test_a_file_that_is_no_extract_is_refused_by_its_name(tmp_path: Path) -> None:
    file = tmp_path / "broken.osm"
    file.write_text("<osm><node", "utf-8")
    with pytest.raises(Refused) as refused:
        restrictions.take(file, COUNTY, LayerReport("turn_restrictions"))
    assert refused.value.values["file"] == "broken.osm"


@pytest.mark.realdata
def test_liechtenstein_s_restrictions_are_found_on_its_roads(
    real_data: Path, tmp_path: Path
) -> None:
    report = import_county([real_data / "osm" / "liechtenstein.osm.pbf"], tmp_path)
    assert report.layer("turn_restrictions").accepted == 3
    county = load(tmp_path)
    kinds = set(read_layer(county, "turn_restrictions")["kind"])
    assert kinds == {"no_left_turn", "only_right_turn", "no_u_turn"}
    graph = road_graph(county)
    assert graph.unused_restrictions == 1  # it begins on a way in the next country
    assert graph.link_nodes > len(graph.nodes_wgs84)
