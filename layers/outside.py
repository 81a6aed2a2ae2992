"""Tiles from elsewhere (天地图 and other XYZ or WMTS), fetched by this server and never by a browser."""

import asyncio
import hashlib
import io
from dataclasses import dataclass
from typing import Final

import httpx2
import structlog
from PIL import Image, UnidentifiedImageError

from layers.breaker import Breaker
from layers.outside_address import Address, read_addresses
from layers.tile_grid import Order

log = structlog.get_logger()

PATIENCE: Final = httpx2.Timeout(4.0, connect=2.0)
WHOLE_PIECE_S: Final = 10.0  # however slowly its bytes drip
AT_ONCE: Final = 12
LARGEST_BYTES: Final = 2_000_000
PIECE_PX: Final = 256
NOT_THERE: Final = frozenset({204, 404, 410})
OURS: Final = "One-Network/2026 (county console; tiles cached)"


class _Failed(Exception):
    """It did not answer as a tile server does; the reason names no address."""


@dataclass(frozen=True, slots=True)
class _Piece:
    picture: Image.Image
    photo: bool


class OutsideSource:
    """One outside source; four of its 256 px tiles make one of ours."""

    def __init__(self, setting: str) -> None:
        """Take the addresses; nothing is asked yet."""
        self._layers = read_addresses(setting)
        self.name = hashlib.sha256(setting.encode()).hexdigest()[:16]
        self.breaker = Breaker()
        self._client = httpx2.AsyncClient(
            timeout=PATIENCE, limits=httpx2.Limits(max_connections=AT_ONCE), follow_redirects=False,
            headers={"User-Agent": OURS, "Accept": "image/png,image/jpeg,image/webp"},
        )  # fmt: skip

    @property
    def host(self) -> str:
        """Return who is asked; all that may be told of the address."""
        return self._layers[0].host

    async def tile(self, order: Order) -> bytes | None:
        """Return a tile of the 512 px grid as PNG or JPEG, or None where it has none or does not answer."""
        if not self.breaker.may_try():
            return None
        try:
            pieces = await asyncio.gather(*(self._pieces(layer, order) for layer in self._layers))
            made = None
            if all(piece is not None for piece in pieces[0]):
                made = await asyncio.to_thread(_joined, pieces)
        except _Failed as failure:
            if self.breaker.failed():
                log.warning("tile_source_left_alone", host=self.host, reason=str(failure))
            return None
        if self.breaker.open:
            log.info("tile_source_answers_again", host=self.host)
        self.breaker.well()
        return made

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def _pieces(self, layer: Address, order: Order) -> list[_Piece | None]:
        corners = [(order.x * 2 + dx, order.y * 2 + dy) for dy in (0, 1) for dx in (0, 1)]
        addresses = [layer.of(order.theme, order.z + 1, x, y) for x, y in corners]
        return list(await asyncio.gather(*(self._piece(address) for address in addresses)))

    async def _piece(self, address: str) -> _Piece | None:
        body = bytearray()
        try:
            async with (
                asyncio.timeout(WHOLE_PIECE_S),
                self._client.stream("GET", address) as response,
            ):
                if response.status_code in NOT_THERE:
                    return None
                if response.status_code != 200:
                    raise _Failed(f"status {response.status_code}")
                async for part in response.aiter_bytes():
                    body += part
                    if len(body) > LARGEST_BYTES:
                        raise _Failed("too large")
        except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError) as problem:
            raise _Failed(type(problem).__name__) from None  # its text holds the address
        return await asyncio.to_thread(_opened, bytes(body))


def _opened(body: bytes) -> _Piece:
    try:
        with Image.open(io.BytesIO(body), formats=("PNG", "JPEG", "WEBP")) as picture:
            if max(picture.size) > 4 * PIECE_PX:
                raise _Failed("too many pixels")
            return _Piece(picture.convert("RGBA"), picture.format == "JPEG")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise _Failed("no picture") from None


def _joined(layers: list[list[_Piece | None]]) -> bytes:
    """Return the layers over each other, each of four pieces; what an upper layer lacks is left out."""
    tile = Image.new("RGBA", (2 * PIECE_PX, 2 * PIECE_PX), (255, 255, 255, 255))
    for pieces in layers:
        for number, piece in enumerate(pieces):
            if piece is not None:
                picture = piece.picture
                if picture.size != (PIECE_PX, PIECE_PX):
                    picture = picture.resize((PIECE_PX, PIECE_PX), Image.Resampling.LANCZOS)
                tile.alpha_composite(picture, (number % 2 * PIECE_PX, number // 2 * PIECE_PX))
    out = io.BytesIO()
    photo = any(piece is not None and piece.photo for piece in layers[0])
    if photo:
        tile.convert("RGB").save(out, "JPEG", quality=88)
    else:
        tile.convert("RGB").quantize(255).save(out, "PNG", compress_level=4)
    return out.getvalue()
