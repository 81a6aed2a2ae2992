"""CAP as the Chinese profile writes it: read into our words, or refused with the element, its value and what would be right."""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.cap import read_cap
from exchange.routes import XML_MOST
from incidents.warnings.model import Act, Area, Circle, Colour, Status
from incidents.warnings.reach import reach_of
from incidents.warnings.rules import decide_take
from tests.incidents.warned import COUNTY, EAST
from vocabulary.errors import Refused

GOLDEN = Path(__file__).parents[1] / "golden" / "cap"
CAME_AT = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)


def cap(name: str) -> bytes:
    return (GOLDEN / f"{name}.xml").read_bytes()


def come(body: bytes) -> None:
    message = read_cap(body)
    decide_take(message, reach_of(message.areas, COUNTY), [], CAME_AT)


def test_a_warning_with_a_polygon_is_read_whole_latitude_first() -> None:
    told = read_cap(cap("polygon"))
    assert told.identifier == "33052141600000_20261127170000_1"
    assert (told.sender, told.act, told.status) == ("德清县气象台", Act.ALERT, Status.ACTUAL)
    assert (told.hazard, told.event_code, told.colour) == ("rainstorm", "11B03", Colour.YELLOW)
    assert (told.severity, told.urgency, told.certainty) == ("Yellow", "Expected", "Likely")
    assert told.sent_at == datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
    assert told.onset_at == datetime(2026, 11, 27, 11, 0, tzinfo=UTC)
    assert told.expires_at == datetime(2026, 11, 27, 16, 0, tzinfo=UTC)
    assert told.areas[0].rings == (((119.6, 30.2), (119.9, 30.2), (119.9, 30.8), (119.6, 30.8)),)
    assert [town.id for town in reach_of(told.areas, COUNTY).towns] == [EAST]


def test_both_languages_are_kept_and_the_event_is_named_in_both() -> None:
    chinese, english = read_cap(cap("polygon")).words
    assert (chinese.language, chinese.event) == ("zh", "暴雨")
    assert (english.language, english.event) == ("en", "rainstorm")
    assert english.instruction == "Beware of flooded streets and flash floods."
    [only_chinese, named] = read_cap(cap("geocode")).words
    assert (only_chinese.event, named.event, named.headline) == ("大风", "gale", "")


def test_a_colour_said_as_such_goes_before_the_severity() -> None:
    told = read_cap(cap("geocode"))
    assert (told.severity, told.colour) == ("Severe", Colour.BLUE)
    assert told.areas == (Area(name="德清县", codes=("330521000000",)),)
    assert reach_of(told.areas, COUNTY).whole


def test_caps_own_severity_and_an_english_event_are_understood_and_a_circle_is_in_kilometres() -> (
    None
):
    told = read_cap(cap("circle"))
    assert (told.colour, told.hazard, told.event_code) == (Colour.RED, "tornado", "")
    assert told.areas[0].circles == (Circle(lon_deg=119.8, lat_deg=30.5, radius_m=5000),)


def test_an_update_and_a_cancellation_name_what_they_end_and_the_latter_needs_no_colour() -> None:
    first = "33052141600000_20261127170000_1"
    third = "33052141600000_20261127170000_3"
    update, cancel = read_cap(cap("update")), read_cap(cap("cancel"))
    assert (update.act, update.references, update.colour) == (
        Act.UPDATE,
        (first,),
        Colour.ORANGE,
    )
    assert (cancel.act, cancel.references, cancel.colour) == (Act.CANCEL, (first, third), None)


def test_tests_and_exercises_are_marked_as_such() -> None:
    assert read_cap(cap("test")).status is Status.TEST
    assert read_cap(cap("exercise")).status is Status.EXERCISE
    assert read_cap(cap("test")).drill


def test_without_an_end_ours_is_set_and_said_to_be_ours() -> None:
    body = cap("geocode").decode()
    told = read_cap(body.replace("<expires>2026-11-28T00:00:00+08:00</expires>", "").encode())
    assert (told.expires_told, (told.expires_at - told.effective_at).days) == (False, 1)


@pytest.mark.parametrize(
    ("name", "code", "field"),
    [
        ("refused_no_identifier", "cap.missing", "identifier"),
        ("refused_expired", "warnings.expired_already", "expires"),
        ("refused_outside", "warnings.outside", "area"),
        ("refused_swapped", "warnings.swapped", "polygon"),
        ("refused_no_colour", "cap.bad_value", "severity"),
        ("refused_no_zone", "cap.bad_value", "sent"),
        ("refused_draft", "cap.bad_value", "status"),
        ("refused_private", "cap.bad_value", "scope"),
        ("refused_no_references", "warnings.no_references", "references"),
        ("refused_no_info", "cap.missing", "info"),
        ("refused_open_polygon", "cap.bad_value", "polygon"),
        ("refused_bomb", "xml.doctype", None),
        ("refused_outside_entity", "xml.doctype", None),
        ("refused_other_root", "cap.not_cap", None),
        ("refused_cut_off", "xml.unreadable", None),
    ],
)
def test_nonsense_is_refused_with_the_element_its_value_and_what_would_be_right(
    name: str, code: str, field: str | None
) -> None:
    with pytest.raises(Refused) as refused:
        come(cap(name))
    assert (refused.value.code, refused.value.values.get("field")) == (code, field)
    for language in ("zh", "en"):
        assert refused.value.text(language)


def test_a_document_too_large_or_too_deep_is_refused() -> None:
    for body, code in (
        (b"<alert>" + b" " * XML_MOST, "exchange.body_too_large"),
        (b"<a>" * 50 + b"</a>" * 50, "xml.too_many"),
        (b"<alert>" + b"<a/>" * 30_000 + b"</alert>", "xml.too_many"),
        (b'<?xml version="1.0" encoding="x-none"?><alert/>', "xml.unreadable"),
    ):
        with pytest.raises(Refused) as refused:
            read_cap(body)
        assert refused.value.code == code


@given(
    at=st.integers(0, 2000),
    bytes_=st.binary(max_size=8),
    name=st.sampled_from(["polygon", "cancel"]),
)
def test_a_damaged_message_is_refused_or_read_and_nothing_else(
    at: int, bytes_: bytes, name: str
) -> None:
    body = cap(name)
    damaged = body[:at] + bytes_ + body[at + len(bytes_) :]
    with suppress(Refused):
        assert read_cap(damaged).identifier
