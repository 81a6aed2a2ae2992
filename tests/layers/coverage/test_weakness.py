"""Weak areas and shares: every person, square kilometre and road counted once, by hand on a county of two towns."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from county.model import Town
from layers.coverage import weakness
from layers.coverage.atlas import Atlas, Layer, which_of
from layers.coverage.imagined import Choice, effect_of, site_of
from layers.coverage.model import Grid, Technology, Which
from layers.coverage.outages.model import Struck
from layers.coverage.settlement import Settlement
from layers.coverage.silenced import as_they_send, silenced, struck_by
from layers.coverage.thresholds import TABLE, read_scales, shipped_scales
from tests.layers.coverage import made_up
from tests.layers.coverage.plain_map import PlainMap, standing
from vocabulary.errors import Refused

ON = made_up.grid(60)
SCALES = shipped_scales()


def under(on: Grid = ON) -> Settlement:
    """Two towns side by side, a cell's margin outside; a person in every cell; one road along row 10."""
    wide = on.shape[1]
    town = np.zeros(on.shape, dtype=np.int16)
    town[1:-1, 1 : wide // 2], town[1:-1, wide // 2 : -1] = 1, 2
    towns = tuple(
        Town(id=str(n), name_zh=f"{n}镇", name_en=f"Town {n}", boundary_wgs84=shapely.Point(0, 0))
        for n in (1, 2)
    )
    road = 10 * wide + np.arange(1, wide - 1)
    return Settlement(
        grid=on, towns=towns, town=town, people=(town > 0).astype(np.float32),
        road_cell=road.astype(np.int64), road_m=np.full(len(road), 50.0),
    )  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_every_cell_person_and_metre_is_counted_once(seed: int) -> None:
    ground = under()
    rng = np.random.default_rng(seed)
    codes = np.where(ground.inside, rng.integers(1, 6, ON.shape), 0).astype(np.uint8)
    county, *towns = weakness.figures(codes, ground, 5, 3)
    assert county.people == ground.people.sum() == sum(one.people for one in towns)
    assert county.area_km2 == pytest.approx(ground.inside.sum() * 0.0025)
    assert county.road_km == pytest.approx(ground.road_m.sum() / 1000)
    weak = (codes >= 4) & ground.inside
    assert county.weak(county.people_of) == weak.sum()
    assert county.share(county.people_of) == pytest.approx(1 - weak.sum() / ground.inside.sum())


def test_a_weak_area_has_the_cells_people_and_road_that_lie_in_it_and_small_ones_are_left_out() -> (
    None
):
    ground = under()
    codes = np.where(ground.inside, 1, 0).astype(np.uint8)
    codes[5:15, 5:15] = 5  # 100 cells, ten of them on the road
    codes[30:32, 30:32] = 4  # four cells: noise
    (area,) = weakness.weak_areas(codes, ground, 5, 3)
    assert (area.town.id, area.people, area.unserved_share) == ("1", 100.0, 1.0)
    assert area.area_km2 == pytest.approx(0.25)
    assert area.road_km == pytest.approx(0.5)
    assert area.polygon_wgs84.is_valid


def test_where_nothing_is_heard_is_the_last_class_and_outside_is_none() -> None:
    scale = SCALES["4G"]
    told = scale.codes(np.array([-60, -85, -85.1, -104.9, -105.1, -116, np.nan], dtype=np.float32))
    assert told.tolist() == [1, 1, 2, 3, 4, 5, 5]
    assert scale.weak_below_dbm == -105
    assert scale.grade(float("nan")).name == "none"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("4G,fair,-105,0", "4G,fair,-90,0"), "radio.threshold_order"),
        (("4G,fair,-105,0", "4G,fair,x,0"), "radio.threshold_value"),
        (("4G,fair,-105,0", "6G,fair,-105,0"), "radio.technology"),
        (("4G,fair,-105,0", "4G,,-105,0"), "radio.threshold_empty"),
    ],
)
def test_a_table_of_thresholds_that_is_not_right_says_where(
    change: tuple[str, str], code: str
) -> None:
    text = Path(TABLE).read_text("utf-8").replace(*change)
    with pytest.raises(Refused) as refused:
        read_scales("own.csv", text)
    assert refused.value.code == code
    assert refused.value.text("zh") != refused.value.text("en")


def atlas() -> Atlas:
    one = standing(made_up.site(ON, 1, 30, 20, carriers=(0, 1)), ON, 30, 20)
    return Atlas(PlainMap(ON, [one]), under(), SCALES)


def test_all_technologies_are_the_better_of_both() -> None:
    made = atlas()
    both, lte, nr = (
        made.codes(Layer("rsrp", Which(operator="CMCC", technology=which)))
        for which in (None, Technology.LTE, Technology.NR)
    )
    assert (both == np.minimum(lte, nr)).all()
    assert not both[~made.under.inside].any()


def test_what_no_carrier_fits_is_refused_and_says_what_was_asked() -> None:
    for ask in (which_of("CTCC", "", ""), which_of("CMCC", "4G", "n78")):
        with pytest.raises(Refused, match=r"No carrier|CTCC|n78") as refused:
            atlas().figures(ask)
        assert refused.value.code == "radio.no_carrier"
    with pytest.raises(Refused):
        which_of("", "3G", "")
    with pytest.raises(Refused):
        Layer("beauty", Which())


def test_an_outage_tells_who_loses_all_signal_and_what_sends_on_is_not_touched() -> None:
    made = atlas()
    (site,) = made.map.sites
    struck = struck_by(made.map, silenced(site, ()), ["CMCC"], made.under, [], SCALES)
    heard = np.nan_to_num(made.map.rsrp_dbm(Which(operator="CMCC")), nan=-999) >= -115
    assert struck == Struck(
        people=int((heard & made.under.inside).sum()),
        area_km2=round((heard & made.under.inside).sum() * 0.0025, 2),
        cut_off=(),
        without_any=int((heard & made.under.inside).sum()),
    )
    one_cell = silenced(site, (site.sectors[0].id,))
    assert struck_by(made.map, one_cell, ["CMCC"], made.under, [], SCALES).people == 0
    assert as_they_send([site], []) == [site]


def test_a_site_that_is_tried_out_changes_figures_but_not_the_map() -> None:
    made = atlas()
    choice = Choice(
        place=standing(made.map.sites[0], ON, 30, 60).place, operator="CMCC", bands=("n41",),
        height_m=30, tilt_deg=4, azimuths_deg=(0, 120, 240),
    )  # fmt: skip
    before = made.version
    effect = effect_of(made, site_of(choice, made), Which(operator="CMCC"))
    assert made.version == before
    assert sum(effect.people_before) == pytest.approx(sum(effect.people_after))
    assert sum(effect.people_after[:3]) > sum(effect.people_before[:3])
    assert {2} <= set(np.unique(effect.laid.codes).tolist()) <= {0, 1, 2}
    with pytest.raises(Refused):
        site_of(replace(choice, bands=("n999",)), made)


def test_every_threshold_tells_its_source_in_both_languages() -> None:
    for scale in shipped_scales().values():
        for grade in scale.grades:
            assert all(grade.told("en"))
            assert all(ord(sign) < 0x3000 for word in grade.told("en") for sign in word)
            assert grade.told("zh") != grade.told("en")
