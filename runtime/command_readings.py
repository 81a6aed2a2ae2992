"""`python app.py readings`: bring readings of the past from a file, or play real measurements of others to the broker."""

import argparse
import asyncio
import sys
from itertools import islice
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from runtime.settings import Settings
from vocabulary.errors import Refused, Unavailable

if TYPE_CHECKING:
    from exchange.replay.client import Api
    from exchange.wires.csv_readings import Line
    from exchange.wires.model import WireReading

IN_A_BATCH: Final = 5000
SHOWN: Final = 20
SOME_REFUSED: Final = 1


def register(
    commands: Any, common: argparse.ArgumentParser, _listening: argparse.ArgumentParser
) -> None:
    """Add the commands to the parser."""
    text = "bring and play readings of sensors"
    parser = commands.add_parser("readings", parents=[common], help=text, description=text)
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    text = (
        "bring readings from a CSV file through the running console; the same file again changes nothing;"
        " rows that are not right are told, the others stand"
    )
    bring = verbs.add_parser("import", parents=[common], help=text, description=text)
    bring.add_argument("file", type=Path, help="CSV: device, channel, at, value[, quality]")
    bring.add_argument("--url", default="http://127.0.0.1:8050", help="where the console listens")
    bring.add_argument("--key", default="", help="API key (role integrator); @FILE reads it")
    bring.add_argument("--zone", default="Asia/Shanghai", help="the zone of local times")
    bring.add_argument("--patience", type=float, default=60.0, help="seconds to ask again")
    bring.set_defaults(run=run_import)
    text = "play real measurements to an MQTT broker in their own rhythm, many times faster"
    player = verbs.add_parser("replay", parents=[common], help=text, description=text)
    player.add_argument("data", choices=("beijing-air", "metr-la", "usgs"), help="which data set")
    player.add_argument("folder", type=Path, help="the folder that holds it")
    player.add_argument("--broker", default="mqtt://127.0.0.1:1883", help="the broker's URL")
    player.add_argument("--county", default="replay", help="the county in the topics")
    player.add_argument("--speed", type=float, default=3600.0, help="seconds in one; 0: no pauses")
    player.add_argument("--limit", type=int, help="how many messages, from the first on")
    player.add_argument(
        "--devices", type=Path, help="write the table for `devices import`, and end"
    )
    player.set_defaults(run=run_replay)
    _add_judge(verbs, common)


def _add_judge(verbs: Any, common: argparse.ArgumentParser) -> None:
    text = (
        "judge the shipped alarm rules on a made-up day whose faults are known: precision, recall"
    )
    parser = verbs.add_parser("judge", parents=[common], help=text, description=text)
    parser.add_argument("--seed", type=int, default=7, help="another number makes another day")
    parser.add_argument("--hours", type=int, default=24, help="how long the day is")
    parser.add_argument("--faults", type=int, default=20, help="how many of each kind")
    parser.add_argument("--share", type=int, default=10, help="every how-manieth device")
    parser.set_defaults(run=run_judge)


def run_judge(given: argparse.Namespace, _settings: Settings) -> int:
    """Print how good the rules are; what is for nothing and what is missed, by kind."""
    from exchange.sample_feed.faults import plan
    from exchange.sample_feed.feed import SampleFeed, channels_with_signal
    from exchange.sample_feed.judging import DAY_START_S, judge, run, sample_registry
    from sensors.shipped_rules import rules_in_force

    registry = sample_registry(given.share)
    until_s = DAY_START_S + given.hours * 3600
    faults = plan(given.seed, channels_with_signal(registry), DAY_START_S, until_s, given.faults)
    feed = SampleFeed(given.seed, registry, faults)
    raised, skewed = run(feed, registry, rules_in_force([]), DAY_START_S, until_s)
    verdict = judge(raised, skewed, faults, registry)
    print(f"channels={len(registry.channels)} faults={len(faults)} alarms={verdict.raised}")
    print(f"precision={verdict.precision:.3f} recall={verdict.recall:.3f}")
    for kind, (right, total) in verdict.by_kind.items():
        waited_s = verdict.waited_s.get(kind)
        after = f", noticed after {median(waited_s) / 60:.0f} min" if waited_s else ""
        print(f"  {kind.value}: {right} of {total}{after}")
    print(f"  clocks marked: {verdict.skew_marked}")
    for rule, count in sorted(verdict.for_nothing.items(), key=lambda pair: -pair[1]):
        print(f"  for nothing: {rule} {count}")
    return 0


