"""The effects of handing over: a sheet is signed, countersigned, or its signature taken back."""

from collections.abc import Sequence
from dataclasses import dataclass

from incidents.handover.messages import CountersignShift, SignShift, WithdrawShift
from incidents.handover.model import Handover, Sheet
from incidents.handover.rules import decide_countersign, decide_sign, decide_withdraw
from incidents.handover.store import Handovers
from vocabulary.message import Actor, Event


@dataclass(frozen=True, slots=True)
class Changed:
    """A handover after a change, and the number of the event that made it."""

    handover: Handover
    seq: int


def sign(
    handovers: Handovers, command: SignShift, sheet: Sheet, *, handover_id: str, actor: Actor
) -> Changed:
    """Sign a sheet as who goes."""
    events = decide_sign(command, sheet, handovers.standing(), handover_id=handover_id, actor=actor)
    return _kept(handovers, handover_id, 0, events, actor)


def countersign(handovers: Handovers, command: CountersignShift, *, actor: Actor) -> Changed:
    """Take a shift over as who comes."""
    handover = handovers.load(command.handover_id)
    events = decide_countersign(handover, command, actor=actor)
    version = handover.version if handover else 0
    return _kept(handovers, command.handover_id, version, events, actor)


def withdraw(handovers: Handovers, command: WithdrawShift, *, actor: Actor) -> Changed:
    """Take one's own signature back."""
    handover = handovers.load(command.handover_id)
    events = decide_withdraw(handover, command, actor=actor)
    version = handover.version if handover else 0
    return _kept(handovers, command.handover_id, version, events, actor)


def _kept(
    handovers: Handovers, id: str, version: int, events: Sequence[Event], actor: Actor
) -> Changed:
    recorded = handovers.append(id, version, events, actor)
    handover = handovers.load(id)
    assert handover is not None  # noqa: S101 - its events were kept a moment ago
    return Changed(handover, recorded[-1].seq)
