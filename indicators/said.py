"""How figures are written on paper and in sheets, in both languages: never 0 for what is not there, never 100.0 % for nearly."""

from typing import Any, Final

NOTHING: Final = "—"
UNITS: Final = {"zh": ("天", "小时", "分", "秒"), "en": (" d", " h", " min", " s")}
MILLISECONDS: Final = {"zh": "毫秒", "en": " ms"}
POINTS: Final = {"zh": "{n} 个百分点", "en": "{n} points"}
COUNTED: Final = {
    "min": {"zh": "{n} 分钟", "en": "{n} min"},
    "person-min": {"zh": "{n} 人·分钟", "en": "{n} person-min"},
    "": {"zh": "{n}", "en": "{n}"},
}
SAME: Final = {"zh": "持平", "en": "no change"}


def percent(share: float) -> str:
    """Return a share with one decimal; 100.0 % and 0.0 % only where it is so."""
    shown = min(share, 0.999) if share < 1 else share
    shown = max(shown, 0.001) if share > 0 else shown
    return f"{shown * 100:.1f}%"


def duration(value_s: float, language: str) -> str:
    """Return the two largest parts of a duration."""
    if 0 < value_s < 1:
        return f"{value_s * 1000:.0f}{MILLISECONDS[language]}"
    whole = round(value_s)
    parts = (whole // 86400, whole % 86400 // 3600, whole % 3600 // 60, whole % 60)
    first = next((i for i, part in enumerate(parts) if part), 3)
    told = [f"{parts[i]}{UNITS[language][i]}" for i in range(first, min(first + 2, 4))]
    return " ".join(told)


def value_text(row: dict[str, Any], value: float | None, language: str) -> str:
    """Return a value in its indicator's unit."""
    if value is None:
        return NOTHING
    if row["measure"] == "share":
        return percent(value)
    if row["measure"] == "duration":
        return duration(value, language)
    if row["measure"] == "ratio":
        return f"{value:,.1f}"
    return COUNTED.get(row["unit"], COUNTED[""])[language].format(n=f"{value:,.0f}")


def change_text(row: dict[str, Any], language: str) -> str:
    """Return how a figure stands against the span before, empty where that is not known."""
    before = row.get("before") or {}
    was, now = before.get("value"), row["value"]
    if was is None or now is None:
        return ""
    by = now - was
    if row["measure"] == "share":
        points = round(by * 100, 1)
        amount = POINTS[language].format(n=f"{abs(points):.1f}")
        by = points
    else:
        # What takes seconds or more changes by whole ones.
        by = round(by) if row["measure"] == "duration" and max(was, now) >= 1 else by
        amount = value_text(row, abs(by), language)
    return SAME[language] if by == 0 else f"{'▲' if by > 0 else '▼'} {amount}"
