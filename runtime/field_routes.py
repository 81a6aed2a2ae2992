"""The responders' page's addresses: the page, its manifest, and the worker that keeps its shell for where no network is."""

from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from security.edge import LANGUAGE_COOKIE, THEME_COOKIE, THEMES
from security.principal import current
from security.routes import Rule, rule
from views import field as page
from views.page import ASSETS, UNKEPT
from views.port import Desk
from views.words import spoken

FIELD_RULES: Final[tuple[Rule, ...]] = (
    rule("GET", "/field", "field.view"),
    # Open to all: they hold nothing of anybody, and a browser asks for them without saying who it is.
    rule("GET", page.MANIFEST, None, cacheable=True),
    rule("GET", page.WORKER, None, cacheable=True),
    *(rule("GET", f"/assets/{name}", None, cacheable=True) for name in page.ICONS),
)
WORKER_FILE: Final = ASSETS / "field_worker.js"
_FRESH: Final = {"Cache-Control": "no-cache"}


class FieldDesk:
    """Answers for the phone."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/field", self.page, methods=["GET"]),
            Route(page.MANIFEST, self.manifest, methods=["GET"]),
            Route(page.WORKER, worker, methods=["GET"]),
        ]

    async def page(self, request: Request) -> Response:
        """Show the page in the reader's language and theme: light where nobody chose, for it is read in the sun."""
        current().need("field.view")
        viewer = self._desk.viewer()
        language = request.cookies.get(LANGUAGE_COOKIE) or (viewer.language if viewer else None)
        theme = request.cookies.get(THEME_COOKIE)
        shown = page.render(
            self._desk.county(),
            viewer,
            spoken(language),
            theme if theme in THEMES else "light",
        )
        return HTMLResponse(shown, headers=UNKEPT)

    async def manifest(self, request: Request) -> Response:
        """Return the manifest; without cookies in Chinese, which comes first."""
        language = spoken(request.cookies.get(LANGUAGE_COOKIE))
        told = page.manifest(self._desk.county(), language)
        return Response(told, media_type="application/manifest+json", headers=_FRESH)


async def worker(_request: Request) -> Response:
    """Return the worker; it may look after /field, which lies above its own folder."""
    headers = _FRESH | {"Service-Worker-Allowed": "/field"}
    return FileResponse(Path(WORKER_FILE), media_type="text/javascript", headers=headers)
