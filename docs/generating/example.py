"""One event as it travels, written by the very codec that writes all of them."""

import json
from datetime import UTC, datetime

from bus.cloudevents import to_cloudevent
from bus.codec import Codec
from incidents.messages import CaseControlled
from vocabulary.ids import CaseId
from vocabulary.message import Actor, Recorded

CASE = CaseId("01KAPZ4Y1QC2VD8H6B7XN0E5RT")
KEPT_AT = datetime(2026, 11, 22, 6, 3, 21, 407000, UTC)
EVENT = CaseControlled(case_id=CASE, department="gas", note="阀门已关闭")
RECORDED = Recorded(
    seq=48213,
    event_id="01KAPZ7GQZ4T9M3W5J1S8YKD2F",
    stream=f"case:{CASE}",
    version=6,
    event=EVENT,
    recorded_at=KEPT_AT,
    source_at=None,
    actor=Actor(id="01KAPYXW5RJ6Z0F4T2C8B9M7HN", name="派遣员", kind="person"),
    cause_id=None,
    chain="",
)


def envelope() -> str:
    """Return the example as a program reading the channel gets it, indented for people."""
    data = Codec([CaseControlled]).to_dict(EVENT)
    told = to_cloudevent(RECORDED, source="/onenet/990101", data=data)
    return json.dumps(told, ensure_ascii=False, indent=2)
