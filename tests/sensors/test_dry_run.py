"""A rule tried on the past says what it would have done, by the same engine, and keeps nothing."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from runtime.dry_run import CHANNELS_MOST, dry_run
from sensors.alarm_rules import AlarmRule, Condition, Drift, NoData, Scope, Stuck, Threshold
from sensors.engine import no_usual
from sensors.shipped_rules import shipped_rules
from tests.sensors.office import Office, an_office
from tests.sensors.runs import a_rule
from tests.sensors.test_sensor_faults import noisy
from vocabulary.clock import to_text
from vocabulary.errors import Refused

GAUGES = [(f"d{n}", "road_water", "depth", 40.0 * n) for n in range(6)]


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(tmp_path) as opened:
        await opened.bring(*GAUGES)
        yield opened


async def live_through(office: Office, *said: Sequence[float | None]) -> datetime:
    """Let the gauges say a value a minute, None being silence; return when it began."""
    begun = office.clock.now()
    for minute in zip(*said, strict=True):
        pairs = [(f"d{n}", value) for n, value in enumerate(minute) if value is not None]
        await office.say(*pairs)
        await office.step(60)
    return begun


def tried(office: Office, rule: AlarmRule, begun: datetime) -> dict[str, Any]:
    sensing, span = office.sensing, (begun, office.clock.now())
    return dry_run(rule, sensing.registry, office.readings, no_usual, span)


def on_depth(condition: Condition, **fields: object) -> AlarmRule:
    return a_rule(condition, scope=Scope(kinds=("road_water",), channel="depth"), **fields)


async def test_a_dry_run_says_what_the_live_rule_did_and_keeps_nothing(office: Office) -> None:
    dry = [1.0] * 40
    wet = [1.0] * 10 + [20.0] * 12 + [1.0] * 18
    begun = await live_through(office, dry, wet)
    rule = next(one for one in shipped_rules() if one.id == "road-water-high")
    told = tried(office, rule, begun)
    (alarm,) = [one for one in await office.alarms() if one.raised.rule_id == rule.id]
    assert (told["raised"], told["readings"]) == (1, 80)
    (span,) = told["spans"]
    assert span["device"] == "d1" == alarm.raised.device_id
    assert alarm.cleared_at is not None
    assert (span["onset_at"], span["raised_at"], span["cleared_at"]) == tuple(
        to_text(at) for at in (alarm.raised.onset_at, alarm.raised.raised_at, alarm.cleared_at)
    )
    assert len(await office.alarms()) == 1  # trying it has raised nothing


async def test_another_limit_is_another_answer(office: Office) -> None:
    begun = await live_through(office, [float(n % 10) for n in range(40)])
    counts = [
        tried(office, on_depth(Threshold(raise_at=limit, clear_at=limit)), begun)["raised"]
        for limit in (4.0, 8.5, 10.0)
    ]
    assert counts == [4, 4, 0]
    lasting = on_depth(Threshold(raise_at=4.0, clear_at=4.0), on_delay_s=301.0)
    assert tried(office, lasting, begun)["raised"] == 0


async def test_silence_of_the_past_is_found_where_it_was(office: Office) -> None:
    silent: list[float | None] = [1.0] * 10 + [None] * 20 + [1.0] * 10
    begun = await live_through(office, silent, [1.0] * 40)
    told = tried(office, on_depth(NoData(after_s=300)), begun)
    (span,) = told["spans"]
    assert span["device"] == "d0"
    raised = datetime.fromisoformat(span["raised_at"])
    assert timedelta(minutes=14) <= raised - begun <= timedelta(minutes=15)


async def test_a_sensor_that_stood_still_or_drifted_is_found_in_the_past(office: Office) -> None:
    stuck = noisy(70, 60) + [5.3] * 60 + noisy(71, 40)
    drifting = [value + max(0, n - 60) * 0.06 for n, value in enumerate(noisy(72, 160))]
    begun = await live_through(office, *(noisy(n, 160) for n in range(4)), stuck, drifting)
    told = tried(office, on_depth(Stuck(after_s=900)), begun)
    assert [span["device"] for span in told["spans"]] == ["d4"]
    told = tried(office, on_depth(Drift(over_s=600, against_s=3600)), begun)
    assert [span["device"] for span in told["spans"]] == ["d5"]


async def test_what_is_too_wide_to_try_is_refused(office: Office) -> None:
    many = [(f"m{n}", "road_water", "depth", 1.0 * n) for n in range(CHANNELS_MOST)]
    await office.bring(*many)
    with pytest.raises(Refused) as refused:
        tried(office, on_depth(NoData()), office.clock.now() - timedelta(days=1))
    assert refused.value.code == "sensors.dry_run_wide"
