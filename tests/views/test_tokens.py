"""The design tokens: readable in both themes (WCAG 2.1 AA), and defined wherever they are used."""

import re
from itertools import product
from pathlib import Path

import pytest

ASSETS = Path(__file__).parents[2] / "assets"
TOKENS = (ASSETS / "tokens.css").read_text("utf-8")
# What a person has moved on the desk; a sheet names these with the width that holds until then.
LAID_OUT = set(re.findall(r'variable: "(--[\w-]+)"', (ASSETS / "layout.mjs").read_text("utf-8")))
AA = 4.5
GROUNDS = ("ground", "surface", "raised")
PAIRS = [
    *product(("text", "text-dim", "text-faint", "late", "warn"), GROUNDS),
    *product(("text", "text-dim"), ("pressed", "accent-soft")),
    *((f"p{level}-ink", f"p{level}") for level in range(5)),
    *(("accent", ground) for ground in GROUNDS[1:]),
    ("accent-ink", "accent"),
    ("text", "late-soft"),
    ("text", "warn-soft"),
]


def themes() -> dict[str, dict[str, str]]:
    dark_at, light_at = (TOKENS.index(f'[data-theme="{name}"]') for name in ("dark", "light"))
    read = re.compile(r"--([\w-]+): (#[0-9a-f]{3,6});").findall
    dark = dict(read(TOKENS[dark_at:light_at]))
    return {"dark": dark, "light": dark | dict(read(TOKENS[light_at:]))}


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (x / 12.92 if x <= 0.03928 else ((x + 0.055) / 1.055) ** 2.4 for x in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_words_can_be_read_on_what_they_stand_on(theme: str, ink: str, ground: str) -> None:
    colours = themes()[theme]
    assert contrast(colours[ink], colours[ground]) >= AA


def test_black_on_white_has_the_contrast_the_standard_says() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21.0)


@pytest.mark.parametrize("sheet", sorted(ASSETS.glob("*.css")), ids=lambda path: path.name)
def test_every_token_a_sheet_uses_is_defined(sheet: Path) -> None:
    text = sheet.read_text("utf-8")
    defined = set(re.findall(r"(--[\w-]+):", TOKENS + text)) | LAID_OUT
    assert set(re.findall(r"var\((--[\w-]+)", text)) - defined == set()


def test_nothing_on_the_wall_is_smaller_than_a_person_can_read_across_the_room() -> None:
    text = (ASSETS / "wall.css").read_text("utf-8")
    sizes = re.findall(r"font-size: ([\d.]+)(\w+)", text)
    assert len(sizes) > 15
    assert [f"{size}{unit}" for size, unit in sizes if unit != "cqh" or float(size) < 1.7] == []
