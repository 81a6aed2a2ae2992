"""Permission: a Dash callback is registered only through here, with the permission it needs, and asks for it first."""

from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import Any, Final

from dash import Dash

from security.principal import current

CALLBACK_PERMISSIONS: Final[dict[str, str]] = {}

AsyncCallback = Callable[..., Awaitable[Any]]


def permitted(permission: str, callback: AsyncCallback) -> AsyncCallback:
    """Return `callback` as one that is refused to whoever lacks `permission`."""

    @wraps(callback)
    async def asked(**values: Any) -> Any:
        current().need(permission)
        return await callback(**values)

    return asked


def guarded(
    app: Dash, permission: str, *, output: Any, inputs: Mapping[str, Any], **options: Any
) -> Callable[[AsyncCallback], AsyncCallback]:
    """Register an async callback with the permission it needs."""

    def enter(callback: AsyncCallback) -> AsyncCallback:
        before = set(app.callback_map)
        app.callback(output=output, inputs=dict(inputs), **options)(permitted(permission, callback))
        CALLBACK_PERMISSIONS.update(dict.fromkeys(set(app.callback_map) - before, permission))
        return callback

    return enter


def unguarded(app: Dash) -> list[str]:
    """Return the callbacks of `app` that carry no permission; a test and the start hold that there are none."""
    return sorted(set(app.callback_map) - set(CALLBACK_PERMISSIONS))
