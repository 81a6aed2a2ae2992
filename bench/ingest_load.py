"""Publishes readings at a rate, each acknowledged by the broker: `python -m bench.ingest_load PORT RATE SETS SECONDS LEAK`."""

import asyncio
import os
import random
import sys
from typing import Final

import orjson

from exchange.wires.mqtt_link import OWED_MOST, MqttLink, read_broker
from exchange.wires.mqtt_payloads import write_observations
from exchange.wires.refused import WireBook
from vocabulary.clock import SystemClock

DEVICES: Final = 5_000
ALARMING: Final = "gas"
CHANNELS: Final = ("methane_lel", "second", "third")
STEP_S: Final = 0.01
LEAKING, CALM = 60.0, 3.0


def device_of(number: int) -> str:
    """Return the id of a device of the bench's fleet."""
    return f"bench-{number:05d}"


def payload_of(rows: list[dict[str, float]], at_ms: int) -> bytes:
    """Return one message: a single set of values, or several of consecutive milliseconds as a logger sends them."""
    if len(rows) == 1:
        return write_observations(at_ms, rows[0])
    return orjson.dumps([{"ts": at_ms - len(rows) + 1 + n, "v": row} for n, row in enumerate(rows)])


def calm(sets: int) -> list[dict[str, float]]:
    """Return so many sets of values of a device at which nothing is wrong."""
    return [
        {name: round(CALM + random.random(), 2) for name in CHANNELS}  # noqa: S311
        for _ in range(sets)
    ]


async def publish(
    port: int, rate: float, per_message: int, seconds: float, first_leak: int
) -> None:
    """Publish so many messages a second of so many sets of three values; every second one device begins to leak."""
    clock = SystemClock()
    link = MqttLink(read_broker(f"mqtt://127.0.0.1:{port}"), "bench-load", WireBook(clock))
    running = asyncio.create_task(link.run())
    await link.connected.wait()
    random.seed(7)
    loop, sent, leaks, owed_most = asyncio.get_running_loop(), 0, 0, 0
    began_s = loop.time()
    while (passed_s := loop.time() - began_s) < seconds:
        due = int(passed_s * rate)
        at_ms = int(clock.now().timestamp() * 1000)
        leak = leaks <= passed_s  # one a second
        while sent < due and link.unanswered < OWED_MOST - 1:
            rows = calm(per_message)
            # Devices below 1000 leak, one after the other, and say so once; the rest go round.
            device = first_leak + leaks if leak else 1000 + sent % (DEVICES - 1000)
            if leak:
                rows[-1][CHANNELS[0]] = LEAKING
                leaks, leak = leaks + 1, False
            topic = f"ov1/bench/gas/site/{device_of(device)}/obs"
            link.publish(topic, payload_of(rows, at_ms + sent % 7))
            sent += 1
        owed_most = max(owed_most, link.unanswered)
        await asyncio.sleep(STEP_S)
    spent_s = loop.time() - began_s
    while link.unanswered:  # noqa: ASYNC110 - the broker answers
        await asyncio.sleep(0.01)
    told = {
        "messages": sent,
        "readings": sent * per_message * len(CHANNELS),
        "leaks": leaks,
        "spent_s": spent_s,
        "owed_most": owed_most,
    }
    print(orjson.dumps(told).decode(), flush=True)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


if __name__ == "__main__":
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    port, rate, per_message, seconds, first_leak = sys.argv[1:]
    asyncio.run(publish(int(port), float(rate), int(per_message), float(seconds), int(first_leak)))
