"""What outages need kept; `storage.radio` keeps it."""

from collections.abc import Sequence
from typing import Final, Protocol

from layers.coverage.outages.model import KnownSite, SiteOutage
from vocabulary.message import Actor, Event, Recorded

SITE_STREAM: Final = "site:"


class Outages(Protocol):
    """Sites and their outages inside one transaction."""

    def site(self, site_id: str) -> KnownSite | None:
        """Return what is known of a site, None where it is not known."""
        ...

    def load(self, site_id: str) -> SiteOutage | None:
        """Return a site's newest outage, None where it never had one."""
        ...

    def append(
        self, site_id: str, version: int, events: Sequence[Event], actor: Actor
    ) -> list[Recorded[Event]]:
        """Keep events of one site."""
        ...
