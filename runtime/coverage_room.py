"""The coverage opened: the map in use, what the API asks of it, and who hears when it changes."""

from pathlib import Path

from layers.coverage.kept import prediction
from live.hub import Hub
from runtime.coverage_keeping import CoverageKeeping
from runtime.coverage_late import LatePlanning
from runtime.coverage_work import CoverageWork
from runtime.figures_coverage import coverage_sources
from runtime.figures_sources import Source
from runtime.flow import Flow
from runtime.living_coverage import EVERY_S, LivingCoverage
from runtime.living_reach import LivingReach
from runtime.outage_cases import outage_cases
from runtime.rooms import Rooms
from runtime.tasks import Tasks


class CoverageRoom:
    """Made with the console; `run` starts its task on the console's loop."""

    def __init__(self, rooms: Rooms, home: Path) -> None:
        self._rooms = rooms
        self.living = LivingCoverage(rooms, home, prediction)
        self.reach = LivingReach(self.living)
        self.work = CoverageWork(rooms, self.living)
        self.planning = LatePlanning(rooms, self.living, home)
        self.flow: Flow = outage_cases(rooms)
        self.sources: tuple[Source, ...] = coverage_sources(rooms, self.living)

    def tell(self, hub: Hub) -> None:
        """Let screens hear of every change."""
        CoverageKeeping(self._rooms, self.living, hub).listen()

    def run(self, tasks: Tasks, *, predicts: bool) -> None:
        """Follow the store for ever, unless this console predicts nothing."""
        if predicts:
            tasks.every("coverage", EVERY_S, self.living.look)
        else:
            self.living.state = "off"
