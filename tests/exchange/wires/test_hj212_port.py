"""HJ 212 over a real socket: acknowledged when kept, refused frames kept for inspection, limits that hold."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from time import monotonic

import pytest

from exchange.wires.door import Door
from exchange.wires.hj212 import Segment, read_segment, split, write_segment
from exchange.wires.hj212_conversation import Hj212Conversation, Hj212Devices, read_devices
from exchange.wires.hj212_frames import Frame, FrameFinder, crc_modbus, write_frame
from exchange.wires.hj212_sealed import Sealing, seal_segment
from exchange.wires.listener import Limits, Listener
from exchange.wires.refused import WireBook
from sensors.model import Quality
from tests.clocks import ManualClock
from tests.exchange.wires.sinks import MemorySink, registry
from vocabulary.errors import Refused

MN = "010000A8900016F000169DC0"


def data(flag: int = 5) -> Segment:
    return Segment(
        qn="20261122135900000",
        st="22",
        cn="2011",
        pw="123456",
        mn=MN,
        flag=flag,
        groups=(
            {"DataTime": "20261122135800"},
            {"a34004-Rtd": "35.5", "a34004-Flag": "N"},
            {"a34002-Rtd": "71", "a34002-Flag": "D"},
        ),
    )


class Office:
    """A listener, its door and its sink."""

    def __init__(self, devices: Hj212Devices, limits: Limits) -> None:
        self.clock = ManualClock()
        self.sink = MemorySink(self.clock)
        self.book = WireBook(self.clock)
        registered = registry()
        self.door = Door(lambda: registered, self.sink, self.clock, self.book)
        self.listener = Listener(
            "hj212",
            "127.0.0.1",
            0,
            lambda source: Hj212Conversation(self.door, source, devices, monotonic),
            limits,
        )

    @property
    def refusals(self) -> list[str]:
        return [frame.code for frame in self.book._waiting]


@asynccontextmanager
async def office(
    devices: Hj212Devices = Hj212Devices(),  # noqa: B008
    limits: Limits = Limits(),  # noqa: B008
) -> AsyncIterator[Office]:
    opened = Office(devices, limits)
    await opened.listener.open()
    pump = asyncio.create_task(opened.door.run())
    try:
        yield opened
    finally:
        await opened.listener.close()
        pump.cancel()
        with suppress(asyncio.CancelledError):
            await pump


async def say(opened: Office, sent: bytes, answers: int) -> list[Segment]:
    reader, writer = await asyncio.open_connection("127.0.0.1", opened.listener.port)
    writer.write(sent)
    finder, heard = FrameFinder(), list[Segment]()
    async with asyncio.timeout(5):
        while len(heard) < answers and (chunk := await reader.read(4096)):
            heard += [
                read_segment(one.segment) for one in finder.feed(chunk) if isinstance(one, Frame)
            ]
        with suppress(ConnectionError):  # we were let go
            writer.write_eof()
            await reader.read()
    writer.close()
    return heard


async def test_what_is_acknowledged_is_kept() -> None:
    async with office() as opened:
        frame = write_frame(write_segment(data()))
        answers = await say(opened, frame[:37] + frame[37:] + frame, 2)
        assert [(one.cn, one.qn) for one in answers] == [("9014", data().qn)] * 2
        assert sorted(opened.sink.kept.values()) == [(35.5, Quality.GOOD), (71.0, Quality.FAULT)]
        assert opened.book.wires()["hj212"].readings == 4
        assert not opened.refusals


async def test_nothing_is_acknowledged_that_was_not_kept() -> None:
    async with office() as opened:
        opened.sink.away = True
        assert await say(opened, write_frame(write_segment(data())), 1) == []
        opened.sink.away = False
        assert len(await say(opened, write_frame(write_segment(data())), 1)) == 1


async def test_split_packets_are_acknowledged_each_and_kept_as_one() -> None:
    async with office() as opened:
        packets = list(split(data(), longest=60))
        assert len(packets) > 1
        sent = b"".join(write_frame(write_segment(one)) for one in packets)
        assert len(await say(opened, sent, len(packets))) == len(packets)
        assert len(opened.sink.kept) == 2


async def test_broken_frames_are_kept_with_their_reason_and_the_next_is_read() -> None:
    async with office() as opened:
        good = write_frame(write_segment(data()))
        bad = good.replace(b"35.5", b"35.6")
        no_station = write_frame(b"ST=22;CN=2011;MN=;CP=&&&&")
        answers = await say(opened, bad + no_station + good, 1)
        assert len(answers) == 1
        assert opened.refusals == ["wires.bad_check", "wires.missing_element"]
        kept = list(opened.book._waiting)
        assert kept[0].raw.startswith(b"##")
        assert kept[1].values["element"] == "MN"


async def test_a_device_nobody_registered_is_named_once_and_counted() -> None:
    async with office() as opened:
        strange = write_frame(write_segment(data()).replace(MN.encode(), b"Y1"))
        await say(opened, strange * 3, 3)
        assert opened.refusals == ["wires.unknown_channel"] * 2
        assert opened.book.tally("hj212", "Y1").unknown == 6


async def test_modbus_check_needs_leave_for_that_device() -> None:
    plain = write_segment(data())
    frame = b"##%04d%b%04X\r\n" % (len(plain), plain, crc_modbus(plain))
    async with office() as opened:
        assert await say(opened, frame, 0) == []
        assert opened.refusals == ["wires.check_dialect"]
    async with office(read_devices(f"[{MN}]\nmodbus_crc = true\n")) as opened:
        assert len(await say(opened, frame, 1)) == 1
        assert opened.book.tally("hj212", MN).dialect == 1


async def test_sealed_content_is_opened_with_the_stations_key() -> None:
    devices = read_devices(
        f'[{MN}]\nsm4_key = "{"30" * 16}"\nsm4_form = "rest_after"\npassword = "123456"\n'
    )
    plain = write_segment(data(flag=9))
    sent = write_frame(plain, seal_segment(plain, Sealing(b"0" * 16, "rest_after")))
    assert b"35.5" not in sent
    async with office(devices) as opened:
        (answer,) = await say(opened, sent, 1)
        assert answer.flag == 8
        assert len(opened.sink.kept) == 2


@pytest.mark.parametrize(
    "text", ["[A", "[A]\nsm4_key = 'x'", f"[A]\nsm4_key = '{'30' * 16}'", "[A]\nkey = 1", "A = 3"]
)
def test_a_table_that_cannot_be_used_says_why(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_devices(text)
    assert "hj212.toml" in refusal.value.text("en")


async def test_who_sends_rubbish_is_let_go_and_cannot_flood_the_store() -> None:
    async with office() as opened:
        await say(opened, b"##9999QN=" * 40_000, 0)
        assert opened.book.tally("hj212", "127.0.0.1").refused <= 18
        assert len(opened.refusals) <= 20


async def test_too_many_callers_are_turned_away() -> None:
    async with office(limits=Limits(of_one_source=1)) as opened:
        _, first = await asyncio.open_connection("127.0.0.1", opened.listener.port)
        await asyncio.sleep(0.05)
        reader, second = await asyncio.open_connection("127.0.0.1", opened.listener.port)
        async with asyncio.timeout(2):
            assert await reader.read() == b""
        assert opened.listener.turned_away == 1
        first.close()
        second.close()


async def test_who_says_nothing_is_let_go() -> None:
    async with office(limits=Limits(idle_s=0)) as opened:
        reader, writer = await asyncio.open_connection("127.0.0.1", opened.listener.port)
        async with asyncio.timeout(2):
            assert await reader.read() == b""
        writer.close()
