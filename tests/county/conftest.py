"""A sample county made once for all tests of this room, and real counties where the data are at hand."""

from pathlib import Path

import pytest

from county.importing.report import ImportReport
from county.importing.run import import_county
from county.locate import Locator
from county.model import County
from county.store import load
from tests import sample_county


@pytest.fixture(scope="session")
def sample_home() -> Path:
    return sample_county.home_of()


@pytest.fixture(scope="session")
def sample(sample_home: Path) -> County:
    return load(sample_home)


@pytest.fixture(scope="session")
def sample_locator(sample: County) -> Locator:
    return Locator(sample)


@pytest.fixture(scope="session")
def andorra(
    real_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[County, ImportReport]:
    home = tmp_path_factory.mktemp("andorra")
    report = import_county(
        [real_data / "osm/andorra.osm.pbf", real_data / "dem/N42E001.hgt.zip"], home, code="990201"
    )
    return load(home), report


@pytest.fixture(scope="session")
def liechtenstein(
    real_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[County, ImportReport]:
    home = tmp_path_factory.mktemp("liechtenstein")
    report = import_county([real_data / "osm/liechtenstein.osm.pbf"], home)
    return load(home), report
