"""A map of 50,000 sensors that is moved and updated, beside as many plain Leaflet circles. `python -m bench.points [--quick]`.

The whole console with its devices speaking; the map is dragged a step each frame in a browser that draws without a graphics card.
Frames a second depend on who else uses the machine; the processor time for each frame does not. Leaflet draws its circles only
when the map is let go, so while it is dragged what comes into view stays empty: ours is drawn as it comes.
"""

import argparse
import itertools
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import orjson
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from bench.live import CHROMIUM, CHROMIUM_ARGS
from bench.live_target import wait_until
from bench.points_console import Devices, device_of

HERE: Final = Path(__file__).parent
POINTS: Final = 50_000
A_SECOND: Final = 800  # as many devices as speak once a minute
TURN_A_SECOND: Final = 20
GAS: Final = 3  # the number of a device that can leak
STEP_PX: Final = 8
FPS: Final = 50.0
SHOWN_WITHIN_MS: Final = 3000
PATIENCE_S: Final = 90
BAR: Final = "50,000 sensors: >= 50 fps while panned, updated in place within 3 s, no element more on the page"
LAYER: Final = "window.onenetSensors.layer.field"
MAP: Final = "window.onenetSensors.leaflet"


@dataclass(frozen=True, slots=True)
class Panned:
    """What moving the map cost: frames a second, the longest frames, and the main thread's time for each."""

    name: str
    fps: float
    p95_ms: float
    longest_ms: float
    main_ms: float
    script_ms: float
    browser_ms: float

    def __str__(self) -> str:
        return (
            f"{self.name:<44} {self.fps:6.1f} fps  frames p95 {self.p95_ms:5.1f} ms, longest {self.longest_ms:4.0f}"
            f"  main thread {self.main_ms:5.2f} ms a frame (script {self.script_ms:.2f}), whole browser {self.browser_ms:.1f}"
        )


def metrics(devtools: CDPSession) -> dict[str, float]:
    """Return what the main thread has spent until now, in seconds of processor time."""
    told = devtools.send("Performance.getMetrics")["metrics"]
    return {one["name"]: one["value"] for one in told}


def browser_s(page: Page) -> float:
    """Return the processor seconds of all the browser's processes until now."""
    assert page.context.browser is not None
    told = page.context.browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
    return float(sum(one["cpuTime"] for one in told["processInfo"]))


def pan(page: Page, devtools: CDPSession, name: str, seconds: float) -> Panned:
    """Drag the map to and fro and say what it cost."""
    page.wait_for_timeout(1500)
    before, browser_before_s = metrics(devtools), browser_s(page)
    frames: list[float] = page.evaluate(f"window.onenetPan({MAP}, {seconds}, {STEP_PX})")
    after, browser_after_s = metrics(devtools), browser_s(page)
    deltas = sorted(later - sooner for sooner, later in itertools.pairwise(frames))
    spent = {key: (after[key] - before[key]) * 1000 / len(deltas) for key in before}
    return Panned(
        name=name,
        fps=1000 * len(deltas) / (frames[-1] - frames[0]),
        p95_ms=deltas[int(0.95 * len(deltas))],
        longest_ms=deltas[-1],
        main_ms=spent["TaskDuration"],
        script_ms=spent["ScriptDuration"],
        browser_ms=(browser_after_s - browser_before_s) * 1000 / len(deltas),
    )


def open_page(browser: Browser, devices: Devices) -> tuple[Page, CDPSession]:
    """Open the sensors' page as an engineer, with every device on its map."""
    context = browser.new_context(
        viewport={"width": 1920, "height": 1080},
        extra_http_headers={"Authorization": f"Bearer {devices.key}"},
    )
    context.add_init_script(path=HERE / "points_probe.js")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_S * 1000)
    page.goto(devices.url + "/sensors")
    wait_until(
        page, f"window.onenetSensors?.layer?.field.table.ids.length >= {devices.count}", PATIENCE_S
    )
    devtools = context.new_cdp_session(page)
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
    return page, devtools


