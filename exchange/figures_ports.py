"""What the API asks of the console for figures."""

from datetime import date
from typing import Any, Protocol

from exchange.sheet import Sheet
from indicators.spans import Asked
from security.principal import Principal

Json = dict[str, Any]


class BriefService(Protocol):
    """Briefs as the API sees them."""

    async def order(self, principal: Principal, kind: str, first: date, last: date) -> Json:
        """Order a brief; it is made in the background."""
        ...

    async def list(self, limit: int) -> list[Json]:
        """Return briefs, the newest first."""
        ...

    async def progress(self, id: str, beyond: int) -> Json:
        """Return a brief as soon as it is further than `beyond` of a hundred, or after a while as it is."""
        ...

    async def file(self, id: str, form: str) -> tuple[str, bytes]:
        """Return a made brief's file and what it is called."""
        ...


class BroughtService(Protocol):
    """Values that are brought, not counted, as the API sees them."""

    async def bring(self, principal: Principal, name: str, text: str, *, dry_run: bool) -> Json:
        """Keep the rows of a CSV that can be kept; return the report, row by row."""
        ...

    async def values(self) -> Json:
        """Return every value, and how much of the evaluation sheet stands."""
        ...


class HotlineService(Protocol):
    """Call logs and 12345 orders that are brought, as the API sees them."""

    async def bring(self, principal: Principal, what: str, sheet: Sheet, *, dry_run: bool) -> Json:
        """Keep the rows of a sheet of `calls` or `hotline` that can be kept; return the report."""
        ...


class FiguresService(Protocol):
    """The console's figures as the API sees them."""

    @property
    def hotline(self) -> HotlineService:
        """Return the calls and orders that are brought."""
        ...

    @property
    def brought(self) -> BroughtService:
        """Return the values that are brought."""
        ...

    @property
    def briefs(self) -> BriefService:
        """Return the briefs."""
        ...

    def figures_catalogue(self) -> list[Json]:
        """Return every indicator with its formula, source and exclusions."""
        ...

    async def figures_summary(self, principal: Principal, asked: Asked) -> Json:
        """Return the figures of a span as the summary shows them."""
        ...

    async def figure(self, principal: Principal, id: str, asked: Asked) -> Json:
        """Return one figure of a span."""
        ...

    async def figure_cases(
        self, principal: Principal, id: str, asked: Asked, which: str, limit: int, offset: int
    ) -> Json:
        """Return the cases behind a figure, a page at a time, and where all of them lie."""
        ...
