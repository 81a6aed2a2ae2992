"""Trial dispatches (P04): now and then a marker goes the way of a dispatch, and it is kept whether it arrived in time.

The way is the journal's writer and disk, the relay, the bus, and the hub that hears it; no case, no figure, no screen and no
other program hears of it. A console that stands still tries nothing, and so tells nothing.
"""

import asyncio
from dataclasses import replace
from datetime import timedelta
from time import monotonic
from typing import Final

import structlog

from bus.channels import TRIALS
from bus.relay import Relay
from live.hub import Hub
from storage.journal import Journal
from storage.transaction import Transaction
from storage.trials import Trial, forget_trials, keep_trial
from vocabulary.clock import Clock
from vocabulary.errors import Unavailable
from vocabulary.ids import new_id

log = structlog.get_logger()
BUDGET_S: Final = 1.0
KEPT: Final = timedelta(days=400)
UNKEPT_MOST: Final = 10_000  # of a store that is away for long


class Trials:
    """`turn` tries once."""

    def __init__(self, journal: Journal, clock: Clock, relay: Relay, hub: Hub) -> None:
        self._journal, self._clock, self._relay = journal, clock, relay
        self._waiting: dict[bytes, asyncio.Future[None]] = {}
        self._unkept: list[Trial] = []
        self._listens = False
        hub.tried = self._hear

    def _hear(self, marker: bytes) -> None:
        heard = self._waiting.get(marker)
        if heard is not None and not heard.done():
            heard.set_result(None)

    async def turn(self) -> None:
        """Try once, and keep what came of it; while the store is away it is kept in memory until it is back."""
        if (
            not self._listens
        ):  # a console that has just started is given its first turn to begin to hear
            self._listens = True
            return
        trial = await self._tried(Trial(id=new_id(), begun_at=self._clock.now(), problem="store"))
        if trial.took_ms is None:
            log.warning("trial_failed", trial_id=trial.id, waited_for=trial.problem)
        self._unkept = [*self._unkept, trial][-UNKEPT_MOST:]
        await self._keep(*self._unkept)
        self._unkept = []

    async def _tried(self, trial: Trial) -> Trial:
        started, marker = monotonic(), trial.id.encode()
        heard = self._waiting[marker] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(BUDGET_S):
                await self._keep(trial)
                trial = replace(trial, problem="bus")
                self._relay.carry(TRIALS, marker)
                await heard
        except (TimeoutError, Unavailable):
            return trial
        finally:
            del self._waiting[marker]
        return replace(trial, took_ms=round(1000 * (monotonic() - started)), problem="")

    async def _keep(self, *trials: Trial) -> None:
        def work(transaction: Transaction, /) -> None:
            for trial in trials:
                keep_trial(transaction.connection, trial)

        await self._journal.write(work)

    async def forget(self) -> None:
        """Forget what is older than anybody compares."""
        before = self._clock.now() - KEPT
        await self._journal.write(lambda tx: forget_trials(tx.connection, before))
