"""Files in another frame than they say, or than they do not say: named and refused with what to declare, never guessed."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from county.importing.run import import_county
from county.store import load, read_layer
from tests.county import brought
from vocabulary.errors import Refused

pytestmark = pytest.mark.slow

PLACES = "poi.csv"


def edge(folder: Path) -> Path:
    return brought.geopackage(
        folder / "edge.gpkg", boundary=brought.boundary(), pois=brought.pois()
    )


def places(file: Path, lons: object, lats: object) -> Path:
    rows = zip(np.asarray(lons), np.asarray(lats), strict=True)
    text = "".join(
        f"{n},学校,{x!r},{y!r}\n" for n, (x, y) in enumerate((float(a), float(b)) for a, b in rows)
    )
    return brought.table(file, "name,kind,lon,lat\n" + text)


def refused(*sources: Path, home: Path, **how: object) -> Refused:
    with pytest.raises(Refused) as told:
        import_county(list(sources), home, **how)  # type: ignore[arg-type]
    for language in ("zh", "en"):
        assert told.value.text(language)
    return told.value


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_places_that_lie_beside_the_known_ones_are_refused_with_the_datum_to_declare(
    tmp_path: Path, datum: str
) -> None:
    shifted = shapely.get_coordinates(brought.moved(brought.pois(), datum).geometry)
    file = places(tmp_path / PLACES, shifted[:, 0], shifted[:, 1])
    told = refused(edge(tmp_path), file, home=tmp_path)
    assert told.code == "datum.offset"
    assert f"--datum {PLACES}={datum}" in told.text("zh")
    report = import_county([edge(tmp_path), file], tmp_path, datum={PLACES: datum})
    assert report.layer("pois").accepted == 600
    converted = next(note for note in report.notes if note.code == "county.note_converted")
    assert "±10 m" in converted.text("zh")
    kept = read_layer(load(tmp_path), "pois").geometry.to_numpy()
    truth = shapely.STRtree(brought.pois().geometry.to_numpy())
    _, away_deg = truth.query_nearest(kept, return_distance=True, all_matches=False)
    assert away_deg.max() * 111_000 < 0.1


def test_the_county_in_use_is_reference_enough(tmp_path: Path) -> None:
    import_county([edge(tmp_path)], tmp_path)
    alone = brought.geopackage(tmp_path / "alone.gpkg", boundary=brought.boundary())
    shifted = shapely.get_coordinates(brought.moved(brought.pois(), "gcj02").geometry)
    file = places(tmp_path / PLACES, shifted[:, 0], shifted[:, 1])
    assert refused(alone, file, home=tmp_path).values["likely"] == "gcj02"


def test_an_undeclared_file_that_nothing_tells_about_is_asked_for(tmp_path: Path) -> None:
    alone = brought.geopackage(tmp_path / "alone.gpkg", boundary=brought.boundary())
    file = places(tmp_path / PLACES, *brought.scattered(50, 7))
    told = refused(alone, file, home=tmp_path)
    assert told.code == "datum.undecided"
    assert "--datum" in told.text("en")
    assert import_county([alone, file], tmp_path, datum="wgs84").layer("pois").accepted == 50


def test_a_frame_in_the_file_s_name_counts_as_declared(tmp_path: Path) -> None:
    alone = brought.geopackage(tmp_path / "alone.gpkg", boundary=brought.boundary())
    shifted = shapely.get_coordinates(brought.moved(brought.pois(), "gcj02").geometry)
    file = places(tmp_path / "poi_GCJ02.csv", shifted[:, 0], shifted[:, 1])
    import_county([alone, file], tmp_path)
    kept = shapely.get_coordinates(read_layer(load(tmp_path), "pois").geometry)
    truth = shapely.get_coordinates(brought.pois().geometry)
    assert np.allclose(np.sort(kept, axis=0), np.sort(truth, axis=0), atol=1e-6)


def test_a_file_that_says_wgs84_and_is_not_is_refused(tmp_path: Path) -> None:
    lying = brought.moved(brought.pois(), "gcj02").set_crs("EPSG:4326")
    file = brought.geopackage(tmp_path / "more.gpkg", pois=lying)
    told = refused(edge(tmp_path), file, home=tmp_path)
    assert (told.code, told.values["likely"]) == ("datum.contradicted", "gcj02")
    report = import_county([edge(tmp_path), file], tmp_path, datum={"more.gpkg": "wgs84"})
    assert "datum.doubted" in [note.code for note in report.notes]


def test_a_name_and_a_declaration_that_differ_are_asked_about(tmp_path: Path) -> None:
    file = brought.geopackage(tmp_path / "pois_gcj02.gpkg", pois=brought.pois())
    assert refused(edge(tmp_path), file, home=tmp_path).code == "datum.two_words"


def test_swapped_columns_are_named(tmp_path: Path) -> None:
    lons, lats = brought.scattered(50)
    file = places(tmp_path / PLACES, lats, lons)
    assert refused(edge(tmp_path), file, home=tmp_path).code == "datum.swapped"
    assert refused(edge(tmp_path), file, home=tmp_path, datum="wgs84").code == "datum.swapped"


def test_metres_inside_a_geojson_are_named_with_their_zone(tmp_path: Path) -> None:
    metric = gpd.GeoDataFrame(brought.roads()).to_crs("EPSG:4548")
    file = brought.geojson(tmp_path / "roads.geojson", metric)
    told = refused(edge(tmp_path), file, home=tmp_path)
    assert (told.code, told.values["likely"]) == ("datum.projected", "epsg:4548")
    report = import_county([edge(tmp_path), file], tmp_path, datum={"roads.geojson": "epsg:4548"})
    assert report.layer("roads").accepted == 60


def test_a_file_of_another_county_is_refused(tmp_path: Path) -> None:
    lons, lats = brought.scattered(50)
    file = places(tmp_path / PLACES, lons - 10, lats + 5)
    for how in ({}, {"datum": "wgs84"}):
        assert refused(edge(tmp_path), file, home=tmp_path, **how).code == "datum.outside"


def test_single_rows_at_zero_swapped_or_empty_are_left_out_by_number(tmp_path: Path) -> None:
    lons, lats = brought.scattered(60)
    lons[3] = lats[3] = 0.0
    lons[7], lats[7] = lats[7], lons[7]
    lons[9] = np.nan
    file = places(tmp_path / PLACES, lons, lats)
    report = import_county([edge(tmp_path), file], tmp_path, datum="wgs84").layer("pois")
    assert report.rows == {"no_position": [11], "zero": [5], "swapped": [9]}


def test_an_old_survey_frame_is_refused_before_it_is_shifted_wrongly(tmp_path: Path) -> None:
    old = gpd.GeoDataFrame(brought.roads()).set_crs("EPSG:4610", allow_override=True)
    file = brought.geopackage(tmp_path / "roads.gpkg", roads=old)
    assert refused(edge(tmp_path), file, home=tmp_path).code == "datum.old_frame"


def test_a_datum_nobody_knows_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.csv", home=tmp_path, datum="gcj-03").code == "datum.unknown"


def test_towns_drawn_in_another_frame_than_the_boundary_are_named(tmp_path: Path) -> None:
    angle = np.linspace(0, 2 * np.pi, 120)
    radius = 0.05 * (1 + 0.2 * np.sin(5 * angle))
    x, y = brought.MIDDLE
    ring = shapely.Polygon(
        np.stack([x + radius * np.cos(angle), y + radius * np.sin(angle)], axis=1)
    )
    west = shapely.intersection(ring, shapely.box(x - 1, y - 1, x, y + 1))
    halves = [west, shapely.difference(ring, west)]
    county = brought.geopackage(
        tmp_path / "edge.gpkg", boundary=brought.frame({"name": ["试县"]}, [ring])
    )
    towns = brought.moved(brought.frame({"name": ["甲镇", "乙镇"]}, halves), "gcj02")
    file = brought.geojson(tmp_path / "towns.geojson", towns)
    assert refused(county, file, home=tmp_path).values["likely"] == "gcj02"
    import_county([county, file], tmp_path, datum="gcj02")
    assert len(load(tmp_path).towns) == 2
