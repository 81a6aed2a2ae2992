"""The pages on their paths: each draws in its reader's language and carries its own scripts only."""

import json
import re
from typing import Any

import pytest
from dash import Input, Output
from starlette.testclient import TestClient

from incidents.rulebook import shipped_tables
from security.permissions import PERMISSIONS
from security.principal import Principal, acting_as
from tests.views.doubles import OFFICER, MemoryDesk, pages_of
from views.case import CODED_ARGUMENTS, commands, limits
from views.page import ASSETS, PAGE_PERMISSIONS, SIGN_IN_ASSETS
from views.permission import guarded, permitted, unguarded
from views.port import CountyFacts, Viewer
from views.words import catalogue
from vocabulary.errors import Refused
from vocabulary.message import Actor


def client(desk: MemoryDesk | None = None) -> TestClient:
    return TestClient(pages_of(desk or MemoryDesk())[0], follow_redirects=False)


def boot_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="boot">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    boot: dict[str, Any] = json.loads(found.group(1))
    return boot


@pytest.mark.parametrize("name", ["desk", "wall"])
def test_a_page_speaks_the_readers_language(name: str) -> None:
    web = client()
    zh = web.get(f"/{name}").text
    web.cookies.set("onenet_language", "en")
    en = web.get(f"/{name}").text
    assert 'lang="zh-CN"' in zh
    assert "青溪县" in zh
    assert 'lang="en"' in en
    assert "Qingxi" in en
    assert boot_of(en)["words"]["map.title"] == "Map"


def test_the_persons_own_language_is_used_where_no_cookie_says_otherwise() -> None:
    web = client(MemoryDesk(who=Viewer(name="Ann", language="en")))
    assert 'lang="en"' in web.get("/desk").text


def test_each_page_loads_its_own_modules_only() -> None:
    web = client()
    assert "desk.mjs" in web.get("/desk").text
    assert "desk.mjs" not in web.get("/wall").text
    assert "wall.mjs" in web.get("/wall").text


@pytest.mark.parametrize("name", ["desk", "wall"])
def test_every_script_and_style_a_page_names_is_there(name: str) -> None:
    web = client()
    page = web.get(f"/{name}").text
    paths = re.findall(r'(?:src|href)="(/[^"]+)"', page)
    assert len(paths) > 8
    assert [path for path in paths if web.get(path).status_code != 200] == []


def test_every_module_imports_only_what_is_there() -> None:
    web = client()
    waiting, seen = {"desk.mjs", "wall.mjs"}, set[str]()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        answer = web.get(f"/assets/{name}")
        assert (answer.status_code, "javascript" in answer.headers["content-type"]) == (200, True)
        waiting |= set(re.findall(r'from "\./([^"]+)"', answer.text)) - seen
    assert len(seen) > 20


def test_forms_know_the_limits_of_the_tables_in_the_units_people_say() -> None:
    told = limits(shipped_tables())
    timers = ("suspend_longest", "reopen_window", "correct_filed_category", "auto_close_grace")
    assert [told[name] for name in timers] == [365, 30, 24, 90]
    assert (told["suspensions"], told["extensions"]) == (1, 2)
    assert told["approvals"]["suspension"] == ["supervisor", "leader"]


def test_every_disposition_is_chosen_from_the_tables_list() -> None:
    wanted = {
        f"{name}.disposition"
        for name, row in commands("zh").items()
        if "disposition" in row["arguments"]
    }
    assert wanted == {name for name in CODED_ARGUMENTS if name.endswith(".disposition")}


def test_the_maps_listener_stands_before_dash_starts() -> None:
    page = client().get("/desk").text
    order = [page.index(part) for part in ("dash_leaflet", "maphook.js", "new DashRenderer")]
    assert order == sorted(order)


def test_text_from_outside_cannot_end_its_data_block() -> None:
    facts = CountyFacts(name_zh="</script><script>x", name_en="<b>", lon=1, lat=2)
    web = client(MemoryDesk(facts=facts))
    page = web.get("/desk").text
    assert "<script>x" not in page
    assert boot_of(page)["county"]["name"] == "</script><script>x"


@pytest.mark.parametrize("name", ["desk", "wall"])
def test_the_layout_names_every_place_the_browser_half_fills(name: str) -> None:
    text = client().get(f"/{name}/_dash-layout").text
    places = {
        "desk": ("top", "queue", "map", "map-over", "panel", "bar"),
        "wall": ("wall-top", "figures", "map", "map-over", "takeover", "newest", "wall-foot"),
    }
    assert [place for place in places[name] if f'"id":"{place}"' not in text] == []


