"""The alarm engine: readings by column, the few that matter one by one, time by a wheel, silence by a sweep. No clock."""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from sensors.alarm_rules import AlarmRule, Compound, Deviation, NoData, OfSensor
from sensors.arrivals import MEASURED_BYTES, Newest
from sensors.batch import Batch
from sensors.conditions import Bounds, RepeatJudge, Usual, judge_of
from sensors.conditions import Newest as Fresh
from sensors.decision import Decision, rank_of
from sensors.gateways import Gateways
from sensors.health import HealthRule, health_rules, rounds
from sensors.hours import within_hours
from sensors.machine import (
    NORMAL,
    Change,
    Life,
    Phase,
    Verdict,
    due_us,
    elapse,
    put_aside,
    step,
)
from sensors.registry import Registry
from sensors.silence import Heard, Silence, silences
from sensors.watch import Columns, Watch, dwell_of, in_scope, plain

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
Key = tuple[str, int]


def no_usual(_channel: int, _at_us: int) -> None:
    """Know of no usual."""


class AlarmEngine:
    """Rules over a registry. `newest` is shared with who sorts readings in; silence before `heard_since_us` is our own.

    `health`: rules about sensors of an engine before, whose habits are known.
    """

    def __init__(
        self,
        registry: Registry,
        rules: Sequence[AlarmRule],
        newest: Newest,
        *,
        heard_since_us: int = 0,
        usual: Usual = no_usual,
        zone: ZoneInfo = SHANGHAI,
        health: Sequence[HealthRule] = (),
    ) -> None:
        self.registry, self.newest, self._usual, self._zone = registry, newest, usual, zone
        enabled = [rule for rule in rules if rule.enabled]
        self.rules = {rule.id: rule for rule in enabled}
        self._since_us = heard_since_us
        self.columns = Columns([rule for rule in enabled if plain(rule)], registry)
        self.silences = silences(enabled, registry)
        self.health = health_rules(enabled, registry, health)
        self.gateways = Gateways(registry)
        self._watches: dict[Key, Watch] = {}
        self._single: dict[int, list[Watch]] = {}
        self._seen: dict[int, tuple[int, float]] = {}
        self._wheel: list[tuple[int, str, int]] = []
        self._lay_single(rule for rule in enabled if not plain(rule))
        self._has_single = np.zeros(registry.size, dtype=bool)
        self._has_single[list(self._single)] = True

    def _lay_single(self, rules: Iterable[AlarmRule]) -> None:
        for rule in rules:
            if isinstance(rule.condition, NoData | OfSensor):
                continue
            for channel in in_scope(rule.scope, self.registry):
                fresh = self._fresh_of(channel.device)
                judge = judge_of(rule.condition, channel, self._usual, fresh)
                if judge is None:
                    continue
                bounds = judge.bounds if isinstance(judge, RepeatJudge) else judge
                limit = bounds.raise_at * bounds.sign if isinstance(bounds, Bounds) else None
                watch = Watch(rule, channel.number, dwell_of(rule), limit, judge)
                self._watches[rule.id, channel.number] = watch
                for heard in self._heard_for(watch):
                    self._single.setdefault(heard, []).append(watch)

    def _heard_for(self, watch: Watch) -> list[int]:
        if not isinstance(watch.rule.condition, Compound):
            return [watch.channel]
        device = self.registry.channels[watch.channel].device
        return [channel.number for channel in self.registry.channels_of(device)]

    # --- readings ---

    def hear(self, fresh: Batch) -> list[Decision]:
        """Take readings in, by channel and time and newer than what was heard; return what they change."""
        rows = fresh.where(MEASURED_BYTES[fresh.quality])
        decisions: list[Decision] = []
        for slot in range(len(self.columns)):
            touched = self.columns.touched(slot, rows.channel, rows.value)
            if touched.any():
                # All rows of a channel of which one matters: in between its alarm may stand otherwise.
                hot = np.isin(rows.channel, rows.channel[touched])
                self._hear_hot(slot, rows.where(hot), decisions)
        single = self._has_single[rows.channel]
        if single.any():
            self._hear_single(rows.where(single), decisions)
        for part in rounds(rows) if self.health else ():
            for health in self.health:
                self._hear_health(health, part, decisions)
        return decisions

    def _hear_health(self, health: HealthRule, part: Batch, decisions: list[Decision]) -> None:
        rows, verdicts = health.touched(part)
        for (channel, at_us, value), verdict in zip(rows.triples(), verdicts, strict=True):
            key = (health.rule.id, channel)
            watch = self._watches.setdefault(key, health.watch(channel))
            self._step(watch, verdict, at_us, value, decisions)

    def _hear_hot(self, slot: int, rows: Batch, decisions: list[Decision]) -> None:
        for channel, at_us, value in rows.triples():
            watch = self._slot_watch(slot, channel)
            if watch is not None and watch.judge is not None:
                self._step(watch, watch.judge(at_us, value), at_us, value, decisions)

    def _hear_single(self, rows: Batch, decisions: list[Decision]) -> None:
        for channel, at_us, value in rows.at(np.argsort(rows.observed_us, kind="stable")).triples():
            self._seen[channel] = (at_us, value)
            for watch in self._single[channel]:
                if watch.judge is None:
                    continue
                verdict = watch.judge(at_us, value)
                if not within_hours(watch.rule.hours, at_us, self._zone):
                    verdict = Verdict.CLEAR
                self._step(watch, verdict, at_us, value, decisions)

    def _slot_watch(self, slot: int, channel: int) -> Watch | None:
        at = int(self.columns.rule[slot][channel])
        if at < 0:
            return None
        key = (self.columns.rules[at].id, channel)
        if key not in self._watches and (made := self.columns.watch(slot, channel)) is not None:
            self._watches[key] = made
        return self._watches.get(key)

    def _fresh_of(self, device: str) -> Fresh:
        numbers = {one.name: one.number for one in self.registry.channels_of(device)}

        def fresh(at_us: int) -> Mapping[str, float]:
            values = {}
            for name, number in numbers.items():
                seen = self._seen.get(number)
                if seen and 0 <= at_us - seen[0] <= self.registry.stale_us[number]:
                    values[name] = seen[1]
            return values

        return fresh

    # --- one step, and time ---

    def _step(
        self, watch: Watch, verdict: Verdict, at_us: int, value: float, into: list[Decision]
    ) -> None:
        life, changes = step(watch.life, verdict, at_us, watch.dwell)
        self._settle(watch, life, changes, value, into)

    def _settle(
        self,
        watch: Watch,
        life: Life,
        changes: Sequence[Change],
        value: float | None,
        into: list[Decision],
        behind: int = 0,
    ) -> None:
        if life is not watch.life:
            watch.life = life
            if watch.phases is not None:
                watch.phases[watch.channel] = life.phase
            if (due := due_us(life, watch.dwell)) is not None:
                heapq.heappush(self._wheel, (due, watch.rule.id, watch.channel))
        into += [
            Decision(watch.rule, watch.channel, change, value, watch.limit, behind)
            for change in changes
        ]

    def tick(self, now_us: int) -> list[Decision]:
        """Let time pass: what was due before `now_us`, and whose silence has lasted too long. Call it about once a second."""
        decisions: list[Decision] = []
        while self._wheel and self._wheel[0][0] < now_us:
            _, rule_id, channel = heapq.heappop(self._wheel)
            watch = self._watches[rule_id, channel]
            life, changes = elapse(watch.life, now_us, watch.dwell)
            self._settle(watch, life, changes, self._value(channel), decisions)
        if self.silences:
            self._sweep(now_us, decisions)
        return decisions

    def _sweep(self, now_us: int, decisions: list[Decision]) -> None:
        heard = Heard(self.newest, self.gateways, self._since_us, now_us)
        for silence in self.silences:
            silent = heard.silent(silence)
            for channel in np.flatnonzero(silent != silence.silent).tolist():
                due_us = min(now_us, int(heard.last_us[channel] + silence.after_us[channel]))
                spoke_us = int(heard.last_us[channel])
                said = (Verdict.RAISE, due_us) if silent[channel] else (Verdict.CLEAR, spoke_us)
                self._tell_silence(silence.rule, channel, *said, decisions)
            silence.silent = silent

    def _tell_silence(
        self, rule: AlarmRule, channel: int, verdict: Verdict, at_us: int, into: list[Decision]
    ) -> None:
        watch = self._watches.setdefault((rule.id, channel), Watch(rule, channel, dwell_of(rule)))
        life, changes = step(watch.life, verdict, at_us, watch.dwell)
        place = self.gateways.own.get(channel)
        behind = self.gateways.children[place] if place is not None else 0
        self._settle(watch, life, changes, self._value(channel), into, behind)

    # --- what stands ---

    def restore(self, rule_id: str, channel: int, life: Life) -> bool:
        """Take a life over, from the store or from the engine before; False where no rule watches that channel now."""
        watch = self._find(rule_id, channel)
        if watch is None:
            return False
        self._settle(watch, life, (), None, [])
        for silence in self.silences:
            if silence.rule.id == rule_id:
                silence.silent[channel] = life.phase is not Phase.NORMAL
        return True

    def watches(self, rule_id: str, channel: int) -> bool:
        """Say whether a rule watches a channel."""
        return self._find(rule_id, channel) is not None

    def lives(self) -> dict[Key, Life]:
        """Return every life that is not at its beginning."""
        return {key: watch.life for key, watch in self._watches.items() if watch.life != NORMAL}

    def put_aside(self, rule_id: str, channel: int, at_us: int) -> None:
        """Clear an alarm by hand: it comes back only after it has been normal once."""
        if (watch := self._find(rule_id, channel)) is not None:
            self._settle(watch, put_aside(watch.life, at_us), (), None, [])

    def _find(self, rule_id: str, channel: int) -> Watch | None:
        if (rule_id, channel) in self._watches:
            return self._watches[rule_id, channel]
        if channel >= self.registry.size:
            return None
        for slot in range(len(self.columns)):
            watch = self._slot_watch(slot, channel)
            if watch is not None and watch.rule.id == rule_id:
                return watch
        laid: list[Silence | HealthRule] = [*self.silences, *self.health]
        found = (one for one in laid if one.rule.id == rule_id)
        over = next(found, None)
        if over is None or not over.watched[channel]:
            return None
        return self._watches.setdefault((rule_id, channel), over.watch(channel))

    def phases(self) -> dict[int, tuple[Phase, AlarmRule]]:
        """Return the worst of what stands or is suspected on each channel."""
        worst: dict[int, tuple[Phase, AlarmRule]] = {}
        for (_, channel), watch in self._watches.items():
            if watch.life.phase not in {Phase.NORMAL, Phase.ASIDE}:
                known = worst.get(channel)
                if known is None or rank_of(watch.life.phase, watch.rule) > rank_of(*known):
                    worst[channel] = (watch.life.phase, watch.rule)
        return worst

    def deviating(self) -> list[int]:
        """Return the channels whose rules ask what is usual."""
        return sorted(
            {
                watch.channel
                for watches in self._single.values()
                for watch in watches
                if isinstance(watch.rule.condition, Deviation)
            }
        )

    def judges(self, channel: int) -> list[Watch]:
        """Return the plain thresholds that watch a channel."""
        found = (self._slot_watch(slot, channel) for slot in range(len(self.columns)))
        return [watch for watch in found if watch is not None]

    def _value(self, channel: int) -> float | None:
        value = float(self.newest.value[channel])
        return value if np.isfinite(value) else None
