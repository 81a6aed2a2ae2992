"""Dash behind our own doors: one small Dash per page on the given FastAPI, without its assets, sockets or catch-all."""

from collections.abc import Callable
from typing import Any

from dash import Dash
from dash.backends._fastapi import DashMiddleware, FastAPIDashServer
from dash.exceptions import DependencyException, PreventUpdate
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from vocabulary.errors import Refused

Parts = dict[str, str]


class TellingMiddleware(DashMiddleware):
    """Dash's middleware, which by itself turns every failure into a 500 that nobody is told of."""

    async def _handle_error(
        self, error: Exception, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Leave a failure to the edge's one translator."""
        if not isinstance(error, PreventUpdate):
            raise error
        await super()._handle_error(error, scope, receive, send)


class QuietBackend(FastAPIDashServer):
    """Dash's FastAPI backend minus what this console does not want it to serve."""

    # A page would open a WebSocket even with no callback that uses one (plotly/dash#3939); live words come by /live.
    websocket_capability = False

    def register_assets_blueprint(
        self, blueprint_name: str, assets_url_path: str, assets_folder: str
    ) -> None:
        """Serve no assets here: `views.page` serves them once for all pages, with their own caching."""

    def setup_backend(self, dash_app: Dash) -> None:
        """Stand Dash's request context around its pages, without its way of telling failures."""
        self.server.add_middleware(
            TellingMiddleware,
            dash_app=dash_app,
            dash_server=self,
            before_request_funcs=self._before_request_funcs,
            after_request_func=self._after_request_func,
            enable_timing=False,
        )

    def serve_component_suites(self, *given: Any) -> Any:
        """Return a script of Dash's; one it does not have is not found."""
        try:
            return super().serve_component_suites(*given)
        except DependencyException:
            raise HTTPException(404) from None

    def serve_callback(self, dash_app: Dash) -> Callable[[Request], Any]:
        """Return the handler of callbacks, which refuses what names none."""
        dispatch = super().serve_callback(dash_app)

        async def checked(request: Request) -> Any:
            _check_callback(request.state.json_body, dash_app)
            return await dispatch(request)

        return checked

    def _setup_catchall(self) -> None:
        """Add no catch-all: an unknown path is a 404, never a page."""


def _check_callback(body: Any, dash_app: Dash) -> None:
    """Refuse what is no call of a callback there is: Dash itself would fail on it, as if the fault were ours."""
    sound = isinstance(body, dict) and all(
        isinstance(body.get(part, []), list) for part in ("inputs", "state", "changedPropIds")
    )
    if not sound or str(body.get("output")) not in dash_app.callback_map:
        raise Refused("views.no_callback")


class ConsolePage(Dash):
    """A Dash that lives under `/<name>/` and whose document is drawn by `document`."""

    def __init__(
        self, name: str, server: FastAPI, document: Callable[[Parts], str], **options: Any
    ) -> None:
        self.document = document
        super().__init__(
            f"views.{name}",
            server=False,
            backend=QuietBackend,
            routes_pathname_prefix=f"/{name}/",
            requests_pathname_prefix=f"/{name}/",
            include_assets_files=False,
            add_log_handler=False,
            enable_mcp=False,
            update_title="",
            **options,
        )
        self.init_app(server)

    def interpolate_index(self, **parts: str) -> str:  # type: ignore[override]
        """Return the whole document around Dash's own parts."""
        return self.document(parts)

    def draw(self) -> str:
        """Return the page's document for the request being answered."""
        return str(self.index())  # type: ignore[no-untyped-call]

    def cookie(self, name: str) -> str | None:
        """Return a cookie of the request being answered; Dash also asks for the layout once where there is none."""
        if not self.backend.has_request_context():
            return None
        found = self.backend.request_adapter().cookies.get(name)
        return None if found is None else str(found)
