"""Eight hours of a wall, compressed: flat memory, nothing missed, back after every fault. `python -m bench.wall [--quick]`."""

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import orjson
from playwright.sync_api import Browser, CDPSession, ConsoleMessage, Page, sync_playwright

from bench.live import CHROMIUM, CHROMIUM_ARGS
from bench.live_parts import free_port
from bench.live_target import FAULTS, Door, wait_until
from bench.processes import PAGE_BYTES, Child
from bench.wall_faults import Network, kill, valkey_of
from bench.wall_load import Load
from bench.wall_told import BACK_WITHIN_S, Plan, Told, verdict
from county.sample.make import ensure_sample
from county.sample.size import SMALL
from vocabulary.clock import SystemClock

HERE: Final = Path(__file__).parent
HOURS: Final = 8.0
PATIENCE_MS: Final = 300_000
COLLECTIONS: Final = 5
LAYERS: Final = "Object.keys(window.onenetMaps[0]._layers).length"
SILENT_S: Final = 25.0  # longer than the page's watchdog waits


QUICK: Final = Plan(48.0, 2.0, 8)
WHOLE: Final = Plan(48.0, HOURS, 16)


class Soak:
    """One console, one wall that opened by a kiosk's token, one wire between them."""

    def __init__(self, home: Path, plan: Plan) -> None:
        self.home, self.plan, self.told = home, plan, Told()
        self.port = free_port()
        self.since = SystemClock().now().timestamp()
        self.faulty = False
        self.server: Child | None = None

    def start(self) -> None:
        """Start the console and open the wall's way in."""
        ensure_sample(self.home, SMALL)
        named = ["--home", str(self.home), "--name", "bench"]
        self.key = Child(["app.py", "key", "add", *named, "--role", "supervisor"]).line()
        self.token = Child(["app.py", "kiosk", "add", *named]).line().partition("#")[2]
        self.serve()
        print("the console answers", flush=True)
        self.network = Network(self.port)
        self.load = Load(self.port, self.key, self.plan.faster)
        self.load.fill()
        print(f"{len(self.load.open_cases())} cases are open", flush=True)

    def serve(self) -> None:
        """Start the console's process and wait until it answers."""
        environment = {
            "ONENET_BENCH_FASTER": str(self.plan.faster),
            "ONENET_BENCH_SINCE": str(self.since),
            "ONENET_SAMPLE_FEED": "true",
            "ONENET_LOG_LEVEL": "error",
        }
        module = ["-m", "bench.wall_console", "--home", str(self.home), "--port", str(self.port)]
        self.server = Child(module, environment, silent=True)
        door = Door(self.port, {})
        for _ in range(600):
            try:
                door.ask("GET", "/readyz")
            except (*FAULTS, RuntimeError):
                time.sleep(0.2)
            else:
                return
        raise RuntimeError("the console does not answer")

    def open(self, browser: Browser) -> Page:
        """Open the wall by its token, as its browser does after a power cut."""
        context = browser.new_context(viewport={"width": 1920, "height": 1080})
        context.add_init_script(f"window.onenetFaster = {self.plan.faster};")
        context.add_init_script(path=HERE / "wall_probe.js")
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.told.errors.append(str(error)))
        page.goto(f"http://127.0.0.1:{self.network.port}/kiosk?scene=sensing#{self.token}")
        page.wait_for_url("**/wall?scene=sensing")
        wait_until(page, "window.onenetHeard.frames.hb > 0")
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        if self.faulty:
            self.told.in_faults += 1
        else:
            self.told.errors.append(f"{message.text} {message.location['url']}")

    def fault(self, name: str, page: Page, breaks: Callable[[], None]) -> None:
        """Break something, mend it, and measure how long until the wall shows what happened after that."""
        self.faulty = True
        breaks()
        begun, seq = time.monotonic(), self.load.seq
        while time.monotonic() - begun < BACK_WITHIN_S * 2:
            heard = page.evaluate("window.onenetHeard.covered")
            if heard > seq and self.load.seq > seq:
                break
            page.wait_for_timeout(100)
        self.told.back_s[name] = round(time.monotonic() - begun, 1)
        page.wait_for_timeout(3000)
        self.faulty = False

    def kill_server(self) -> None:
        """Kill the console and start it again."""
        assert self.server is not None
        kill(self.server.process.pid)
        self.server.process.wait()
        time.sleep(2)
        self.serve()

    def kill_redis(self) -> None:
        """Kill Redis; its keeper starts it again."""
        kill(valkey_of(self.home))

    def cut_network(self, page: Page) -> None:
        """Let the wire fall silent for longer than the watchdog waits, then mend it."""
        self.network.cut()
        page.wait_for_timeout(SILENT_S * 1000)
        self.network.mend()

    def sample(self, page: Page, devtools: CDPSession, pid: int, hour: float) -> None:
        """Note what the page holds once its rubbish is taken out."""
        told = self.told
        told.hours.append(round(hour, 2))
        told.heap_mb.append(settled_heap_mb(page, devtools))
        counted = devtools.send("Memory.getDOMCounters")
        told.nodes.append(counted["nodes"])
        told.listeners.append(counted["jsEventListeners"])
        told.layers.append(page.evaluate(LAYERS))
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        told.rss_mb.append(pages * PAGE_BYTES / 1e6)
        print(
            f"{hour:5.2f} h  heap {told.heap_mb[-1]:6.2f} MB  nodes {told.nodes[-1]:6}  "
            f"listeners {told.listeners[-1]}  layers {told.layers[-1]}  "
            f"renderer {told.rss_mb[-1]:6.0f} MB  heard {page.evaluate('window.onenetHeard.covered')}  "
            f"load {os.getloadavg()[0]:.1f}",
            flush=True,
        )

    def run(self, browser: Browser) -> dict[str, Any]:
        """Let the hours pass, with a fault at three of them, and return what was seen."""
        page = self.open(browser)
        devtools = page.context.new_cdp_session(page)
        pid = renderer_of(browser)
        faults: dict[float, tuple[str, Callable[[], None]]] = {
            0.40: ("server killed", self.kill_server),
            0.60: ("redis killed", self.kill_redis),
            0.75: ("network silent", lambda: self.cut_network(page)),
        }
        self.load.start()
        begun = time.monotonic()
        for number in range(1, self.plan.samples + 1):
            share = number / self.plan.samples
            while time.monotonic() - begun < share * self.plan.seconds:
                page.wait_for_timeout(
                    200
                )  # the page's messages are served only while we wait in it
                gone = (time.monotonic() - begun) / self.plan.seconds
                for due in [each for each in faults if each <= gone]:
                    self.fault(faults[due][0], page, faults.pop(due)[1])
            self.sample(page, devtools, pid, share * self.plan.hours)
        for due in sorted(faults):  # a machine that was too busy to come to them owes them still
            self.fault(faults[due][0], page, faults[due][1])
        self.load.end()
        return self._compare(page)

    def _compare(self, page: Page) -> dict[str, Any]:
        """Return what the page heard, and whether what it shows is what the API lists."""
        seq = self.load.happen()
        wait_until(page, f"window.onenetHeard.covered >= {seq}", BACK_WITHIN_S * 2)
        page.wait_for_timeout(2000)
        heard: dict[str, Any] = page.evaluate("window.onenetHeard")
        shown = page.evaluate(
            "Number(document.querySelector('.figure b').textContent.replace(/\\D/g, ''))"
        )
        return {**heard, "shown": shown, "open": len(self.load.open_cases())}

    def end(self) -> None:
        """End what was started."""
        if self.server:
            self.server.end()


