"""HJ 212: the standard's own vector, the public frames, every way of cutting a stream, and what is refused with its element."""

import itertools

import pytest

from exchange.wires.hj212 import (
    Edition,
    flag_of,
    read_segment,
    split,
    write_segment,
)
from exchange.wires.hj212_frames import (
    Broken,
    Frame,
    FrameFinder,
    crc,
    crc_modbus,
    write_frame,
)
from exchange.wires.hj212_packets import Assembly
from exchange.wires.hj212_readings import (
    accept_request,
    answer_to,
    read_readings,
    tell_result,
)
from exchange.wires.hj212_sealed import (
    FORMS,
    Form,
    Sealing,
    opener,
    seal,
    seal_segment,
    token,
    unseal,
)
from exchange.wires.model import NO_VALUE, WireReading
from exchange.wires.unreadable import Unreadable
from sensors.model import Quality
from tests.exchange.wires.hj212_words import KEY, STANDARD, at, found, segment


def test_the_standards_own_frame_has_the_check_that_the_standard_prints() -> None:
    assert len(STANDARD) == 101
    assert crc(STANDARD) == 0x1C80
    assert crc_modbus(STANDARD) == 0x0759
    assert write_frame(STANDARD) == b"##0101" + STANDARD + b"1C80\r\n"
    told = read_segment(STANDARD)
    assert (told.cn, told.edition, told.wants_answer) == ("1062", Edition.HJ_2017, True)
    assert told.value("RtdInterval") == "30"
    assert write_segment(told) == STANDARD


def test_modbus_check_of_its_own_standard() -> None:
    assert crc_modbus(b"123456789") == 0x4B37  # CRC-16/MODBUS in every catalogue of checks


@pytest.mark.parametrize("chop", [0, 1, 2, 3, 7, 64])
def test_a_stream_may_be_cut_anywhere(chop: int) -> None:
    one, other = write_frame(STANDARD), write_frame(write_segment(segment()))
    seen = found(one + other + one, chop=chop)
    assert [frame.segment for frame in seen if isinstance(frame, Frame)] == [
        STANDARD,
        write_segment(segment()),
        STANDARD,
    ]
    assert len(seen) == 3


def test_a_length_that_lies_costs_its_own_frame_alone() -> None:
    good = write_frame(STANDARD)
    for wrong in (b"##0150", b"##0017", b"##00x1", b"##9000"):
        liar = wrong + STANDARD + b"1C80\r\n"
        assert len([one for one in found(liar + good, chop=1) if isinstance(one, Broken)]) == 1
        seen = found(liar + good * 100)
        assert sum(isinstance(one, Frame) for one in seen) == 100
        first = seen[0]
        assert isinstance(first, Broken)
        assert first.reason.values["element"] in ("CRC", "length")


def test_what_is_no_frame_is_told_and_the_next_one_found() -> None:
    seen = found(b"GET / HTTP/1.1\r\n" + write_frame(STANDARD))
    assert isinstance(seen[0], Broken)
    assert seen[0].reason.code == "wires.no_frame"
    assert isinstance(seen[1], Frame)


def test_a_frame_that_breaks_off_is_told_at_the_end() -> None:
    (only,) = found(write_frame(STANDARD)[:50])
    assert isinstance(only, Broken)
    assert only.reason.code == "wires.cut_short"


def test_modbus_check_is_seen_as_a_dialect_and_not_as_right() -> None:
    (frame,) = found(b"##0101" + STANDARD + b"0759\r\n")
    assert isinstance(frame, Frame)
    assert frame.dialect
    (right,) = found(write_frame(STANDARD))
    assert isinstance(right, Frame)
    assert not right.dialect


