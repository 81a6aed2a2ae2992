"""What plans and responses need kept; `storage.plans` keeps it."""

from collections.abc import Sequence
from typing import Final, Protocol

from dispatch.plans.model import Plan, Response
from vocabulary.ids import CaseId
from vocabulary.message import Actor, Event

PLAN_STREAM: Final = "plan:"
RESPONSE_STREAM: Final = "response:"


class Plans(Protocol):
    """Plans and responses inside one transaction."""

    def plan(self, plan_id: str, version: int | None = None) -> Plan | None:
        """Return a plan at a version (None: the newest), None where there is none."""
        ...

    def response(self, case_id: CaseId) -> Response | None:
        """Return a case's response, None where no plan was ever activated."""
        ...

    def keep_plan(self, plan: Plan, note: str, actor: Actor) -> None:
        """Keep a new version."""
        ...

    def tell(
        self, case_id: CaseId, events: Sequence[Event], actor: Actor, cause_id: str | None
    ) -> None:
        """Keep events at the end of a case's response."""
        ...
