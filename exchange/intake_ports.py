"""What the API asks of the console for intake: sheets, duplicates, pasted text, suggestions and many cases at once."""

from dataclasses import dataclass
from typing import Any, Protocol

from exchange.api_readings import ReadingService
from exchange.avl import AvlService
from exchange.dispatch_ports import DispatchService
from exchange.export_ports import ExportService
from exchange.figures_ports import FiguresService
from exchange.past_ports import PastService
from exchange.ports import CaseService, Json, Once
from exchange.sensor_ports import SensingConsole
from exchange.sheet import Sheet
from exchange.shift_ports import ShiftService
from exchange.warning_ports import WarningService
from incidents.duplicates import Question
from security.principal import Principal
from vocabulary.place import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """One command for many cases; `versions` holds what the sender saw of each, where it wants that held."""

    ids: tuple[str, ...]
    name: str
    arguments: dict[str, Any]
    versions: dict[str, int]


class IntakeService(Protocol):
    """The console's intake as the API sees it."""

    async def import_categories(self, principal: Principal, sheet: Sheet, *, dry_run: bool) -> Json:
        """Add versions of categories; return the report by row."""
        ...

    async def import_reports(self, principal: Principal, sheet: Sheet, *, dry_run: bool) -> Json:
        """Take the reports of a sheet, each once however often it is sent; return the report by row."""
        ...

    async def duplicates(self, principal: Principal, question: Question, most: int) -> list[Json]:
        """Return the open cases that a report may be a duplicate of, each with its terms."""
        ...

    async def suggest_categories(self, principal: Principal, text: str, most: int) -> list[Json]:
        """Return the categories a text may belong to, each with its reasons."""
        ...

    async def first_priority(
        self, principal: Principal, category: str, place: Place | None
    ) -> Json:
        """Return the priority a new case would get and the rule that would set it; nothing is kept."""
        ...

    async def category_versions(self, principal: Principal) -> list[Json]:
        """Return every version of every category, with where it comes from."""
        ...

    async def parse_report(self, principal: Principal, text: str, near: Place | None) -> Json:
        """Return the fields of a pasted text, each with where it stands."""
        ...

    async def bulk(self, principal: Principal, bulk: Bulk, once: Once) -> Json:
        """Do one command to many cases; return what became of each."""
        ...

    async def photo(self, principal: Principal, photo_id: str) -> bytes:
        """Return a photo (JPEG) of a case that the principal may see."""
        ...


class ConsoleService(
    CaseService,
    IntakeService,
    ExportService,
    ShiftService,
    WarningService,
    AvlService,
    DispatchService,
    PastService,
    SensingConsole,
    FiguresService,
    ReadingService,
    Protocol,
):
    """The whole console as the API sees it."""