@pytest.mark.parametrize(
    ("plain", "element"),
    [
        (b"QN=2016;CN=2011;MN=A1;CP=&&&&", "QN"),
        (b"CN=20;MN=A1;CP=&&&&", "CN"),
        (b"MN=A1;CP=&&&&", "CN"),
        (b"CN=2011;MN=;CP=&&&&", "MN"),
        (b"CN=2011;MN=A1;Flag=B;CP=&&&&", "Flag"),
        (b"CN=2011;MN=A1;PNUM=2;PNO=3;CP=&&&&", "PNO"),
        (b"CN=2011;MN=A1;RF=0;CP=&&&&", "RF"),
        (b"CN=2011;MN=A1;MN=A2;CP=&&&&", "MN"),
        (b"CN=2011;MN=A1", "CP"),
        (b"CN=2011;MN=A1;CP=&&a=1", "CP"),
        (b"CN=2011;MN=A1;CP=&&a34004&&", "CP"),
    ],
)
def test_a_wrong_element_is_named(plain: bytes, element: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_segment(plain)
    assert refusal.value.values["element"] == element
    assert element in refusal.value.text("zh")
    assert element in refusal.value.text("en")


def test_readings_carry_suffix_flag_and_beijing_time() -> None:
    told = segment(
        cn="2051",
        groups=(
            {"DataTime": "20261127101400"},
            {"a34004-Avg": "35.5", "a34004-Max": "80", "a34004-Flag": "D"},
            {"w01018-Rtd": "20", "w01018-SampleTime": "20261127100000"},
            {"w00000-Cou": "9999.99"},
            {"a21026-ZsRtd": "9999.99", "a21026-Flag": "N"},
        ),
    )
    when = at(2026, 11, 27, 2, 14)
    assert read_readings(told) == [
        WireReading(told.mn, "a34004-Avg", when, 35.5, Quality.FAULT),
        WireReading(told.mn, "a34004-Max", when, 80.0, Quality.FAULT),
        WireReading(told.mn, "w01018", at(2026, 11, 27, 2), 20.0),
        WireReading(told.mn, "w00000-Cou", when, 9999.99),
        WireReading(told.mn, "a21026-ZsRtd", when, NO_VALUE, Quality.MISSING),
    ]


@pytest.mark.parametrize(
    ("groups", "element"),
    [
        (({"DataTime": "20261327101400"},), "DataTime"),
        (({"DataTime": "20261127101400"}, {"a34004-Rtd": "NaN"}), "a34004-Rtd"),
        (({"DataTime": "20261127101400"}, {"a34004-Rtd": "1e999"}), "a34004-Rtd"),
        (({"a34004-Rtd": "3"},), "DataTime"),
        (({"DataTime": "20261127101400"}, {"a-Rtd": "3", "a-Flag": "?"}), "a-Flag"),
    ],
)
def test_a_reading_that_cannot_be_is_refused_by_its_element(
    groups: tuple[dict[str, str], ...], element: str
) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_readings(segment(groups=groups))
    assert refusal.value.values["element"] == element


def test_answers_go_by_flag_and_by_what_was_said() -> None:
    asked = segment()
    answer = answer_to(asked)
    assert answer is not None
    assert (answer.st, answer.cn, answer.qn, answer.flag) == ("91", "9014", asked.qn, 4)
    assert b"CP=&&&&" in write_segment(answer)
    notice = answer_to(segment(cn="1013"))
    assert notice is not None
    assert notice.cn == "9013"
    assert answer_to(segment(flag=flag_of(Edition.HJ_2017))) is None
    assert answer_to(segment(cn="9011")) is None  # an answer is never answered
    newest = answer_to(segment(flag=9))
    assert newest is not None
    assert newest.flag == 8
    assert accept_request(asked).value("QnRtn") == "1"
    assert (tell_result(asked).cn, tell_result(asked).value("ExeRtn")) == ("9012", "1")


def test_packets_come_in_any_order_twice_and_are_one() -> None:
    groups = tuple({f"a{n:05d}-Rtd": str(n), f"a{n:05d}-Flag": "N"} for n in range(200))
    whole = segment(groups=({"DataTime": "20261127101400"}, *groups))
    packets = list(split(whole))
    assert len(packets) > 5
    for packet in packets:
        assert len(write_segment(packet)) <= 1024
        assert packet.flag & 0b10
    assembly = Assembly()
    assert [assembly.take(packet, 0.0) for packet in reversed(packets[1:])] == [None] * (
        len(packets) - 1
    )
    assert assembly.take(packets[3], 0.1) is None
    joined = assembly.take(packets[0], 0.2)
    assert joined is not None
    assert read_readings(joined) == read_readings(whole)


def test_packets_that_never_come_are_told_and_the_others_taken() -> None:
    groups = tuple({f"a{n:05d}-Rtd": str(n)} for n in range(200))
    packets = list(split(segment(groups=({"DataTime": "20261127101400"}, *groups))))
    assembly = Assembly(patience_s=30)
    for packet in packets[1:]:
        assert assembly.take(packet, 10.0) is None
    assert assembly.lapsed(39.0) == []
    ((came, reason),) = assembly.lapsed(40.0)
    assert reason.values["value"] == "1"
    assert len(read_readings(came)) == 200 - (len(packets[0].groups) - 1)
    assert assembly.lapsed(99.0) == []


def test_one_sender_cannot_fill_the_memory_with_first_packets() -> None:
    assembly = Assembly()
    for number in range(64):
        assert assembly.take(segment(qn=f"{number:017d}", packets=9), 0.0) is None
    with pytest.raises(Unreadable):
        assembly.take(segment(qn=f"{64:017d}", packets=9), 0.0)


def test_sm4_leaves_the_tail_plain() -> None:
    assert unseal(seal(b"x" * 37, KEY), KEY) == b"x" * 37
    assert seal(b"x" * 37, KEY)[32:] == b"x" * 5


def opened_as(form: Form, sealed: bytes, plain: bytes) -> Frame | Broken:
    finder = FrameFinder(opener({"010000A8900016F000169DC0": Sealing(KEY, form)}))
    (found,) = finder.feed(write_frame(plain, sealed))
    return found


def content(length: int) -> bytes:
    """Return a segment whose content fills so many bytes."""
    plain = write_segment(segment(flag=9, groups=({"a": ""},)))
    head, start, rest = plain.partition(b"CP=&&")
    return head + start + (rest[:-2] + b"1" * (length - len(rest) + 2)) + rest[-2:]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("length", [15, 16, 17, 31, 32, 37, 500])
def test_each_form_of_sealed_content_comes_back_as_it_was(form: Form, length: int) -> None:
    plain = content(length)
    sealed = seal_segment(plain, Sealing(KEY, form))
    assert (sealed == plain) == (length < 16)
    frame = opened_as(form, sealed, plain)
    assert isinstance(frame, Frame)
    assert frame.segment == plain


@pytest.mark.parametrize(("declared", "came"), list(itertools.permutations(FORMS)))
def test_content_in_another_form_than_declared_is_refused_by_that_name(
    declared: Form, came: Form
) -> None:
    plain = content(37)
    broken = opened_as(declared, seal_segment(plain, Sealing(KEY, came)), plain)
    assert isinstance(broken, Broken)
    assert (broken.reason.values["value"], broken.reason.values["wanted"]) == (came, declared)


def test_sealed_content_that_is_no_whole_block_is_refused() -> None:
    plain = content(32)
    sealed = seal_segment(plain, Sealing(KEY, "rest_after"))
    broken = opened_as("rest_after", sealed.replace(b",0x", b"0x", 1)[:-9] + b"}&&", plain)
    assert isinstance(broken, Broken)


def test_a_sealed_frame_without_its_key_says_so() -> None:
    plain = write_segment(segment(flag=9))
    sealed = write_frame(plain, seal_segment(plain, Sealing(KEY, "rest_after")))
    (broken,) = found(sealed)[:1]
    assert isinstance(broken, Broken)
    finder = FrameFinder(opener({}))
    (broken,) = finder.feed(sealed)
    assert isinstance(broken, Broken)
    assert broken.reason.code == "wires.no_key"


def test_content_sealed_with_another_key_points_at_the_key() -> None:
    plain = content(32)
    broken = opened_as("rest_after", seal_segment(plain, Sealing(b"1" * 16, "rest_after")), plain)
    assert isinstance(broken, Broken)
    assert broken.reason.code == "wires.bad_check_sealed"
    assert "sm4_key" in broken.reason.text("zh")


def test_sm4_itself_by_the_vector_of_its_standard() -> None:
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")  # GB/T 32907-2016, A.1
    assert seal(key, key).hex() == "681edf34d206965e86b3e94f536e4246"
    assert len(token("one-network", key)) == 24
