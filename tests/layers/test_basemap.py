"""The base map's style: everything painted exists, the relief is coloured as the theme says, words come out in Chinese."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pyogrio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from county.importing import kinds
from county.model import County
from layers import basemap, basemap_icons, basemap_relief, basemap_roads
from layers.basemap_theme import THEMES
from vocabulary.errors import Refused


@pytest.fixture(scope="module")
def style(sample: County, tmp_path_factory: pytest.TempPathFactory) -> ET.Element:
    xml = basemap.prepare(sample, "dark", tmp_path_factory.mktemp("prepared"))
    return ET.fromstring(xml)  # noqa: S314 - our own words


def test_every_layer_draws_a_table_the_county_has_with_styles_that_exist(
    style: ET.Element, sample: County
) -> None:
    tables = {name for name, _ in pyogrio.list_layers(sample.geopackage)}
    styles = {each.get("name") for each in style.findall("Style")}
    drawn = [p.text for p in style.iterfind("Layer/Datasource/Parameter[@name='layer']")]
    assert drawn
    assert set(drawn) <= tables
    assert {each.text for each in style.iterfind("Layer/StyleName")} <= styles


def test_every_file_the_style_names_is_there(style: ET.Element) -> None:
    named = [each.get("file") for each in style.iter() if each.get("file")]
    named += [p.text for p in style.iterfind("Layer/Datasource/Parameter[@name='file']")]
    assert len(named) > 20
    assert all(Path(str(each)).is_file() for each in named)


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_every_kind_the_importer_makes_has_its_colour(theme) -> None:  # type: ignore[no-untyped-def]
    assert {kind.name for kind in kinds.LANDCOVER} <= set(theme.cover)
    assert {kind.name for kind in kinds.ROADS} == set(theme.road) == set(basemap_roads.WIDTHS)
    assert {kind.name for kind in kinds.POIS} <= set(basemap_icons.MARKS)
    assert {mark.group for mark in basemap_icons.MARKS.values()} == set(theme.mark)
    assert set(basemap_roads.CASED_FROM) <= set(theme.casing)


def test_roads_grow_with_the_zoom_and_greater_ones_are_wider() -> None:
    for widths in basemap_roads.WIDTHS.values():
        in_order = [widths[zoom] for zoom in sorted(widths)]
        assert in_order == sorted(in_order)
    for zoom in range(12, 19):
        ranked = [
            basemap_roads.WIDTHS[name][zoom]
            for name in ("residential", "tertiary", "secondary", "primary", "trunk", "motorway")
        ]
        assert ranked == sorted(ranked)


def test_a_theme_that_is_not_there_is_refused(sample: County, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        basemap.prepare(sample, "sepia", tmp_path)
    assert refused.value.status == 404
    assert "dark" in refused.value.text("zh")


def test_flat_ground_is_left_as_it_is_by_the_shading() -> None:
    for theme in THEMES.values():
        colours = basemap_relief.table(theme.shade)
        assert colours[127, 3] == 0
        assert colours[0, 3] > 0.2 < colours[0:100, 3].max()
        assert np.all(np.diff(colours[:128, 3]) <= 1e-6)


@given(st.lists(st.floats(0, 1, width=16), min_size=8, max_size=8))
def test_laying_colours_over_each_other_stays_a_colour(parts: list[float]) -> None:
    front, back = np.array([parts[:4]], dtype=np.float32), np.array([parts[4:]], dtype=np.float32)
    laid = basemap_relief.over(front, back).astype(int)[0]
    assert laid[3] >= max(round(float(front[0, 3]) * 255), round(float(back[0, 3]) * 255)) - 1
    assert (laid[:3] <= laid[3] + 1).all()  # multiplied by alpha


def test_the_marks_are_drawn_as_valid_svg_in_the_themes_colours(tmp_path: Path) -> None:
    basemap_icons.write(tmp_path, THEMES["light"])
    hospital = ET.fromstring((tmp_path / "hospital.svg").read_text("utf-8"))  # noqa: S314 - our own words
    assert hospital.tag.endswith("svg")
    assert THEMES["light"].mark["health"] in (tmp_path / "hospital.svg").read_text("utf-8")
    assert all(re.match(r"<svg ", file.read_text("utf-8")) for file in tmp_path.glob("*.svg"))
