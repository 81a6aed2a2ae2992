"""One playing from end to end: fit the log into the county, make its units known, play, read back."""

from collections.abc import Sequence
from datetime import datetime

from exchange.calllogs.mapping import CountyShape, mapping_of
from exchange.calllogs.model import LoggedCall
from exchange.replay.client import Api
from exchange.replay.fleet import Fleet
from exchange.replay.pace import Pace
from exchange.replay.plan import plan
from exchange.replay.player import Player, Run
from exchange.replay.reconcile import Reconciliation, reconcile
from exchange.replay.tally import Tally
from vocabulary.errors import Refused


async def play_log(
    api: Api,
    run: Run,
    calls: Sequence[LoggedCall],
    speed: float,
    start_at: datetime,
    tally: Tally,
    *,
    moves: bool,
) -> Reconciliation:
    """Play `calls` and return what the console then has of them."""
    county = await api.get("county")
    if not county.well:
        raise Refused(
            "replay.not_let_in", problem=county.code, detail=county.body.get("detail", "")
        )
    places = mapping_of([call.place for call in calls], CountyShape.from_api(county.body))
    pace = Pace(speed=speed, first=calls[0].received_at, start_at=start_at)
    fleet = Fleet(api, pace, places, tally)
    await fleet.make_known(calls)
    plans = [plan(call) for call in calls]
    player = Player(run, api, pace, places, fleet if moves else None, tally)
    played = await player.play(plans)
    return await reconcile(api, run, plans, played)
