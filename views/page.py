"""The pages on their paths: desk, wall and administration as small Dash apps, sign-in as plain HTML, and the assets."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from security.edge import LANGUAGE_COOKIE, THEME_COOKIE, THEMES
from security.signin_routes import home_of
from views import admin as admin_view
from views import coverage as coverage_view
from views import desk as desk_view
from views import kiosk, lobby, signin
from views import replay as replay_view
from views import sensors as sensors_view
from views import summary as summary_view
from views import wall as wall_view
from views.engine import ConsolePage, Parts
from views.port import Desk
from views.shell import Setting, document
from views.words import LANGUAGES, spoken, words

ASSETS: Final = Path(__file__).resolve().parent.parent / "assets"
UNKEPT: Final = {"Cache-Control": "no-store"}
COOKIE_AGE_S: Final = 365 * 24 * 3600

# Path to permission, and what is open to everybody; wiring hands these to the gate's table.
PAGE_PERMISSIONS: Final = {
    "/desk": "desk.view",
    "/wall": "wall.view",
    "/admin": "admin.view",
    "/replay": "replay.view",
    "/coverage": "coverage.read",
    "/sensors": "sensors.view",
    "/summary": "summary.view",
}
WITH_CASE_WORDS: Final = ("desk", "replay")
# In which theme a page is drawn for who has not chosen one; a wall has no other.
THEME_OF: Final = {"summary": "light"}
SIGN_IN_ASSETS: Final = (*signin.STYLES, *kiosk.SCRIPTS, "favicon.svg")


class FreshFiles(StaticFiles):
    """Files that are asked for again each time and answered with 304, so that an upgrade is seen at once."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the file, never to be used unasked."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages as built."""

    desk: ConsolePage
    wall: ConsolePage
    admin: ConsolePage
    replay: ConsolePage
    coverage: ConsolePage
    sensors: ConsolePage
    summary: ConsolePage

    def csp_hashes(self) -> list[str]:
        """Return the hashes of Dash's inline scripts, for `script-src`; ask after all callbacks are registered."""
        return sorted(
            {
                each
                for page in (
                    self.desk,
                    self.wall,
                    self.admin,
                    self.replay,
                    self.coverage,
                    self.sensors,
                    self.summary,
                )
                for each in page.csp_hashes()
            }
        )


def setting_of(page: ConsolePage, name: str, desk: Desk) -> Setting:
    """Return language and theme of the request being answered: the cookie first, then the person's own."""
    viewer = desk.viewer()
    language = page.cookie(LANGUAGE_COOKIE) or (viewer.language if viewer else None)
    theme = page.cookie(THEME_COOKIE)
    return Setting(
        page=name,
        language=spoken(language),
        theme=theme if theme in THEMES and name != "wall" else THEME_OF.get(name, "dark"),
        viewer=viewer,
        county=desk.county(),
        tables=desk.tables() if name in WITH_CASE_WORDS else None,
    )


def console_page(server: FastAPI, desk: Desk, name: str, view: ModuleType) -> ConsolePage:
    """Return one page attached to `server` under `/<name>`."""

    def draw(parts: Parts) -> str:
        return document(setting_of(page, name, desk), parts, view.STYLES, view.SCRIPTS)

    def lay_out() -> Any:
        setting = setting_of(page, name, desk)
        return view.layout(words(setting.language), setting.county, setting.theme)

    page = ConsolePage(name, server, draw)
    page.layout = lay_out
    server.add_api_route(
        f"/{name}", _index(page), methods=["GET"], include_in_schema=False, name=f"page_{name}"
    )
    return page


def _index(page: ConsolePage) -> Callable[[], Any]:
    async def index() -> HTMLResponse:
        return HTMLResponse(page.draw(), headers=UNKEPT)

    return index


def _asked_language(request: Request) -> str:
    asked = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
    return spoken(asked)


def _chosen_theme(request: Request) -> str:
    theme = request.cookies.get(THEME_COOKIE)
    return theme if theme in THEMES else "dark"


def add_plain_routes(server: FastAPI, desk: Desk) -> None:
    """Add `/`, `/signin` and `/kiosk` (GET) and `/assets`."""

    async def home(request: Request) -> Response:
        viewer = desk.viewer()
        if viewer is None:
            return RedirectResponse("/signin", status_code=303)
        if path := home_of(viewer.permissions, request.headers):
            return RedirectResponse(path, status_code=303)
        language = spoken(request.cookies.get(LANGUAGE_COOKIE) or viewer.language)
        page = lobby.render(desk.county(), viewer, language, _chosen_theme(request))
        return HTMLResponse(page, headers=UNKEPT)

    async def sign_in(request: Request) -> HTMLResponse:
        language, query = _asked_language(request), request.query_params
        page = signin.render(
            desk.county(),
            language,
            theme=_chosen_theme(request),
            next_path=query.get("next"),
            error=query.get("error"),
            minutes=query.get("minutes"),
        )
        answer = HTMLResponse(page, headers=UNKEPT)
        if query.get("lang") in LANGUAGES:
            answer.set_cookie(
                LANGUAGE_COOKIE, language, max_age=COOKIE_AGE_S, path="/", samesite="lax"
            )
        return answer

    async def kiosk_start(request: Request) -> HTMLResponse:
        page = kiosk.render(desk.county(), _asked_language(request))
        return HTMLResponse(page, headers=UNKEPT)

    server.add_api_route("/kiosk", kiosk_start, methods=["GET"], include_in_schema=False)
    server.add_api_route("/", home, methods=["GET"], include_in_schema=False)
    server.add_api_route("/signin", sign_in, methods=["GET"], include_in_schema=False)
    server.mount("/assets", FreshFiles(directory=ASSETS), name="assets")


def build(server: FastAPI, desk: Desk) -> Pages:
    """Attach all pages to `server`; call it before the server starts, because Dash adds middleware."""
    add_plain_routes(server, desk)
    return Pages(
        desk=console_page(server, desk, "desk", desk_view),
        wall=console_page(server, desk, "wall", wall_view),
        admin=console_page(server, desk, "admin", admin_view),
        replay=console_page(server, desk, "replay", replay_view),
        coverage=console_page(server, desk, "coverage", coverage_view),
        sensors=console_page(server, desk, "sensors", sensors_view),
        summary=console_page(server, desk, "summary", summary_view),
    )
