"""A rule tried on past readings before it goes live: the same engine, other readings, nothing kept."""

from datetime import datetime
from typing import Any, Final

from sensors.alarm_rules import AlarmRule, Drift, NoData
from sensors.arrivals import Newest
from sensors.batch import Batch, from_us, joined, to_us
from sensors.conditions import Usual
from sensors.decision import Decision
from sensors.engine import AlarmEngine
from sensors.machine import Cleared, Raised
from sensors.registry import Registry
from sensors.watch import in_scope
from storage.readings import StoredReadings
from vocabulary.clock import to_text
from vocabulary.errors import Refused

CHANNELS_MOST: Final = 400
READINGS_MOST: Final = 2_000_000
SPANS_TOLD: Final = 200
SLICES: Final = 200  # for silence, and for what others do meanwhile, the past is walked in steps


def dry_run(
    rule: AlarmRule,
    registry: Registry,
    readings: StoredReadings,
    usual: Usual,
    span: tuple[datetime, datetime],
) -> dict[str, Any]:
    """Return how many alarms a rule would have raised, and the newest of them from when to when."""
    channels = in_scope(rule.scope, registry)
    if len(channels) > CHANNELS_MOST:
        raise Refused("sensors.dry_run_wide", n=len(channels), most=CHANNELS_MOST)
    from_us, until_us = map(to_us, span)
    numbers = {other.number for one in channels for other in registry.channels_of(one.device)}
    found = joined([readings.raw(number, from_us, until_us) for number in sorted(numbers)])
    if len(found) > READINGS_MOST:
        raise Refused("sensors.dry_run_long", n=len(found), most=READINGS_MOST)
    newest = Newest(registry.size)
    engine = AlarmEngine(registry, [rule], newest, usual=usual)
    together = isinstance(rule.condition, NoData | Drift)
    decisions = _played(engine, newest, found, until_us, together=together)
    spans = _spans(decisions, registry)
    return {
        "channels": len(channels),
        "readings": len(found),
        "raised": len(spans),
        "spans": spans[:SPANS_TOLD],
    }


def _played(
    engine: AlarmEngine, newest: Newest, found: Batch, until_us: int, *, together: bool
) -> list[Decision]:
    if not len(found):
        return []
    if not together:
        newest.take(found)
        return [*engine.hear(found), *engine.tick(until_us)]
    decisions: list[Decision] = []
    first = int(found.observed_us.min())
    step = max(1_000_000, (until_us - first) // SLICES)
    for start in range(first, until_us, step):
        part = found.where((found.observed_us >= start) & (found.observed_us < start + step))
        newest.take(_as_observed(part))
        decisions += [*engine.hear(part), *engine.tick(start + step)]
    return decisions


def _as_observed(part: Batch) -> Batch:
    """Return rows as if each had been received when it was observed: what lay in an outbox is no silence of that day."""
    return Batch(part.channel, part.observed_us, part.observed_us, part.value, part.quality)


def _spans(decisions: list[Decision], registry: Registry) -> list[dict[str, Any]]:
    open_at: dict[int, dict[str, Any]] = {}
    spans: list[dict[str, Any]] = []
    for one in decisions:
        if isinstance(one.change, Raised):
            device = registry.device_of(one.channel)
            open_at[one.channel] = {
                "device": device.id,
                "device_name": device.name,
                "channel": registry.channels[one.channel].name,
                "onset_at": to_text(from_us(one.change.onset_us)),
                "raised_at": to_text(from_us(one.change.at_us)),
                "cleared_at": None,
                "value": one.value,
            }
            spans.append(open_at[one.channel])
        elif isinstance(one.change, Cleared) and one.channel in open_at:
            open_at.pop(one.channel)["cleared_at"] = to_text(from_us(one.change.at_us))
    return sorted(spans, key=lambda span: span["raised_at"], reverse=True)
