"""What every room's tests may ask for: real data, a PostgreSQL, a browser; each says why where it is not to be had."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text

from tests import postgres, sample_county

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def pytest_configure(config: pytest.Config) -> None:
    """Let all processes of a run share the sample counties that one of them makes."""
    made = sample_county.share_one_folder()
    if made is not None:
        config.add_cleanup(lambda: shutil.rmtree(made, ignore_errors=True))


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of real data (ONENET_REALDATA, else ../shared/data); its README lists what is in it."""
    folder = Path(os.environ.get("ONENET_REALDATA") or ROOT.parent / "shared" / "data")
    if not (folder / "README.md").is_file():
        pytest.skip(f"no real data at {folder}; ONENET_REALDATA may name the folder")
    return folder


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Yield the URL of a PostgreSQL for this run, started when ONENET_TEST_POSTGRES names none."""
    with postgres.running() as url:
        if url is None:
            pytest.skip("no PostgreSQL on this machine (Debian: apt-get install postgresql)")
        yield url


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """Yield the URL of a fresh, empty database, dropped afterwards."""
    name = f"test_{uuid4().hex}"
    engine = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(postgres_server).set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Return the browser to drive (ONENET_CHROMIUM, else the first found on PATH)."""
    named = os.environ.get("ONENET_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found or not Path(found).exists():
        pytest.skip(
            "no Chromium on this machine; ONENET_CHROMIUM may name one (Debian: apt-get install chromium)"
        )
    return found
