"""Corrections from measurements find what the truth was made with, and are judged on ground they have not seen."""

from dataclasses import replace

import numpy as np
import pytest

from layers.coverage.calibration import calibrate, held_out
from layers.coverage.comparison import Compared, compare, geojson
from layers.coverage.coverage_map import PredictedMap
from layers.coverage.grid import degrees_of
from layers.coverage.ground import Ground
from layers.coverage.measured import Measurements
from layers.coverage.model import Which
from layers.coverage.predicted import predict
from tests.layers.coverage.made_up import grid, network, rough

pytestmark = pytest.mark.usefixtures("kernels")

ON = grid(160)
GROUND = rough(ON, seed=9)
# The truth of this world: what each class of land costs on n41 beyond what is taken for it.
TRUE = (6.0, 0.0, 0.0, 14.0, 0.0, -4.0, 0.0, 0.0)
NOISE_DB = 6.0


def truth(ground: Ground) -> tuple[PredictedMap, PredictedMap]:
    sites = network(ON, 8)
    return (
        PredictedMap(predict(ground, sites), "x"),
        PredictedMap(predict(ground, sites, {"n41": TRUE}), "true"),
    )


def driven(of: PredictedMap, count: int = 6000, strays: int = 0) -> Measurements:
    """Return what cars would measure of n41 in this world: noise, and some rows of a wrong cell."""
    rng = np.random.default_rng(4)
    rows, columns = rng.integers(0, ON.shape[0], count), rng.integers(0, ON.shape[1], count)
    level = of.rsrp_dbm(Which(band="n41"))[rows, columns] + rng.normal(0, NOISE_DB, count)
    level[:strays] = -60.0
    heard = np.isfinite(level) & (level > -138)
    lon, lat = degrees_of(ON, rows[heard], columns[heard])
    many = np.ones(int(heard.sum()), dtype=np.int64)
    return Measurements(
        lon, lat, level[heard].astype(float), many * 5, many * 0, (("", "NR", "n41"),)
    )


def test_offsets_of_the_truth_are_found_and_shown_on_unseen_ground() -> None:
    guess, real = truth(GROUND)
    compared = compare(guess, driven(real, strays=150))
    found = calibrate(compared, ON.cell_m)
    for number in (0, 3, 5):
        assert found.corrections["n41"][number] == pytest.approx(TRUE[number], abs=2.0)
    (band,) = found.bands
    assert band.held_out_before.rmse_db > 9
    assert band.held_out_after.rmse_db == pytest.approx(NOISE_DB, abs=1.2)
    assert abs(band.held_out_after.bias_db) < 0.8
    assert found.sigma_db == pytest.approx(NOISE_DB, abs=1.2)
    assert found.strays >= 80
    again = PredictedMap(
        predict(GROUND, guess.sites, found.corrections), "again", found.sigma_db or 8.0
    )
    assert (
        np.nanmedian(np.abs(again.rsrp_dbm(Which(band="n41")) - real.rsrp_dbm(Which(band="n41"))))
        < 1.5
    )


def test_what_is_held_out_are_whole_squares_and_about_a_quarter() -> None:
    rows, columns = (axis.ravel() for axis in np.indices((400, 400)))
    zeros = np.zeros(len(rows))
    every = Compared(
        rows, columns, zeros.astype(np.uint8), zeros.astype(str), zeros, zeros, zeros, rows, 0, 0
    )
    held = held_out(every, 50.0).reshape(20, 20, 20, 20).swapaxes(1, 2).reshape(400, -1)
    assert (held.all(axis=1) | ~held.any(axis=1)).all()
    assert 0.15 < held.mean() < 0.35


def test_a_band_with_few_cells_is_left_as_it_is_and_said_so() -> None:
    guess, real = truth(GROUND)
    few = driven(real, 20)
    found = calibrate(compare(guess, few), ON.cell_m, {"n41": TRUE})
    assert found.corrections == {"n41": TRUE}
    assert list(found.left) == ["n41"]
    assert found.sigma_db is None


def test_measured_over_predicted_counts_what_cannot_be_compared_and_goes_on_the_map() -> None:
    guess, real = truth(GROUND)
    some = driven(real, 200)
    far = replace(some, lon_deg=np.where(np.arange(len(some)) < 7, 100.0, some.lon_deg))
    compared = compare(guess, far)
    assert compared.outside == 7
    assert len(compared) <= len(some) - 7
    shown = geojson(compared, guess)
    first = shown["features"][0]
    assert len(shown["features"]) == len(compared)
    assert first["properties"]["difference_db"] == pytest.approx(
        first["properties"]["measured_dbm"] - first["properties"]["predicted_dbm"], abs=0.11
    )
    nobody = compare(guess, replace(some, lon_deg=some.lon_deg + 50))
    assert (len(nobody), nobody.outside) == (0, len(some))
    assert calibrate(nobody, ON.cell_m).corrections == {}
