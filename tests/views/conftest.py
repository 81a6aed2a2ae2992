"""One browser for a module's pages, and a new stage for each of its tests."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browsing import opened
from tests.views.serving import Stage, served


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    with opened(chromium_path) as browser:
        yield browser


@pytest.fixture
def stage() -> Iterator[Stage]:
    with served() as stage:
        yield stage
