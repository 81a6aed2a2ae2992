"""A load of its own process: publishes readings to the bus in batches of a hundred, at a steady pace."""

import argparse
import random
import time
from typing import Final

import orjson
from redis import Redis

from vocabulary.clock import SystemClock

BATCH: Final = 100
CHANNEL: Final = "onenet.readings.bench"


def main() -> None:
    """Publish until killed; print how many a second were managed, once a second."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--redis", required=True)
    parser.add_argument("--sensors", type=int, default=20_000)
    parser.add_argument("--rate", type=int, default=20_000)
    parser.add_argument(
        "--changing", type=float, default=0.05, help="share that differ from the one before"
    )
    asked = parser.parse_args()
    bus, clock = Redis.from_url(asked.redis), SystemClock()
    ids = [f"S{number:05d}" for number in range(asked.sensors)]
    values = [20.0] * asked.sensors
    pause_s = BATCH / asked.rate
    due, sent, at = time.monotonic(), 0, 0
    while True:
        now_ms = int(clock.now().timestamp() * 1000)
        for _ in range(round(BATCH * asked.changing)):
            # As in the trial the bar comes from: most readings repeat, since a sensor's last digit rarely moves.
            values[(at + random.randrange(BATCH)) % asked.sensors] = round(random.random() * 100, 2)  # noqa: S311
        rows = [
            [ids[number], values[number], now_ms]
            for number in (n % asked.sensors for n in range(at, at + BATCH))
        ]
        at = (at + BATCH) % asked.sensors
        bus.publish(CHANNEL, orjson.dumps({"at": now_ms, "v": rows}))
        sent += BATCH
        if sent % asked.rate == 0:
            print(sent, round(time.monotonic() - due, 3), flush=True)
        due += pause_s
        if (wait := due - time.monotonic()) > 0:
            time.sleep(wait)


if __name__ == "__main__":
    main()
