"""The real gazetteer of the sample county behind the API's service: made after the start, once, and right about towns."""

from pathlib import Path

import pytest

from county.locate import Locator
from county.model import County
from county.store import load
from runtime.living_county import LivingCounty
from runtime.place_search import PlaceSearch
from security.principal import Principal
from tests.exchange.conftest import principal
from vocabulary.errors import Unavailable
from vocabulary.place import Place

OFFICER: Principal = principal("intake")


@pytest.fixture(scope="module")
def county(drawn: Path) -> County:
    return load(drawn)


async def test_places_are_found_where_the_locator_says_they_are(county: County) -> None:
    search = PlaceSearch(LivingCounty(county.folder, county))
    with pytest.raises(Unavailable) as waiting:
        await search.search(OFFICER, "医院", county.center, 8)
    assert (waiting.value.code, waiting.value.status) == ("search.not_yet", 503)

    await search.open_search()
    items = await search.search(OFFICER, "yiyuan", county.center, 8)
    assert 0 < len(items) <= 8
    locator = Locator(county)
    for item in items:
        town = locator.town_of(Place(item["lon"], item["lat"]))
        assert "医院" in item["name"]
        assert town is not None
        assert (item["town"], item["town_en"]) == (town.name_zh, town.name_en)
        assert item["distance_m"] >= 0


async def test_one_version_of_the_county_is_read_once(county: County) -> None:
    search = PlaceSearch(LivingCounty(county.folder, county))
    await search.open_search()
    read = search._gazetteer
    await search.open_search()
    assert search._gazetteer is read
