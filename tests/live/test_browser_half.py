"""Both halves agree: the browser's own fold, fed the very bytes of the stream, holds what a new snapshot would tell."""

import random
import shutil
import subprocess
from pathlib import Path

import orjson
import pytest

from live.audience import MASKED, WALL, Audience, of_department
from live.deltas import snapshot
from live.ring import Ring
from tests.live.doubles import board_of, hear_all
from tests.live.histories import DEPARTMENTS, walk

AUDIENCES = [MASKED, WALL, *map(of_department, DEPARTMENTS)]
HISTORIES = 40


def stream_of(ring: Ring, audience: Audience, cursor: int) -> str:
    parts = []
    while cursor < ring.seq:
        body, cursor = ring.after(audience, cursor)
        parts.append(body.decode())
    return "".join(parts)


def test_the_browser_half_folds_the_stream_to_the_newer_snapshot() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node on this machine")
    lines, expected = [], []
    for seed in range(HISTORIES):
        chance = random.Random(seed)  # noqa: S311 - the same histories every time
        history = walk([chance.randrange(10**6) for _ in range(60)])
        k, audience = chance.randrange(len(history)), AUDIENCES[seed % len(AUDIENCES)]
        board = board_of(history[:k])
        start, ring = snapshot(board, audience), Ring(k, 10_000)
        for delta in hear_all(board, history[k:], history):
            ring.add(delta, at_ms=1)
        lines.append(orjson.dumps({"start": start, "body": stream_of(ring, audience, k)}))
        expected.append({"gap": False, **snapshot(board, audience)})
    script = Path(__file__).with_name("fold_check.mjs")
    done = subprocess.run(
        [node, str(script)], input=b"\n".join(lines), capture_output=True, check=True, timeout=60
    )
    assert [orjson.loads(line) for line in done.stdout.splitlines()] == expected
