"""What was told to whom outside the screens, and what became of it."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from exchange.fields import Strict, text
from exchange.notify.model import State
from exchange.notify_ports import NotifyService
from exchange.operations import READS, WRITES, operation
from exchange.replies import reply
from exchange.strict_route import StrictRoute
from security.principal import current

_SEES = "notify.read"
NotificationId = Annotated[
    str, Path(max_length=40, pattern=r"^[0-9A-Za-z]+$", examples=["01KAMZ6Q9Z0000000000000000"])
]


class NotificationQuery(Strict):
    """Which notifications."""

    state: State | None = None
    case: Annotated[str | None, text(40)] = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100


class NotificationView(BaseModel):
    """One thing told to one recipient by one channel."""

    model_config = ConfigDict(extra="allow")

    id: str
    event: str
    recipient: str
    channel: str
    state: str
    tries: int


class NotificationList(BaseModel):
    """The newest first, and how many stand where."""

    items: list[NotificationView]
    counts: dict[str, int]


class Revived(BaseModel):
    """It waits to be tried again."""

    id: str
    state: str


def notify_router(service: NotifyService) -> APIRouter:
    """Return the operations on notifications."""
    router = APIRouter(tags=["notify"], route_class=StrictRoute)
    listed = operation(_SEES, "List notifications", NotificationList, READS)

    @router.get("/notifications", **listed)
    async def notifications(query: Annotated[NotificationQuery, Query()]) -> Response:
        """Return the newest notifications; recipients by name, never by number."""
        principal = current()
        principal.need(_SEES)
        state = query.state.value if query.state else None
        told = await service.notifications(principal, state, query.case, query.limit)
        return reply(told, principal)

    again = operation(_SEES, "Tell again", Revived, (*WRITES, 404))

    @router.post("/notifications/{notification_id}/again", **again)
    async def tell_again(notification_id: NotificationId) -> Response:
        """Let a notification that was given up be tried anew."""
        principal = current()
        principal.need(_SEES)
        return reply(await service.notify_again(principal, notification_id), principal)

    return router
