"""Tiles of the coverage: their address holds the content's version, so that browsers keep them as long as they like."""

from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from exchange.coverage_ports import CoverageService
from layers.coverage.atlas import Layer, which_of
from runtime.files import DIGITS
from security.routes import Rule, rule

PATTERN: Final = (
    "/coverage/tiles/{version}/{quantity}/{technology}/{operator}/{band}/{z}/{x}/{y}.png"
)
KEPT: Final = "private, max-age=604800, immutable"
COVERAGE_TILE_RULES: Final[tuple[Rule, ...]] = (
    rule("GET", PATTERN, "coverage.read", cacheable=True, background=True),
)


def coverage_tile_routes(service: CoverageService) -> list[Route]:
    """Return the route of the tiles."""

    async def tile(request: Request) -> Response:
        p = request.path_params
        numbers = (p["z"], p["x"], p["y"])
        if not all(one.isascii() and one.isdecimal() and len(one) <= DIGITS for one in numbers):
            raise HTTPException(404)
        z, x, y = (int(one) for one in numbers)
        layer = Layer(p["quantity"], which_of(p["operator"], p["technology"], p["band"]))
        picture = await service.tile(layer, z, x, y)
        return Response(picture, media_type="image/png", headers={"Cache-Control": KEPT})

    return [Route(PATTERN, tile, methods=["GET"])]
