"""Modbus: the map as data, values in every form, and a real server on a socket."""

import asyncio
import struct
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from exchange.wires.door import Door
from exchange.wires.modbus import COLUMNS, FORMS, Register, read_map, readings, requests
from exchange.wires.modbus_poller import ModbusPoller
from exchange.wires.refused import WireBook
from tests.clocks import ManualClock
from tests.exchange.reading_console import MemoryFrames
from tests.exchange.wires.sinks import MemorySink, registry
from vocabulary.errors import Refused

HEAD = ",".join(COLUMNS) + "\n"
ROW = "10.1.2.3,502,1,holding,100,f32,,,meter-1,flow,60\n"


def one(**changes: Any) -> Register:
    (register,) = read_map(HEAD + ROW)
    values = {name: getattr(register, name) for name in COLUMNS}
    return Register(**{**values, **changes})


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("port", "0"), ("port", "x"), ("unit", "256"), ("table", "coils"), ("address", "70000"), ("form", "f16"),
        ("form", "bit"), ("scale", "nan"), ("scale", "x"), ("period_s", "0"), ("device", ""), ("host", "a b"),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_named_with_its_line(column: str, value: str) -> None:
    cells = dict(zip(COLUMNS, ROW.strip().split(","), strict=True)) | {column: value}
    with pytest.raises(Refused) as refusal:
        read_map(HEAD + ROW + ",".join(cells.values()) + "\n")
    assert f"3: {column}" in refusal.value.text("en")


def test_neighbours_are_asked_for_together() -> None:
    rows = [one(address=100 + 2 * n) for n in range(100)] + [one(address=900), one(unit=2)]
    asked = requests(rows)
    assert [(request.unit, request.address, request.count) for request in asked] == [
        (1, 100, 120),
        (1, 220, 80),
        (1, 900, 2),
        (2, 100, 2),
    ]
    assert sum(len(request.registers) for request in asked) == len(rows)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([form for form in FORMS if form != "bit"]), st.integers(0, 2**16 - 1))
def test_every_form_is_read_as_it_is_written(form: str, number: int) -> None:
    size, code, swapped = FORMS[form]
    value = number - 2**15 if code in (">h", ">i") else number
    packed = struct.pack(code, value)
    words = [int.from_bytes(packed[i : i + 2], "big") for i in range(0, len(packed), 2)]
    words = words[::-1] if swapped else words
    (request,) = requests([one(form=form, scale=0.5, offset=1.0)])
    assert request.count == size
    (reading,) = readings(request, words, 5)
    assert reading.value == pytest.approx(value * 0.5 + 1.0)


def test_words_that_are_not_there_are_missing_values() -> None:
    (request,) = requests([one()])
    assert readings(request, [1], 5)[0].quality.name == "MISSING"
    assert readings(request, [0x7FC0, 0], 5)[0].quality.name == "MISSING"  # NaN


@pytest.mark.server
async def test_a_server_is_polled_and_one_that_is_away_holds_up_nobody() -> None:
    words = struct.unpack(">2H", struct.pack(">f", 12.5))
    block = SimData(100, values=list(words), datatype=DataType.REGISTERS)
    server: Any = ModbusTcpServer(SimDevice(1, simdata=[block]), address=("127.0.0.1", 0))
    await server.serve_forever(background=True)
    port = server.transport.sockets[0].getsockname()[1]
    clock = ManualClock()
    sink, book = MemorySink(clock), WireBook(clock)
    registered = registry()
    door = Door(lambda: registered, sink, clock, book)
    rows = [
        one(host="127.0.0.1", port=port, period_s=0.1),
        one(host="127.0.0.1", port=port, address=5, period_s=0.1, channel="nothing"),
        one(host="127.0.0.1", port=1),
    ]
    tasks = [
        asyncio.create_task(work) for work in (door.run(), ModbusPoller(rows, door, clock).run())
    ]
    try:
        async with asyncio.timeout(10):
            while not sink.kept or not book.tally("modbus", f"127.0.0.1:{port}").refused:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError, BaseExceptionGroup):
                await task
        await server.shutdown()
    assert {value for value, _ in sink.kept.values()} == {12.5}
    frames = MemoryFrames(book)
    await book.keep(frames)
    (said,) = {(one.code, one.values["element"]) for one in frames.kept}
    assert said == ("wires.modbus_exception", "holding 5+2, unit 1"), "an exception is told as one"
