"""What goes out to other programs: CloudEvents 1.0, without personal data, read back as it was told."""

import orjson
import pytest

from bus.channels import channel_of, readings_channel
from bus.cloudevents import read_cloudevent, to_cloudevent
from tests.bus.doubles import CODEC, WRITER, a_note, a_recorded
from vocabulary.errors import Refused


def test_an_event_is_told_with_the_attributes_of_the_standard() -> None:
    recorded = a_recorded(7)
    members = to_cloudevent(recorded, source="/onenet/330000", data={"a": 1})
    assert members == {
        "specversion": "1.0",
        "id": recorded.event_id,
        "source": "/onenet/330000",
        "type": "incidents.note_added.v1",
        "subject": recorded.stream,
        "time": "2026-11-22T06:00:00.123Z",
        "datacontenttype": "application/json",
        "sequence": "7",
        "onenetversion": 7,
        "data": {"a": 1},
    }


def test_what_is_told_is_heard_the_same() -> None:
    recorded = a_recorded(7)
    heard = read_cloudevent(WRITER.write(recorded), CODEC)
    told = (recorded.seq, recorded.event_id, recorded.stream, recorded.version, recorded.event)
    assert (heard.seq, heard.event_id, heard.stream, heard.version, heard.event) == told
    assert heard.recorded_at == recorded.recorded_at


def test_personal_data_are_masked_before_they_are_written() -> None:
    payload = WRITER.write(a_recorded(1, a_note("请回电 13812345678")))
    assert b"13812345678" not in payload
    assert "138****5678" in payload.decode()


@pytest.mark.parametrize("name", ["sequence", "id", "subject", "onenetversion", "data", "time"])
def test_an_attribute_that_is_missing_is_named(name: str) -> None:
    members = orjson.loads(WRITER.write(a_recorded(1)))
    del members[name]
    with pytest.raises(Refused) as told:
        read_cloudevent(orjson.dumps(members), CODEC)
    assert told.value.values["field"] == name


@pytest.mark.parametrize("payload", [b"", b"[]", b"3", b'{"sequence": "x", "id": 1}'])
def test_what_is_no_cloudevent_is_refused(payload: bytes) -> None:
    with pytest.raises(Refused, match="cannot be read"):
        read_cloudevent(payload, CODEC)


@pytest.mark.parametrize(
    ("kind", "channel"),
    [
        ("incidents.case_opened.v1", "onenet.cases"),
        ("dispatch.unit_assigned.v1", "onenet.dispatch"),
        ("sensors.alarm_raised.v1", "onenet.alarms"),
        ("layers.coverage_changed.v1", "onenet.layers"),
    ],
)
def test_each_room_is_told_on_its_channel(kind: str, channel: str) -> None:
    assert channel_of(kind) == channel


def test_readings_have_a_channel_for_each_kind() -> None:
    assert readings_channel("gas") == "onenet.readings.gas"
