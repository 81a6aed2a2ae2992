"""The county in use, replaced whole while the console runs as soon as an import has put another one in its place."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog

from county.locate import Locator
from county.model import County
from county.store import county_folder, load
from vocabulary.errors import Told

log = structlog.get_logger()

Changed = Callable[[County], Awaitable[object]]


class LivingCounty:
    """What everybody asks for the county and its locator; ask it anew each time, for both may have changed."""

    def __init__(self, home: Path, county: County) -> None:
        self._home = home
        self.county = county
        self.locator = Locator(county)
        self._refused = ""
        self._listeners: list[Changed] = []

    def on_change(self, listener: Changed) -> None:
        """Call `listener` with each new county; first come, first told."""
        self._listeners.append(listener)

    async def look(self) -> None:
        """Take the county on disk into use where it is another one than ours; one that cannot be read leaves ours in use."""
        version = await asyncio.to_thread(self._version_on_disk)
        if version in ("", self.county.version, self._refused):
            return
        try:
            county, locator = await asyncio.to_thread(self._read)
        except Told as problem:
            self._refused = version
            told = problem.text("en")
            log.warning("county_unreadable", county_version=version, problem=told)
            return
        former, self.county, self.locator = self.county.version, county, locator
        for listener in self._listeners:
            await self._tell(listener, county)
        log.info("county_changed", former=former, county_version=county.version, code=county.code)

    async def _tell(self, listener: Changed, county: County) -> None:
        try:
            await listener(county)
        except Exception:
            log.exception("county_change_not_taken", county_version=county.version)

    def _read(self) -> tuple[County, Locator]:
        county = load(self._home)
        return county, Locator(county)

    def _version_on_disk(self) -> str:
        try:
            facts = json.loads((county_folder(self._home) / "county.json").read_text("utf-8"))
        except (OSError, ValueError):
            return ""  # between the two renames of an import
        return str(facts.get("version", "")) if isinstance(facts, dict) else ""
