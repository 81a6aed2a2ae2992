"""The public page's addresses: a form with photos, a code to follow it by, places and map tiles; each limited per address."""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from exchange.http_errors import answer
from exchange.json_body import check_text
from layers.tile_grid import checked
from layers.tiles import TileService
from runtime.files import tile_answer
from runtime.photos import Picture, remade
from runtime.place_search import PlaceSearch, place_row
from runtime.public_reports import Note, PublicReports
from security.edge import VISIT, Visit
from security.ratelimit import RateLimit
from security.routes import Rule, rule
from views import report as page
from views.port import Desk
from vocabulary.errors import Refused, Told
from vocabulary.place import Place

BODY_MOST: Final = 26_000_000
PHOTOS_MOST: Final = 3
FIELD_MOST: Final = 8_000
TEXT_MOST: Final = 2_000
SHORT_MOST: Final = 200
PHONE_MOST: Final = 20
PLACES_TOLD: Final = 5
ZOOMS: Final = range(8, 18)
ASSETS: Final = (*page.STYLES, *page.SCRIPTS)
PUBLIC_RULES: Final[tuple[Rule, ...]] = (
    rule("GET POST", "/report", None, body_limit=BODY_MOST),
    rule("GET", "/report/status", None),
    rule("GET", "/report/status/{code}", None),
    rule("GET", "/report/places", None),
    rule("GET", "/report/tiles/{z}/{x}/{y}", None, cacheable=True),
    *(
        rule("GET", f"/assets/{name}", None, cacheable=True)
        for name in ASSETS
        if name != "tokens.css"
    ),
)