def told_in_place(page: Page, devices: Devices, number: int) -> dict[str, Any]:
    """Let a detector report gas; say how long until the map shows it, and whether anything was made anew for that."""
    page.evaluate(f"window.onenetWas = {{canvas: {LAYER}.canvas, table: {LAYER}.table}}")
    elements = page.evaluate("document.querySelectorAll('#map *').length")
    page.evaluate(
        f"void (window.onenetAwaited = onenetShown({LAYER}, '{device_of(number)}', 20000))"
    )
    devices.speak(range(number, number + 1), leaking=True)
    waited: float = page.evaluate("window.onenetAwaited")
    page.wait_for_timeout(500)
    same = page.evaluate(
        f"onenetWas.canvas === {LAYER}.canvas && onenetWas.table === {LAYER}.table"
    )
    more = page.evaluate("document.querySelectorAll('#map *').length") - elements
    return {"shown_ms": round(waited), "same_canvas": same, "elements_more": max(0, more)}


def turning(page: Page, devtools: CDPSession, name: str, seconds: float) -> Panned:
    """Pan while points go on standing otherwise, by what the page was told last."""
    page.evaluate("window.onenetStop = window.onenetTurning()")
    row = pan(page, devtools, name, seconds)
    page.evaluate("window.onenetStop()")
    print(row, flush=True)
    return row


def measure(
    browser: Browser, devices: Devices, seconds: float
) -> tuple[list[Panned], dict[str, Any]]:
    """Pan our layer while nobody speaks and while all do, then Leaflet's own circles in its place."""
    page, devtools = open_page(browser, devices)
    rows = [pan(page, devtools, f"ours, {devices.count} devices", seconds)]
    print(rows[-1], flush=True)
    devices.keep_speaking(A_SECOND)
    rows.append(pan(page, devtools, f"ours, {A_SECOND} devices speak a second", seconds))
    print(rows[-1], flush=True)
    devices.fall_silent()
    told = told_in_place(page, devices, GAS)
    page.evaluate(f"window.onenetOurs({LAYER})")
    rows.append(turning(page, devtools, f"ours, {TURN_A_SECOND} a second stand otherwise", seconds))
    repaint = [page.evaluate("window.onenetRepaint()")]
    page.evaluate(f"window.onenetPlain({MAP}, {LAYER})")
    rows.append(pan(page, devtools, "plain Leaflet circles", seconds))
    print(rows[-1], flush=True)
    rows.append(
        turning(page, devtools, f"plain, {TURN_A_SECOND} a second stand otherwise", seconds)
    )
    repaint.append(page.evaluate("window.onenetRepaint()"))
    print(f"all points drawn anew: ours {repaint[0]:.1f} ms, plain {repaint[1]:.1f} ms", flush=True)
    print(f"an alarm was on the map {told['shown_ms']} ms after its reading was sent", flush=True)
    return rows, told | {"repaint_ms": [round(one, 1) for one in repaint]}


def verdict(rows: list[Panned], told: dict[str, Any]) -> dict[str, Any]:
    """Return the bench's last line."""
    ours, plain = rows[:3], rows[4]
    worst = min(one.fps for one in ours)
    return {
        "name": "points",
        "bar": BAR,
        "value": round(worst, 1),
        "baseline": round(plain.fps, 1),
        "ratio": round(worst / plain.fps, 2),
        "main_ms_a_frame": [round(one.main_ms, 2) for one in rows],
        "repaint_ratio": round(told["repaint_ms"][1] / told["repaint_ms"][0], 1),
        "frames": [
            {k: v if k == "name" else round(v, 2) for k, v in asdict(one).items()} for one in rows
        ],
        **told,
        "load": round(os.getloadavg()[0], 1),
        "ok": worst >= FPS
        and told["same_canvas"]
        and told["elements_more"] == 0
        and told["shown_ms"] <= SHOWN_WITHIN_MS,
    }


def main(given: list[str]) -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="four seconds a part instead of fifteen"
    )
    seconds = 4.0 if parser.parse_args(given).quick else 15.0
    with TemporaryDirectory(prefix="onenet-points-") as folder, sync_playwright() as play:
        devices = Devices(Path(folder) / "home", POINTS)
        try:
            devices.start()
            browser = play.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_ARGS))
            told = verdict(*measure(browser, devices, seconds))
            browser.close()
        finally:
            devices.end()
    print(orjson.dumps(told).decode())
    return 0 if told["ok"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
