"""One command for many cases: each is done or refused by itself, once per key, so that a broken-off call is simply sent again."""

import asyncio
import hashlib
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, select

from exchange.command_reader import read_command
from exchange.intake_ports import Bulk
from exchange.ports import CaseCommand, Once
from runtime.case_writing import CaseWriting
from runtime.rooms import Rooms
from security.principal import Principal
from storage.answers import Answer
from storage.tables import cases
from vocabulary.errors import Told, Unavailable

Json = dict[str, Any]
WAITS_S: Final = (0.5, 1.0, 2.0, 4.0)
TOGETHER: Final = 10  # in one commit, so that nobody else waits long for the store


class BulkWork:
    """The part of the API's service that commands many cases."""

    def __init__(self, rooms: Rooms, writing: CaseWriting) -> None:
        self._rooms = rooms
        self._writing = writing

    async def do(self, principal: Principal, bulk: Bulk, once: Once) -> Json:
        """Do the command to each case in turn; what one refuses does not hold up the others."""
        command = read_command(bulk.name, bulk.arguments)
        ids = list(dict.fromkeys(bulk.ids))
        results: list[Json] = []
        for start in range(0, len(ids), TOGETHER):
            part = ids[start : start + TOGETHER]
            seen = await self._rooms.journal.read(partial(_versions, ids=part))
            works = (
                self._one(
                    principal,
                    CaseCommand(
                        case_id=case_id,
                        name=bulk.name,
                        version=bulk.versions.get(case_id, seen.get(case_id, 0)),
                        command=command,
                    ),
                    once,
                )
                for case_id in part
            )
            results += await asyncio.gather(*works)
        done = sum(result["done"] for result in results)
        return {"done": done, "refused": len(results) - done, "results": results}

    async def _patiently(self, principal: Principal, command: CaseCommand, once: Once) -> Answer:
        """Give a command again where the store was slow: under its key it is done once, however often it is given."""
        for wait_s in WAITS_S:
            try:
                return await self._writing.command(principal, command, once)
            except Unavailable:
                await asyncio.sleep(wait_s)
        return await self._writing.command(principal, command, once)

    async def _one(self, principal: Principal, command: CaseCommand, once: Once) -> Json:
        key = hashlib.sha256(f"{once.key}|{command.case_id}".encode()).hexdigest()
        # What was asked is the bulk's own fingerprint: a version read meanwhile must not make it another request.
        mine = Once(key=f"bulk:{key}", fingerprint=once.fingerprint)
        try:
            answer = await self._patiently(principal, command, mine)
        except Told as failure:
            return {
                "id": command.case_id,
                "done": False,
                "replayed": False,
                "case": None,
                "code": failure.code,
                "detail": failure.text(principal.language),
            }
        return {
            "id": command.case_id,
            "done": True,
            "replayed": answer.replayed,
            "case": answer.body["case"],
            "code": None,
            "detail": "",
        }


def _versions(connection: Connection, *, ids: list[str]) -> dict[str, int]:
    query = select(cases.c.id, cases.c.version).where(cases.c.id.in_(ids))
    return {row.id: row.version for row in connection.execute(query)}
