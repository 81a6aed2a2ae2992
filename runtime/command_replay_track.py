"""`python app.py replay --log track`: play a feed of vehicle positions and prove that each is kept once."""

import argparse
from typing import Final
from zoneinfo import ZoneInfo

from exchange.calllogs.reasons import REFUSED
from exchange.replay.client import Api
from exchange.replay.pace import Pace
from exchange.replay.tally import Tally
from exchange.replay.track_file import TrackFile, read_track_file
from exchange.replay.track_player import TrackPlayer
from vocabulary.clock import SystemClock, to_text

# The feed's own zone where none is named: that of who publishes it.
FEED_ZONE: Final = "Europe/London"
LOST: Final = 1


async def replay_track(given: argparse.Namespace, key: str) -> int:
    """Read the file, play it, read the tracks back; 0 where nothing was lost or doubled."""
    file = read_track_file(given.file, ZoneInfo(given.zone or FEED_ZONE))
    print(report(file))
    seen = file.seen[: given.limit]
    if given.dry_run or not seen:
        return 0
    lasts = seen[-1].at - seen[0].at
    start_at = given.start_at or (SystemClock().now() - lasts).replace(microsecond=0)
    pace = Pace(speed=given.speed, first=seen[0].at, start_at=start_at)
    print(f"  the first position is told as of {to_text(start_at)}")
    async with Api(given.url, key, patience_s=given.patience, tally=Tally()) as api:
        player = TrackPlayer(api, pace, seed=given.seed, disorder=given.disorder)
        result = await player.play(seen)
    print(result.line())
    return 0 if result.clean else LOST


def report(file: TrackFile) -> str:
    """Return what was taken and what was refused, in both languages."""
    vehicles = len({one.vehicle for one in file.seen})
    lines = [
        f"positions={len(file.seen)} vehicles={vehicles} twice={file.twice} refused={len(file.refused)}"
    ]
    lines += [
        f"  refused {n}: {reason} ({REFUSED[reason].zh}; {REFUSED[reason].en})"
        for reason, n in file.reasons.most_common()
    ]
    lines += [
        f"    line {row.line}: {row.reason} {row.field}={row.value!r}" for row in file.refused[:20]
    ]
    return "\n".join(lines)
