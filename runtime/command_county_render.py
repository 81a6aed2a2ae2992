"""`python app.py county render`: paint the county's tiles beforehand into PMTiles or MBTiles."""

import argparse
import asyncio
import os
from functools import partial
from pathlib import Path
from typing import Any

from runtime.settings import Settings
from vocabulary.errors import Refused, sentence

THEMES = ("dark", "light")


def register(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Add the verb to `county`."""
    text = (
        "paint the tiles of the county in use beforehand, for machines that cannot (no Mapnik) and for a first view"
        " without waiting; goes on where it was stopped"
    )
    render = verbs.add_parser("render", parents=[common], help=text, description=text)
    render.add_argument(
        "--theme",
        choices=(*THEMES, "both"),
        default="both",
        help="which of the map's looks to draw",
    )
    render.add_argument(
        "--zoom", default="6-16", metavar="FROM-TO", help="zooms of the map, within 6-18 (6-16)"
    )
    render.add_argument(
        "--to", type=Path, metavar="FILE",
        help="a .pmtiles or .mbtiles file, with the theme added for both; without it: where the console finds them",
    )  # fmt: skip
    render.set_defaults(run=run_render)


def run_render(given: argparse.Namespace, settings: Settings) -> int:
    """Paint what is missing and print where it lies."""
    from county.store import load
    from layers.prerender import prerender
    from runtime.home import prepare_home
    from runtime.progress import bar

    home = prepare_home(settings.home)
    county, zooms = load(home), _zooms(given.zoom)
    workers = max(settings.render_workers, os.cpu_count() or 1)
    for theme in THEMES if given.theme == "both" else (given.theme,):
        to = _file(given, home, theme)
        with bar() as tell:
            progress = partial(tell, theme)
            count = asyncio.run(
                prerender(county, theme, zooms, to, workers=workers, progress=progress)
            )
        size_mb = round(to.stat().st_size / 1e6, 1)
        for language in ("zh", "en"):
            told = sentence("runtime.tiles_rendered", language)
            print(told.format(count=count, file=to, size_mb=size_mb))
    return 0


def _file(given: argparse.Namespace, home: Path, theme: str) -> Path:
    from layers.shelf import shelf_folder

    if given.to is None:
        return shelf_folder(home) / f"{theme}.pmtiles"
    to: Path = given.to
    return to.with_stem(f"{to.stem}-{theme}") if given.theme == "both" else to


def _zooms(said: str) -> tuple[int, int]:
    first, _, last = said.partition("-")
    if not (
        first.isascii()
        and first.isdigit()
        and (last or first).isascii()
        and (last or first).isdigit()
    ):
        raise Refused("runtime.bad_zooms", value=said)
    return int(first), int(last or first)
