"""What the API asks of the console for looking back."""

from datetime import datetime
from typing import Protocol

from exchange.ports import Json
from security.principal import Principal


class PastService(Protocol):
    """The time machine as the API sees it."""

    async def past_days(self, principal: Principal) -> Json:
        """Return {"items": [{"day", "events", "since", "until"}], "zone"}: the days on which something happened, newest first."""
        ...

    async def reel(self, principal: Principal, since: datetime, until: datetime) -> Json:
        """Return what stood at `since` and each change to `until`, as `api_past.Reel` shows it."""
        ...

    async def clip(self, principal: Principal, since: datetime, until: datetime) -> Json:
        """Return the same stretch as a GeoJSON feature collection with the timeline as a foreign member."""
        ...
