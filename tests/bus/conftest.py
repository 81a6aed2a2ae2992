"""A real Valkey for the tests of the bus, and both buses by one name."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from bus.memory import MemoryBus
from bus.port import Bus
from bus.redis import RedisBus
from runtime.embedded import EmbeddedValkey


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedValkey]:
    """Yield one server for all tests that leave it as it was."""
    server = EmbeddedValkey(tmp_path_factory.mktemp("valkey"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def own_valkey(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    """Yield a server that the test may kill."""
    server = EmbeddedValkey(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.server)])
async def bus(request: pytest.FixtureRequest) -> AsyncIterator[Bus]:
    """Yield each bus in turn."""
    memory = request.param == "memory"
    one: Bus = MemoryBus() if memory else RedisBus(request.getfixturevalue("valkey").url)
    yield one
    await one.close()


@pytest.fixture
def stream() -> str:
    """Return a stream nobody used."""
    return f"test.{uuid4().hex}"
