"""English names of the sample county: pinyin, and what the ending means."""

from functools import cache
from typing import Final

ENDINGS: Final = (
    ("环城北路", "North Ring Road"), ("环城东路", "East Ring Road"), ("环城南路", "South Ring Road"),
    ("环城西路", "West Ring Road"), ("街道", "Subdistrict"), ("高速", "Expressway"), ("公路", "Highway"), ("大道", "Avenue"),
    ("大桥", "Bridge"), ("隧道", "Tunnel"), ("水库", "Reservoir"), ("东路", "East Road"), ("路", "Road"), ("街", "Street"),
    ("线", "Highway"), ("桥", "Bridge"), ("镇", "Town"), ("乡", "Township"), ("江", "River"), ("河", "River"), ("溪", "Creek"),
    ("湖", "Lake"), ("铁路", "Railway"), ("县", "County"),
)  # fmt: skip


@cache
def english(name: str) -> str:
    """Return a Chinese name in pinyin with its ending in English; empty for an empty one."""
    for ending, meaning in ENDINGS:
        if name.endswith(ending):
            stem = _pinyin(name[: -len(ending)])
            return f"{stem} {meaning}".strip()
    return _pinyin(name)


def _pinyin(name: str) -> str:
    from pypinyin import lazy_pinyin  # its tables take 0.4 s

    return "".join(lazy_pinyin(name)).capitalize() if name else ""
