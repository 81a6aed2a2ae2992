"""A feed of positions played to a console that is busy, or that refuses: nothing is lost, nor called lost where it is not."""

import json
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from exchange.replay.client import Api
from exchange.replay.pace import Pace
from exchange.replay.tally import Tally
from exchange.replay.track_file import Seen
from exchange.replay.track_player import TrackPlayer, TrackResult
from vocabulary.errors import Refused
from vocabulary.place import Place

BEGAN = datetime(2026, 1, 26, 15, tzinfo=UTC)
HERE = Place(-2.92, 53.4)
FEED = [
    Seen(vehicle="7", at=BEGAN + timedelta(minutes=m), place=HERE, heading_deg=None)
    for m in range(5)
]
REFUSED = {"code": "security.may_not", "detail": "not yours"}


class Tracks:
    """A console that keeps one vehicle's track; the first `late` of its answers to positions come too late."""

    def __init__(self, late: int = 0, readable: bool = True) -> None:
        self.late, self.readable = late, readable
        self.times: set[str] = set()

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        asked = (request.method, request.url.path.removeprefix("/api/v1/"))
        if asked == ("POST", "positions"):
            return self._take(json.loads(request.content)["items"])
        if asked == ("GET", "county"):
            return httpx2.Response(200, json={"bbox": [112.0, 31.0, 112.5, 31.5]})
        if asked == ("GET", "units"):
            here = {"id": "bus-7", "position": {"observed_at": max(self.times)}}
            return httpx2.Response(200, json={"items": [here]})
        if asked == ("POST", "units"):
            return httpx2.Response(201, json={})
        if not self.readable:
            return httpx2.Response(403, json=REFUSED)
        return httpx2.Response(200, json={"properties": {"times": sorted(self.times)}})

    def _take(self, items: list[dict[str, str]]) -> httpx2.Response:
        self.times |= {item["observed_at"] for item in items}
        self.late -= 1
        if self.late >= 0:  # kept, but the answer came too late
            return httpx2.Response(503, json={"code": "store.slow"})
        return httpx2.Response(200, json={"items": [{"accepted": True} for _ in items]})


async def played(tracks: Tracks) -> TrackResult:
    pace = Pace(speed=0, first=BEGAN, start_at=BEGAN + timedelta(days=300))
    transport = httpx2.MockTransport(tracks)
    async with Api(
        "http://console", "key", patience_s=30, tally=Tally(), transport=transport
    ) as api:
        return await TrackPlayer(api, pace, seed=3, disorder=True).play(FEED)


async def test_a_console_that_answers_too_late_is_asked_again_and_nothing_is_lost_or_doubled() -> (
    None
):
    result = await played(Tracks(late=1))
    assert result.clean, result.line()
    assert result.kept == len(FEED)


async def test_a_track_that_may_not_be_read_is_told_as_that_and_not_as_lost() -> None:
    with pytest.raises(Refused, match=r"security\.may_not"):
        await played(Tracks(readable=False))
