"""Running the engine over readings in tests: what it decided, as short tuples."""

from collections.abc import Iterable, Sequence

from sensors.alarm_rules import AlarmRule, Condition, Scope, Threshold
from sensors.arrivals import Newest, sort_in
from sensors.batch import Batch
from sensors.conditions import Usual
from sensors.decision import Decision
from sensors.engine import AlarmEngine, no_usual
from sensors.machine import Flapping
from sensors.registry import Registry
from tests.sensors.builders import SECOND, START_US

LIVE_US = 3600 * SECOND
Told = tuple[str, int, str, float]


def a_rule(condition: Condition | None = None, **fields: object) -> AlarmRule:
    given = {
        "id": "r1",
        "name_zh": "积水",
        "name_en": "flooding",
        "scope": Scope(kinds=("road_water",), channel="depth"),
        "condition": condition or Threshold(raise_at=15.0, clear_at=10.0),
    } | fields
    return AlarmRule(**given)  # type: ignore[arg-type]


class Run:
    """An engine with its newest values."""

    def __init__(
        self, registry: Registry, rules: Sequence[AlarmRule], *, usual: Usual = no_usual
    ) -> None:
        self.registry = registry
        self.newest = Newest(registry.size)
        self.engine = AlarmEngine(registry, rules, self.newest, usual=usual)
        self.decisions: list[Decision] = []

    def hear(self, *batches: Batch) -> "Run":
        for batch in batches:
            sorted_in = sort_in(batch, self.registry, self.newest, LIVE_US)
            self.decisions += self.engine.hear(sorted_in.fresh)
        return self

    def tick(self, *seconds: float) -> "Run":
        for second in seconds:
            self.decisions += self.engine.tick(START_US + int(second * SECOND))
        return self

    def told(self) -> list[Told]:
        return told(self.decisions)

    def changes(self) -> list[tuple[str, float]]:
        return [(name, second) for _, _, name, second in self.told()]


def told(decisions: Iterable[Decision]) -> list[Told]:
    found = [
        (
            one.rule.id,
            one.channel,
            type(one.change).__name__.lower(),
            (one.change.at_us - START_US) / SECOND,
        )
        for one in decisions
    ]
    return sorted(found, key=lambda row: (row[1], row[0], row[3]))


def flaps(decisions: Iterable[Decision]) -> list[int]:
    return [one.change.times for one in decisions if isinstance(one.change, Flapping)]