class PublicDesk:
    """Answers whoever comes, in either language; nothing here is signed in to and nothing personal is told."""

    def __init__(
        self, reports: PublicReports, places: PlaceSearch, tiles: TileService, desk: Desk
    ) -> None:
        self._reports, self._places, self._tiles, self._desk = reports, places, tiles, desk
        self._sends = RateLimit(most=6, within_s=600)
        self._looks = RateLimit(most=30, within_s=60)
        self._searches = RateLimit(most=60, within_s=60)
        self._draws = RateLimit(most=900, within_s=60)
        # One picture at a time: each needs a hundred megabytes while it is made anew.
        self._darkroom = asyncio.Semaphore(1)

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/report", self.form, methods=["GET"]),
            Route("/report", self.send, methods=["POST"]),
            Route("/report/status", self.look, methods=["GET"]),
            Route("/report/status/{code}", self.status, methods=["GET"]),
            Route("/report/places", self.search, methods=["GET"]),
            Route("/report/tiles/{z}/{x}/{y}", self.tile, methods=["GET"]),
        ]

    async def form(self, request: Request) -> Response:
        """Show the empty form."""
        return self._page(
            request, page.form(self._desk.county(), _language(request), self._reports.form_token())
        )

    async def send(self, request: Request) -> Response:
        """Take a filled form and lead on to its code; a refused one comes back as it was filled, with the sentence."""
        language, filled = _language(request), {}
        try:
            self._sends.take(_visit(request).ip)
            # One more than is allowed, so that it is refused by our own sentence.
            async with request.form(
                max_files=PHOTOS_MOST + 1, max_fields=20, max_part_size=FIELD_MOST
            ) as form:
                filled = {name: value for name, value in form.items() if isinstance(value, str)}
                note = await self._note(form, filled)
            code = await self._reports.take(note, _visit(request).ip)
        except HTTPException:  # a form that is none
            return self._again(request, filled, Refused("intake.bad_form"))
        except Told as failure:
            return self._again(request, filled, failure)
        return RedirectResponse(
            f"/report/status/{code}?new=1&lang={language}", HTTPStatus.SEE_OTHER
        )

    def _again(self, request: Request, filled: Mapping[str, str], failure: Told) -> Response:
        language = _language(request)
        token = self._reports.form_token() if failure.code == "intake.form_too_old" else ""
        shown = page.form(
            self._desk.county(),
            language,
            token or filled.get("token", "") or self._reports.form_token(),
            filled=filled,
            alert=failure.text(language),
        )
        response = self._page(request, shown, failure.status)
        if "retry_after" in failure.values:
            response.headers["Retry-After"] = str(failure.values["retry_after"])
        return response

    async def look(self, request: Request) -> Response:
        """Lead from a typed code to its page, or show where to type it."""
        code = "".join(request.query_params.get("code", "").split())[:40]
        if code.isalnum() and code.isascii():
            return RedirectResponse(f"/report/status/{code.upper()}", HTTPStatus.SEE_OTHER)
        return self._page(request, page.status(self._desk.county(), _language(request), None, ""))

    async def status(self, request: Request) -> Response:
        """Show where a report stands."""
        language, county = _language(request), self._desk.county()
        try:
            self._looks.take(_visit(request).ip)
        except Refused as failure:
            return answer(request, failure)
        code = request.path_params["code"][:40]
        found = await self._reports.status(code)
        told = None if found is None else (found.stage, found.received_at, found.changed_at)
        new = request.query_params.get("new") == "1" and found is not None
        shown = page.status(county, language, told, code.upper(), new=new)
        return self._page(request, shown, HTTPStatus.OK if found else HTTPStatus.NOT_FOUND)

    async def search(self, request: Request) -> Response:
        """Return places by name: name, town and where, nothing else."""
        try:
            self._searches.take(_visit(request).ip)
            text = request.query_params.get("q", "").strip()[:60]
            check_text("q", text)
            found = await self._places.found(text, None, PLACES_TOLD) if text else []
        except Told as failure:
            return answer(request, failure)
        items = [
            {name: row[name] for name in ("name", "town", "lon", "lat")}
            for row in map(place_row, found)
        ]
        return JSONResponse({"items": items})

    async def tile(self, request: Request) -> Response:
        """Return a tile of the light base map."""
        try:
            self._draws.take(_visit(request).ip)
            z, x, y = (int(request.path_params[name][:7]) for name in "zxy")
        except ValueError:
            raise HTTPException(HTTPStatus.NOT_FOUND) from None
        except Refused as failure:
            return answer(request, failure)
        if z not in ZOOMS:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        picture = await self._tiles.picture(checked("light", z, x, y))
        return tile_answer(picture, "public")

    async def _note(self, form: FormData, filled: Mapping[str, str]) -> Note:
        for name, value in filled.items():
            check_text(name[:40], value)
        text = filled.get("text", "").strip()
        if not text:
            raise Refused("intake.public_text")
        if len(text) > TEXT_MOST:
            raise Refused("incidents.too_long", field="text", n=len(text), longest=TEXT_MOST)
        self._reports.check_token(filled.get("token", ""))  # before any picture is opened
        return Note(
            token=filled.get("token", ""),
            text=text,
            place=_place(filled),
            address=filled.get("address", "").strip()[:SHORT_MOST],
            phone=_phone(filled.get("phone", "").strip()),
            category=filled.get("category", "").strip()[:40],
            pictures=await self._pictures(form),
        )

    async def _pictures(self, form: FormData) -> tuple[Picture, ...]:
        files: list[Any] = [each for each in form.getlist("photo") if isinstance(each, UploadFile)]
        given = [file for file in files if file.filename]
        if len(given) > PHOTOS_MOST:
            raise Refused("intake.too_many_photos", most=PHOTOS_MOST)
        made = []
        for file in given:
            async with self._darkroom:
                content = await file.read()
                made.append(await asyncio.to_thread(remade, content, str(file.filename)[:60]))
        return tuple(made)

    def _page(self, request: Request, html: str, status: int = HTTPStatus.OK) -> Response:
        return HTMLResponse(html, status, {"Cache-Control": "no-store"})


def _place(filled: Mapping[str, str]) -> Place | None:
    lon, lat = filled.get("lon", "").strip(), filled.get("lat", "").strip()
    if not lon or not lat:
        return None
    try:
        return Place(float(lon), float(lat))
    except ValueError:
        raise Refused("intake.public_place") from None


def _phone(phone: str) -> str:
    plain = phone.removeprefix("+").replace(" ", "").replace("-", "")
    if phone and not (plain.isascii() and plain.isdigit() and 5 <= len(plain) <= PHONE_MOST):
        raise Refused("intake.public_phone", value=phone[:PHONE_MOST])
    return phone


def _visit(request: Request) -> Visit:
    visit: Visit = request.scope[VISIT]
    return visit


def _language(request: Request) -> str:
    asked = request.query_params.get("lang")
    return asked if asked in ("zh", "en") else _visit(request).language
