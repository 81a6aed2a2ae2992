"""Painting a county beforehand: only what shows it, whole or not there, resumed after a stop, served without a painter."""

import asyncio
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
import shapely

from county.model import County
from layers.archive import open_archive
from layers.painter_client import PainterClient
from layers.prerender import prerender, tiles_touching
from layers.shelf import shelf_folder
from layers.tiles import TileService
from tests.layers.pictures import pixels, tile_at
from vocabulary.errors import Refused, Unavailable
from vocabulary.ids import new_id

pytestmark = pytest.mark.slow

ZOOMS = (9, 11)


class Told:
    """What the progress bar was told."""

    def __init__(self) -> None:
        self.steps: list[tuple[int, int]] = []

    def __call__(self, done: int, total: int) -> None:
        self.steps.append((done, total))


def painted(county: County, to: Path, told: Told, theme: str = "dark") -> int:
    return asyncio.run(prerender(county, theme, ZOOMS, to, workers=2, progress=told))


@pytest.mark.parametrize("kind", [".pmtiles", ".mbtiles"])
def test_every_tile_of_the_county_is_in_the_file_and_nothing_lies_beside_it(
    sample: County, tmp_path: Path, kind: str
) -> None:
    told, to = Told(), tmp_path / f"dark{kind}"
    count = painted(sample, to, told)
    assert told.steps[0] == (0, count)
    assert told.steps[-1] == (count, count)
    assert [file.name for file in tmp_path.iterdir()] == [to.name]
    archive = open_archive(to)
    for key in tiles_touching(sample, ZOOMS):
        tile = archive.get(key)
        assert tile is not None
        assert pixels(tile).shape == (512, 512, 3)
    assert archive.get((9, 0, 0)) is None
    assert archive.facts["county_version"] == sample.version
    archive.close()


def test_only_tiles_that_touch_the_county_are_taken(sample: County) -> None:
    narrow = shapely.LineString(
        [(sample.box.west_deg, sample.box.south_deg), (sample.box.east_deg, sample.box.north_deg)]
    ).buffer(0.002)
    keys = tiles_touching(replace(sample, boundary_wgs84=narrow), (15, 15))
    every = tiles_touching(sample, (15, 15))
    assert 0 < len(keys) < len(every) * 0.7
    assert (14, *tile_at(sample.box.west_deg, sample.box.south_deg, 14)[1:]) in keys


@pytest.mark.parametrize("zooms", [(5, 9), (6, 19), (12, 9)])
def test_zooms_that_are_not_there_are_refused(sample: County, zooms: tuple[int, int]) -> None:
    with pytest.raises(Refused) as refused:
        tiles_touching(sample, zooms)
    assert refused.value.code == "tiles.no_zooms"


def test_a_stopped_rendering_goes_on_where_it_was(
    sample: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to, whole = tmp_path / "dark.pmtiles", PainterClient.paint
    painted_ones = 0

    async def until_the_third(self: PainterClient, *order: object) -> bytes:
        nonlocal painted_ones
        painted_ones += 1
        if painted_ones > 2:
            raise Unavailable("tiles.painter_died", z=0, x=0, y=0)
        return await whole(self, *order)  # type: ignore[arg-type]

    monkeypatch.setattr(PainterClient, "paint", until_the_third)
    with pytest.raises(Unavailable):
        painted(sample, to, Told())
    assert not to.exists()
    monkeypatch.setattr(PainterClient, "paint", whole)
    told = Told()
    painted(sample, to, told)
    assert told.steps[0][0] >= 1
    assert to.is_file()


def test_what_was_begun_for_another_county_is_begun_anew(sample: County, tmp_path: Path) -> None:
    to, told = tmp_path / "dark.mbtiles", Told()
    part = tmp_path / ".dark.mbtiles.part"
    with sqlite3.connect(part) as base:
        base.execute("CREATE TABLE metadata (name TEXT PRIMARY KEY, value TEXT)")
        base.execute("INSERT INTO metadata VALUES ('county_version', 'another')")
    base.close()
    painted(sample, to, told)
    assert told.steps[0][0] == 0


async def test_the_console_serves_it_without_a_painter(sample: County, tmp_path: Path) -> None:
    shelf = shelf_folder(tmp_path)
    await prerender(sample, "dark", ZOOMS, shelf / "dark.pmtiles", workers=1, progress=Told())
    key = tile_at(sample.center.lon_deg, sample.center.lat_deg, 9)
    service = TileService(sample, tmp_path)
    await service.start()
    await _lose_mapnik(service)
    assert (await service.tile("dark", *key)).startswith(b"RIFF")
    with pytest.raises(Unavailable):
        await service.tile("light", *key)
    await service.stop()


async def test_a_former_file_serves_only_where_nothing_can_be_painted(
    sample: County, tmp_path: Path
) -> None:
    shelf = shelf_folder(tmp_path)
    former = replace(sample, version=new_id())
    await prerender(former, "dark", ZOOMS, shelf / "dark.mbtiles", workers=1, progress=Told())
    key = tile_at(sample.center.lon_deg, sample.center.lat_deg, 9)
    service = TileService(sample, tmp_path)
    await service.start()
    await service.tile("dark", *key)
    (kept,) = (tmp_path / "tiles").rglob("dark@1x.mbtiles")
    with sqlite3.connect(kept) as base:
        assert base.execute("SELECT count(*) FROM tiles").fetchone()[0] == 1  # it was painted
    base.close()
    await _lose_mapnik(service)
    beside = (key[0], key[1] + 1, key[2])
    if beside in tiles_touching(sample, ZOOMS):
        assert (await service.tile("dark", *beside)).startswith(b"RIFF")
    other = await service.tile("dark", *tile_at(sample.center.lon_deg, sample.center.lat_deg, 8))
    assert other.startswith(b"RIFF")
    await service.stop()


async def test_a_broken_or_foreign_file_is_passed_over(sample: County, tmp_path: Path) -> None:
    shelf = shelf_folder(tmp_path)
    shelf.mkdir(parents=True)
    (shelf / "dark.pmtiles").write_bytes(b"no tiles at all" * 50)
    service = TileService(sample, tmp_path)
    await service.start()
    key = tile_at(sample.center.lon_deg, sample.center.lat_deg, 9)
    assert (await service.tile("dark", *key)).startswith(b"RIFF")
    await service.stop()


async def _lose_mapnik(service: TileService) -> None:
    async def no_painter(*_order: object) -> bytes:
        raise Unavailable("tiles.no_painter", problem="no wheel")

    for painter in service._painters:
        await painter.stop()
        painter.paint = no_painter  # type: ignore[method-assign,assignment]
