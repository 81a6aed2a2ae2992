"""The terms of a likeness as one line for people: 38 m, 4 分钟, 同小类, 文本 0.71 → 0.88."""

from typing import Final

from incidents.duplicates import Likely

CATEGORY: Final = {
    "same": ("同小类", "same category"),
    "danger": ("同类险情", "same danger"),
    "group": ("同大类", "same group"),
    "other": ("类别不同", "other category"),
}
HOUR_MIN: Final = 60
DAY_MIN: Final = 24 * HOUR_MIN
KILOMETRE_M: Final = 1000


def explained(likely: Likely, language: str) -> str:
    """Return the terms that could be judged and the score they make."""
    english = language == "en"
    parts = []
    if likely.distance_m is not None:
        parts.append(_distance(likely.distance_m))
    parts.append(_age(likely.age_min, english=english))
    if likely.category is not None:
        parts.append(CATEGORY[likely.category][english])
    if likely.text is not None:
        parts.append(f"{'text' if english else '文本'} {likely.text:.2f}")
    return f"{', '.join(parts)} → {likely.score:.2f}"


def _distance(metres: float) -> str:
    return f"{metres:.0f} m" if metres < KILOMETRE_M else f"{metres / KILOMETRE_M:.1f} km"


def _age(minutes: float, *, english: bool) -> str:
    if minutes < HOUR_MIN:
        return f"{minutes:.0f} {'min' if english else '分钟'}"
    if minutes < DAY_MIN:
        return f"{minutes / HOUR_MIN:.0f} {'h' if english else '小时'}"
    return f"{minutes / DAY_MIN:.0f} {'d' if english else '天'}"