def settled_heap_mb(page: Page, devtools: CDPSession) -> float:
    """Return what the page holds when its rubbish is out.

    One collection leaves what elements and scripts hold of each other until the next, and a line that is just being
    drawn counts too: of a few collections the smallest is what is kept.
    """
    found = []
    for _ in range(COLLECTIONS):
        devtools.send("HeapProfiler.collectGarbage")
        found.append(devtools.send("Runtime.getHeapUsage")["usedSize"] / 1e6)
        page.wait_for_timeout(150)
    return float(min(found))


def renderer_of(browser: Browser) -> int:
    """Return the process that draws the page."""
    devtools = browser.new_browser_cdp_session()
    processes = devtools.send("SystemInfo.getProcessInfo")["processInfo"]
    renderers = [one for one in processes if one["type"] == "renderer"]
    return int(max(renderers, key=lambda one: one["cpuTime"])["id"])


def main(given: list[str]) -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two hours instead of eight")
    plan = QUICK if parser.parse_args(given).quick else WHOLE
    with TemporaryDirectory(prefix="onenet-wall-") as folder, sync_playwright() as play:
        soak = Soak(Path(folder), plan)
        try:
            soak.start()
            browser = play.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_ARGS))
            heard = soak.run(browser)
            browser.close()
            told = verdict(plan, soak.told, heard, heard["covered"])
        finally:
            soak.end()
    print(orjson.dumps(told).decode())
    return 0 if told["ok"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
