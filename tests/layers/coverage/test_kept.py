"""A prediction is made once for its content, by a process of its own, and read again as it was."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from county.model import County
from layers.coverage import corrected, kept
from layers.coverage.coverage_map import PredictedMap
from layers.coverage.model import ALL, Which
from layers.coverage.predicted import predict
from layers.coverage.reach import Reach
from layers.coverage.site_rows import sites_of
from tests import sample_county
from tests.layers.coverage.made_up import grid, network, rough, site
from vocabulary.errors import Unavailable

pytestmark = [pytest.mark.usefixtures("kernels"), pytest.mark.slow]


def test_a_kept_map_says_and_changes_as_the_one_it_was(tmp_path: Path) -> None:
    on = grid(120)
    state = predict(rough(on), network(on, 5), {"n41": (1.5,) * 8})
    kept.write(state, tmp_path / "coverage" / "mark")
    one, other = PredictedMap(state, "x"), kept.read(tmp_path / "coverage" / "mark", "mark")
    for new in ((), (site(on, 1, 60, 60, (0, 1)), site(on, 40, 20, 90, (2,)))):
        one.change(new, ["S003"])
        other.change(new, ["S003"])
        assert one.sites == other.sites
        for which in (ALL, Which(operator="CUCC")):
            assert (one.codes(which) == other.codes(which)).all()
            np.testing.assert_array_equal(one.sinr_db(which), other.sinr_db(which))


def test_the_sample_county_is_predicted_beside_us_once(
    sample: County, sample_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample_county.put_into(tmp_path)
    sites = sites_of(sample.table("sites")).sites[:10]
    made = kept.prediction(sample, sites, tmp_path)
    monkeypatch.setattr(kept, "_make", lambda *_: pytest.fail("it was made a second time"))
    again = kept.prediction(sample, sites, tmp_path)
    assert made.version == again.version
    assert (made.codes() == again.codes()).all()
    assert np.isfinite(made.rsrp_dbm()).mean() > 0.2
    heard = Reach(again).at(sites[0].place.lon_deg, sites[0].place.lat_deg)
    assert {one.technology for one in heard} == {"4G", "5G"}
    assert heard[0].rsrp_dbm is not None
    assert heard[0].rsrp_dbm > -90
    assert Reach(again).at(100.0, 20.0) == ()


def test_what_a_power_cut_left_short_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on, county = grid(60), cast("County", SimpleNamespace(version="v1"))
    state = predict(rough(on), network(on, 2))
    monkeypatch.setattr(kept, "_make", lambda _home, folder, *_: kept.write(state, folder))
    for file in ("squares", "layers.npz", "facts.json"):
        made = kept.prediction(county, network(on, 2), tmp_path)
        short = tmp_path / "coverage" / made.version.partition("-")[0] / file
        short.write_bytes(short.read_bytes()[:40])
        again = kept.prediction(county, network(on, 2), tmp_path)
        assert (again.codes() == made.codes()).all()


def test_corrections_that_cannot_be_read_are_told_of_and_not_taken_for_none(tmp_path: Path) -> None:
    assert corrected.kept(tmp_path) == corrected.Correction({})
    corrected.keep(tmp_path, corrected.Correction({"n41": (1.0, -2.5)}, 6.5))
    assert corrected.kept(tmp_path) == corrected.Correction({"n41": (1.0, -2.5)}, 6.5)
    (tmp_path / "coverage" / corrected.FILE).write_text("{")
    with pytest.raises(Unavailable, match="cannot be read"):
        corrected.kept(tmp_path)


def test_a_prediction_that_fails_says_why_and_leaves_nothing(
    sample: County, tmp_path: Path
) -> None:
    with pytest.raises(Unavailable, match="was not predicted"):
        kept.prediction(sample, (), tmp_path)  # a home without a county
    assert not list((tmp_path / "coverage").iterdir())
