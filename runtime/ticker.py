"""The one ticker: whatever is due in the store goes off now, once, however long nobody looked or whoever else looks too."""

import asyncio
from typing import Final

import structlog
from sqlalchemy import Connection

from incidents.handlers import fire_timer
from incidents.timers import Timer
from runtime.rooms import Rooms
from storage.case_list import open_cases
from storage.case_work import CasesInTransaction
from storage.cases import load_case
from storage.timers import any_timer, arm_again, drop_timer, due_timers, keep_timers, timer_stands
from storage.transaction import Transaction
from vocabulary.errors import Refused

log = structlog.get_logger()
# Two hundred cases of one minute fall due together: in small lots, what officers send meanwhile is written in between.
AT_ONCE: Final = 8


class Ticker:
    """Looks into the store; between two looks it remembers nothing."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._armed = False
        self.fired = 0

    async def turn(self) -> None:
        """Let everything go off that is due, the longest overdue first."""
        if not self._armed:
            await self._arm()
        while True:
            due = await self._due()
            told = await asyncio.gather(*map(self._fire, due), return_exceptions=True)
            failed = [one for one in told if isinstance(one, BaseException)]
            for problem in failed:
                log.error("timer_failed", exc_info=problem)
            if len(due) < AT_ONCE or len(failed) == len(due):
                return

    async def _due(self) -> list[Timer]:
        now = self._rooms.clock.now()
        return await self._rooms.journal.read(lambda c: due_timers(c, now, AT_ONCE))

    async def _arm(self) -> None:
        """Arm the cases of a store that was kept by a release without timers."""
        tables = self._rooms.tables

        def work(transaction: Transaction, /) -> int:
            connection = transaction.connection
            if any_timer(connection):
                return 0
            return arm_again(connection, open_cases(connection), tables)

        if armed := await self._rooms.journal.write(work, timeout_s=60.0):
            log.info("timers_armed", timers=armed)
        self._armed = True

    async def _fire(self, timer: Timer) -> None:
        rooms = self._rooms

        def work(transaction: Transaction, /) -> bool:
            if not timer_stands(transaction.connection, timer):
                return False
            cases = CasesInTransaction(transaction, rooms.keyring)
            now = rooms.clock.now()
            if fire_timer(cases, timer, at=now, tables=rooms.tables) is None:
                self._set_right(transaction.connection, timer)
                return False
            return True

        try:
            if await rooms.journal.write(work):
                self.fired += 1
        except Refused as refused:
            # The rules say no: it is told in the log, and a person decides.
            log.warning("timer_refused", case_id=timer.case_id, kind=timer.kind, code=refused.code)
            await rooms.journal.write(lambda transaction: drop_timer(transaction.connection, timer))

    def _set_right(self, connection: Connection, timer: Timer) -> None:
        case = load_case(connection, timer.case_id)
        drop_timer(connection, timer)
        if case is not None:
            keep_timers(connection, case, self._rooms.tables)
