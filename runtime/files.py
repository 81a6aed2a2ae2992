"""Files that the console serves itself: base-map tiles and the Chinese font, so that no other host is ever asked."""

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from layers.tile_grid import checked
from layers.tiles import Picture, TileService
from security.routes import Rule, rule
from vocabulary.errors import Unavailable

DIGITS = 7  # no tile has a longer number; thousands of digits are not even a number to Python
FINE = "@2x"
A_DAY_S = 86400
A_MINUTE_S = 60  # what stands in for a tile that could not be had
A_YEAR = "public, max-age=31536000, immutable"
FONT = "/fonts/NotoSansSC.otf"
FILE_RULES: tuple[Rule, ...] = (
    rule("GET", "/tiles/{theme}/{z}/{x}/{y}", "map.read", cacheable=True, background=True),
    rule("GET", FONT, None, cacheable=True),
)


def file_routes(tiles: TileService) -> list[Route]:
    """Return the routes of tiles and font."""

    async def tile(request: Request) -> Response:
        p = request.path_params
        row, fine, rest = p["y"].partition(FINE)
        numbers = (p["z"], p["x"], row)
        if rest or not all(
            one.isascii() and one.isdecimal() and len(one) <= DIGITS for one in numbers
        ):
            raise HTTPException(404)
        z, x, y = (int(one) for one in numbers)
        picture = await tiles.picture(checked(p["theme"], z, x, y, scale=2 if fine else 1))
        return tile_answer(picture, "private")

    async def font(_request: Request) -> Response:
        return FileResponse(font_file(), media_type="font/otf", headers={"Cache-Control": A_YEAR})

    return [
        Route("/tiles/{theme}/{z}/{x}/{y}", tile, methods=["GET"]),
        Route(FONT, font, methods=["GET"]),
    ]


def tile_answer(picture: Picture, whose: str) -> Response:
    """Return a tile to be kept by `whose` caches (private, public): a day, a minute where it stands in for another."""
    kept = f"{whose}, max-age={A_DAY_S if picture.lasting else A_MINUTE_S}"
    return Response(picture.data, media_type=picture.media_type, headers={"Cache-Control": kept})


def font_file() -> Path:
    """Return the path of Noto Sans SC in its wheel."""
    try:
        import pylopdf_fonts_zh_cn
    except ImportError:
        raise Unavailable("tiles.no_font", problem="pylopdf_fonts_zh_cn") from None
    return Path(str(pylopdf_fonts_zh_cn.__file__)).parent / "NotoSansSC-Regular.otf"