def run_import(given: argparse.Namespace, _settings: Settings) -> int:
    """Bring a file; 1 where a row was refused."""
    try:
        zone = ZoneInfo(given.zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise Refused("wires.no_zone", value=given.zone) from None
    return asyncio.run(_bring(given, zone))


async def _bring(given: argparse.Namespace, zone: ZoneInfo) -> int:
    from exchange.replay.client import Api, GaveUp
    from exchange.replay.tally import Tally
    from exchange.wires.csv_readings import read_file

    sums = dict.fromkeys(("rows", "accepted", "late", "duplicate", "refused"), 0)
    tally = Tally()
    async with Api(given.url, key_of(given.key), patience_s=given.patience, tally=tally) as api:
        lines = read_file(given.file, zone)
        while batch := list(islice(lines, IN_A_BATCH)):
            try:
                await _send(api, batch, sums)
            except GaveUp:
                raise Unavailable("wires.console_away", url=given.url) from None
    print("  ".join(f"{name}={count}" for name, count in sums.items()))
    return SOME_REFUSED if sums["refused"] else 0


async def _send(api: "Api", batch: "list[Line]", sums: dict[str, int]) -> None:
    """Send the good rows of a batch; print why the others are none, the first of them."""
    from exchange.wires.unreadable import Unreadable

    good = [line for line in batch if not isinstance(line.reading, Unreadable)]
    refused = {
        line.number: str(line.reading) for line in batch if isinstance(line.reading, Unreadable)
    }
    if good:
        bodies = [_body(line.reading) for line in good if not isinstance(line.reading, Unreadable)]
        answer = await api.post("readings", {"readings": bodies})
        if not answer.well:
            detail = answer.body.get("detail", answer.code)
            raise Refused("wires.not_brought", file=f"row {good[0].number}", problem=detail)
        for name in ("accepted", "late", "duplicate"):
            sums[name] += answer.body[name]
        refused |= {good[row["index"]].number: row["detail"] for row in answer.body["refused"]}
    for number in sorted(refused)[: max(0, SHOWN - sums["refused"])]:
        print(f"  row {number}: {refused[number]}", file=sys.stderr)
    sums["rows"] += len(batch)
    sums["refused"] += len(refused)


def _body(reading: "WireReading") -> dict[str, Any]:
    from datetime import UTC, datetime

    from sensors.model import HJ212_FLAGS, Quality

    at = datetime.fromtimestamp(reading.at_ms / 1000, tz=UTC).isoformat(timespec="milliseconds")
    body = {"device": reading.station, "channel": reading.factor, "at": at.replace("+00:00", "Z")}
    if reading.quality is Quality.MISSING:
        return body | {"value": None}
    letters = {quality: letter for letter, quality in HJ212_FLAGS.items()}
    return body | {"value": reading.value, "quality": letters[reading.quality]}


def run_replay(given: argparse.Namespace, _settings: Settings) -> int:
    """Play a data set, or write the table of its stations."""
    from exchange.replay.sensors.catalogue import READERS, devices_table

    try:
        data = READERS[given.data](given.folder)
    except OSError as problem:
        raise Refused("wires.no_file", file=str(given.folder), problem=problem) from None
    if given.devices:
        given.devices.write_text(devices_table(data.stations), "utf-8")
        print(f"{given.devices}: {len(data.stations)}")
        return 0
    return asyncio.run(_replay(given, data))


async def _replay(given: argparse.Namespace, data: Any) -> int:
    from exchange.replay.sensors.player import play
    from exchange.wires.mqtt_link import MqttLink, read_broker
    from exchange.wires.refused import WireBook
    from vocabulary.clock import SystemClock

    link = MqttLink(read_broker(given.broker), "onenet-replay", WireBook(SystemClock()))
    running = asyncio.create_task(link.run())
    try:
        async with asyncio.timeout(15):
            await link.connected.wait()
        played = await play(data, link, county=given.county, speed=given.speed, limit=given.limit)
    except TimeoutError:
        raise Refused("wires.broker_refused", problem="15 s") from None
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    print(
        f"messages={played.messages} readings={played.readings} refused_rows={len(data.refused)}"
        f" late_s={played.late_s:.2f}"
    )
    return 0


def key_of(given: str) -> str:
    """Return an API key as it was given, or from the file that @ names."""
    return Path(given[1:]).read_text("utf-8").strip() if given.startswith("@") else given
