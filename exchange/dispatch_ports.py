"""What the API asks of the console about who goes: recommendations, plans, responses and cover."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from exchange.ports import Answer, Json, Once
from incidents.model import Level
from security.principal import Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """Units to send for a case as seen at `version`; `proposal` names the recommendation that was on the screen."""

    version: int
    units: tuple[str, ...]
    proposal: str | None = None
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanWish:
    """What is wished of a case's response: activate a plan, change its level, stand it down, or tick a line."""

    step: str
    plan: str = ""
    level: Level | None = None
    reason: str = ""
    task: str = ""
    done: bool = True
    note: str = ""


class DispatchService(Protocol):
    """The console's dispatching as the API sees it."""

    async def recommendation(self, principal: Principal, case_id: str) -> Json:
        """Return who is recommended to go now, with reasons and gaps."""
        ...

    async def send_recommended(
        self, principal: Principal, case_id: str, wish: Sending, once: Once
    ) -> Answer:
        """Send units and keep beside them what was proposed: 200 with {"case", "events", "accepted", …}."""
        ...

    async def recommendation_figures(
        self, principal: Principal, since: datetime | None, until: datetime | None
    ) -> Json:
        """Return how often recommendations were taken as they were, why not, and how many places stayed empty."""
        ...

    async def plans(self, principal: Principal) -> list[Json]:
        """Return every plan at its newest version."""
        ...

    async def plan_versions(self, principal: Principal, plan_id: str) -> list[Json]:
        """Return every version of a plan, the newest first."""
        ...

    async def keep_plan(
        self, principal: Principal, raw: dict[str, Any], base: int, note: str, *, dry_run: bool
    ) -> Json:
        """Keep a plan as its next version; with `dry_run` say only whether it is sound."""
        ...

    async def response(self, principal: Principal, case_id: str) -> Json:
        """Return the plan that holds for a case with its checklist, and the plans that would suit it."""
        ...

    async def respond(
        self, principal: Principal, case_id: str, wish: PlanWish, once: Once
    ) -> Answer:
        """Do one step of a case's response: 200 with the response as it stands then."""
        ...

    async def cover(self, principal: Principal) -> Json:
        """Return which areas no free unit reaches in time now, and who might be moved up."""
        ...

    async def cover_figures(
        self, principal: Principal, since: datetime | None, until: datetime | None
    ) -> Json:
        """Return the minutes without cover by area and service."""
        ...
