"""A house for each test, on both stores where the test asks for both."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from storage.journal import Journal
from tests.security.house import (
    House,
    MovedClock,
    NoEvents,
    open_empty_store,
    sqlite_url,
    with_session,
)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    store = open_empty_store(sqlite_url(tmp_path))
    clock = MovedClock()
    journal = Journal(store, NoEvents(), clock)
    journal.start()
    yield House(journal, clock)
    journal.stop()
    store.close()


@pytest.fixture
async def signed_in(house: House) -> TestClient:
    await house.person()
    return with_session(house, (await house.signs_in()).token)
