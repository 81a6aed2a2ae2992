"""The fast prediction says what the slow, exact one says; a changed map is the map made anew."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers.coverage import pathloss
from layers.coverage.antenna import loss_db
from layers.coverage.bands import frequency_mhz, reference_dbm
from layers.coverage.coverage_map import PredictedMap
from layers.coverage.diffraction import Profile, bullington_db
from layers.coverage.grid import degrees_of
from layers.coverage.ground import Ground, classes, flat
from layers.coverage.model import ALL, NOBODY, Sector, Site, Technology, Which
from layers.coverage.pathloss import Link
from layers.coverage.predicted import predict
from layers.coverage.tables import antenna
from tests.layers.coverage.made_up import grid, network, rough, site
from vocabulary.place import Place

pytestmark = [pytest.mark.usefixtures("kernels"), pytest.mark.slow]


def exact_dbm(ground: Ground, sector: Sector, at: tuple[int, int], cell: tuple[int, int]) -> float:
    """Return the signal in a cell by the formulas alone: a straight profile, no ray, no hull, no byte."""
    m, cell_m = ground.margin, ground.grid.cell_m
    down, right = cell[0] - at[0], cell[1] - at[1]
    along_m = max(float(np.hypot(down, right)), 0.38) * cell_m
    steps = max(int(np.ceil(along_m / cell_m)), 1)
    share = np.linspace(0, 1, steps + 1)
    rows, columns = np.rint(at[0] + share * down).astype(int), np.rint(at[1] + share * right).astype(int)  # fmt: skip
    heights = ground.heights[rows + m, columns + m].astype(float)
    mast, mobile = heights[0] + sector.height_m, heights[-1] + 1.5
    mhz, link = frequency_mhz(sector), Link(sector.height_m, frequency_mhz(sector))
    over = bullington_db(Profile(share * along_m, heights, mast, mobile), mhz)
    land = classes()[ground.clutter[cell[0] + m, cell[1] + m]]
    one = np.array([along_m])
    los = getattr(pathloss, f"{land.environment}_los")(one, link)[0]
    nlos = getattr(pathloss, f"{land.environment}_nlos")(one, link)[0]
    chance = getattr(pathloss, f"{land.environment}_sight")(one)[0]
    loss = max(los + over, chance * los + (1 - chance) * nlos) + land.offset_db
    azimuth = np.degrees(np.arctan2(right, -down)) % 360
    angle = np.degrees(np.arctan2(mast - mobile, along_m))
    seen = loss_db(sector, np.array([azimuth]), np.array([angle]))[0]
    return float(reference_dbm(sector) + antenna(sector.antenna).gain_dbi - loss - seen)


@pytest.mark.parametrize("carrier", [0, 1])
def test_the_sweep_agrees_with_exact_profiles_over_rough_ground(carrier: int) -> None:
    on = grid(240)
    ground = rough(on, seed=5)
    one = site(on, 1, 120, 130, (carrier,), electrical_tilt_deg=3.0, mechanical_tilt_deg=4.0)
    made = PredictedMap(predict(ground, [one]), "x")
    state = made.state
    rng, off = np.random.default_rng(2), []
    for slot, sector in enumerate(state.squares.sectors):
        assert sector is not None
        square, half = state.squares.square(slot), int(state.squares.place[slot, 3])
        for _ in range(250):
            cell = int(rng.integers(0, on.shape[0])), int(rng.integers(0, on.shape[1]))
            if np.hypot(cell[0] - 120, cell[1] - 130) >= half:
                continue
            told = square[cell[0] - 120 + half, cell[1] - 130 + half] * 0.5 - 141
            off.append(told - max(exact_dbm(ground, sector, (120, 130), cell), -141.0))
    errors = np.array(off)
    # Straight profiles and rays meet other cells: next to ridges some decibels lie between them.
    assert abs(float(np.median(errors))) < 0.3
    assert abs(float(errors.mean())) < 0.4
    assert float(np.sqrt((errors**2).mean())) < 2.0
    assert float(np.quantile(np.abs(errors), 0.95)) < 3.0


def test_on_level_ground_the_two_agree_to_the_half_decibel() -> None:
    on = grid(160)
    one = site(on, 1, 80, 80)
    state = predict(flat(on), [one])
    sector, square = one.sectors[0], state.squares.square(0)
    for cell in ((80, 81), (40, 90), (79, 150), (20, 20), (150, 80)):
        told = square[cell[0] - 80 + 100, cell[1] - 80 + 100] * 0.5 - 141
        assert told == pytest.approx(exact_dbm(state.ground, sector, (80, 80), cell), abs=0.75)


def same(one: PredictedMap, other: PredictedMap) -> None:
    """Hold that two maps say the same of everything, to the last bit."""
    assert one.carriers() == other.carriers()
    assert one.left_out == other.left_out
    for which in (ALL, Which(operator="CMCC"), Which(technology=Technology.LTE), Which(band="n41")):
        assert (one.codes(which) == other.codes(which)).all()
        np.testing.assert_array_equal(one.sinr_db(which), other.sinr_db(which))
        assert (names(one, which) == names(other, which)).all()


def names(of: PredictedMap, which: Which) -> np.ndarray[tuple[int, ...], np.dtype[np.object_]]:
    known = np.array([one.id if one else "" for one in of.sectors] + ["nobody"], dtype=object)
    found: np.ndarray[tuple[int, ...], np.dtype[np.object_]] = known[of.best_server(which)]
    return found


ON = grid(120)
GROUND = rough(ON, seed=9)
SITES = st.builds(
    lambda number, row, column, carriers, height, works: site(
        ON, number, row, column, carriers, height_m=height, in_service=works
    ),
    st.integers(0, 6), st.integers(-30, 150), st.integers(-30, 170), st.sampled_from([(0,), (1,), (0, 1), (2, 1, 0)]),
    st.sampled_from([5.0, 15.0, 30.0, 45.0]), st.sampled_from([True, True, True, False]),
)  # fmt: skip


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    steps=st.lists(
        st.tuples(
            st.lists(SITES, max_size=2, unique_by=lambda one: one.id),
            st.sets(st.integers(0, 6), max_size=1),
        ),
        max_size=4,
    )
)
def test_after_any_changes_the_map_is_the_map_made_anew(
    steps: list[tuple[list[Site], set[int]]],
) -> None:
    begun = network(ON, 5)
    made = PredictedMap(predict(GROUND, begun), "x")
    made.sinr_db()  # so that the sums are kept up as well
    stand = {one.id: one for one in begun}
    for sites, gone in steps:
        leaving = [f"S{number:03d}" for number in gone]
        made.change(sites, leaving)
        stand = {key: one for key, one in stand.items() if key not in leaving}
        stand |= {one.id: one for one in sites}
    same(made, PredictedMap(predict(GROUND, list(stand.values())), "y"))


def test_a_site_named_twice_in_one_change_counts_once() -> None:
    # A site both taken away and put again was once silenced twice, which left its power in the sums.
    made = PredictedMap(predict(GROUND, network(ON, 5)), "x")
    made.sinr_db()
    new = site(ON, 2, 60, 60, (0, 1))
    made.change([site(ON, 2, 10, 10), new], ["S002", "S002"])
    others = [one for one in network(ON, 5) if one.id != "S002"]
    same(made, PredictedMap(predict(GROUND, [*others, new]), "y"))


def test_a_supposed_site_is_what_a_real_one_would_be_and_changes_nothing() -> None:
    made = PredictedMap(predict(GROUND, network(ON, 5)), "x")
    for number, row, column in ((2, 60, 70), (17, 10, 100), (18, 119, 0)):
        before = made.codes().copy()
        new = site(ON, number, row, column, (0, 1))
        told = made.what_if(new)
        assert (made.codes() == before).all()
        other = PredictedMap(predict(GROUND, list(made.sites)), "y")
        window = other.change([new])
        assert window == told.window
        np.testing.assert_array_equal(told.after_dbm, other.rsrp_dbm()[window.slices])
        outside = np.ones(ON.shape, dtype=bool)
        outside[window.slices] = False
        assert (other.codes()[outside] == before[outside]).all()


def test_a_sector_that_is_off_indoors_or_out_of_range_is_left_out_and_said_why() -> None:
    sites = [
        site(ON, 1, 50, 50, in_service=False),
        site(ON, 2, 60, 60, indoor=True),
        site(ON, 3, 70, 70, height_m=4.0),
        site(ON, 4, 900, 70),
        site(ON, 5, 80, 80),
    ]
    made = PredictedMap(predict(GROUND, sites), "x")
    assert {made.left_out[f"S{number:03d}/0/n41"] for number in (1, 2, 3, 4)} == {
        "out_of_service", "indoor", "coverage.model_range", "too_far_out",
    }  # fmt: skip
    assert set(names(made, ALL).ravel()) <= {*(one.id for one in sites[4].sectors), "nobody"}


def test_customers_hear_shared_carriers_and_a_place_tells_its_best_per_operator() -> None:
    made = PredictedMap(
        predict(GROUND, [site(ON, 1, 50, 50, (0, 1)), site(ON, 2, 60, 90, (2,))]), "x"
    )
    lon, lat = degrees_of(ON, 55, 60)
    heard = made.at(Place(float(lon), float(lat)), -105)
    assert [one.rsrp_dbm for one in heard] == sorted((one.rsrp_dbm for one in heard), reverse=True)
    assert {(one.operator, one.technology) for one in heard} >= {
        ("CMCC", "NR"),
        ("CMCC", "LTE"),
        ("CUCC", "LTE"),
    }
    best = next(one for one in heard if (one.operator, one.technology) == ("CMCC", "NR"))
    assert best.rsrp_dbm == made.rsrp_dbm(Which(operator="CMCC", technology=Technology.NR))[55, 60]
    assert best.sinr_db == pytest.approx(made.sinr_db(Which(band="n41"))[55, 60])
    assert best.chance == pytest.approx(made.chance(-105, Which(band="n41"))[55, 60], abs=1e-6)
    assert made.at(Place(100.0, 29.0), -105) == ()
    assert [one.operator for one in made.at(Place(float(lon), float(lat)), -105, ["CUCC"])] == [
        "CUCC"
    ]


def test_interference_lowers_the_ratio_only_on_the_same_carrier() -> None:
    alone = PredictedMap(predict(GROUND, [site(ON, 1, 50, 50)]), "x")
    other = PredictedMap(predict(GROUND, [site(ON, 1, 50, 50), site(ON, 2, 60, 90, (2,))]), "x")
    which = Which(band="n41")
    np.testing.assert_array_equal(alone.sinr_db(which), other.sinr_db(which))
    with_same = PredictedMap(predict(GROUND, [site(ON, 1, 50, 50), site(ON, 2, 60, 90)]), "x")
    mine = alone.best_server(which) == with_same.best_server(which)
    mine &= with_same.best_server(which) != NOBODY
    assert (with_same.sinr_db(which)[mine] <= alone.sinr_db(which)[mine]).all()
    assert (with_same.sinr_db(which)[mine] < alone.sinr_db(which)[mine] - 1).any()


def test_silence_is_nan_and_far_cells_are_flagged() -> None:
    on = grid(260)
    made = PredictedMap(predict(flat(on), [site(on, 1, 10, 10, (1,))]), "x")
    strength, flagged = made.rsrp_dbm(), made.extrapolated()
    assert np.isnan(strength[259, 259])
    assert not flagged[259, 259]
    assert flagged[10, 150]
    assert not flagged[10, 100]
