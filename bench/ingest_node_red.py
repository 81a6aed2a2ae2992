"""The same work by a Node-RED flow on the same broker: subscribe, read, judge by threshold, append to a file, tell alarms."""

import json
import shutil
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from bench.processes import TICKS

RULES: Final = """
const said = Array.isArray(msg.payload) ? msg.payload : [msg.payload];
const device = msg.topic.split('/')[4];
const standing = context.get('standing') || {};
const alarms = [];
for (const one of said) {
  for (const [name, value] of Object.entries(one.v)) {
    const key = device + '/' + name;
    if (name === 'methane_lel' && value > 20 && !standing[key]) {
      standing[key] = one.ts;
      alarms.push({topic: 'bench/alarms', payload: {key: key, onset: one.ts, at: Date.now()}});
    } else if (standing[key] && value < 15) { delete standing[key]; }
  }
}
context.set('standing', standing);
return [{payload: JSON.stringify([device, said])}, alarms];
"""


def find_node_red(folder: Path) -> Path | None:
    """Return Node-RED's program, installed with npm into `folder` where it is not there; None where npm cannot."""
    program = folder / "node_modules" / "node-red" / "red.js"
    if program.is_file():
        return program
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    command = [npm, "install", "--no-audit", "--no-fund", "--omit=dev", "--prefix", str(folder)]
    with suppress(subprocess.TimeoutExpired):
        subprocess.run([*command, "node-red@4.1.8"], capture_output=True, timeout=300, check=False)
    return program if program.is_file() else None


def flow(port: int, kept: Path) -> list[dict[str, Any]]:
    """Return the flow as Node-RED keeps it."""
    tab, link = {"id": "tab", "type": "tab", "label": "bench"}, "broker"
    broker = {
        "id": link, "type": "mqtt-broker", "name": "", "broker": "127.0.0.1", "port": str(port),
        "clientid": "bench-node-red", "protocolVersion": "5", "keepalive": "60", "cleansession": False,
    }  # fmt: skip
    return [
        tab,
        broker,
        {
            "id": "in", "type": "mqtt in", "z": "tab", "topic": "ov1/+/+/+/+/obs", "qos": "1", "datatype": "json",
            "broker": link, "nl": False, "rap": False, "rh": 0, "inputs": 0, "x": 100, "y": 100, "wires": [["rules"]],
        },
        {
            "id": "rules", "type": "function", "z": "tab", "func": RULES, "outputs": 2, "x": 300, "y": 100,
            "wires": [["file"], ["out"]],
        },
        {
            "id": "file", "type": "file", "z": "tab", "filename": str(kept), "filenameType": "str",
            "appendNewline": True, "createDir": True, "overwriteFile": "false", "encoding": "utf8",
            "x": 500, "y": 80, "wires": [[]],
        },
        {
            "id": "out", "type": "mqtt out", "z": "tab", "topic": "", "qos": "1", "retain": "false", "broker": link,
            "x": 500, "y": 120, "wires": [],
        },
    ]  # fmt: skip


class NodeRed:
    """One Node-RED with the flow, on one core."""

    def __init__(self, program: Path, home: Path, port: int, core: int) -> None:
        self.kept = home / "kept.jsonl"
        home.mkdir(parents=True, exist_ok=True)
        (home / "flows.json").write_text(json.dumps(flow(port, self.kept)), "utf-8")
        settings = (
            "module.exports = {flowFile: 'flows.json', httpAdminRoot: false, httpNodeRoot: false,"
            " logging: {console: {level: 'info'}}};"
        )
        (home / "settings.js").write_text(settings, "utf-8")
        command = ["taskset", "-c", str(core), "node", str(program), "-u", str(home)]
        self._process = subprocess.Popen(
            [*command, "-s", str(home / "settings.js"), "-p", "0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self._process.stdout is not None
        said: list[str] = []
        for line in self._process.stdout:
            if "Connected to broker" in line:
                return
            said.append(line)
        raise RuntimeError(f"Node-RED does not run: {''.join(said)}")

    def cpu_s(self) -> float:
        """Return the processor seconds it has used until now."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def messages(self) -> int:
        """Return how many messages stand in its file."""
        if not self.kept.is_file():
            return 0
        with self.kept.open("rb") as stream:
            return sum(block.count(b"\n") for block in iter(lambda: stream.read(1 << 20), b""))

    def settled(self, wanted: int, patience_s: float = 30) -> int:
        """Return the messages kept once they are all there, or no more come."""
        until = time.monotonic() + patience_s
        while (found := self.messages()) < wanted and time.monotonic() < until:
            time.sleep(0.2)
        return found

    def end(self) -> None:
        """End it."""
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
