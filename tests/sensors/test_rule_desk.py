"""A rule set or tried by the desk: it names devices that are there, knows what is usual at once, and says how much it watches."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from runtime.sensing_desk import SensingDesk
from runtime.usual import Usual
from security.policy import permissions_of
from security.principal import Principal
from sensors.alarm_rules import AlarmRule, Deviation, Scope
from sensors.batch import batch_of, to_us
from tests.sensors.office import ENGINEER, Office, an_office
from tests.sensors.runs import a_rule
from vocabulary.errors import Refused

SETS = Principal(actor=ENGINEER, permissions=permissions_of(["engineer"]))
UNUSUAL = Deviation(sigmas=4, at_least=1)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(tmp_path) as opened:
        await opened.bring(("w1", "road_water", "depth", 0.0), high=None)
        yield opened


@pytest.fixture
def usual(office: Office) -> Usual:
    return Usual(office.readings, office.clock, ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def desk(office: Office, usual: Usual) -> SensingDesk:
    room: Any = SimpleNamespace(sensing=office.sensing, readings=office.readings, usual=usual)
    return SensingDesk(room, office.journal, office.clock)


def rule_for(*devices: str) -> AlarmRule:
    scope = Scope(kinds=("road_water",), channel="depth", devices=devices)
    return a_rule(UNUSUAL, scope=scope)


async def five_weeks(office: Office) -> None:
    """Fill five weeks with the same hour after hour, but for an hour of the last day."""
    now, hours = office.clock.now(), range(5 * 7 * 24, 0, -1)
    at = [to_us(now - timedelta(hours=hour)) for hour in hours]
    values = [30.0 if hour == 5 else 2.0 + hour % 2 / 10 for hour in hours]
    number = office.number("w1")
    await office.sensing.take_batch(batch_of([number] * len(at), at, to_us(now), values))
    office.readings.lay_out()
    office.readings.roll_up(to_us(now))


async def test_a_rule_on_what_is_usual_can_be_tried_before_it_is_in_force(
    office: Office, desk: SensingDesk
) -> None:
    await five_weeks(office)
    now = office.clock.now()
    told = await desk.dry_run(rule_for("w1"), now - timedelta(days=1), now)
    assert [span["value"] for span in told["spans"]] == [30.0]


async def test_a_rule_that_is_set_knows_at_once_what_is_usual_and_says_what_it_watches(
    office: Office, desk: SensingDesk, usual: Usual
) -> None:
    await five_weeks(office)
    now_us = to_us(office.clock.now())
    assert usual(office.number("w1"), now_us) is None
    told = await desk.set_rule(SETS, rule_for("w1"), 0, "")
    assert told["channels"] == 1
    assert usual(office.number("w1"), now_us) is not None


async def test_a_rule_for_a_device_nobody_registered_is_refused_by_its_id(
    desk: SensingDesk, office: Office
) -> None:
    now = office.clock.now()
    for deed in (
        desk.set_rule(SETS, rule_for("w1", "w9"), 0, ""),
        desk.dry_run(rule_for("w9"), now - timedelta(days=1), now),
    ):
        with pytest.raises(Refused) as refused:
            await deed
        assert (refused.value.code, refused.value.values["value"]) == ("sensors.rule_device", "w9")
    assert not [row for row in (await desk.rules())["items"] if row["version"]]
