"""Figures as the API tells them: the catalogue, a summary of a span, and the cases behind any figure."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from incidents.summary import case_row
from indicators.catalogue import BY_ID, CATALOGUE
from indicators.columns import seconds
from indicators.frame import Frames
from indicators.measure import count, figure_of
from indicators.spans import Asked, compared, days_of, trend_edges, window_of
from indicators.summary import View, behind, described, figure_view, row_of, summary
from runtime.figures_book import FiguresBook
from runtime.rooms import Rooms
from runtime.sight import department_only
from runtime.warning_figures import warning_figures
from security.principal import Principal
from storage.case_list import cases_of
from vocabulary.errors import Refused

Json = dict[str, Any]
MOST_ON_MAP: Final = 2000


class FiguresWork:
    """The part of the API's service that counts."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self.book = FiguresBook(rooms.journal)

    def figures_catalogue(self) -> list[Json]:
        """Return every indicator with its formula, source and exclusions."""
        return [described(indicator) for indicator in CATALOGUE]

    async def figures_summary(self, principal: Principal, asked: Asked) -> Json:
        """Return the figures of a span as the summary shows them."""
        view = self.view_of(principal, asked)
        told = await self.book.ask(lambda frames: summary(frames, view), patient=False)
        first, last = self._days(asked)
        days = {"first": first.isoformat(), "last": last.isoformat()}
        return told | days | {"warnings": await self.warnings_in(view)}

    async def warnings_in(self, view: View) -> Json:
        """Return the warnings in force, and those issued in a view's span: they are the county's, whoever asks."""
        return await warning_figures(self._rooms, view.window.since, view.window.until)

    async def figure(self, principal: Principal, id: str, asked: Asked) -> Json:
        """Return one figure of a span."""
        view, indicator = self.view_of(principal, asked), _known(id)
        return await self.book.ask(lambda frames: row_of(indicator, frames, view), patient=False)

    async def figure_cases(
        self, principal: Principal, id: str, asked: Asked, which: str, limit: int, offset: int
    ) -> Json:
        """Return the cases behind a figure, a page at a time, and where all of them lie."""
        view, indicator = self.view_of(principal, asked), _known(id)

        def work(frames: Frames) -> tuple[list[str], list[list[float]], Json]:
            counted = count(indicator, frames, view.window, seconds(view.now), view.only)
            if counted is None:
                return [], [], figure_view(figure_of(None, indicator))
            ids = behind(counted, which)
            return ids, frames.places(ids[:MOST_ON_MAP]), figure_view(figure_of(counted, indicator))

        ids, places, told = await self.book.ask(work, patient=False)
        rows = await self.rows_of(ids[offset : offset + limit])
        return {"figure": told, "total": len(ids), "items": rows, "places": places}

    async def rows_of(self, ids: list[str]) -> list[Json]:
        """Return cases as the queue shows them."""

        def read(connection: Connection) -> list[Json]:
            return [case_row(case) for case in cases_of(connection, ids)]

        return await self._rooms.journal.read(read)

    def view_of(self, principal: Principal, asked: Asked, at: datetime | None = None) -> View:
        """Return over what figures are made for who asks: a department's people see their own department's."""
        zone = self._rooms.tables.calendar.zone
        first, last = self._days(asked)
        now = at or self._rooms.clock.now()
        own = department_only(principal)
        only = asked.only | ({"department": own} if own else {})
        return View(
            window=window_of(first, last, zone),
            before=compared(asked, first, last, zone, now),
            edges=tuple(trend_edges(first, last, zone)),
            now=now,
            only=only,
        )

    def _days(self, asked: Asked) -> Any:
        return days_of(asked, self._rooms.clock.now(), self._rooms.tables.calendar.zone)


def _known(id: str) -> Any:
    indicator = BY_ID.get(id)
    if indicator is None:
        raise Refused("figures.unknown", value=id, known=", ".join(BY_ID))
    return indicator
