"""The whole console on a page: which consumer hears which events, and what it does. Each effect happens once."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from bus.cloudevents import Heard
from dispatch.handlers import follow_case
from dispatch.plans import handlers as plans
from dispatch.rules import FOLLOWED
from runtime.kinds import kind_of
from runtime.notifying import TOLD, Notifying
from storage.effects import do_once
from storage.journal import Journal
from storage.plans import PlansInTransaction
from storage.transaction import Transaction
from storage.units import UnitsInTransaction

Effect = Callable[[Transaction, Heard], None]
Handler = Callable[[Heard], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Flow:
    """One row: the consumer's name, the kinds of event it cares for, its effect inside a transaction."""

    consumer: str
    interest: frozenset[str]
    effect: Effect
    from_now: bool = False  # of what happened before it was there, it does nothing


def _units_follow_cases(transaction: Transaction, heard: Heard) -> None:
    follow_case(UnitsInTransaction(transaction), heard.event, heard.event_id, heard.recorded_at)


def _plans_follow_cases(transaction: Transaction, heard: Heard) -> None:
    plans.follow_case(PlansInTransaction(transaction), heard.event, heard.event_id)


FLOWS: Final = (
    Flow("units-follow-cases", frozenset(map(kind_of, FOLLOWED)), _units_follow_cases),
    Flow("plans-follow-cases", frozenset(map(kind_of, plans.FOLLOWED)), _plans_follow_cases),
)


def notify_flow(notifying: Notifying) -> Flow:
    """Return the row of those who look at no screen: what they are told depends on the office's own tables."""
    return Flow("notify", frozenset(TOLD), notifying.hear, from_now=True)


def handler_of(flow: Flow, journal: Journal) -> Handler:
    """Return the coroutine a bus consumer calls: the effect and its record in one transaction."""
    return partial(_handle, flow, journal)


async def _handle(flow: Flow, journal: Journal, heard: Heard) -> None:
    def work(transaction: Transaction, /) -> None:
        if do_once(transaction, heard.seq, flow.consumer):
            flow.effect(transaction, heard)

    await journal.write(work)
