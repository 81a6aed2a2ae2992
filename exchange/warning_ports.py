"""What the API asks of the console for warnings."""

from typing import Protocol

from exchange.ports import Answer, Json, Once
from incidents.warnings.messages import CancelWarning, IssueWarning, TakeWarning
from security.principal import Principal


class WarningService(Protocol):
    """Warnings: taken as their issuers send them, entered and called off by hand, listed."""

    async def warnings(self, principal: Principal, *, past: bool, limit: int) -> Json:
        """Return what is in force or to come, or the newest of what is over: {"items", "seq"}."""
        ...

    async def warning(self, principal: Principal, identifier: str) -> Json:
        """Return one; Refused with 404 where there is none."""
        ...

    async def take_warning(self, principal: Principal, wish: TakeWarning) -> Answer:
        """Take a message: 201 with {"warning", "seq"}; 200, marked as repeated, where it is known already."""
        ...

    async def issue_warning(self, principal: Principal, wish: IssueWarning, once: Once) -> Answer:
        """Enter a warning by hand: 201 with {"warning", "seq"}."""
        ...

    async def cancel_warning(self, principal: Principal, wish: CancelWarning, once: Once) -> Answer:
        """Call a warning off: 200 with {"warning", "seq"}; 409 where it is over."""
        ...
