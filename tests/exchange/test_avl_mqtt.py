"""Positions by MQTT: one or many, each as the HTTP API takes it; what is wrong is named, counted, and no reason to stop."""

from datetime import UTC, datetime

import pytest

from exchange.avl_mqtt import POSITIONS, MqttPositions, read_positions
from tests.exchange.avl_console import MemoryDoor
from vocabulary.errors import Refused, Unavailable

TOPIC = "ov1/330521/unit/fire/E32/position"
ONE = b'{"lon": 119.9, "lat": 30.6, "observed_at": "2026-11-22T14:03:21+08:00", "speed_mps": 8.5}'


def test_one_position_and_a_list_are_read() -> None:
    (fix,) = read_positions(TOPIC, ONE)
    assert (fix.unit_id, fix.source) == ("E32", "mqtt")
    assert fix.report.observed_at == datetime(2026, 11, 22, 6, 3, 21, tzinfo=UTC)
    assert fix.report.speed_mps == 8.5
    assert len(read_positions(TOPIC, b"[" + ONE + b"," + ONE + b"]")) == 2


@pytest.mark.parametrize(
    ("topic", "payload", "code"),
    [
        ("ov1/330521/unit/fire/E 32/position", ONE, "avl.bad_topic"),
        (TOPIC, b"[]", "avl.bad_count"),
        (TOPIC, b'{"lon": 200, "lat": 30.6}', "avl.bad_position"),
        (TOPIC, b'{"lon": 119.9}', "avl.bad_position"),
        (TOPIC, b'{"lon": 119.9, "lat": 30.6, "altitude": 3}', "avl.bad_position"),
        (TOPIC, b'{"lon": NaN, "lat": 30.6}', None),
        (TOPIC, b"\xff\xfe", None),
        (TOPIC, b"119.9,30.6", None),
    ],
)
def test_a_wrong_message_is_refused_by_what_is_wrong(
    topic: str, payload: bytes, code: str | None
) -> None:
    with pytest.raises(Refused) as refused:
        read_positions(topic, payload)
    assert code in (None, refused.value.code)
    assert refused.value.text("zh")


class Link:
    """The link as the handler sees it."""

    def __init__(self) -> None:
        self.handlers: dict[str, object] = {}

    def on(self, topic_filter: str, handle: object, *, shared: bool = True) -> None:
        assert shared
        self.handlers[topic_filter] = handle


async def test_a_message_is_kept_counted_or_left_with_the_broker() -> None:
    door, link = MemoryDoor(), Link()
    positions = MqttPositions(door)
    positions.join(link)
    assert list(link.handlers) == [POSITIONS]
    await positions.hear(TOPIC, ONE)
    await positions.hear(TOPIC, b"{}")
    assert [fix.unit_id for fix in door.fixes] == ["E32"]
    assert [one.code for one in door.refused] == ["avl.bad_position"]
    door.down = Unavailable("store.unavailable")
    with pytest.raises(Unavailable):  # not acknowledged: the broker gives it again
        await positions.hear(TOPIC, ONE)
