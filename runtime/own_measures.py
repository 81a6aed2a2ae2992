"""What the console measures of itself, and keeps: how soon dispatches were painted (P01), and trial dispatches (P04)."""

from contextlib import suppress
from typing import Final

from bus.relay import Relay
from live.hub import Hub
from runtime.figures_platform import platform_sources
from runtime.figures_sources import Source
from runtime.painted import PaintedDispatches
from runtime.settings import Settings
from runtime.tasks import Tasks
from runtime.trials import Trials
from storage.journal import Journal
from vocabulary.clock import Clock
from vocabulary.errors import Unavailable

PAINTED_EVERY_S: Final = 5.0
HOUR_S: Final = 3600.0


class OwnMeasures:
    """Made before the hub, whose pages' reports it takes; `run` when there is a way to be tried."""

    def __init__(self, journal: Journal, clock: Clock, settings: Settings) -> None:
        self._journal, self._clock, self._settings = journal, clock, settings
        self.painted = PaintedDispatches(journal, clock)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Return what the figures are brought."""
        return platform_sources(self._clock, tries=self._settings.trial_every_s > 0)

    def run(self, tasks: Tasks, relay: Relay, hub: Hub) -> None:
        """Start what keeps, tries and forgets."""
        trials = Trials(self._journal, self._clock, relay, hub)
        tasks.every("painted", PAINTED_EVERY_S, self.painted.keep)
        tasks.every("painted-forget", HOUR_S, self.painted.forget)
        if self._settings.trial_every_s:
            tasks.every("trials", self._settings.trial_every_s, trials.turn)
        tasks.every("trials-forget", HOUR_S, trials.forget)

    async def close(self) -> None:
        """Keep what was heard since it was last kept."""
        with suppress(Unavailable):
            await self.painted.keep()
