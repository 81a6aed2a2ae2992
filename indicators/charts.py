"""Charts as SVG text for paper: a trend as a line, groups as bars, towns as a map in five classes."""

from collections.abc import Callable, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape

from indicators.labels import Box, spread, width_of

INK: Final = "#16202b"
QUIET: Final = "#5b6773"
ACCENT: Final = "#0b766b"
CLASSES: Final = ("#cfe7e3", "#9fd0c9", "#66b3a9", "#338f84", "#0b766b")
NONE: Final = "#e3e7eb"
STEPS: Final = len(CLASSES)
Placed = Callable[[float, float], tuple[float, float]]


def spark(values: Sequence[float | None], width: float = 120, height: float = 26) -> str:
    """Return a small trend; it breaks where a span has no value."""
    known = [value for value in values if value is not None]
    if not known:
        return _svg(width, height, "")
    low, high = min(known), max(known)
    step = (width - 6) / max(1, len(values) - 1)  # the last point is whole at the edge
    path, last, drawing = "", None, False
    for i, value in enumerate(values):
        if value is None:
            drawing = False
            continue
        share = 0.5 if high == low else (value - low) / (high - low)
        last = (3 + i * step, 3 + (height - 6) * (1 - share))
        path += f"{'L' if drawing else 'M'}{last[0]:.1f} {last[1]:.1f}"
        drawing = True
    dot = f'<circle cx="{last[0]:.1f}" cy="{last[1]:.1f}" r="2.4" fill="{ACCENT}"/>' if last else ""
    line = f'<path d="{path}" fill="none" stroke="{ACCENT}" stroke-width="1.6"/>'
    return _svg(width, height, line + dot)


def bars(rows: Sequence[tuple[str, float | None, str]], width: float = 330) -> str:
    """Return bars for (name, value, value in words), the longest as wide as there is room."""
    most = max((value for _, value, _ in rows if value), default=1.0)
    line, parts = 20.0, []
    for i, (name, value, said) in enumerate(rows):
        y = i * line
        long = 0.0 if value is None else (width - 180) * value / most
        parts.append(_text(118, y + 14, name, "end", INK))
        parts.append(f'<rect x="126" y="{y + 4}" width="{long:.1f}" height="12" fill="{ACCENT}"/>')
        parts.append(_text(132 + long, y + 14, said, "start", QUIET))
    return _svg(width, max(line, line * len(rows)), "".join(parts))


def class_of(value: float | None, known: Sequence[float]) -> int | None:
    """Return which of five equal steps between the least and the greatest a value falls in, from 0."""
    if value is None or not known:
        return None
    low, high = min(known), max(known)
    return STEPS // 2 if high == low else min(STEPS - 1, int((value - low) / (high - low) * STEPS))


def town_map(
    shapes: Sequence[tuple[str, Any, float | None, str]],
    size: tuple[float, float],
    placed: Placed,
) -> str:
    """Return towns (name, GeoJSON geometry, value, value in words) over a picture of this size."""
    known = [value for _, _, value, _ in shapes if value is not None]
    parts = []
    for _name, geometry, value, _said in shapes:
        step = class_of(value, known)
        colour = NONE if step is None else CLASSES[step]
        path = "".join(_ring(ring, placed) for ring in _rings(geometry))
        parts.append(
            f'<path d="{path}" fill="{colour}" fill-opacity="0.72" stroke="#ffffff" '
            f'stroke-width="{size[0] / 500:.1f}" fill-rule="evenodd"/>'
        )
    return _svg(*size, "".join(parts) + _labels(shapes, size[0] / 38, placed))


def _labels(
    shapes: Sequence[tuple[str, Any, float | None, str]], big: float, placed: Placed
) -> str:
    """Return each town's name over its value, none over another's."""
    boxes = [
        Box(*_middle(geometry, placed), width=width_of(name, big) + big / 2, height=big * 2.4)
        for name, geometry, _, _ in shapes
    ]
    return "".join(
        _text(x, y, name, "middle", INK, big, halo=True)
        + _text(x, y + big * 1.15, said, "middle", INK, big * 0.9, halo=True)
        for (x, y), (name, _, _, said) in zip(spread(boxes), shapes, strict=True)
    )


def _rings(geometry: Any) -> list[Any]:
    coordinates = geometry["coordinates"]
    polygons = [coordinates] if geometry["type"] == "Polygon" else coordinates
    return [ring for polygon in polygons for ring in polygon]


def _ring(ring: Any, placed: Placed) -> str:
    points = [placed(lon, lat) for lon, lat, *_ in ring]
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z"


def _middle(geometry: Any, placed: Placed) -> tuple[float, float]:
    ring = max(_rings(geometry), key=len)
    lon = (min(point[0] for point in ring) + max(point[0] for point in ring)) / 2
    lat = (min(point[1] for point in ring) + max(point[1] for point in ring)) / 2
    return placed(lon, lat)


def _text(
    x: float, y: float, said: str, anchor: str, colour: str, size: float = 11, *, halo: bool = False
) -> str:
    # On dark ground a dark letter is read by its light rim.
    rim = (
        f'stroke="#ffffff" stroke-opacity="0.7" stroke-width="{size / 6:.1f}" paint-order="stroke" '
    )
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size:.1f}" '
        f'font-family="Noto Sans SC" {rim if halo else ""}fill="{colour}">{escape(said)}</text>'
    )


def _svg(width: float, height: float, inside: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}">{inside}</svg>'
    )
