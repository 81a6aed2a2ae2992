"""The kernels are compiled once for all tests: whoever comes second waits, and reads what the first has kept."""

import fcntl
import os
from pathlib import Path

import pytest

from layers.coverage.coverage_map import PredictedMap
from layers.coverage.predicted import predict
from tests.layers.coverage.made_up import grid, network, rough, site


@pytest.fixture(scope="session")
def kernels() -> None:
    """Compile the kernels, or load them where they are kept."""
    with (Path(os.environ["TEST_COUNTIES"]) / "kernels.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        on = grid(60)
        made = PredictedMap(predict(rough(on), network(on, 2)), "warm")
        made.sinr_db()
        made.change([site(on, 1, 30, 30)])
        made.what_if(site(on, 9, 20, 20))
