"""The console's figures over the golden day, with no store behind them."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from exchange.hotline_sheets import read_calls, read_orders
from exchange.sheet import Sheet
from incidents.rulebook import Tables
from indicators.frame import Frames
from indicators.imported import check_head, completeness, read_values
from indicators.summary import View
from runtime.briefs import brief_view
from runtime.figures_work import FiguresWork
from runtime.hotline_import import report as hotline_report
from runtime.value_import import report
from runtime.warning_figures import warning_figures_of
from storage.briefs import Brief
from tests.clocks import ManualClock
from tests.indicators.vectors import frames_in, golden
from vocabulary.errors import Refused
from vocabulary.ids import new_id

T = TypeVar("T")
ZONE = ZoneInfo("Asia/Shanghai")


class GoldenBook:
    """Answers over the frames of one day."""

    def __init__(self) -> None:
        self.frames = frames_in(golden("figures"))

    async def ask(self, work: Callable[[Frames], T], *, patient: bool = True) -> T:
        return work(self.frames)


class MemoryFigures(FiguresWork):
    """`exchange.figures_ports.FiguresService`."""

    def __init__(self, clock: ManualClock, tables: Tables) -> None:
        self._rooms = SimpleNamespace(clock=clock, tables=tables)  # type: ignore[assignment]
        self.briefs = MemoryBriefs()
        self.brought = MemoryBrought()
        self.hotline = MemoryHotline()
        self.book = GoldenBook()  # type: ignore[assignment]

    def towns(self) -> dict[str, Any]:
        return {"type": "FeatureCollection", "features": []}

    async def warnings_in(self, view: View) -> dict[str, Any]:
        return warning_figures_of([], [])

    async def rows_of(self, ids: list[str]) -> list[dict[str, Any]]:
        return []


class MemoryBriefs:
    """`exchange.figures_ports.BriefService`: no brief is ever made here."""

    async def order(self, principal: Any, kind: str, first: date, last: date) -> dict[str, Any]:
        now = datetime(2026, 11, 27, tzinfo=UTC)
        brief = Brief(
            id=new_id(), kind=kind, first=first, last=last, language="zh", ordered_by="", due_at=now
        )
        return brief_view(brief)

    async def list(self, limit: int) -> list[dict[str, Any]]:
        return []

    async def progress(self, id: str, beyond: int) -> dict[str, Any]:
        raise Refused("briefs.unknown", value=id)

    async def file(self, id: str, form: str) -> tuple[str, bytes]:
        raise Refused("briefs.unknown", value=id)


class MemoryHotline:
    """`exchange.figures_ports.HotlineService` that forgets what it was brought."""

    async def bring(
        self, principal: Any, what: str, sheet: Sheet, *, dry_run: bool
    ) -> dict[str, Any]:
        rows = (read_calls if what == "calls" else read_orders)(sheet, ZONE)
        return hotline_report(rows, {}, principal.language, dry_run=dry_run)


class MemoryBrought:
    """`exchange.figures_ports.BroughtService` without a store."""

    async def bring(self, principal: Any, name: str, text: str, *, dry_run: bool) -> dict[str, Any]:
        reader = csv.DictReader(io.StringIO(text))
        check_head(reader.fieldnames or ())
        return report(read_values(reader), {}, principal.language, dry_run=dry_run)

    async def values(self) -> dict[str, Any]:
        return {"items": [], "sheet": completeness([])}
