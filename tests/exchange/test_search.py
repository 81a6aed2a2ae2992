"""Places by name over the API: the nearest of equals first, wrong questions refused, and a wait that is told."""

from typing import Any

import httpx2
import pytest

from tests.exchange.conftest import Door, principal
from tests.exchange.console import MemoryConsole

SEARCH = "/api/v1/search"
LOCATE = "/api/v1/locate"


async def found(client: httpx2.AsyncClient, **asked: Any) -> list[dict[str, Any]]:
    answer = await client.get(SEARCH, params=asked)
    assert answer.status_code == 200
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_a_place_is_found_by_its_name_with_its_town_in_both_languages(
    client: httpx2.AsyncClient,
) -> None:
    first, *_ = await found(client, q="第一人民医院")
    assert first == {
        "name": "县第一人民医院",
        "name_en": "First People's Hospital",
        "kind": "hospital",
        "town": "武康街道",
        "town_en": "Wukang",
        "lon": 119.5,
        "lat": 30.5,
        "score": first["score"],
        "why": "contains",
        "distance_m": None,
    }
    assert 0 < first["score"] <= 1


async def test_of_two_of_one_name_the_nearer_comes_first_and_says_how_far(
    client: httpx2.AsyncClient,
) -> None:
    west = await found(client, q="人民路", lon=119.2, lat=30.5)
    east = await found(client, q="人民路", lon=119.8, lat=30.5)
    assert (west[0]["lon"], east[0]["lon"]) == (119.2, 119.8)
    assert west[0]["distance_m"] == 0
    assert west[1]["distance_m"] == pytest.approx(57_500, rel=0.01)


async def test_no_more_are_answered_than_were_asked_for(client: httpx2.AsyncClient) -> None:
    assert len(await found(client, q="人民", limit=1)) == 1
    assert len(await found(client, q="人民")) == 3


async def test_what_is_called_so_nowhere_is_an_empty_answer(client: httpx2.AsyncClient) -> None:
    assert await found(client, q="zzzzqqqq") == []
    assert await found(client, q=" ") == []


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "q"),
        ({"q": ""}, "q"),
        ({"q": "路" * 61}, "q"),
        ({"q": "人民路", "lon": 119.5}, "lat"),
        ({"q": "人民路", "lat": 30.5}, "lon"),
        ({"q": "人民路", "lon": 181, "lat": 30.5}, "lon"),
        ({"q": "人民路", "lon": 119.5, "lat": "nan"}, "lat"),
        ({"q": "人民路", "limit": 0}, "limit"),
        ({"q": "人民路", "limit": 51}, "limit"),
        ({"q": "人民路", "near": "here"}, "near"),
    ],
)
async def test_a_wrong_question_is_refused_by_the_name_of_its_field(
    client: httpx2.AsyncClient, asked: dict[str, Any], field: str
) -> None:
    answer = await client.get(SEARCH, params=asked)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


async def test_until_the_names_are_read_whoever_asks_is_told_to_wait(
    client: httpx2.AsyncClient, console: MemoryConsole
) -> None:
    console.gazetteer = None
    answer = await client.get(SEARCH, params={"q": "人民路"}, headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["code"]) == (503, "search.not_yet")
    assert "names are still being read" in answer.json()["detail"]
    assert answer.headers["retry-after"] == "5"


async def test_who_may_not_see_the_map_may_not_search_it(
    client: httpx2.AsyncClient, door: Door
) -> None:
    door.who = principal("auditor")
    assert (await client.get(SEARCH, params={"q": "人民路"})).status_code == 403


async def test_a_position_is_told_with_its_town_cell_road_and_place(
    client: httpx2.AsyncClient,
) -> None:
    answer = await client.get(LOCATE, params={"lon": 119.905, "lat": 30.612})
    assert answer.status_code == 200
    told = answer.json()
    assert (told["lon"], told["lat"]) == (119.905, 30.612)
    assert told["town"] == {"id": "330521001", "name": "武康街道", "name_en": "Wukang"}
    assert told["cell"]["code"] == "33052100100103"
    assert told["road"] == {
        "name": "环城东路",
        "name_en": "Huancheng East Road",
        "distance_m": 31.4,
    }
    assert told["text"] == "武康街道 环城东路 近 县第一人民医院 120 m"
    assert told["text_en"] == "Huancheng East Road, Wukang, near First People's Hospital (120 m)"


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"lon": 119.9}, "lat"),
        ({"lon": "east", "lat": 30.6}, "lon"),
        ({"lon": 121.9, "lat": 30.6}, "lon"),
        ({"lon": 119.9, "lat": 30.6, "town": "武康"}, "town"),
    ],
)
async def test_a_position_that_is_none_or_outside_is_refused_at_its_field(
    client: httpx2.AsyncClient, asked: dict[str, Any], field: str
) -> None:
    answer = await client.get(LOCATE, params=asked)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
