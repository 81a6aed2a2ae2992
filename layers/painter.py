"""The painter's process: `python -m layers.painter` reads styles and tile orders on stdin and answers with pictures on stdout.

It is a process of its own because Mapnik holds the interpreter while it paints, and because importing Mapnik points PROJ
and GDAL at its own data files, which breaks rasterio in the same process. It ends when its stdin does, so it cannot
outlive the console. Frames: 4 bytes of length, then JSON in; one status byte, 4 bytes of length, then bytes out.
"""

import json
import math
import os
import signal
import sys
from typing import Any, BinaryIO

DONE, FAILED, NO_MAPNIK, NO_FONT = b"\0", b"\1", b"\2", b"\3"
TILE_PX = 512
HALF_WORLD_M = math.pi * 6_378_137.0
# Half the time and less than half the size of a PNG of 256 colours, and relief without bands; thin lines stay crisp at 95.
ENCODING = "webp:quality=95:method=0:alpha=false"


class Painter:
    """Keeps one Mapnik map per theme and scale, with its files open."""

    def __init__(self, mapnik: Any) -> None:
        """Take the loaded library."""
        self.mapnik = mapnik
        self.styles: dict[str, str] = {}
        self.maps: dict[tuple[str, int], Any] = {}

    def learn(self, theme: str, xml: str) -> None:
        """Take the style of a theme, replacing what was known of it."""
        self.styles[theme] = xml
        self.maps = {key: each for key, each in self.maps.items() if key[0] != theme}

    def paint(self, theme: str, z: int, x: int, y: int, scale: int) -> bytes:
        """Return one tile of the 512 px grid as WebP, drawn `scale` times as fine."""
        canvas = self._map(theme, scale)
        side = 2 * HALF_WORLD_M / 2**z
        west, north = -HALF_WORLD_M + x * side, HALF_WORLD_M - y * side
        canvas.zoom_to_box(self.mapnik.Box2d(west, north - side, west + side, north))
        image = self.mapnik.Image(TILE_PX * scale, TILE_PX * scale)
        self.mapnik.render(canvas, image, float(scale))
        return bytes(image.to_string(ENCODING))

    def _map(self, theme: str, scale: int) -> Any:
        if (theme, scale) not in self.maps:
            canvas = self.mapnik.Map(TILE_PX * scale, TILE_PX * scale)
            self.mapnik.load_map_from_string(canvas, self.styles[theme])
            canvas.buffer_size = canvas.buffer_size * scale
            for layer in canvas.layers:
                if layer.buffer_size is not None:
                    layer.buffer_size = layer.buffer_size * scale
            self.maps[theme, scale] = canvas
        return self.maps[theme, scale]


def serve(orders: BinaryIO, answers: BinaryIO) -> None:
    """Answer orders until there are no more."""
    painter, trouble, problem = _ready()
    while (order := _read(orders)) is not None:
        if painter is None:
            _answer(answers, trouble, problem.encode())
        elif "xml" in order:
            painter.learn(order["theme"], order["xml"])
            _answer(answers, DONE, b"")
        else:
            _paint(painter, order, answers)


def _paint(painter: Painter, order: dict[str, Any], answers: BinaryIO) -> None:
    try:
        tile = painter.paint(order["theme"], order["z"], order["x"], order["y"], order["scale"])
    except RuntimeError as problem:  # all Mapnik raises: a file gone, a style it cannot read
        _answer(answers, FAILED, str(problem).encode())
    else:
        _answer(answers, DONE, tile)


def _ready() -> tuple[Painter | None, bytes, str]:
    try:
        import mapnik
    except ImportError as problem:
        return None, NO_MAPNIK, str(problem)
    try:
        from pylopdf_fonts_zh_cn import sans_path
    except ImportError as problem:
        return None, NO_FONT, str(problem)
    if not mapnik.FontEngine.register_font(str(sans_path())):
        return None, NO_FONT, f"{sans_path()} cannot be read"
    mapnik.logger.set_severity(getattr(mapnik.severity_type, "None"))
    return Painter(mapnik), DONE, ""


def _read(orders: BinaryIO) -> dict[str, Any] | None:
    head = orders.read(4)
    if len(head) < 4:
        return None
    order: dict[str, Any] = json.loads(orders.read(int.from_bytes(head, "big")))
    return order


def _answer(answers: BinaryIO, status: bytes, body: bytes) -> None:
    answers.write(status + len(body).to_bytes(4, "big") + body)
    answers.flush()


def main() -> None:
    """Serve on stdin and stdout; Ctrl-C is for the console, which then closes our stdin."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get between the answers
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
