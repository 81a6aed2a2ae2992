"""From a reading to a kept alarm to one case: each once, in whatever order things die."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from incidents.commands import ReceiveReport
from incidents.model import Priority
from runtime.report_taking import take_report
from runtime.sensing_rows import alarm_row
from sensors.alarm import AlarmState
from sensors.batch import batch_of, to_us
from sensors.messages import AlarmRuleSet
from sensors.patience import Patience
from sensors.shipped_rules import rules_in_force, shipped_rules
from storage.alarms import RULE_STREAM, compression
from tests.sensors.office import ENGINEER, Office, an_office
from vocabulary.errors import Refused
from vocabulary.message import SYSTEM


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(tmp_path) as opened:
        yield opened


FLOODED = [(f"d{n}", "road_water", "depth", 40.0 * n) for n in range(12)]


async def test_a_reading_is_durable_when_it_is_answered_and_counted_once(office: Office) -> None:
    await office.bring(*FLOODED)
    first = await office.say(("d0", 3.0), ("d1", 4.0))
    again = await office.say(("d0", 3.0), ("d1", 4.0))
    assert (first.accepted, first.duplicate) == (2, 0)
    assert (again.accepted, again.duplicate) == (0, 2)
    late = office.batch(("d0", 9.0))
    office.clock.advance(timedelta(minutes=5))
    await office.say(("d0", 2.0))
    late = batch_of(
        late.channel.tolist(),
        (late.observed_us - 60_000_000).tolist(),
        to_us(office.clock.now()),
        [9.0],
    )
    told = await office.sensing.take_batch(late)
    assert (told.accepted, told.late) == (1, 1)
    told = await office.sensing.take_batch(late)
    assert (told.accepted, told.late, told.duplicate) == (0, 0, 1)
    assert office.sensing.tally.accepted == 4


async def test_an_alarm_is_kept_once_and_keeps_its_own_instants(office: Office) -> None:
    await office.bring(*FLOODED)
    await office.say(("d0", 20.0))
    onset = office.clock.now()
    await office.step(60)
    assert await office.alarms() == []
    await office.step(61)
    (alarm,) = await office.alarms()
    assert alarm.raised.onset_at == onset
    assert alarm.raised.raised_at == onset + timedelta(seconds=120)
    assert (alarm.raised.limit, alarm.raised.value) == (15.0, 20.0)
    assert alarm.state is AlarmState.ACTIVE_UNACK
    await office.suppressing.acknowledge(alarm.id, "看到了", ENGINEER)
    await office.suppressing.acknowledge(alarm.id, "又一次", ENGINEER)
    await office.say(("d0", 5.0))
    await office.step(301)
    alarm, silent = await office.alarms()
    assert silent.raised.rule_id == "silent"  # and nothing was heard since
    assert alarm.state is AlarmState.CLEARED_ACK
    assert alarm.acknowledged_by == ENGINEER.name
    assert alarm.note == "看到了"
    assert alarm.cleared_at is not None


async def test_a_kill_between_reading_and_alarm_loses_no_alarm_and_doubles_none(
    office: Office,
) -> None:
    await office.bring(("g1", "gas", "methane_lel", 0.0), high=20.0, unit="%")
    # Kept, and killed before anything was judged: what a store looks like then.
    office.readings.keep(office.batch(("g1", 30.0)))
    office.readings.close()
    office.open_sensing()
    await office.sensing.tidy()  # its turn may come before the registry is read
    await office.sensing.refresh()
    await office.step(1)
    (alarm,) = await office.alarms()
    office.readings.close()
    office.open_sensing()
    await office.sensing.refresh()
    await office.step(1)
    assert [one.id for one in await office.alarms()] == [alarm.id]


async def test_a_storm_of_alarms_is_one_case_with_the_terms_and_clearing_never_closes_it(
    office: Office,
) -> None:
    await office.bring(*FLOODED)
    await office.say(*((name, 20.0) for name, *_ in FLOODED))
    await office.step(121)
    await office.follow()
    (case,) = await office.cases()
    assert len(case.reports) == 12
    alarms = await office.alarms()
    assert {alarm.case_id for alarm in alarms} == {case.id}
    filed = await office.journal.stream(f"alarm:{alarms[-1].id}")
    why = filed[-1].event.why  # type: ignore[attr-defined]
    assert " m ≤ 1500 m" in why
    assert "S01" in why
    office.told = 0
    await office.follow()  # told again: nothing is done twice
    (again,) = await office.cases()
    assert again.version == case.version
    await office.say(*((name, 1.0) for name, *_ in FLOODED))
    await office.step(301)
    await office.follow()
    (still,) = await office.cases()
    assert still.state == case.state
    assert still.version == case.version + 12
    counted = await office.journal.read(
        lambda c: compression(c, office.clock.now() - timedelta(hours=1))
    )
    assert counted == (12, 1)


async def test_what_is_far_or_of_another_kind_is_another_case(office: Office) -> None:
    await office.bring(("d0", "road_water", "depth", 0.0), ("d1", "road_water", "depth", 1600.0))
    await office.bring(("g1", "gas", "methane_lel", 0.0), high=20.0, unit="%")
    await office.say(("d0", 20.0), ("d1", 20.0), ("g1", 50.0))
    await office.step(121)
    await office.follow()
    assert len(await office.cases()) == 3


async def test_a_person_and_a_sensor_that_agree_raise_the_priority_by_rule(office: Office) -> None:
    await office.bring(*FLOODED)
    told = ReceiveReport(text="路面积水", category="E0506", place=office.place(100), source="phone")
    await office.journal.write(lambda tx: take_report(office.rooms, tx, told, SYSTEM))
    before = (await office.cases())[0]
    await office.say(("d0", 20.0))
    await office.step(121)
    await office.follow()
    (case,) = await office.cases()
    assert case.priority < before.priority or case.priority is Priority.P0
    assert case.priority_rule == "R02"


async def test_a_second_kind_of_sensor_is_a_second_source(office: Office) -> None:
    await office.bring(("d0", "road_water", "depth", 0.0))
    await office.bring(("w1", "rain", "rain_1h", 200.0), high=50.0, unit="mm")
    await office.say(("d0", 20.0))
    await office.step(121)
    await office.follow()
    before = (await office.cases())[0]
    await office.say(("w1", 80.0), ("d0", 21.0))
    await office.step(331)
    await office.follow()
    (case,) = await office.cases()
    assert len(case.reports) == 2
    changed = [one.event for one in await office.journal.stream(f"case:{case.id}")]
    rules = [event.rule for event in changed if event.kind == "incidents.priority_changed.v1"]  # type: ignore[attr-defined]
    assert ("R01" in rules) or before.priority <= Priority.P1


async def test_under_a_suppression_nobody_is_called_until_it_ends(office: Office) -> None:
    await office.bring(*FLOODED)
    with pytest.raises(Refused):
        await office.suppressing.suppress("d0", None, " ", office.clock.now(), ENGINEER)
    with pytest.raises(Refused):
        await office.suppressing.suppress("d0", None, "检修", office.clock.now(), ENGINEER)
    until = office.clock.now() + timedelta(minutes=10)
    await office.suppressing.suppress("d0", None, "检修", until, ENGINEER)
    await office.say(("d0", 20.0))
    await office.step(121)
    await office.follow()
    (alarm,) = await office.alarms()
    assert alarm.held_by is not None
    assert await office.cases() == []
    await office.say(("d0", 22.0))
    await office.step(600)
    await office.suppressing.end_due()
    await office.follow()
    assert len(await office.cases()) == 1


async def test_what_a_person_clears_stays_down_until_it_was_normal(office: Office) -> None:
    await office.bring(("g1", "gas", "methane_lel", 0.0), high=20.0, unit="%")
    await office.say(("g1", 30.0))
    (alarm,) = await office.alarms()
    with pytest.raises(Refused):
        await office.suppressing.clear(alarm.id, "", ENGINEER)
    await office.suppressing.clear(alarm.id, "探头校验", ENGINEER)
    await office.sensing.put_aside(alarm.raised.rule_id, alarm.raised.channel)
    await office.step(10)
    await office.say(("g1", 31.0))
    assert len(await office.alarms()) == 1
    (alarm,) = await office.alarms()
    assert (alarm.cleared_by, alarm.reason) == (ENGINEER.name, "探头校验")


async def test_late_readings_amend_an_alarm_and_never_rewrite_it(office: Office) -> None:
    await office.bring(("g1", "gas", "methane_lel", 0.0), high=20.0, unit="%")
    await office.say(("g1", 30.0))
    begun = office.batch(("g1", 2.0))
    await office.step(120)
    await office.say(("g1", 30.0))
    late = batch_of(
        begun.channel.tolist(),
        (begun.observed_us + 60_000_000).tolist(),
        to_us(office.clock.now()),
        [2.0],
    )
    for _ in range(2):
        await office.sensing.take_batch(late)
    await office.step(1)
    (alarm,) = await office.alarms()
    assert alarm.amended == 1
    assert alarm.standing


async def test_a_rule_that_is_set_takes_effect_and_its_alarms_live_on(office: Office) -> None:
    await office.bring(*FLOODED)
    await office.say(("d0", 20.0), ("d1", 20.0))
    await office.step(121)
    rule = next(one for one in shipped_rules() if one.id == "road-water-high")
    quieter = replace(rule, enabled=False)
    await office.journal.write(
        lambda tx: tx.append(
            RULE_STREAM + rule.id, 0, [AlarmRuleSet(rule=quieter, note="")], actor=ENGINEER
        )
    )
    await office.sensing.refresh()
    await office.step(1)
    assert {alarm.standing for alarm in await office.alarms()} == {False}
    assert len(rules_in_force([quieter])) == len(shipped_rules())


async def test_screens_hear_how_each_device_stands(office: Office) -> None:
    await office.bring(*FLOODED)
    await office.say(("d0", 20.0), ("d1", 2.0))
    await office.step(1)
    rows = office.ears.rows
    assert rows["d0"][1:] == [20.0, int(rows["d0"][2]), 1]
    assert (rows["d1"][1], rows["d1"][3]) == (2.0, 0)
    assert rows["d2"][1:] == [None, None, 5]
    await office.step(121)
    assert rows["d0"][3] == 3
    await office.step(400)
    assert (rows["d1"][3], rows["d0"][3]) == (4, 3)


@pytest.mark.parametrize(
    ("signal", "times", "cases"), [("covered", 1.0, 1), ("hole", 3.0, 0), ("unknown", None, 1)]
)
async def test_silence_in_a_hole_is_kept_with_its_reason_and_calls_nobody_out(
    office: Office, signal: str, times: float | None, cases: int
) -> None:
    class Heard:
        version = "1"

        def of(self, places: list[object]) -> list[str]:
            return [signal] * len(places)

    office.sensing.patience = Patience(Heard())  # type: ignore[arg-type]
    (silent,) = [one for one in shipped_rules() if one.id == "silent"]
    calling = AlarmRuleSet(rule=replace(silent, opens_case=True), note="")
    stream = f"{RULE_STREAM}silent"
    await office.journal.write(lambda t: t.append(stream, 0, [calling], actor=ENGINEER))
    await office.bring(*FLOODED[:1])
    await office.say(("d0", 3.0))
    await office.step(1)
    await office.step(179 * (times or 1))
    assert await office.alarms() == []
    await office.step(30)
    (alarm,) = await office.alarms()
    await office.follow()
    assert len(await office.cases()) == cases
    if times is None:
        assert alarm.weighed is None
    else:
        assert alarm.weighed is not None
        assert (alarm.weighed.signal, alarm.weighed.times) == (signal, times)
        assert alarm.weighed.opens_case_by_rule
    assert alarm_row(alarm)["signal"] == (None if times is None else signal)
