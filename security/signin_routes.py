"""POST /signin, /signout, /kiosk and /language: plain forms that lead the browser on; the pages themselves are the views'."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from security.answers import own_path
from security.credentials import Credentials
from security.edge import LANGUAGE_COOKIE, VISIT, Visit
from security.policy import is_kiosk, permissions_of
from security.routes import Rule, rule
from security.sessions import COOKIE
from security.signin import Entrance, SignedIn
from vocabulary.errors import Told

FORM_LIMIT: Final = 8_192
FIELDS_LIMIT: Final = 10
LANGUAGE_AGE_S: Final = 365 * 24 * 3600
# The first of these that a person may open is where signing in leads when nothing else was asked for.
HOMES: Final = (("desk.view", "/desk"), ("wall.view", "/wall"), ("admin.view", "/admin"))
# On a phone whoever goes out lands where the tasks are.
ON_PHONE: Final = ("field.view", "/field")

SIGN_IN_RULES: Final[tuple[Rule, ...]] = (
    rule("GET POST", "/signin", None, body_limit=FORM_LIMIT),
    rule("POST", "/signout", None, body_limit=FORM_LIMIT),
    rule("POST", "/language", None, body_limit=FORM_LIMIT),
    rule("GET POST", "/kiosk", None, body_limit=FORM_LIMIT),
)


@dataclass(frozen=True, slots=True)
class SignInDesk:
    """Answers the forms."""

    entrance: Entrance
    credentials: Credentials

    def routes(self) -> list[Route]:
        """Return the routes; GET of /signin and /kiosk is the views'."""
        return [
            Route("/signin", self.sign_in, methods=["POST"]),
            Route("/signout", self.sign_out, methods=["POST"]),
            Route("/language", choose_language, methods=["POST"]),
            Route("/kiosk", self.open_wall, methods=["POST"]),
        ]

    async def sign_in(self, request: Request) -> Response:
        """Take username, password and next; lead on with a session, or back with an error's code."""
        visit, form = _visit(request), await _form(request)
        try:
            signed_in = await self.entrance.sign_in(
                form.get("username", ""),
                form.get("password", ""),
                ip=visit.ip,
                old_token=visit.cookies.get(COOKIE, ""),
                request_id=visit.request_id,
            )
        except Told as failure:
            return _back(form, failure)
        self.credentials.forget(visit.cookies.get(COOKIE, ""))
        target = own_path(form.get("next", ""))
        response = _lead_to(_home(signed_in, visit) if target == "/" else target)
        _set_session(response, signed_in, secure=visit.secure)
        return response

    async def sign_out(self, request: Request) -> Response:
        """End the session on the server and take the cookie back; reports not yet sent stay in the browser."""
        visit = _visit(request)
        if token := visit.cookies.get(COOKIE):
            await self.entrance.sign_out(token, ip=visit.ip, request_id=visit.request_id)
            self.credentials.forget(token)
        response = _lead_to("/signin")
        response.delete_cookie(COOKIE, path="/", secure=visit.secure, httponly=True, samesite="lax")
        return response

    async def open_wall(self, request: Request) -> Response:
        """Take a kiosk's token and answer with a session that shows the wall and nothing else."""
        visit, form = _visit(request), await _form(request)
        old_token = visit.cookies.get(COOKIE, "")
        secret, session = await self.entrance.open_wall(
            form.get("token", ""), ip=visit.ip, old_token=old_token, request_id=visit.request_id
        )
        self.credentials.forget(old_token)
        response = Response(status_code=HTTPStatus.NO_CONTENT)
        age_s = int((session.ends_at - session.started_at).total_seconds())
        response.set_cookie(
            COOKIE, secret, max_age=age_s, path="/", secure=visit.secure, httponly=True,
            samesite="lax",
        )  # fmt: skip
        return response


async def choose_language(request: Request) -> Response:
    """Take language (zh or en) and next; anything else changes nothing."""
    visit, form = _visit(request), await _form(request)
    response = _lead_to(own_path(form.get("next", "")))
    if form.get("language") in ("zh", "en"):
        response.set_cookie(
            LANGUAGE_COOKIE,
            form["language"],
            max_age=LANGUAGE_AGE_S,
            path="/",
            secure=visit.secure,
            samesite="lax",
        )
    return response


def _visit(request: Request) -> Visit:
    visit: Visit = request.scope[VISIT]
    return visit


async def _form(request: Request) -> dict[str, str]:
    body = (await request.body()).decode("utf-8", "replace")
    try:
        return dict(parse_qsl(body, keep_blank_values=True, max_num_fields=FIELDS_LIMIT))
    except ValueError:
        return {}


def _lead_to(path: str) -> RedirectResponse:
    return RedirectResponse(path, HTTPStatus.SEE_OTHER)


def _back(form: dict[str, str], failure: Told) -> Response:
    # The name that was typed is not sent along: an address line is kept in too many places.
    values = {"error": failure.code.rpartition(".")[2]}
    if "minutes" in failure.values:
        values["minutes"] = str(failure.values["minutes"])
    if (target := own_path(form.get("next", ""))) != "/":
        values["next"] = target
    return _lead_to(f"/signin?{urlencode(values)}")


def _home(signed_in: SignedIn, visit: Visit) -> str:
    return home_of(permissions_of(signed_in.account.roles), visit.headers) or "/"


def home_of(held: Set[str], headers: Mapping[str, str]) -> str | None:
    """Return where somebody with these permissions begins, None where no page is theirs."""
    phone = headers.get("sec-ch-ua-mobile") == "?1" or "Mobi" in headers.get("user-agent", "")
    homes = (ON_PHONE, *HOMES) if phone else (*HOMES, ON_PHONE)
    return next((path for permission, path in homes if permission in held), None)


def _set_session(response: Response, signed_in: SignedIn, *, secure: bool) -> None:
    session = signed_in.session
    # A wall comes back by itself after a power cut; a person's cookie goes with the browser.
    kiosk = is_kiosk(signed_in.account.roles)
    age_s = int((session.ends_at - session.started_at).total_seconds()) if kiosk else None
    response.set_cookie(
        COOKIE, signed_in.token, max_age=age_s, path="/", secure=secure, httponly=True,
        samesite="lax",
    )  # fmt: skip
