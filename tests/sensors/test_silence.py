"""Silence: whose it is, and since when."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from sensors.alarm_rules import NoData, Scope
from sensors.batch import Batch, joined
from sensors.model import Device
from sensors.patience import Patience, speaks_from
from sensors.registry import Registry
from tests.sensors.builders import SECOND, START_US, a_channel, a_device, a_registry, readings
from tests.sensors.runs import Run, a_rule
from vocabulary.place import Place

ONE = a_registry()


def test_silence_is_an_alarm_and_the_next_word_ends_it() -> None:
    run = Run(ONE, [a_rule(NoData())]).hear(readings((0, 1))).tick(60, 180, 181, 400)
    assert run.changes() == [("raised", 180)]
    run.hear(readings((500, 1))).tick(501)
    assert run.changes() == [("raised", 180), ("cleared", 500)]


def test_who_was_never_heard_is_not_silent_and_our_own_sleep_is_nobodys() -> None:
    run = Run(ONE, [a_rule(NoData())]).tick(9999)
    assert run.changes() == []
    awake = Run(ONE, [a_rule(NoData())]).hear(readings((0, 1)))
    awake.engine._since_us = START_US + 5000 * SECOND  # we were down until then
    assert awake.tick(5001, 5180).changes() == []
    assert awake.tick(5181).changes() == [("raised", 5180)]


def a_gateway(children: int = 200) -> Registry:
    devices: list[Device] = [a_device("gw", "gateway")]
    channels = [a_channel(1, "gw", "heartbeat", high=None)]
    for number in range(2, children + 2):
        devices.append(a_device(f"d{number}", gateway="gw"))
        channels.append(a_channel(number, f"d{number}"))
    return Registry(devices, channels)


def everybody(second: float, count: int, *, but: int = 0) -> Batch:
    return joined([readings((second, 1.0), channel=n) for n in range(1, count + 1) if n != but])


NOBODY_HEARD = a_rule(NoData(), scope=Scope())


def test_a_silent_gateway_is_one_alarm_and_not_its_two_hundred_children() -> None:
    run = Run(a_gateway(), [NOBODY_HEARD]).hear(everybody(0, 201))
    run.tick(*range(100, 400, 7))
    assert run.told() == [("r1", 1, "raised", 180)]
    assert run.decisions[0].behind == 200
    run.hear(everybody(500, 201)).tick(501, 600)
    assert run.told() == [("r1", 1, "raised", 180), ("r1", 1, "cleared", 500)]


def test_one_silent_child_of_a_living_gateway_is_told_and_counts_from_its_return() -> None:
    run = Run(a_gateway(3), [NOBODY_HEARD]).hear(everybody(0, 4))
    for second in range(60, 421, 60):
        run.hear(everybody(second, 4, but=3)).tick(second + 1)
    assert run.told() == [("r1", 3, "raised", 180)]


def test_a_child_that_stays_silent_after_its_gateway_is_back_is_told_then() -> None:
    run = Run(a_gateway(3), [NOBODY_HEARD]).hear(everybody(0, 4)).tick(200)
    for second in range(600, 1000, 60):
        run.hear(everybody(second, 4, but=3)).tick(second + 1)
    child = [row for row in run.told() if row[1] == 3]
    assert child == [("r1", 3, "raised", 600 + 180)]


class Heard:
    """How the network reaches every device, as a test says."""

    def __init__(self, signal: str) -> None:
        self.signal, self.version = signal, signal

    def of(self, places: Sequence[Place]) -> list[str]:
        return [self.signal] * len(places)


def under(signal: str, run: Run, patience: Patience | None = None, second: float = 0) -> Patience:
    made = patience or Patience(Heard(signal))
    made.signal = Heard(signal)
    made.bring(run.engine, START_US + int(second * SECOND))
    return made


@pytest.mark.parametrize(("signal", "after"), [("covered", 180), ("unknown", 180), ("weak", 270), ("hole", 540)])  # fmt: skip
def test_silence_is_waited_for_the_longer_the_less_a_network_reaches(
    signal: str, after: int
) -> None:
    run = Run(ONE, [a_rule(NoData())])
    under(signal, run)
    run.hear(readings((0, 1))).tick(60, 181, 271, 541, 900)
    assert run.changes() == [("raised", after)]


def test_an_alarm_of_silence_outlives_the_loss_of_the_network_and_ends_with_a_word() -> None:
    run = Run(ONE, [a_rule(NoData())])
    known = under("covered", run)
    run.hear(readings((0, 1))).tick(181)
    under("hole", run, known, 200)
    run.tick(201, 400, 800)
    assert run.changes() == [("raised", 180)]  # a station that went out is no word of the device
    run.hear(readings((900, 1))).tick(901)
    assert run.changes() == [("raised", 180), ("cleared", 900)]


def test_when_the_network_is_back_devices_get_their_time_before_they_are_called_silent() -> None:
    run = Run(ONE, [a_rule(NoData())])
    known = under("hole", run)
    run.hear(readings((0, 1))).tick(400)
    under("covered", run, known, 400)
    assert run.tick(401, 579).changes() == []
    run.tick(581)
    assert [name for name, _ in run.changes()] == ["raised"]


def test_a_device_speaks_from_where_its_gateway_stands() -> None:
    there, here = Place(119.0, 30.0), Place(120.0, 30.0)
    devices = [replace(a_device("gw", "gateway"), place=there), replace(a_device("d", gateway="gw"), place=here)]  # fmt: skip
    registry = Registry(devices, [])
    assert speaks_from(registry, devices[1]) == there
    assert speaks_from(registry, replace(devices[1], gateway="elsewhere")) == here


def said(run: Run, second: float, *channels: int, there: bool) -> Run:
    for channel in channels:
        run.newest.say(channel, START_US + int(second * SECOND), there=there)
    return run


def test_a_gateway_told_to_be_gone_is_one_alarm_at_once_and_none_of_its_children() -> None:
    run = Run(a_gateway(), [NOBODY_HEARD]).hear(everybody(0, 201))
    said(run, 20, 1, there=False).tick(*range(21, 900, 7))
    assert run.told() == [("r1", 1, "raised", 21)]
    assert run.decisions[0].behind == 200
    said(run, 900, 1, there=True).tick(901)
    assert run.told()[1:] == [("r1", 1, "cleared", 900)]
    run.hear(everybody(930, 201)).tick(931, 1000)
    assert len(run.told()) == 2


def test_a_last_will_of_long_ago_says_nothing_of_who_is_heard_since() -> None:
    run = Run(a_gateway(3), [NOBODY_HEARD]).hear(everybody(0, 4))
    said(run, 20, 1, there=False).hear(everybody(25, 4, but=1)).tick(26, 150)
    assert run.told() == []


def test_a_child_told_to_be_gone_by_a_living_gateway_is_told() -> None:
    run = Run(a_gateway(3), [NOBODY_HEARD]).hear(everybody(0, 4))
    said(run, 20, 3, there=False).hear(everybody(30, 4, but=3)).tick(31)
    assert run.told() == [("r1", 3, "raised", 31)]


def test_who_was_never_heard_is_not_gone() -> None:
    run = Run(ONE, [a_rule(NoData())])
    assert said(run, 5, 1, there=False).tick(6, 999).changes() == []
