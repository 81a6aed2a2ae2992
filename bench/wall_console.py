"""`app.py` whose clock runs faster, with heartbeats as close together as that makes them, for `python -m bench.wall`."""

import os
import sys
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

import runtime.console
import runtime.web
from live.ports import Pace
from runtime.command_line import main
from vocabulary.clock import SystemClock

FASTER: Final = float(os.environ["ONENET_BENCH_FASTER"])
SINCE: Final = datetime.fromtimestamp(float(os.environ["ONENET_BENCH_SINCE"]), UTC)
BEAT_S: Final = Pace().heartbeat_s
MACHINE: Final = SystemClock()


class FasterClock:
    """The machine's clock, run faster since the bench began: started again, the console finds it where it would be."""

    def now(self) -> datetime:
        """Return this instant of the compressed day."""
        gone: timedelta = MACHINE.now() - SINCE
        return SINCE + gone * FASTER


if __name__ == "__main__":
    vars(runtime.web)["SystemClock"] = FasterClock
    vars(runtime.console)["Pace"] = partial(Pace, heartbeat_s=BEAT_S / FASTER)
    sys.exit(main(sys.argv[1:]))
