"""What the API asks of the console about notifications."""

from typing import Any, Protocol

from security.principal import Principal


class NotifyService(Protocol):
    """The part of the API about notifications."""

    async def notifications(
        self, principal: Principal, state: str | None, case_id: str | None, limit: int
    ) -> dict[str, Any]:
        """Return {"items", "counts"}, the newest first."""
        ...

    async def notify_again(self, principal: Principal, id: str) -> dict[str, Any]:
        """Let one that was given up be tried anew; 404 where there is none such."""
        ...
