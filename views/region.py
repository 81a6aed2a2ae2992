"""A named place on a page, which the browser half fills; its name is for those who hear the page."""

from typing import Any

from dash.development.base_component import Component


def region(
    element: type[Component], place: str, name: str, *children: Any, **more: Any
) -> Component:
    """Return `element` as the place `place`, called `name`."""
    told: dict[str, Any] = {"id": place, "className": place, "aria-label": name, **more}
    return element(children=list(children) or None, **told)
