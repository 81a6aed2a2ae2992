"""Pure rules of warnings: what a message makes happen, whichever order messages come in, and what time does."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from incidents.warnings.messages import WarningEnded, WarningExpired, WarningReceived
from incidents.warnings.model import (
    Act,
    Colour,
    Ending,
    HazardWarning,
    Reach,
    State,
    Status,
    WarningMessage,
)
from vocabulary.clock import to_text
from vocabulary.errors import Refused
from vocabulary.message import Event

AHEAD: Final = timedelta(minutes=5)  # clocks of two systems differ by so much
LONGEST: Final = timedelta(days=30)  # a mistyped year must not warn for ever
UNTOLD_LASTS: Final = timedelta(hours=24)  # CAP lets an issuer name no end


def decide_take(
    message: WarningMessage, reach: Reach, known: Sequence[HazardWarning], at: datetime
) -> dict[str, list[Event]]:
    """Return what a message makes happen, by the warning it happens to; nothing where it is known already.

    `known` are the kept messages it hangs together with by references, itself included.
    """
    same = next((one for one in known if one.id == message.identifier), None)
    if same is not None:
        if same.message != message:
            raise Refused("warnings.other_content", field="identifier", value=message.identifier)
        return {}
    _need_sound(message, reach, at)
    happens: dict[str, list[Event]] = {
        message.identifier: [WarningReceived(message=message, reach=reach)]
    }
    before = {one.id: one.ending for one in known}
    for identifier, ending in endings([*(one.message for one in known), message]).items():
        if before.get(identifier) != ending:
            told = WarningEnded(identifier=identifier, ending=ending)
            happens.setdefault(identifier, []).append(told)
    return happens


def _need_sound(message: WarningMessage, reach: Reach, at: datetime) -> None:
    if message.sent_at > at + AHEAD:
        raise Refused(
            "warnings.sent_ahead", field="sent", value=to_text(message.sent_at), now=to_text(at)
        )
    if message.act is not Act.ALERT:
        # Whatever it says of itself, it ends what it refers to: refusing it would leave that standing.
        if not message.references:
            raise Refused("warnings.no_references", field="references", value=message.act.value)
        return
    if not reach.here:
        raise Refused("warnings.outside", field="area", value=_names(message))
    if message.expires_at <= at:
        value = to_text(message.expires_at)
        raise Refused("warnings.expired_already", field="expires", value=value, now=to_text(at))
    if message.expires_at <= message.effective_at:
        value, since = to_text(message.expires_at), to_text(message.effective_at)
        raise Refused("warnings.no_time", field="expires", value=value, since=since)
    if message.expires_at - at > LONGEST:
        value = to_text(message.expires_at)
        raise Refused("warnings.too_long_ahead", field="expires", value=value, days=LONGEST.days)


def _names(message: WarningMessage) -> str:
    return ", ".join(area.name for area in message.areas) or "-"


def endings(messages: Iterable[WarningMessage]) -> dict[str, Ending]:
    """Return what ended which of these messages: the same whatever order they are given in.

    A message is ended by the first that was sent after it (or names it) and goes back to what it goes back to itself.
    An exercise's message ends nothing actual, nor the other way round.
    """
    by_id = {one.identifier: one for one in messages}
    roots = {identifier: _lineage(identifier, by_id) for identifier in by_id}
    found: dict[str, Ending] = {}
    for one in by_id.values():
        after = [
            other
            for other in by_id.values()
            if _follows(other, one) and roots[other.identifier] & roots[one.identifier]
        ]
        if one.act is not Act.CANCEL and after:
            first = min(after, key=_order)
            found[one.identifier] = Ending(
                how="cancelled" if first.act is Act.CANCEL else "updated",
                by=first.identifier,
                at=first.sent_at,
            )
    return found


def _order(message: WarningMessage) -> tuple[datetime, str]:
    return message.sent_at, message.identifier


def _follows(other: WarningMessage, one: WarningMessage) -> bool:
    if other.act is Act.ALERT or other.drill != one.drill or other.identifier == one.identifier:
        return False
    return one.identifier in other.references or _order(other) > _order(one)


def _lineage(identifier: str, by_id: Mapping[str, WarningMessage]) -> frozenset[str]:
    """Return a message and all it goes back to, through messages of its own class."""
    found, waiting = {identifier}, [identifier]
    drill = by_id[identifier].drill
    while waiting:
        one = by_id.get(waiting.pop())
        if one is None or one.drill != drill or one.act is Act.ALERT:
            continue
        new = [further for further in one.references if further not in found]
        found.update(new)
        waiting += new
    return frozenset(found)


def decide_expiry(warning: HazardWarning | None, at: datetime) -> list[Event]:
    """Return what the clock makes happen: a warning whose time is up has expired."""
    if warning is None or not warning.open or at < warning.message.expires_at:
        return []
    return [WarningExpired(identifier=warning.id)]


def need_standing(warning: HazardWarning | None, identifier: str, at: datetime) -> HazardWarning:
    """Return a warning that can be called off; one that is over, or unknown, is refused."""
    if warning is None or warning.message.act is Act.CANCEL:
        raise Refused("warnings.unknown", value=identifier)
    if not warning.open or at >= warning.message.expires_at:
        ending = warning.ending
        over = ending.at if ending else warning.message.expires_at
        raise Refused("warnings.over", value=identifier, at=to_text(over))
    return warning


def standing(
    warnings: Iterable[HazardWarning], at: datetime, status: Status | None = None
) -> list[HazardWarning]:
    """Return what is in force at an instant, the gravest colour first; of one status where that is asked for."""
    found = [
        one
        for one in warnings
        if one.open and one.state_at(at) is State.IN_FORCE and status in (None, one.message.status)
    ]
    return sorted(found, key=_gravity)


def _gravity(warning: HazardWarning) -> tuple[int, datetime, str]:
    colour = warning.message.colour
    rank = colour.rank if colour else len(Colour)
    return rank, warning.message.sent_at, warning.id


def apply(
    warning: HazardWarning | None, event: Event, /, *, version: int, at: datetime, by: str
) -> HazardWarning | None:
    """Return the warning after one event of its stream."""
    match event:
        case WarningReceived():
            return HazardWarning(
                version=version,
                message=event.message,
                reach=event.reach,
                kept_at=at,
                kept_by=by,
            )
        case WarningEnded() if warning is not None:
            return replace(warning, version=version, ending=event.ending)
        case WarningExpired() if warning is not None:
            return replace(warning, version=version, expired=True)
        case _:
            return warning
