"""Tiles from elsewhere: fetched by us, kept, left alone when they fail, never told with their key, never shifted."""

import asyncio
import contextlib
import io
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image

from county.model import County
from layers.breaker import FAILURES, FIRST_PAUSE_S, Breaker
from layers.outside_address import read_addresses
from layers.tile_grid import checked
from layers.tiles import TileService
from tests.layers.pictures import pixels, tile_at
from vocabulary.errors import Refused

KEY = "tk-5ecret-of-the-county"


def picture(colour: tuple[int, int, int, int], kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    made = Image.new("RGBA", (256, 256), colour)
    (made.convert("RGB") if kind == "JPEG" else made).save(out, kind)
    return out.getvalue()


@dataclass
class TileServer:
    """A real HTTP server on loopback that answers with one colour per tile, or as it is told."""

    status: int = 200
    kind: str = "PNG"
    body: bytes | None = None
    wait_s: float = 0.0
    asked: list[str] = field(default_factory=list)
    port: int = 0
    talks: set["asyncio.Task[None]"] = field(default_factory=set)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.create_task(self._answer(reader, writer))
        self.talks.add(talk)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                await self._talk(reader, writer)
        finally:
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        path = head.split(" ")[1]
        self.asked.append(path)
        await asyncio.sleep(self.wait_s)
        body = self.body if self.body is not None else self._drawn(path)
        writer.write(
            f"HTTP/1.1 {self.status} X\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
            + body
        )
        await writer.drain()

    def _drawn(self, path: str) -> bytes:
        if path.startswith("/names"):
            return picture((255, 0, 0, 255))
        numbers = [int(part.split(".")[0]) for part in path.split("?")[0].split("/")[-2:]]
        return picture((numbers[0] % 2 * 200, numbers[1] % 2 * 200, 50, 255), self.kind)


@pytest.fixture
async def server() -> AsyncIterator[TileServer]:
    made = TileServer()
    listening = await asyncio.start_server(made.answer, "127.0.0.1", 0)
    made.port = listening.sockets[0].getsockname()[1]
    yield made
    listening.close()
    for talk in made.talks:
        talk.cancel()
    await asyncio.gather(*made.talks, return_exceptions=True)
    await listening.wait_closed()


@pytest.fixture
async def fetching(
    server: TileServer, sample: County, tmp_path: Path
) -> AsyncIterator[TileService]:
    source = f"{server.base}/map/{{z}}/{{x}}/{{y}}.png?tk={KEY}"
    made = TileService(sample, tmp_path, source=source)
    await made.start()
    yield made
    await made.stop()


def everything_in(folder: Path) -> bytes:
    files = [file for file in folder.rglob("*") if file.is_file()]
    return b"".join(str(file).encode() + file.read_bytes() for file in files)


def seat(county: County, z: int) -> tuple[int, int, int]:
    return tile_at(county.center.lon_deg, county.center.lat_deg, z)


async def test_four_outside_tiles_make_one_of_ours_each_in_its_corner(
    fetching: TileService, server: TileServer, sample: County
) -> None:
    z, x, y = seat(sample, 12)
    shown = pixels(await fetching.tile("light", z, x, y))
    assert shown.shape == (512, 512, 3)
    assert [tuple(shown[r, c]) for r, c in ((9, 9), (9, 500), (500, 9), (500, 500))] == [
        (0, 0, 50), (200, 0, 50), (0, 200, 50), (200, 200, 50),
    ]  # fmt: skip
    assert sorted(server.asked) == sorted(
        f"/map/13/{2 * x + dx}/{2 * y + dy}.png?tk={KEY}" for dx in (0, 1) for dy in (0, 1)
    )


async def test_what_was_fetched_is_kept_over_a_restart(
    fetching: TileService, server: TileServer, sample: County, tmp_path: Path
) -> None:
    first = await fetching.tile("dark", *seat(sample, 12))
    await fetching.stop()
    again = TileService(
        sample, tmp_path, source=f"{server.base}/map/{{z}}/{{x}}/{{y}}.png?tk={KEY}"
    )
    await again.start()
    server.status = 500
    assert await again.tile("dark", *seat(sample, 12)) == first
    await again.stop()
    assert len(server.asked) == 4


async def test_its_maker_stands_on_the_map_beside_ours(sample: County, tmp_path: Path) -> None:
    address = "https://t0.tianditu.gov.cn/vec_w/wmts?z={z}&y={y}&x={x}"
    there = TileService(sample, tmp_path, source=address, source_name="天地图 GS(2024)0568号")
    assert there.attribution == f"天地图 GS(2024)0568号; {sample.attribution}"
    assert TileService(sample, tmp_path).attribution == sample.attribution
    await there.stop()


async def test_photographs_stay_jpeg(
    fetching: TileService, server: TileServer, sample: County
) -> None:
    server.kind = "JPEG"
    made = await fetching.picture(checked("light", *seat(sample, 12)))
    assert made.media_type == "image/jpeg"


async def test_names_lie_over_the_map(server: TileServer, sample: County, tmp_path: Path) -> None:
    layers = f"{server.base}/map/{{z}}/{{x}}/{{y}}.png {server.base}/names/{{z}}/{{x}}/{{y}}.png"
    service = TileService(sample, tmp_path, source=layers)
    await service.start()
    assert tuple(pixels(await service.tile("light", *seat(sample, 12)))[9, 9]) == (255, 0, 0)
    await service.stop()


@pytest.mark.parametrize("failure", ["status", "page", "bomb", "hangs"])
async def test_a_source_that_fails_is_replaced_by_our_own_tiles_and_left_alone(
    fetching: TileService, server: TileServer, sample: County, failure: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    if failure == "status":
        server.status = 403
    elif failure == "page":
        server.body = b"<html>quota exceeded</html>"
    elif failure == "bomb":
        server.body = b"\x89PNG" + b"x" * 3_000_000
    else:
        server.wait_s = 30
        monkeypatch.setattr(fetching._outside._client, "timeout", 0.2)  # type: ignore[union-attr]
    for z in range(8, 8 + FAILURES):
        made = await fetching.picture(checked("dark", *seat(sample, z)))
        assert made.data.startswith(b"RIFF")
        assert not made.lasting
    before = len(server.asked)
    await fetching.tile("dark", *seat(sample, 13))
    assert len(server.asked) == before
    assert fetching.standing.endswith("127.0.0.1 left alone, own tiles")


async def test_a_tile_the_source_has_not_is_no_failure(
    fetching: TileService, server: TileServer, sample: County
) -> None:
    server.status = 404
    for z in range(8, 14):
        made = await fetching.picture(checked("dark", *seat(sample, z)))
        assert not made.lasting
    assert fetching.standing.endswith("asked")


async def test_it_is_asked_again_after_a_while(
    fetching: TileService, server: TileServer, sample: County
) -> None:
    now = 1000.0
    outside = fetching._outside
    assert outside is not None
    outside.breaker = Breaker(lambda: now)
    server.status = 503
    for z in range(8, 8 + FAILURES):
        await fetching.tile("dark", *seat(sample, z))
    server.status = 200
    assert not (await fetching.picture(checked("dark", *seat(sample, 12)))).lasting
    now += FIRST_PAUSE_S + 1
    assert (await fetching.picture(checked("dark", *seat(sample, 12)))).lasting


async def test_the_key_is_in_no_log_and_no_file_name(
    fetching: TileService, server: TileServer, sample: County, tmp_path: Path,
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    caplog.set_level(logging.WARNING)
    await fetching.tile("dark", *seat(sample, 12))
    server.status = 403
    for z in range(8, 8 + FAILURES):
        await fetching.tile("dark", *seat(sample, z))
    told = caplog.text + "".join(capsys.readouterr()) + fetching.standing
    told += repr(fetching._outside._layers)  # type: ignore[union-attr]
    assert KEY not in told
    assert KEY.encode() not in everything_in(tmp_path)


def test_pauses_grow_and_one_try_is_let_through_per_pause() -> None:
    now = 0.0
    breaker = Breaker(lambda: now)
    assert [breaker.failed() for _ in range(FAILURES)] == [False] * (FAILURES - 1) + [True]
    pauses = []
    for _ in range(8):
        waited = now
        while not breaker.may_try():
            now += 1
        pauses.append(now - waited)
        assert not breaker.may_try()
        breaker.failed()
    assert pauses[:4] == [15, 30, 60, 120]
    assert pauses[-1] == 600
    breaker.well()
    assert breaker.may_try()


def test_every_form_of_address_is_filled() -> None:
    wmts = "https://t{s:0-7}.tianditu.gov.cn/vec_w/wmts?TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=K"
    plain, tms = read_addresses(
        f"{wmts} https://{{s}}.example.org/{{theme}}/{{z}}/{{x}}/{{-y}}.png"
    )
    assert plain.of("dark", 12, 5, 6) == (
        "https://t3.tianditu.gov.cn/vec_w/wmts?TILEMATRIX=12&TILEROW=6&TILECOL=5&tk=K"
    )
    assert tms.of("dark", 3, 1, 2) == "https://a.example.org/dark/3/1/5.png"
    assert "tk=K" not in repr(plain)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("ftp://example.org/{z}/{x}/{y}", "tiles.source_address"),
        ("https://example.org/{z}/{x}?tk=SECRET", "tiles.source_address"),
        ("https://example.org/{z}/{x}/{y}/{evil}?tk=SECRET", "tiles.source_address"),
        ("https://[/{z}/{x}/{y}?tk=SECRET", "tiles.source_address"),
        (
            "https://webrd0{s:1-4}.is.autonavi.com/?x={x}&y={y}&z={z}&k=SECRET",
            "tiles.source_shifted",
        ),
        ("https://rt0.map.gtimg.com/tile?z={z}&x={x}&y={-y}&k=SECRET", "tiles.source_shifted"),
        ("https://maponline0.bdimg.com/tile/?x={x}&y={y}&z={z}&ak=SECRET", "tiles.source_shifted"),
        (
            "https://t0.tianditu.gov.cn/vec_c/wmts?TILEMATRIXSET=c&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=SECRET",
            "tiles.source_grid",
        ),
    ],
)
def test_a_wrong_or_shifted_source_is_refused_without_telling_its_key(
    address: str, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        read_addresses(address)
    assert refused.value.code == code
    for language in ("zh", "en"):
        assert "SECRET" not in refused.value.text(language)
        assert "{z}" in refused.value.text(language) or code != "tiles.source_address"
