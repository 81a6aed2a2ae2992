"""Tiles of the base map: from elsewhere where that is set, painted beforehand, or painted on demand and kept.

Whoever asks for the same tile at the same time waits for one painting of it.
"""

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from county.model import County
from layers import basemap
from layers.painter_client import PainterClient
from layers.shelf import Shelf
from layers.tile_cache import TileCache
from layers.tile_grid import Key, Order, checked, facts_of, tile_version
from vocabulary.errors import Unavailable

if TYPE_CHECKING:
    from layers.outside import OutsideSource

OUTSIDE: Final = "outside"


@dataclass(frozen=True, slots=True)
class Picture:
    """A tile; one that only stands in for another is soon to be asked for again."""

    data: bytes
    lasting: bool = True

    @property
    def media_type(self) -> str:
        """Return its kind: ours are WebP; one from outside is a JPEG where it is a photograph, else a PNG."""
        if self.data.startswith(b"RIFF"):
            return "image/webp"
        return "image/jpeg" if self.data.startswith(b"\xff\xd8") else "image/png"


class TileService:
    """Gives tiles of one county. Make it, `await start()`, and `await stop()` before the loop ends."""

    def __init__(
        self,
        county: County,
        home: Path,
        *,
        workers: int = 1,
        source: str = "",
        source_name: str = "",
    ) -> None:
        """Take the county, how many painter processes may run, an outside source and who made it; nothing runs yet."""
        self._home = home
        self._county = county
        self._workers = workers
        self._painters: list[PainterClient] = []
        self._free: asyncio.Queue[PainterClient] = asyncio.Queue()
        self._caches: dict[tuple[str, int], TileCache] = {}
        self._styles: dict[str, str] = {}
        self._under_way: dict[Order, asyncio.Task[Picture]] = {}
        self._preparing = asyncio.Lock()
        self._shelf = Shelf(home)
        self._outside = _outside(source) if source else None
        self._source_name = source_name

    @property
    def county(self) -> County:
        """Return the county that is painted."""
        return self._county

    @property
    def attribution(self) -> str:
        """Return what stands on the map: who made an outside source, where one is set, and always whose data ours are."""
        ours = self._county.attribution
        return f"{self._source_name}; {ours}" if self._outside is not None else ours

    @property
    def painter_pids(self) -> tuple[int, ...]:
        """Return the numbers of the painter processes that run (for health checks and benchmarks)."""
        return tuple(painter.pid for painter in self._painters if painter.pid is not None)

    @property
    def standing(self) -> str:
        """Return in a few words who draws the tiles now."""
        painters = f"{len(self.painter_pids)} painters"
        if self._outside is None:
            return painters
        state = "left alone, own tiles" if self._outside.breaker.open else "asked"
        return f"{painters}; {self._outside.host} {state}"

    async def start(self) -> None:
        """Clear away what belongs to former counties and start the painters (they load Mapnik while we go on)."""
        await asyncio.to_thread(self._clear_away)
        for _ in range(self._workers):
            painter = PainterClient()
            await painter.start()
            self._painters.append(painter)
            self._free.put_nowait(painter)

    async def stop(self) -> None:
        """End the painters and close the files; waiting requests get Unavailable."""
        for task in list(self._under_way.values()):
            task.cancel()
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)
        await asyncio.gather(*(painter.stop() for painter in self._painters))
        self._painters.clear()
        self._free = asyncio.Queue()
        self._close_caches(self._caches)
        self._caches = {}
        self._shelf.close()
        if self._outside is not None:
            await self._outside.close()

    async def use(self, county: County) -> None:
        """Paint another county from now on (after an import); nobody who asks meanwhile is turned away."""
        async with self._preparing:
            former, under_way = self._caches, list(self._under_way.values())
            self._county, self._styles, self._caches, self._under_way = county, {}, {}, {}
        await asyncio.gather(*under_way, return_exceptions=True)
        self._close_caches(former)
        await asyncio.to_thread(self._clear_away)

    async def tile(self, theme: str, z: int, x: int, y: int, scale: int = 1) -> bytes:
        """Return a tile, 512 px wide (1024 at scale 2). Refused (404) where there is none."""
        return (await self.picture(checked(theme, z, x, y, scale))).data

    async def picture(self, order: Order) -> Picture:
        """Return a tile with what it is; Unavailable while none can be had."""
        if not self._painters:
            raise Unavailable("tiles.closed")
        known = await self._known(order)
        if known is not None:
            return Picture(known)
        task = self._under_way.get(order)
        if task is None:
            under_way = self._under_way
            task = asyncio.create_task(self._made(order))
            under_way[order] = task
            task.add_done_callback(lambda _: under_way.pop(order, None))
        return await self._waited(task)

    async def _known(self, order: Order) -> bytes | None:
        """Return what need not be made: of the outside source, where there is one, else of ours."""
        if self._outside is not None:
            return await self._kept(await self._outside_cache(order), order.key)
        cache = await self._cache(order.theme, order.scale)
        known = cache.remembered(order.key)
        if known is None and order.scale == 1:
            known = await asyncio.to_thread(self._shelf.get, self._county, order.theme, order.key)
        return known or await self._kept(cache, order.key)

    async def _kept(self, cache: TileCache, key: Key) -> bytes | None:
        return cache.remembered(key) or await asyncio.to_thread(cache.get, key)

    async def _waited(self, task: "asyncio.Task[Picture]") -> Picture:
        # One who asks may go away; the tile is finished all the same for the next one.
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():
                raise Unavailable("tiles.closed") from None
            raise

    async def _made(self, order: Order) -> Picture:
        if self._outside is None:
            return await self._own(order)
        picture = await self._outside.tile(order)
        if picture is None:
            own = await self._own(order)
            return Picture(own.data, lasting=False)
        await asyncio.to_thread((await self._outside_cache(order)).put, order.key, picture)
        return Picture(picture)

    async def _own(self, order: Order) -> Picture:
        cache = await self._cache(order.theme, order.scale)
        known = await self._kept(cache, order.key)
        if known is not None:
            return Picture(known)
        try:
            tile = await self._painted(order)
        except Unavailable:
            county = self._county
            former = await asyncio.to_thread(
                self._shelf.get, county, order.theme, order.key, former=True
            )
            if former is None:
                raise
            return Picture(former, lasting=False)
        await asyncio.to_thread(cache.put, order.key, tile)
        return Picture(tile)

    async def _painted(self, order: Order) -> bytes:
        xml = await self._style(order.theme)
        painter = await self._free.get()
        try:
            return await painter.paint(order.theme, xml, *order.key, order.scale)
        finally:
            self._free.put_nowait(painter)

    async def _style(self, theme: str) -> str:
        async with self._preparing:
            if theme not in self._styles:
                self._styles[theme] = await asyncio.to_thread(
                    basemap.prepare, self._county, theme, self._folder
                )
            return self._styles[theme]

    @property
    def _folder(self) -> Path:
        return self._home / "tiles" / tile_version(self._county)

    async def _cache(self, theme: str, scale: int) -> TileCache:
        return await self._opened((theme, scale), self._folder / f"{theme}@{scale}x.mbtiles")

    async def _outside_cache(self, order: Order) -> TileCache:
        name = self._outside.name if self._outside is not None else ""
        file = self._home / "tiles" / OUTSIDE / f"{name}-{order.theme}.mbtiles"
        return await self._opened((f"{OUTSIDE}-{order.theme}", 1), file)

    async def _opened(self, name: tuple[str, int], file: Path) -> TileCache:
        if name in self._caches:
            return self._caches[name]
        async with self._preparing:
            if name not in self._caches:
                facts = facts_of(self._county, name[0])
                self._caches[name] = await asyncio.to_thread(TileCache, file, facts)
            return self._caches[name]

    def _close_caches(self, caches: dict[tuple[str, int], TileCache]) -> None:
        for cache in caches.values():
            cache.close()

    def _clear_away(self) -> None:
        folder = self._folder
        folder.mkdir(parents=True, exist_ok=True)
        for former in folder.parent.iterdir():
            if former not in (folder, folder.parent / OUTSIDE) and former.is_dir():
                shutil.rmtree(former, ignore_errors=True)
        ours = f"{self._outside.name}-" if self._outside is not None else None
        for kept in (folder.parent / OUTSIDE).glob("*.mbtiles*"):
            if ours is None or not kept.name.startswith(ours):
                kept.unlink(missing_ok=True)


def _outside(setting: str) -> "OutsideSource":
    from layers.outside import (
        OutsideSource,
    )  # an HTTP client and a picture library: only where it is set

    return OutsideSource(setting)
