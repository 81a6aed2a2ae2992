"""`python app.py replay`: play a real call log through the public HTTP API and prove that nothing was lost or doubled."""

import argparse
import asyncio
import contextlib
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from runtime.settings import Settings
from vocabulary.clock import SystemClock, to_text

if TYPE_CHECKING:
    from exchange.calllogs.model import CallLog
    from exchange.replay.tally import Tally

_EVERY_S: Final = 10.0
_EVERY_ON_A_SCREEN_S: Final = 0.5
LOST = 1


def register(
    commands: Any, common: argparse.ArgumentParser, _listening: argparse.ArgumentParser
) -> None:
    """Add the command to the parser."""
    text = "play a real call log through the HTTP API"
    parser = commands.add_parser("replay", parents=[common], help=text, description=text)
    add = parser.add_argument
    add(
        "--log",
        required=True,
        choices=("sf", "montgomery", "track"),
        help="whose log; track: positions",
    )
    add("--file", required=True, type=Path, help="the log's CSV file")
    add("--url", default="http://127.0.0.1:8050", help="where the console listens")
    add("--key", default="", help="API key (roles supervisor,integrator); @FILE reads it")
    add("--speed", type=_not_negative, default=600.0, help="log seconds in one; 0: no pauses")
    add("--limit", type=_positive, help="how many calls, from the first on")
    add("--start-at", type=_instant, help="instant told for the first call (RFC 3339 with a zone)")
    add("--seed", type=_seed, default=0, help="another number plays the same log anew")
    add("--patience", type=_not_negative, default=600.0, help="seconds to ask again for an answer")
    add("--exercise", action="store_true", help="mark every case as an exercise (演练)")
    add("--no-positions", action="store_true", help="do not move units")
    add("--zone", default="", help="track: the zone of the file's times (default Europe/London)")
    add("--disorder", action="store_true", help="track: send out of order, and a tenth twice")
    add("--dry-run", action="store_true", help="read the file and report on it; ask nothing")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace, settings: Settings) -> int:
    """Read the log, play it, read everything back; 0 where nothing was lost or doubled."""
    from exchange.calllogs.catalogue import READERS

    if given.log == "track":
        from runtime.command_replay_track import replay_track

        return asyncio.run(replay_track(given, _key(given)))
    log = READERS[given.log](given.file)
    _print_import(log)
    if given.dry_run:
        return 0
    return asyncio.run(_play(given, settings, log))


def _print_import(log: "CallLog") -> None:
    from exchange.calllogs.reasons import REFUSED, REMARKS

    print(f"{log.name}: rows={log.rows} accepted={log.accepted} refused={len(log.refused)}", end="")
    print(f" calls={len(log.calls)} cancelled={sum(call.cancelled for call in log.calls)}")
    for reason, n in log.reasons.most_common():
        print(f"  refused {n}: {reason} ({REFUSED[reason].zh}; {REFUSED[reason].en})")
    for row in log.refused[:20]:
        print(f"    line {row.line}: {row.reason} {row.field}={row.value!r}")
    for remark, n in log.remarks.most_common():
        print(f"  remark {n}: {remark} ({REMARKS[remark].zh}; {REMARKS[remark].en})")


async def _play(given: argparse.Namespace, settings: Settings, log: "CallLog") -> int:
    from exchange.replay.client import Api
    from exchange.replay.player import Run
    from exchange.replay.session import play_log
    from exchange.replay.start import start_of
    from exchange.replay.tally import Tally

    calls = log.calls[: given.limit]
    if not calls:
        return 0
    playing = Run(log=log.name, seed=given.seed, exercise=given.exercise)
    memory = settings.home / "replay" / f"{playing.name}.json"
    start_at = start_of(memory, calls, given.start_at, SystemClock())
    print(f"  {len(calls)} calls; the first is told as of {to_text(start_at)}")
    tally = Tally()
    async with Api(given.url, _key(given), patience_s=given.patience, tally=tally) as api:
        progress = asyncio.create_task(_show(tally))
        try:
            result = await play_log(
                api, playing, calls, given.speed, start_at, tally, moves=not given.no_positions
            )
        finally:
            progress.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await progress
    print(tally.line())
    print(result.line())
    return 0 if result.clean else LOST


async def _show(tally: "Tally") -> None:
    screen = sys.stdout.isatty()
    while True:
        await asyncio.sleep(_EVERY_ON_A_SCREEN_S if screen else _EVERY_S)
        print(f"\r{tally.line()}\x1b[K" if screen else tally.line(), end="" if screen else "\n")
        sys.stdout.flush()


def _key(given: argparse.Namespace) -> str:
    key: str = given.key
    return Path(key[1:]).read_text("utf-8").strip() if key.startswith("@") else key


def _not_negative(text: str) -> float:
    value = float(text)
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text}: a number of 0 or more is needed")
    return value


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text}: a whole number of 1 or more is needed")
    return value


def _seed(text: str) -> int:
    value = int(text)
    if not 0 <= value <= 9999:
        raise argparse.ArgumentTypeError(f"{text}: a whole number from 0 to 9999 is needed")
    return value


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text}: an instant with its zone is needed")
    return instant
