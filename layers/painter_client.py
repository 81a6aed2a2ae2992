"""One painter process seen from the console: started, ordered from, started again when it dies."""

import asyncio
import contextlib
import os
import sys
from pathlib import Path

import orjson

from layers import painter
from vocabulary.errors import Unavailable

ROOT = Path(__file__).resolve().parent.parent
STOP_S = 3.0
TRIES = 2


class PainterClient:
    """Orders tiles from one process, one at a time."""

    def __init__(self) -> None:
        """Make it; nothing runs yet."""
        self._process: asyncio.subprocess.Process | None = None
        self._knows: dict[str, str] = {}
        self._turn = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        """Return the process's number while it runs."""
        alive = self._process is not None and self._process.returncode is None
        return self._process.pid if alive and self._process is not None else None

    async def start(self) -> None:
        """Start the process."""
        paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        self._knows = {}
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "layers.painter", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)}, start_new_session=True,
        )  # fmt: skip

    async def stop(self) -> None:
        """Let the process end by closing its stdin; kill it when it does not within three seconds."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), STOP_S)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):  # it may end between the two lines
                process.kill()
            await process.wait()
        if process.stdin is not None:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                await process.stdin.wait_closed()

    async def paint(self, theme: str, xml: str, z: int, x: int, y: int, scale: int) -> bytes:
        """Return a tile; a process that died is replaced and asked once more."""
        order = {"theme": theme, "z": z, "x": x, "y": y, "scale": scale}
        for _ in range(TRIES):
            try:
                async with self._turn:
                    return await self._asked(order, xml)
            except (asyncio.IncompleteReadError, BrokenPipeError, ConnectionResetError):
                await self.stop()
        raise Unavailable("tiles.painter_died", z=z, x=x, y=y)

    async def _asked(self, order: dict[str, object], xml: str) -> bytes:
        theme = str(order["theme"])
        if self.pid is None:
            await self.start()
        if self._knows.get(theme) != xml:
            await self._say({"theme": theme, "xml": xml})
            self._knows[theme] = xml
        return await self._say(order)

    async def _say(self, order: dict[str, object]) -> bytes:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise BrokenPipeError
        body = orjson.dumps(order)
        process.stdin.write(len(body).to_bytes(4, "big") + body)
        await process.stdin.drain()
        status = await process.stdout.readexactly(1)
        answer = await process.stdout.readexactly(
            int.from_bytes(await process.stdout.readexactly(4), "big")
        )
        return _answer(status, answer)


def _answer(status: bytes, answer: bytes) -> bytes:
    if status == painter.DONE:
        return answer
    code = {painter.NO_MAPNIK: "tiles.no_painter", painter.NO_FONT: "tiles.no_font"}.get(
        status, "tiles.not_painted"
    )
    raise Unavailable(code, problem=answer.decode(errors="replace")[:300])
