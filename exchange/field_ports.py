"""What the API asks of the console for those who go: a unit's tasks, and what its crew writes and photographs at the scene."""

from datetime import datetime
from typing import Any, Protocol

from exchange.ports import Answer, Once
from security.principal import Principal

Json = dict[str, Any]


class FieldService(Protocol):
    """The part of the API for crews; each method holds that the unit is of the asker's own department."""

    async def field_tasks(self, principal: Principal, unit_id: str) -> Json:
        """Return {"unit", "items": [{"assignment", "case"}], "now"}: what the unit is asked or doing, oldest first."""
        ...

    async def field_note(
        self,
        principal: Principal,
        assignment_id: str,
        text: str,
        source_at: datetime | None,
        once: Once,
    ) -> Answer:
        """Write a fact into the timeline of the assignment's case: 200 with {"assignment_id", "case_id", "seq"}."""
        ...

    async def field_photo(
        self,
        principal: Principal,
        assignment_id: str,
        content: bytes,
        text: str,
        source_at: datetime | None,
        once: Once,
    ) -> Answer:
        """Keep a photo made anew from its pixels with the case: 200 with {"photo", "case_id", "seq"}."""
        ...
