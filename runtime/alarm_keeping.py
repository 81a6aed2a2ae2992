"""What the engine decides becomes events: kept before it is told, each once, however often it is decided."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from ulid import ULID

from sensors.alarm import Suppression
from sensors.alarm_rules import NoData
from sensors.batch import from_us
from sensors.decision import Decision
from sensors.machine import Cleared, Flapping, Raised
from sensors.messages import AlarmCleared, AlarmFlapped, AlarmRaised, SilenceWeighed
from sensors.patience import UNKNOWN, SignalOf, speaks_from, weights
from sensors.registry import Registry
from storage.alarms import AlarmsInTransaction, open_suppressions
from storage.transaction import Transaction
from vocabulary.message import SYSTEM, Event

CAUSE: Final = "sensors"


def alarm_id(rule_id: str, channel: int, onset_us: int) -> str:
    """Return the id of the alarm of a rule on a channel that began at an instant: the same however often it is decided."""
    digest = hashlib.sha256(f"{rule_id}|{channel}|{onset_us}".encode()).digest()[:10]
    return str(ULID.from_bytes((onset_us // 1000).to_bytes(6, "big") + digest))


def keep_decisions(
    transaction: Transaction, registry: Registry, decisions: Sequence[Decision], signal: SignalOf
) -> int:
    """Keep what was decided; return how many alarms were raised anew."""
    store = AlarmsInTransaction(transaction)
    held = open_suppressions(transaction.connection)
    raised = 0
    for one in decisions:
        name = alarm_id(one.rule.id, one.channel, one.change.onset_us)
        alarm = store.load(name)
        match one.change:
            case Raised() if alarm is None:
                events = _raised(name, one, registry, held, signal)
                store.append(name, 0, events, SYSTEM, CAUSE)
                raised += 1
            case Cleared() if alarm is not None and alarm.standing:
                store.append(name, alarm.version, [_cleared(name, one)], SYSTEM, CAUSE)
            case Flapping() if alarm is not None and not alarm.flapping:
                event = AlarmFlapped(
                    alarm_id=name, times=one.change.times, within_s=one.rule.flap_s
                )
                store.append(name, alarm.version, [event], SYSTEM, CAUSE)
            case _:
                continue
    return raised


def _raised(
    name: str, one: Decision, registry: Registry, held: Sequence[Suppression], signal: SignalOf
) -> list[Event]:
    """Return the alarm; for one of silence also by which signal it was weighed, where that is known."""
    if not isinstance(one.rule.condition, NoData):
        return [_alarm(name, one, registry, held)]
    (word,) = signal.of([speaks_from(registry, registry.device_of(one.channel))])
    weight = weights()[word]
    opens_case = one.rule.opens_case and weight.opens_case
    alarm = replace(_alarm(name, one, registry, held), opens_case=opens_case)
    if word == UNKNOWN:
        return [alarm]
    weighed = SilenceWeighed(
        alarm_id=name, signal=word, times=weight.times, opens_case_by_rule=one.rule.opens_case
    )
    return [alarm, weighed]


def _alarm(
    name: str, one: Decision, registry: Registry, held: Sequence[Suppression]
) -> AlarmRaised:
    device, channel = registry.device_of(one.channel), registry.channels[one.channel]
    kind = registry.kind_of(device)
    covering = next((each for each in held if each.covers(device.id, one.rule.id)), None)
    return AlarmRaised(
        alarm_id=name,
        rule_id=one.rule.id,
        rule_zh=one.rule.name_zh,
        rule_en=one.rule.name_en,
        severity=one.rule.severity,
        opens_case=one.rule.opens_case,
        device_id=device.id,
        device_name=device.name,
        device_kind=device.kind,
        department=device.department,
        category=kind.category if kind else "S11",
        place=device.place,
        channel=one.channel,
        channel_name=channel.name,
        unit=channel.unit,
        value=one.value,
        limit=one.limit,
        condition=one.rule.condition.type,
        onset_at=_at(one.change.onset_us),
        raised_at=_at(one.change.at_us),
        silent_behind=one.behind,
        held_by=covering.said.suppression_id if covering else None,
    )


def _cleared(name: str, one: Decision) -> Event:
    return AlarmCleared(
        alarm_id=name, cleared_at=_at(one.change.at_us), value=one.value, by_hand=False, reason=""
    )


def _at(us: int) -> datetime:
    return from_us(us)
