"""The process that predicts a county: sites come in by the standard input, the prediction goes to a folder."""

import json
import os
import sys
from pathlib import Path
from typing import Final

POLITE: Final = 10  # of the scheduler's niceness: the console and its screens come first


def main(home: Path, folder: Path) -> None:
    """Predict and keep."""
    from county.store import load
    from layers.coverage import kept
    from layers.coverage.ground import ground_of
    from layers.coverage.predicted import predict

    os.nice(POLITE)
    asked = json.load(sys.stdin)
    sites = [kept.site_of(one) for one in asked["sites"]]
    corrections = {band: tuple(of) for band, of in asked["corrections"].items()}
    county = load(home)
    if kept.mark_of(county, sites, corrections) != folder.name:
        raise SystemExit("the county was replaced meanwhile")
    kept.write(predict(ground_of(county), sites, corrections), folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
