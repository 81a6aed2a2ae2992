"""What the codec promises: every message comes back as it went, and nothing else gets in."""

import math
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, get_args

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

import incidents.messages
from bus.codec import Codec, kind_of
from incidents.messages import CaseOpened, NoteAdded, ReportReceived
from incidents.model import Lane, Priority, RunningClock, Stage
from vocabulary.errors import Refused
from vocabulary.ids import CaseId, ReportId
from vocabulary.message import Event
from vocabulary.place import Place

EVENTS = [
    one
    for one in vars(incidents.messages).values()
    if isinstance(one, type) and issubclass(one, Event) and one is not Event
]
CODEC = Codec(EVENTS)
INSTANTS = st.datetimes(
    min_value=datetime(1970, 1, 1),  # noqa: DTZ001 - the zone is given beside it
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
PLACES = st.builds(
    Place,
    lon_deg=st.floats(-180, 180, allow_nan=False),
    lat_deg=st.floats(-90, 90, allow_nan=False),
)
st.register_type_strategy(int, st.integers(-(2**53), 2**53))  # what JSON readers take whole
st.register_type_strategy(datetime, INSTANTS)
st.register_type_strategy(Place, PLACES)


def any_event(kind: type[Event]) -> st.SearchStrategy[Event]:
    """Return any event of one class; its kind is its own."""
    return st.builds(
        kind,
        **{field.name: st.from_type(field.type) for field in fields(kind) if field.name != "kind"},  # type: ignore[arg-type]
    )


OPENED = CaseOpened(
    case_id=CaseId("c"),
    number="20261122-000001",
    report_id=ReportId("r"),
    text="燃气味",
    category="gas",
    place=Place(120.5, 30.25),
    address="",
    town="",
    source="phone",
    reported_at=datetime(2026, 11, 22, 6, 0, tzinfo=UTC),
    lane=Lane.EMERGENCY,
    priority=Priority.P0,
    priority_rule="gas",
    clock=RunningClock(
        stage=Stage.DISPATCH,
        started_at=datetime(2026, 11, 22, 6, 0, tzinfo=UTC),
        due_at=None,
    ),
    exercise=False,
)


@given(event=st.sampled_from(EVENTS).flatmap(any_event))
def test_every_event_comes_back_as_it_went(event: Event) -> None:
    payload = CODEC.encode(event)
    assert CODEC.decode(payload) == event
    assert CODEC.from_dict(CODEC.to_dict(event)) == event
    assert CODEC.encode(CODEC.decode(payload)) == payload


def test_every_event_of_the_room_is_tried() -> None:
    assert len(EVENTS) > 25
    assert all(get_args(one.__annotations__["kind"]) == (kind_of(one),) for one in EVENTS)


def changed(**members: Any) -> bytes:
    whole = CODEC.to_dict(OPENED) | members
    return orjson.dumps({name: value for name, value in whole.items() if value != "absent"})


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        (b"", "message"),
        (b"\xff\xfe", "message"),
        (b"[]", "message"),
        (b"null", "message"),
        (b'{"kind": NaN}', "message"),
        (b"{}", "kind"),
        (b'{"kind": 3}', "kind"),
        (changed(kind="incidents.case_opened.v9"), "kind"),
        (changed(phone="13812345678"), "phone"),
        (changed(number="absent"), "number"),
        (changed(number=7), "number"),
        (changed(exercise=1), "exercise"),
        (changed(exercise="true"), "exercise"),
        (changed(lane="URGENT"), "lane"),
        (changed(reported_at=1_700_000_000), "reported_at"),
        (changed(reported_at="2026-11-22T06:00:00"), "reported_at"),
        (changed(reported_at="yesterday"), "reported_at"),
        (changed(place={"lon_deg": 1.0}), "place.lat_deg"),
        (changed(place={"lon_deg": 1.0, "lat_deg": "2"}), "place.lat_deg"),
        (changed(place={"lon_deg": 1.0, "lat_deg": 2.0, "z": 0.0}), "place.z"),
        (changed(place={"lon_deg": 181.0, "lat_deg": 2.0}), "lon"),
        (
            changed(clock={"stage": "file", "started_at": "2026-11-22T06:00:00", "due_at": None}),
            "clock.started_at",
        ),
    ],
)
def test_what_is_no_event_is_refused_by_the_name_of_its_field(payload: bytes, field: str) -> None:
    with pytest.raises(Refused) as told:
        CODEC.decode(payload)
    assert told.value.code == "message.unreadable"
    assert told.value.values["field"] == field
    assert field in told.value.text("zh")


@given(
    st.binary()
    | st.text().map(str.encode)
    | st.recursive(
        st.none() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ).map(lambda value: orjson.dumps(value))
)
def test_any_bytes_are_an_event_or_refused(payload: bytes) -> None:
    with pytest.raises(Refused):
        CODEC.decode(payload)


def test_a_number_that_is_not_finite_is_refused_where_it_is_written() -> None:
    place = Place(1.0, 2.0)
    object.__setattr__(place, "lat_deg", math.nan)
    report = ReportReceived(
        case_id=CaseId("c"),
        report_id=ReportId("r"),
        text="",
        category="",
        place=place,
        source="",
        occurred_at=OPENED.reported_at,
        has_caller=False,
    )
    with pytest.raises(Refused, match=r"place\.lat_deg"):
        CODEC.encode(report)


def test_an_instant_without_zone_is_refused_where_it_is_written() -> None:
    clock = RunningClock(stage=Stage.FILE, started_at=datetime(2026, 1, 1), due_at=None)  # noqa: DTZ001
    event = incidents.messages.CaseReopened(case_id=CaseId("c"), reason="r", clock=clock)
    with pytest.raises(Refused, match=r"clock\.started_at"):
        CODEC.encode(event)


def test_text_that_is_no_unicode_is_refused_where_it_is_written() -> None:
    with pytest.raises(Refused):
        CODEC.encode(NoteAdded(case_id=CaseId("c"), text="\ud800"))


def test_a_codec_takes_no_two_classes_of_one_kind() -> None:
    twin = type("Twin", (NoteAdded,), {})
    with pytest.raises(ValueError, match=r"both incidents\.note_added\.v1"):
        Codec([NoteAdded, twin])


def test_every_kind_has_a_schema() -> None:
    schemas = CODEC.schemas()
    assert set(schemas) == set(CODEC.kinds)
    assert schemas["incidents.note_added.v1"]["properties"]["text"]["type"] == "string"
