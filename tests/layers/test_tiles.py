"""Tiles: painted once and kept, the same for all who ask, alive again after a death, and gone with the console."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from county.model import County
from layers.tile_grid import FIRST_Z, LAST_Z, checked
from layers.tiles import TileService
from tests.layers.pictures import pixels, tile_at
from vocabulary.errors import Refused, Unavailable
from vocabulary.ids import new_id

WEBP = b"RIFF"


def seat(county: County, z: int) -> tuple[int, int, int]:
    return tile_at(county.center.lon_deg, county.center.lat_deg, z)


@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_a_tile_is_a_picture_of_512_pixels_in_each_theme(
    service: TileService, sample: County, theme: str
) -> None:
    tile = await service.tile(theme, *seat(sample, 12))
    assert tile.startswith(WEBP)
    assert pixels(tile).shape == (512, 512, 3)


async def test_at_scale_two_a_tile_is_twice_as_fine(service: TileService, sample: County) -> None:
    fine = await service.tile("light", *seat(sample, 13), scale=2)
    assert pixels(fine).shape == (1024, 1024, 3)


async def test_the_dark_theme_is_dark_and_the_light_one_light(
    service: TileService, sample: County
) -> None:
    dark = pixels(await service.tile("dark", *seat(sample, 11)))
    light = pixels(await service.tile("light", *seat(sample, 11)))
    assert dark.mean() < 60
    assert light.mean() > 200


async def test_the_seat_shows_much_and_the_sea_of_nowhere_nothing(
    service: TileService, sample: County
) -> None:
    shown = pixels(await service.tile("light", *seat(sample, 13)))
    nowhere = pixels(
        await service.tile("light", *tile_at(sample.center.lon_deg + 5, sample.center.lat_deg, 13))
    )
    assert len({tuple(colour) for colour in shown.reshape(-1, 3)}) > 60
    assert len({tuple(colour) for colour in nowhere.reshape(-1, 3)}) == 1


@pytest.mark.parametrize("z", [12, 13, 14])
async def test_nothing_shows_where_two_tiles_meet(
    service: TileService, sample: County, z: int
) -> None:
    box = sample.box
    _, x, y = tile_at(box.west_deg + 0.3 * (box.east_deg - box.west_deg), sample.center.lat_deg, z)
    left, right = [pixels(await service.tile("light", z, x + step, y)) for step in (0, 1)]
    across = np.abs(left[:, -1].astype(int) - right[:, 0])
    within = np.abs(left[:, -2].astype(int) - left[:, -1])
    assert across.mean() <= 2 * within.mean() + 1


async def test_a_tile_is_painted_once_and_kept_on_disk(sample: County, tmp_path: Path) -> None:
    where = seat(sample, 12)
    first = TileService(sample, tmp_path)
    await first.start()
    painted = await first.tile("dark", *where)
    await first.stop()
    files = list((tmp_path / "tiles").rglob("dark@1x.mbtiles"))
    with sqlite3.connect(files[0]) as kept:
        (row,) = kept.execute("SELECT tile_row FROM tiles").fetchall()
    kept.close()
    assert row[0] == 2 ** where[0] - 1 - where[2]
    second = TileService(sample, tmp_path)
    await second.start()
    for client in second._painters:  # the painter must not be asked
        await client.stop()
    assert await second.tile("dark", *where) == painted
    await second.stop()


async def test_many_who_ask_at_once_get_the_same_tile(service: TileService, sample: County) -> None:
    tiles = await asyncio.gather(*(service.tile("dark", *seat(sample, 13)) for _ in range(20)))
    assert len(set(tiles)) == 1


async def test_one_who_goes_away_does_not_take_the_tile_from_the_others(
    service: TileService, sample: County
) -> None:
    leaving = asyncio.create_task(service.tile("dark", *seat(sample, 14)))
    staying = asyncio.create_task(service.tile("dark", *seat(sample, 14)))
    await asyncio.sleep(0.01)
    leaving.cancel()
    assert (await staying).startswith(WEBP)


async def test_a_painter_that_dies_is_replaced(service: TileService, sample: County) -> None:
    await service.tile("dark", *seat(sample, 10))
    (pid,) = service.painter_pids
    os.kill(pid, signal.SIGKILL)
    assert (await service.tile("dark", *seat(sample, 11))).startswith(WEBP)
    assert service.painter_pids not in ((), (pid,))


async def test_a_new_county_brings_new_tiles_and_the_old_ones_go(
    service: TileService, sample: County, tmp_path: Path
) -> None:
    await service.tile("dark", *seat(sample, 11))
    (before,) = (tmp_path / "tiles").iterdir()
    await service.use(replace(sample, version=new_id()))
    await service.tile("dark", *seat(sample, 11))
    (after,) = (tmp_path / "tiles").iterdir()
    assert after != before


async def test_a_broken_cache_file_is_thrown_away(sample: County, tmp_path: Path) -> None:
    service = TileService(sample, tmp_path)
    await service.start()
    await service.tile("dark", *seat(sample, 10))
    await service.stop()
    (file,) = (tmp_path / "tiles").rglob("dark@1x.mbtiles")
    for beside in file.parent.glob(f"{file.name}-*"):
        beside.unlink()
    file.write_bytes(b"this is no database" * 500)
    await service.start()
    assert (await service.tile("dark", *seat(sample, 10))).startswith(WEBP)
    await service.stop()


async def test_a_stopped_service_says_so(sample: County, tmp_path: Path) -> None:
    service = TileService(sample, tmp_path)
    with pytest.raises(Unavailable) as unavailable:
        await service.tile("dark", *seat(sample, 10))
    assert unavailable.value.code == "tiles.closed"


async def test_a_county_whose_files_are_gone_is_told_and_the_painter_lives(
    service: TileService, sample: County, tmp_path: Path
) -> None:
    await service.use(
        replace(sample, version=new_id(), has_terrain=False, folder=tmp_path / "gone")
    )
    for _ in range(2):
        with pytest.raises(Unavailable) as unavailable:
            await service.tile("dark", *seat(sample, 10))
        assert unavailable.value.code == "tiles.not_painted"


@given(
    z=st.integers(-3, 30),
    x=st.integers(-5, 2**31),
    y=st.integers(-5, 2**31),
    theme=st.sampled_from(["dark", "light", "sepia", ""]),
)
def test_only_tiles_that_can_be_are_taken(z: int, x: int, y: int, theme: str) -> None:
    possible = (
        theme in ("dark", "light") and FIRST_Z <= z <= LAST_Z and 0 <= x < 2**z and 0 <= y < 2**z
    )
    if possible:
        checked(theme, z, x, y)
        return
    with pytest.raises(Refused) as refused:
        checked(theme, z, x, y)
    assert refused.value.status == 404
    assert refused.value.text("zh")


@pytest.mark.server
def test_no_painter_outlives_a_console_that_was_killed(sample_home: Path, tmp_path: Path) -> None:
    program = (
        "import asyncio, os, signal, sys\nfrom pathlib import Path\nfrom county.store import load\n"
        "from layers.tiles import TileService\n"
        "async def main():\n"
        "    service = TileService(load(Path(sys.argv[1])), Path(sys.argv[2]))\n"
        "    await service.start()\n"
        "    print(*service.painter_pids, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(sample_home), str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    pid = int(done.stdout)
    for _ in range(100):
        if not _runs(pid):
            return
        asyncio.run(asyncio.sleep(0.1))
    pytest.fail(f"painter {pid} is still there")


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
