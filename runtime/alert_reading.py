"""Alerts as the API reads them: those that wait, what became of the others, and the figures."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from incidents.acknowledgement import Offered, acknowledgement_figures, alert_view
from runtime.rooms import Rooms
from runtime.sight import department_only
from security.principal import Principal
from storage.alerts import alerts_between, read_alerts
from vocabulary.clock import to_text
from vocabulary.errors import Refused

Json = dict[str, Any]
DAY: Final = timedelta(days=1)


class AlertReading:
    """The part of the API's service about alerts."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    async def alerts(self, principal: Principal, waiting: bool | None, limit: int) -> Json:
        """Return alerts, those that wait first; a department's people are called by its own tasks, not by these."""
        if department_only(principal):
            return {"items": []}

        def work(connection: Connection) -> list[Offered]:
            return read_alerts(connection, waiting=waiting, limit=limit)

        return {"items": [alert_view(one) for one in await self._rooms.journal.read(work)]}

    async def acknowledgement(
        self, _principal: Principal, since: datetime | None, until: datetime | None
    ) -> Json:
        """Return the figures of a window, the last day where none is named."""
        now = self._rooms.clock.now()
        end = until or now
        begin = since or end - DAY
        if begin >= end:
            raise Refused("exchange.empty_window", since=to_text(begin), until=to_text(end))

        def work(connection: Connection) -> list[Offered]:
            return alerts_between(connection, begin, end)

        found = await self._rooms.journal.read(work)
        return acknowledgement_figures(found, since=begin, until=end, at=now)
