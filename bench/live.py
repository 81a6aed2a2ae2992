"""From Redis to pixel: the live feed against a Dash page that polls, in one run. `python -m bench.live [--quick] [--bare]`."""

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import orjson
from playwright.sync_api import sync_playwright

from bench.live_parts import (
    HEADINGS,
    Plan,
    Published,
    Row,
    fan_out,
    free_port,
    polling,
    to_the_pixel,
)
from bench.live_target import BareConsole, Console, Target
from bench.processes import Child

HERE: Final = Path(__file__).parent
CHROMIUM: Final = os.environ.get("ONENET_CHROMIUM", "/usr/bin/chromium")
CHROMIUM_ARGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
BAR: Final = "p50 <= 25 ms, p99 <= 60 ms, 0 lost; 500 listeners at 50 events/s <= 1 core"
P50_MS, P99_MS, CORES = 25.0, 60.0, 1.0
STARVED_MS: Final = 1000.0
QUICK: Final = Plan(20, 6, 4, (1000,), 6)
WHOLE: Final = Plan(20, 50, 20, (1000, 10_000), 20)


def measure(target: Target, plan: Plan) -> list[Row]:
    """Run every part against a started console."""
    published = Published(target.redis_url)
    load = Child(["-m", "bench.live_load", "--redis", target.redis_url])
    rows: list[Row] = []
    try:
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_ARGS))
            context = browser.new_context(viewport={"width": 1920, "height": 1080})
            context.add_init_script(path=HERE / "live_probe.js")
            page = target.open_page(context)
            for count, busy in ((10, False), (100, False), (100, True)):
                rows.append(to_the_pixel(target, page, published, count, plan, busy))
                print(rows[-1], flush=True)
            page.close()
            page = context.new_page()
            for points in plan.baseline_points:
                rows.append(polling(page, target.redis_url, points, plan))
                print(rows[-1], flush=True)
            browser.close()
        load.end()
        rows.append(fan_out(target, plan))
        print(rows[-1], flush=True)
    finally:
        load.end()
    return rows


def verdict(rows: list[Row]) -> dict[str, Any]:
    """Return the bench's last line."""
    few, bar, busy, baseline, *_, fan = rows
    p50, p99 = bar.latency.p50 or 0.0, bar.latency.p99 or 0.0
    lost = few.lost + bar.lost + busy.lost + fan.lost
    ok = 0 < p50 <= P50_MS and p99 <= P99_MS and not lost
    ok = ok and fan.cpu <= CORES and max(fan.samples) <= STARVED_MS
    value = {"p50_ms": round(p50, 1), "p99_ms": round(p99, 1), "fan_cores": round(fan.cpu, 2)}
    base = {
        "p50_ms": round(baseline.latency.p50 or 0, 1),
        "p99_ms": round(baseline.latency.p99 or 0, 1),
    }
    ratio = round(base["p50_ms"] / p50, 1) if p50 else None
    told = {"name": "live", "bar": BAR, "value": value, "baseline": base, "ratio": ratio}
    return {**told, "lost": lost, "ok": ok}


def main() -> int:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="under a minute")
    parser.add_argument("--bare", action="store_true", help="without the rest of the console")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="onenet-live-") as home:
        made = BareConsole if asked.bare else Console
        target: Target = made(Path(home), free_port())
        try:
            target.start()
            print(HEADINGS)
            rows = measure(target, QUICK if asked.quick else WHOLE)
        finally:
            target.end()
    told = verdict(rows)
    print(orjson.dumps(told).decode())
    return 0 if told["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
