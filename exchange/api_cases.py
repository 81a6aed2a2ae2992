"""Cases are listed, read and commanded here."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from exchange.answers import CaseDetail, CasePage, CommandDone
from exchange.bodies import CaseQuery, CommandBody
from exchange.command_reader import describe_commands, read_command
from exchange.fields import CaseId, IdempotencyKey
from exchange.operations import READS, READS_ONE, WRITES_ONE, operation
from exchange.ports import CaseCommand, CaseService
from exchange.problems import shortened
from exchange.replies import once, reply, reply_once
from exchange.stale import STALE, told_stale
from exchange.strict_route import StrictRoute
from exchange.veil import veiled
from security.principal import current
from vocabulary.errors import Refused


def cases_router(service: CaseService) -> APIRouter:
    """Return the operations on cases."""
    router = APIRouter(tags=["cases"], route_class=StrictRoute)

    @router.get("/cases", **operation("case.read", "List cases", CasePage, READS))
    async def list_cases(query: Annotated[CaseQuery, Query()]) -> Response:
        """Return the cases the asker may see, newest first, a page at a time."""
        principal = current()
        principal.need("case.read")
        wanted = query.filter()
        page = await service.list_cases(principal, wanted, query.limit, query.cursor)
        return reply(page, principal)

    @router.get("/cases/{case_id}", **operation("case.read", "Read one", CaseDetail, READS_ONE))
    async def read_case(case_id: CaseId) -> Response:
        """Return a case with its timeline, its reports and what the asker may do now."""
        principal = current()
        principal.need("case.read")
        detail = await service.case_detail(principal, case_id)
        if detail is None:
            raise Refused("exchange.case_unknown", value=shortened(case_id))
        return reply(detail, principal)

    _add_commands(router, service)
    return router


def _add_commands(router: APIRouter, service: CaseService) -> None:
    told = operation("case.read", "Command a case", CommandDone, WRITES_ONE)
    told["openapi_extra"] |= {"x-commands": describe_commands()}

    @router.post("/cases/{case_id}/commands", **told)
    async def command_case(
        case_id: CaseId, body: CommandBody, idempotency_key: IdempotencyKey
    ) -> Response:
        """Do one command; each asks for a permission of its own (dispatch: case.dispatch, close: case.close…).

        A version other than the case's present one is refused with 409 and tells who changed it, when and how.
        """
        principal = current()
        command = CaseCommand(
            case_id=case_id,
            name=body.name,
            version=body.version,
            command=read_command(body.name, body.arguments),
            source_at=body.occurred_at,
        )
        sent = once(
            idempotency_key, f"cases/{case_id}", body.model_dump(mode="json", exclude_unset=True)
        )
        try:
            return reply_once(await service.command(principal, command, sent), principal)
        except Refused as refused:
            if refused.code not in STALE:
                raise
            changes = await service.changes(principal, case_id, body.version)
            raise told_stale(refused, veiled(changes, principal)) from None
