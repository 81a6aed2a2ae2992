"""Suppressions and what people do to alarms: acknowledge, clear, hold back for a reason until an end, and let go again."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from runtime.rooms import Rooms
from sensors.alarm import Alarm, Suppression, decide_acknowledge, decide_clear
from sensors.messages import AlarmReleased, AlarmsSuppressed, SuppressionEnded
from storage.alarms import (
    SUPPRESSION_STREAM,
    AlarmsInTransaction,
    load_suppression,
    open_suppressions,
    standing_alarms,
)
from storage.transaction import Transaction
from vocabulary.clock import to_text
from vocabulary.errors import Refused
from vocabulary.ids import new_id
from vocabulary.message import SYSTEM, Actor

LONGEST: Final = timedelta(days=90)


class Suppressing:
    """The deeds on alarms, each one transaction of the journal."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    async def acknowledge(self, alarm_id: str, note: str, actor: Actor) -> Alarm:
        """Note that a person has seen an alarm."""

        def work(transaction: Transaction, /) -> Alarm:
            alarm = _known(transaction, alarm_id)
            events = decide_acknowledge(alarm, note)
            AlarmsInTransaction(transaction).append(alarm.id, alarm.version, events, actor)
            return _known(transaction, alarm_id)

        return await self._rooms.journal.write(work)

    async def clear(self, alarm_id: str, reason: str, actor: Actor) -> Alarm:
        """Clear an alarm by hand."""

        def work(transaction: Transaction, /) -> Alarm:
            alarm = _known(transaction, alarm_id)
            events = decide_clear(alarm, reason, self._rooms.clock.now())
            AlarmsInTransaction(transaction).append(alarm.id, alarm.version, events, actor)
            return _known(transaction, alarm_id)

        return await self._rooms.journal.write(work)

    async def suppress(
        self, device_id: str, rule_id: str | None, reason: str, until_at: datetime, actor: Actor
    ) -> Suppression:
        """Call nobody for a device's alarms until an end; what stands already stays as it was told."""
        now = self._rooms.clock.now()
        if not reason.strip():
            raise Refused("sensors.reason_needed", what="reason")
        if not now < until_at <= now + LONGEST:
            value = to_text(until_at)
            raise Refused("sensors.suppression_end", value=value, days=LONGEST.days)
        name = new_id()
        said = AlarmsSuppressed(
            suppression_id=name,
            device_id=device_id,
            rule_id=rule_id,
            reason=reason.strip(),
            until_at=until_at,
        )

        def work(transaction: Transaction, /) -> Suppression:
            for known in open_suppressions(transaction.connection):
                if replace(known.said, suppression_id=name) == said:
                    return known  # the same again
            transaction.append(SUPPRESSION_STREAM + name, 0, [said], actor=actor)
            return _standing(transaction, name)

        return await self._rooms.journal.write(work)

    async def end(self, name: str, actor: Actor) -> Suppression:
        """End a suppression before its time."""

        def work(transaction: Transaction, /) -> Suppression:
            found = load_suppression(transaction.connection, name)
            if found is None or found.ended_at is not None:
                raise Refused("sensors.unknown_suppression", suppression=name)
            self._end(transaction, found, actor, by_hand=True)
            return _standing(transaction, name)

        return await self._rooms.journal.write(work)

    async def end_due(self) -> None:
        """End the suppressions whose end has come; what stands under them calls for people now."""
        now = self._rooms.clock.now()
        due = await self._rooms.journal.read(
            lambda c: [one for one in open_suppressions(c) if one.said.until_at <= now]
        )
        for one in due:

            def work(transaction: Transaction, /, one: Suppression = one) -> None:
                found = load_suppression(transaction.connection, one.said.suppression_id)
                if found is not None and found.ended_at is None:
                    self._end(transaction, found, SYSTEM, by_hand=False)

            await self._rooms.journal.write(work)

    def _end(
        self, transaction: Transaction, found: Suppression, actor: Actor, *, by_hand: bool
    ) -> None:
        name = found.said.suppression_id
        ended = SuppressionEnded(suppression_id=name, by_hand=by_hand)
        transaction.append(SUPPRESSION_STREAM + name, found.version, [ended], actor=actor)
        store = AlarmsInTransaction(transaction)
        for alarm in standing_alarms(transaction.connection):
            if alarm.held_by == name:
                event = AlarmReleased(alarm_id=alarm.id, suppression_id=name)
                store.append(alarm.id, alarm.version, [event], actor)


def _known(transaction: Transaction, alarm_id: str) -> Alarm:
    alarm = AlarmsInTransaction(transaction).load(alarm_id)
    if alarm is None:
        raise Refused("sensors.unknown_alarm", alarm=alarm_id)
    return alarm


def _standing(transaction: Transaction, name: str) -> Suppression:
    found = load_suppression(transaction.connection, name)
    if found is None:
        raise Refused("sensors.unknown_suppression", suppression=name)
    return found
