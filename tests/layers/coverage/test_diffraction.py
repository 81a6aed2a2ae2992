"""Bullington's method says what the ITU's own validation profiles say."""

import numpy as np
import pytest

from layers.coverage.diffraction import Profile, bullington_db, edge, knife_edge_db

# Profile, clutter and intermediate result "Lbulla" of the ITU-R SG3 validation data for P.1812, as carried in Py1812
# (github.com/eeveetza/Py1812, tests/validation_profiles/b2iseac_rural_land_10km.csv; I. Stevanovic, OFCOM). Numbers only.
KM = [*np.arange(0, 2.01, 0.2), *np.arange(2.5, 10.01, 0.5)]
GROUND = [
    754.4, 754.4, 729.9, 685.3, 634.3, 610.3, 601, 591.7, 530.4, 455.9, 385.1, 373.4, 358.5, 309, 316.6, 335.3, 408.1,
    532.7, 556.3, 556.3, 488.2, 367.7, 304.8, 292.6, 238.3, 265.1, 250.3,
]  # fmt: skip
CLUTTER = [*[10] * 12, 0, 0, 15, *[10] * 7, *[0] * 5]
EARTH_M = (
    3 * 6_371_000.0
)  # the results are those of the last step, which takes 3 earth radii: P.1812-6 (7b)
LOSS_DB = 28.44456493


def test_the_itu_profile_of_ten_kilometres_costs_what_the_itu_says() -> None:
    ground = np.array(GROUND) + np.array(CLUTTER)
    path = Profile(np.array(KM) * 1000, ground, 754.4 + 60, 250.3 + 7, EARTH_M)
    assert bullington_db(path, 95.3) == pytest.approx(LOSS_DB, abs=1e-8)


def test_one_edge_costs_what_an_edge_costs() -> None:
    # An edge in the middle that touches the line of sight: nu is 0, J is 6.02 dB (P.526-15 figure 9).
    assert knife_edge_db(np.array([0.0]))[0] == pytest.approx(6.03, abs=0.01)
    assert knife_edge_db(np.array([-0.78]))[0] == 0.0
    flat = Profile(np.array([0.0, 1000.0, 2000.0]), np.zeros(3), 1.0, 1.0, earth_m=1e15)
    assert edge(flat) == pytest.approx(-np.sqrt(2 * 2000 / 1e6))


def test_a_hill_between_costs_more_the_higher_it_is_and_the_higher_the_frequency() -> None:
    def loss(hill_m: float, mhz: float) -> float:
        along = np.linspace(0, 4000, 81)
        ground = hill_m * np.exp(-(((along - 2000) / 300) ** 2))
        return bullington_db(Profile(along, ground, 30.0, 1.5), mhz)

    assert loss(20, 2600) < loss(60, 2600) < loss(150, 2600)
    assert loss(60, 763) < loss(60, 2600) < loss(60, 3500)


def test_a_path_of_one_step_has_nothing_in_between() -> None:
    assert bullington_db(Profile(np.array([0.0, 50.0]), np.zeros(2), 30.0, 1.5), 2600) == 0.0
