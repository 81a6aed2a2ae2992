"""One sample county for the room's tests, and services that are always stopped."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from county.model import County
from county.store import load
from layers.tiles import TileService
from tests import sample_county


@pytest.fixture(scope="session")
def sample_home() -> Path:
    return sample_county.home_of()


@pytest.fixture(scope="session")
def sample(sample_home: Path) -> County:
    return load(sample_home)


@pytest.fixture
async def service(sample: County, tmp_path: Path) -> AsyncIterator[TileService]:
    made = TileService(sample, tmp_path)
    await made.start()
    yield made
    await made.stop()