def test_the_theme_is_the_readers_at_the_desk_and_dark_on_the_wall() -> None:
    web = client()
    web.cookies.set("onenet_theme", "light")
    assert 'data-theme="light"' in web.get("/desk").text
    assert "/tiles/light/" in json.dumps(web.get("/desk/_dash-layout").json())
    assert 'data-theme="dark"' in web.get("/wall").text


def test_the_only_inline_scripts_are_those_whose_hashes_are_told() -> None:
    server, pages = pages_of(MemoryDesk())
    web = TestClient(server)
    inline = re.findall(r"<script(?![^>]*(?:src=|application/json))[^>]*>", web.get("/desk").text)
    assert len(inline) == len(pages.desk.csp_hashes())


def test_an_unknown_path_is_not_answered_with_a_page() -> None:
    assert client().get("/desk/nothing").status_code == 404
    assert client().get("/nothing").status_code == 404


@pytest.mark.parametrize(
    ("permissions", "path"),
    [({"desk.view", "wall.view"}, "/desk"), ({"wall.view"}, "/wall")],
)
def test_the_start_leads_where_one_may_go(permissions: set[str], path: str) -> None:
    viewer = Viewer(name="x", permissions=frozenset(permissions))
    assert client(MemoryDesk(who=viewer)).get("/").headers["location"] == path


def test_the_start_leads_those_nobody_knows_to_the_sign_in() -> None:
    assert client(MemoryDesk(who=None)).get("/").headers["location"] == "/signin"


def test_who_may_open_no_page_is_told_so_and_can_leave() -> None:
    page = client(MemoryDesk(who=Viewer(name="审计员"))).get("/")
    assert page.status_code == 200
    assert 'action="/signout"' in page.text


def test_the_language_chosen_at_the_sign_in_is_kept() -> None:
    answer = client(MemoryDesk(who=None)).get("/signin?lang=en")
    assert "onenet_language=en" in answer.headers["set-cookie"]
    assert "set-cookie" not in client().get("/signin?lang=xx").headers


def test_what_the_sign_in_needs_is_named_as_open_to_all() -> None:
    web = client()
    pages = web.get("/signin").text + web.get("/kiosk").text
    named = re.findall(r'(?:src|href)="/assets/([^"]+)"', pages)
    assert set(named) == set(SIGN_IN_ASSETS)
    assert [name for name in named if web.get(f"/assets/{name}").status_code != 200] == []


def test_assets_are_asked_for_again_and_found_unchanged() -> None:
    web = client()
    first = web.get("/assets/live.mjs")
    again = web.get("/assets/live.mjs", headers={"If-None-Match": first.headers["etag"]})
    assert (first.headers["cache-control"], again.status_code) == ("no-cache", 304)


def test_every_page_asks_for_a_permission_that_exists() -> None:
    assert set(PAGE_PERMISSIONS.values()) <= set(PERMISSIONS)


def test_the_navigation_leads_to_every_page_by_the_permission_that_opens_it() -> None:
    module = (ASSETS / "navigation.mjs").read_text("utf-8")
    listed = re.findall(r'path: "(/\w+)", permission: "([\w.]+)", name: "([\w.]+)"', module)
    opened = {path: permission for path, permission, _ in listed}
    assert opened == {**PAGE_PERMISSIONS, "/field": "field.view"}
    for language in ("zh", "en"):
        assert all(name in catalogue(language) for _, _, name in listed)


def test_no_callback_of_a_page_goes_without_a_permission() -> None:
    _, pages = pages_of(MemoryDesk())
    assert unguarded(pages.desk) == []
    assert unguarded(pages.wall) == []


def test_a_callback_without_a_permission_is_found() -> None:
    app = pages_of(MemoryDesk())[1].desk

    async def tell(n: int) -> str:
        return str(n)

    app.callback(Output("bare", "children"), {"n": Input("button", "n_clicks")})(tell)
    guarded(app, "desk.view", output=Output("told", "children"), inputs={"n": Input("button", "n_clicks")})(tell)  # fmt: skip
    assert unguarded(app) == ["bare.children"]


async def test_a_guarded_callback_is_refused_to_whoever_lacks_its_permission() -> None:
    asked: list[int] = []

    async def tell(n: int) -> str:
        asked.append(n)
        return str(n)

    call = permitted("wall.view", tell)
    nobody = Principal(actor=Actor(id="1", name="x", kind="person"), permissions=frozenset())
    somebody = Principal(
        actor=Actor(id="2", name="y", kind="person"), permissions=OFFICER.permissions
    )
    with acting_as(nobody), pytest.raises(Refused):
        await call(n=1)
    with acting_as(somebody):
        assert await call(n=2) == "2"
    assert asked == [2]
