"""What the API asks of the console for papers and files of a case."""

from typing import Protocol

from exchange.ports import Json
from security.principal import Principal


class ExportService(Protocol):
    """Gives a case's whole timeline away, masked unless more is asked for and permitted; each look is audited."""

    async def export_case(self, principal: Principal, case_id: str, *, personal: bool) -> Json:
        """Return the case with all that happened to it and what its hash chain seals."""
        ...

    async def print_case(
        self, principal: Principal, case_id: str, language: str, *, personal: bool
    ) -> bytes:
        """Return the same as a PDF in a language."""
        ...
